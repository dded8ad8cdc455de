"""The two columns of para 28, in the words in which people report."""

import json
from pathlib import Path

import pytest

from mailbot.terms import Queue
from mailbot.triage.rules import TriageRules
from mailbot.triage.triage import triage
from tests.triage.conftest import Sort, reading

IT_COLUMN = [
    ("Somebody has tampered with the figures in the council tax system.", "data changed by an unauthorised person"),
    (
        "A man phoned, claimed to be from the service desk and asked me for my password.",
        "unknown people asking for access to council data",
    ),
    ("I gave my password to a temp so that she could get on with the work.", "disclosing your password"),
    (
        "My colleague was logged in as me all week using my login.",
        "accessing systems using someone else's user id and password",
    ),
    (
        "We found unlicensed software on two of the library's machines.",
        "use of unapproved or unlicensed software on council equipment",
    ),
    ("My work phone was taken from the car last night.", "theft of council equipment"),
    ("I have lost a memory stick, probably on the train.", "loss of council equipment"),
    ("The old laptops were sold on without being wiped.", "insecure disposal of council equipment"),
    (
        "The social care system has been down since five and nobody can open it.",
        "unavailability of a key business system",
    ),
    (
        "I sent a spreadsheet of complaints to all staff by mistake.",
        "sending an email containing sensitive or confidential information to 'all staff' by mistake",
    ),
    (
        "I got a suspicious email and clicked the link, then typed in my details.",
        "receiving unsolicited mail which requires you to enter personal data",
    ),
    ("The parking website has been hacked.", "hacking or attempted hacking of data"),
]
IG_COLUMN = [
    (
        "An officer shared a resident's file with a third party without consent.",
        "unauthorised sharing of data with third parties",
    ),
    (
        "I left a folder of case notes on the bus and it has not been handed in. The paperwork is missing.",
        "loss, theft or unauthorised destruction of paperwork",
    ),
    ("A letter about one family was posted to the wrong address.", "information sent to the wrong recipient"),
    ("We answered a freedom of information request and forgot to redact three names.", "failure to redact data"),
    ("A colleague discussed a client's case in the corridor and was overheard.", "verbal disclosure of information"),
    (
        "The newsletter went out to 80 carers without using bcc.",
        "not using blind carbon copy (bcc) for sending emails containing personal or sensitive data",
    ),
    ("Care plans were left on the printer in an unlocked room.", "data left in an insecure location"),
    (
        "A manager looked at her neighbour's records without any business reason.",
        "unauthorised access granted to information",
    ),
    (
        "Payslips were put in the recycling bin, not in the confidential waste.",
        "disposal of sensitive or confidential waste in recycling bins rather than confidential waste",
    ),
]


@pytest.mark.parametrize(("story", "words"), IT_COLUMN)
def test_the_service_desk_acts_when_the_left_column_fits(story: str, words: str, sort: Sort) -> None:
    found = sort(story)

    assert found.queue is Queue.IT
    assert any(reason.startswith(f"{words} (para 28), because: “") for reason in found.reasons)


@pytest.mark.parametrize(("story", "words"), IG_COLUMN)
def test_the_ig_team_acts_when_the_right_column_fits(story: str, words: str, sort: Sort) -> None:
    found = sort(story)

    assert found.queue is Queue.IG
    assert any(reason.startswith(f"{words} (para 28), because: “") for reason in found.reasons)


def test_every_line_of_the_procedure_has_a_row(rules: TriageRules) -> None:
    assert {words for _, words in (*IT_COLUMN, *IG_COLUMN)} <= {rule.words for rule in rules.rules}


def test_the_reason_quotes_what_was_written(sort: Sort) -> None:
    assert (
        sort("Sadly, my work phone was taken from the car.").reasons[0]
        == "theft of council equipment (para 28), because: “Sadly, my work phone was taken from the car”"
    )


@pytest.mark.parametrize(
    "story",
    [
        "No laptop was taken.",
        "The laptop was not stolen.",
        "My phone wasn't stolen.",
        "We left without any laptop stolen.",
    ],
)
def test_a_phrase_does_not_count_when_it_is_denied(story: str, sort: Sort) -> None:
    found = sort(story)

    assert not any("theft of council equipment" in reason for reason in found.reasons)
    assert not found.stolen


def test_a_denial_does_not_reach_into_another_sentence(sort: Sort) -> None:
    assert sort("Nobody was hurt, no. The laptop was stolen.").stolen


def test_both_desks_are_told_when_both_columns_apply(sort: Sort) -> None:
    found = sort("My laptop was stolen from the car together with a folder of paper case notes, which is also missing.")

    assert {found.queue, *found.also_tell} == {Queue.IT, Queue.IG}


def test_the_ig_team_is_told_too_when_a_cyber_incident_involves_personal_data(sort: Sort) -> None:
    found = sort("Ransomware has encrypted the server. It holds the names and addresses of tenants.")

    assert (found.queue, found.also_tell, found.personal_data) == (Queue.IT, (Queue.IG,), True)
    assert any("(para 22)" in reason for reason in found.reasons)


def test_the_service_desk_stays_alone_when_a_cyber_incident_involves_no_personal_data(sort: Sort) -> None:
    found = sort("Phishing emails reached us. The link was clicked and malware found. No personal data was involved.")

    assert (found.queue, found.also_tell, found.personal_data) == (Queue.IT, (), False)


@pytest.mark.parametrize("story", ["", "Please ring me.", "Something went wrong tonight."])
def test_both_desks_are_asked_when_nothing_tells_which(story: str, sort: Sort, rules: TriageRules) -> None:
    found = sort(story)

    assert (found.queue, found.also_tell) == (rules.otherwise, (Queue.IT,))
    assert found.confidence < rules.sure_from
    assert found.reasons


def test_one_desk_is_sure_when_one_row_says_it_outright(sort: Sort, rules: TriageRules) -> None:
    found = sort("A letter was posted to the wrong person.")

    assert found.confidence >= rules.sure_from
    assert found.also_tell == ()


def test_the_ig_team_comes_first_when_a_supplier_reports(sort: Sort) -> None:
    found = sort(
        "Our servers were hacked. We host the rent accounts on behalf of the council.",
        "it@hosting.example",
        outside=True,
    )

    assert (found.queue, found.also_tell, found.allegation) == (Queue.IG, (Queue.IT,), False)
    assert found.reasons[0] == "reported from outside the council (para 34)"


def test_a_report_is_an_allegation_when_it_comes_from_the_public(sort: Sort) -> None:
    assert sort("I was sent a letter meant for my neighbour.", "pat@home.example", outside=True).allegation
    assert not sort("I was sent a letter meant for my neighbour.").allegation


@pytest.mark.parametrize(
    ("sender", "allegation"),
    [("a@partner.example", False), ("a@mail.partner.example", False), ("a@notpartner.example", True)],
)
def test_a_report_is_no_allegation_when_the_domain_is_a_partner_s(
    sender: str, allegation: bool, rules: TriageRules
) -> None:
    known = rules.but(partner_domains=("partner.example",))

    assert triage(reading("A letter reached the wrong house.", sender), True, known).allegation is allegation


def test_an_answer_on_the_form_counts_like_a_phrase(sort: Sort) -> None:
    found = sort("", description="The bag is gone.", stolen="Yes", cyber="No")

    assert found.stolen
    assert not any("cyber" in reason for reason in found.reasons)


def test_the_type_says_emailed_when_the_wrong_recipient_was_emailed(sort: Sort) -> None:
    assert (
        sort("I emailed a client list to the wrong care home.").incident_type == "Data emailed to incorrect recipient"
    )
    assert (
        sort("We posted a letter to the wrong address.").incident_type == "Data posted or faxed to incorrect recipient"
    )


def test_a_habit_of_speech_is_no_reason_where_there_is_a_better_one(sort: Sort) -> None:
    found = sort("My laptop was stolen from my car. Form attached.")

    assert not [reason for reason in found.reasons if "Form attached" in reason]
    assert sort("Please see the form.").reasons


def test_the_type_is_one_of_the_regulators(sort: Sort, rules: TriageRules) -> None:
    found = sort("The newsletter went out without using bcc.")

    assert found.incident_type == "Failure to use bcc"
    assert found.incident_type in rules.incident_types


CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "triage.jsonl"


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of reports is not at hand")
def test_nine_of_ten_press_summaries_reach_the_right_desk(sort: Sort) -> None:
    cases = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()[::4]]
    right = sum(1 for case in cases if sort(case["text"]).queue == case["expected_queue"].lower())

    assert right / len(cases) >= 0.9
