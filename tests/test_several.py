"""A reply to a digest is parted by the references its lines name; what names none is asked again."""

from hypothesis import given
from hypothesis import strategies as st

from mailbot.parse.answers import read_answers
from mailbot.pipeline.several import Parted, part
from mailbot.terms import Reference

ONE, TWO, THREE = (Reference(f"DB202601{number}") for number in (4, 5, 6))
LISTED = (ONE, TWO, THREE)
STRANGER = "DB2026099"


def parted(reply: str, *listed: Reference) -> Parted:
    return part(reply, listed or LISTED, "DB", {"duplicate of"})


def test_a_line_that_begins_with_a_reference_is_about_it() -> None:
    found = parted("DB2026014: contained: yes, they deleted it\nDB2026015 - queue: confirmed")

    assert found == Parted({ONE: "contained: yes, they deleted it", TWO: "queue: confirmed"})


def test_a_reference_alone_stands_above_the_answers_that_follow() -> None:
    found = parted(
        "DB2026014\n\nContained: yes, they deleted it\n\nQueue: confirmed\n\nDB2026015\nContained: not yet, because …"
    )

    assert found.about[ONE].split("\n\n") == ["Contained: yes, they deleted it", "Queue: confirmed"]
    assert found.about[TWO] == "Contained: not yet, because …"
    assert not found.unplaced


def test_several_references_share_one_answer() -> None:
    for lead in (
        "DB2026014 and DB2026015:",
        "DB2026014, db2026015 -",
        "For DB2026014 & DB2026015:",
        "* DB 2026014 / DB2026015:",
    ):
        assert parted(f"{lead} queue: confirmed") == Parted({ONE: "queue: confirmed", TWO: "queue: confirmed"}), lead


def test_an_answer_that_names_no_incident_is_never_guessed() -> None:
    assert parted("Contained: yes, they deleted it") == Parted({}, "Contained: yes, they deleted it")


def test_an_answer_below_one_that_named_its_incident_is_not_taken_for_the_same() -> None:
    found = parted("DB2026014: contained: yes\nQueue: confirmed")

    assert found == Parted({ONE: "contained: yes"}, "Queue: confirmed")


def test_words_that_go_on_belong_to_the_answer_above_until_an_empty_line() -> None:
    found = parted("DB2026014: contained: yes, they\ndeleted it at once\n\nKind regards\nJo")

    assert found == Parted({ONE: "contained: yes, they\ndeleted it at once"})


def test_everything_is_about_the_one_incident_when_there_is_no_other() -> None:
    assert parted("Contained: yes\n\nQueue: confirmed", ONE).about[ONE].split() == [
        "Contained:",
        "yes",
        "Queue:",
        "confirmed",
    ]
    assert parted("DB2026014: contained: yes", ONE) == Parted({ONE: "contained: yes"})
    assert parted(f"{STRANGER}: contained: yes", ONE) == Parted({}, "contained: yes")


def test_an_incident_that_the_digest_did_not_ask_about_is_not_answered() -> None:
    found = parted(f"{STRANGER}: contained: yes\nDB2026014: queue: confirmed\nDB2026015 and {STRANGER}: queue: IT")

    assert found == Parted({ONE: "queue: confirmed"}, "contained: yes\nqueue: IT")


def test_answers_below_an_incident_that_was_not_asked_about_are_asked_again() -> None:
    assert parted(f"{STRANGER}\nContained: yes") == Parted({}, "Contained: yes")


def test_an_answer_that_names_another_incident_than_its_heading_is_asked_again() -> None:
    assert parted("DB2026014\nContained: yes, as in DB2026015") == Parted({}, "Contained: yes, as in DB2026015")


def test_an_answer_whose_words_are_another_incidents_number_keeps_its_heading() -> None:
    assert parted("DB2026014\nDuplicate of: DB2026015") == Parted({ONE: "Duplicate of: DB2026015"})


def test_whoever_signs_signs_every_part() -> None:
    found = parted("DB2026014: queue: confirmed\nDB2026015: queue: IT\n\nBy: Sofia Marlow")

    assert found == Parted({ONE: "queue: confirmed\nBy: Sofia Marlow", TWO: "queue: IT\nBy: Sofia Marlow"})


def test_a_greeting_is_nothing_to_be_asked_about_when_something_was_answered() -> None:
    assert parted("Hello all,\nDB2026014: queue: confirmed\n\nThanks") == Parted({ONE: "queue: confirmed"})


def test_words_that_answer_nothing_are_asked_about_when_there_is_nothing_else() -> None:
    assert parted("All of that is done") == Parted({}, "All of that is done")
    assert parted("") == Parted({})


LINES = st.lists(
    st.tuples(st.sampled_from([*LISTED, STRANGER, ""]), st.booleans(), st.booleans()), min_size=1, max_size=12
)


@given(LINES)
def test_every_answer_is_about_the_one_incident_it_names_or_is_asked_again(
    lines: list[tuple[str, bool, bool]],
) -> None:
    """Each answer has words of its own; a reference stands before it or above it, or nowhere."""
    written, expected, above = [], {}, ""
    for number, (reference, is_heading, is_spaced) in enumerate(lines):
        answer = f"contained: answer {number} ends"
        if is_spaced:
            written.append("")
        if reference and is_heading:
            written += [reference, answer]
            above = reference
        elif reference:
            written.append(f"{reference}: {answer}")
            above = ""
        else:
            written.append(answer)
        expected[number] = reference or above
    found = parted("\n".join(written))

    for number, reference in expected.items():
        words = f"answer {number} ends"
        homes = [one for one, said in found.about.items() if any(words == line.value for line in read_answers(said))]
        assert homes == ([reference] if reference in LISTED else []), (number, written)
        assert (words in found.unplaced) == (reference not in LISTED)


@given(st.text(alphabet="DB20261456 :,\nabyes-*[]()&.", max_size=200))
def test_whatever_is_written_is_parted_without_an_error(reply: str) -> None:
    found = parted(reply)

    assert set(found.about) <= set(LISTED)
