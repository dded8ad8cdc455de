"""How people answer a mail that asks about several incidents."""

from random import Random

from mailbot.rehearsal.lists import Said, incident_of, is_list, typed
from mailbot.rehearsal.seen import Offer


class NeverForgets(Random):
    def random(self) -> float:
        return 1.0


class Forgets(Random):
    def random(self) -> float:
        return 0.0


def offer(reference: str, key: str = "contained", code: str = "k7f3q2") -> Offer:
    subject = f"Re: incident [{reference} {code}]"
    return Offer(
        label="Contained: yes, …", key=key, under="Stop it", to="bot@council.example", subject=subject, body=""
    )


ONE, SAME, OTHER = offer("DB2026014"), offer("DB2026014", "queue", "zzzzzz"), offer("DB2026015")


def test_an_offer_names_its_incident_by_the_code_in_its_subject() -> None:
    assert incident_of(ONE) == "db2026014"
    assert incident_of(ONE.but(subject="Re:")) == ""


def test_a_mail_is_a_list_when_its_links_bear_several_codes() -> None:
    assert is_list([ONE, SAME])
    assert not is_list([ONE, ONE])


def test_each_answer_is_typed_with_its_incident_where_there_are_several() -> None:
    said = [Said(ONE, "Contained: yes"), Said(OTHER, "Group: Housing\nSubjects: 4")]

    assert typed(said, [ONE, OTHER], NeverForgets()) == (
        "DB2026014: Contained: yes\n\nDB2026015\nGroup: Housing\nSubjects: 4"
    )


def test_an_incident_need_not_be_named_where_there_is_only_one() -> None:
    said = [Said(ONE, "Contained: yes"), Said(SAME, "Queue: confirmed")]

    assert typed(said, [ONE, SAME], NeverForgets()) == "Contained: yes\nQueue: confirmed"


def test_some_people_forget_to_name_it() -> None:
    assert typed([Said(ONE, "Contained: yes")], [ONE, OTHER], Forgets()) == "Contained: yes"
