"""Where triage is easily wrong, in tables: what is denied or only quoted, what concerns both desks, who is outside."""

import pytest

from mailbot.terms import Queue
from mailbot.triage.rules import TriageRules
from mailbot.triage.triage import triage
from tests.triage.conftest import Sort, reading

IT, IG = Queue.IT, Queue.IG
THEFT = "theft of council equipment"
LOSS = "loss of council equipment"
PHISHING = "receiving unsolicited mail which requires you to enter personal data"
ALL_STAFF = "sending an email containing sensitive or confidential information to 'all staff' by mistake"
WRONG_RECIPIENT = "information sent to the wrong recipient"
HACKING = "hacking or attempted hacking of data"
MALWARE = "hacking of data by malicious software"
PAPER = "loss, theft or unauthorised destruction of paperwork"
BCC = "not using blind carbon copy (bcc) for sending emails containing personal or sensitive data"

DENIED = {
    "no laptop": ("No laptop was taken, only some biscuits.", THEFT),
    "one of a list of things not taken": ("No council laptop, work phone or tablet was taken in the break in.", THEFT),
    "not stolen": ("My laptop was not stolen.", THEFT),
    "nothing stolen": ("The office was broken into but nothing was stolen, all the laptops are there.", THEFT),
    "nobody stole it": ("Nobody stole the laptop.", THEFT),
    "the thief did not get it": ("The thief did not get the laptop.", THEFT),
    "not phishing": ("It was not a phishing email, I rang the sender.", PHISHING),
    "not to all staff": ("The payslip was not sent to all staff, only to one person in payroll.", ALL_STAFF),
    "rather than to all staff": ("The list went to one colleague rather than to all staff.", ALL_STAFF),
    "neither lost nor stolen": ("The phone was neither lost nor stolen, it is broken.", LOSS),
    "no malware": ("We scanned it and found no virus or other malware.", MALWARE),
    "without any hacking": ("The records were copied without any hacking.", HACKING),
    "first believed a scam": ("I thought it was a scam, but it was genuine.", PHISHING),
    "corrected in the next sentence": ("We suspected phishing. It was a false alarm.", PHISHING),
    "believed stolen, found": ("I feared the laptop was stolen but in fact it was in my locker.", THEFT),
}

STANDS = {
    "denied twice": ("It is not true that nothing was stolen, the laptop was.", THEFT),
    "nothing except": ("Nothing was taken except the laptop.", THEFT),
    "nothing but": ("Nothing but the laptop was stolen.", THEFT),
    "not only but also": ("Not only the laptop but also the phone was stolen.", THEFT),
    "a no that answers something else": ("No, the laptop was stolen on Friday.", THEFT),
    "not sure": ("I am not sure whether the laptop was stolen.", THEFT),
    "no sign of it": ("There is no sign of the laptop.", LOSS),
    "what ought not to have happened": ("The payslip should not have been sent to all staff.", ALL_STAFF),
    "what nobody meant": ("I did not mean to send the payslips to all staff.", ALL_STAFF),
    "one thing not done, another happened": ("The car was not locked and the laptop was stolen.", THEFT),
    "cannot rule out": ("We cannot rule out that the laptop was stolen.", THEFT),
    "denied of one, said of another": ("The phone was not taken but the laptop was stolen.", THEFT),
    "believed genuine, was not": ("I thought it was genuine but it was a phishing email.", PHISHING),
    "a question that was answered": ("I thought it was odd and now know it was phishing.", PHISHING),
    "no bcc is the incident itself": ("It went to forty parents without using bcc.", BCC),
    "not redacted is the incident itself": ("The names were not redacted in the reply.", "failure to redact data"),
}

ONLY_QUOTED = {
    "the footer of a firm": (
        "Please ring me about the meeting.\n\nThis email and any attachments are confidential. If you are not the "
        "intended recipient please delete it. It has been checked for viruses."
    ),
    "a footer about mail in error": (
        "Please ring me.\n\nIf you have received this message in error please notify the sender and delete it."
    ),
    "guidance with an example": "Please ring me. For example: loss of laptop, sending an email to the wrong person.",
    "guidance in brackets": "What happened (e.g. lost laptop, phishing email, letter to the wrong address)",
    "a list under a heading": "Please ring me.\n\nExamples of incidents:\n- theft of a laptop\n- a phishing email\n- hacking",
    "what a policy counts as an incident": "Security incidents include the theft of laptops and hacking of systems.",
    "a course": "The question in the e-learning module was about a stolen laptop. Please imagine that it was yours.",
    "a reminder to everyone": "An email was sent to all staff to remind them of the policy.",
}

OVERLAP = {
    "equipment with papers": ("My laptop and a folder of paper case notes were stolen from my car.", IT, IG),
    "a stolen bag with both": ("My bag was stolen. In it were my work phone and two care plans on paper.", None, None),
    "cyber with personal data": ("A hacker copied the names and addresses of tenants from the server.", IT, IG),
    "phishing that gave away data": ("I entered the clients' dates of birth into a phishing page.", IT, IG),
    "all staff": ("I emailed a sickness report to all staff by mistake.", IT, IG),
    "letters to the wrong people after a fault": (
        "A software fault in the mailing system sent letters to the wrong tenants.",
        IG,
        IT,
    ),
}

ONE_DESK = {
    "equipment alone": ("My laptop was stolen from my car.", IT),
    "papers alone": ("A folder of care plans was stolen from my car.", IG),
    "a cyber incident without personal data": ("A phishing email came. No personal data is involved.", IT),
    "a shared drive open to the whole council": ("The folder of the team on the shared drive is open to everyone.", IG),
    "a letter": ("A letter was posted to the wrong person.", IG),
    "a trusted colleague in another team": ("I emailed the report to the wrong colleague, who deleted it.", IG),
    "an encrypted laptop": ("My encrypted laptop was stolen.", IT),
    "a password protected file to the wrong person": (
        "I sent the password protected file to the wrong person.",
        IG,
    ),
    "pills, not devices": ("A resident's tablets for her heart were handed to another resident.", IG),
    "a telephone number, not a telephone": ("Her phone number was given to the wrong person.", IG),
}

OUTSIDE = {
    "the public": ("You have lost my file.", "pat@home.example", True),
    "the public, who was sent the letter": ("I was sent a letter meant for my neighbour.", "pat@home.example", True),
    "the public, with a photograph": (
        "I was sent a letter meant for my neighbour, see the photo attached.",
        "pat@home.example",
        True,
    ),
    "a supplier": ("We host the rent system on behalf of the council. It was hacked.", "it@hosting.example", False),
    "a partner": ("Our practice received a council report about another patient.", "desk@practice.example", False),
    "a school": ("Our school was sent the report of a pupil whom we do not know.", "office@school.example", False),
    "a school by its domain": ("We were sent a report on the wrong pupil.", "office@hill.bury.sch.uk", False),
    "a hospital by its domain": ("We were sent a report on the wrong patient.", "desk@nhs.net", False),
    "a domain that only looks like one": ("You have lost my file.", "a@notnhs.net", True),
    "a councillor's private address": (
        "I am the councillor for Elm ward and left a resident's letter on the bus.",
        "cllr.elm@home.example",
        False,
    ),
    "staff from home": (
        "I work for the council and my laptop was stolen, so I write from home.",
        "sam@home.example",
        False,
    ),
}

VULNERABLE = {
    "a child": "A report on a child was emailed to the wrong school.",
    "a care home resident": "The care plan of a resident with dementia was handed to another family.",
    "somebody who fled violence": "The new address of a woman in a refuge was posted to her ex husband.",
}


def rows(reasons: tuple[str, ...]) -> list[str]:
    """The rows of para 28 that are given as reasons."""
    return [reason.partition(" (para")[0] for reason in reasons]


@pytest.mark.parametrize(("story", "row"), DENIED.values(), ids=DENIED)
def test_a_row_is_no_reason_when_it_is_denied(story: str, row: str, sort: Sort) -> None:
    assert row not in rows(sort(story).reasons)


@pytest.mark.parametrize("case", ["no laptop", "nobody stole it", "the thief did not get it", "not stolen"])
def test_nothing_counts_as_stolen_when_it_is_denied(case: str, sort: Sort) -> None:
    assert not sort(DENIED[case][0]).stolen


@pytest.mark.parametrize(("story", "row"), STANDS.values(), ids=STANDS)
def test_a_row_is_a_reason_when_the_not_means_something_else(story: str, row: str, sort: Sort) -> None:
    assert row in rows(sort(story).reasons)


@pytest.mark.parametrize("story", ONLY_QUOTED.values(), ids=ONLY_QUOTED)
def test_both_desks_are_asked_when_a_report_only_quotes_other_words(story: str, sort: Sort, rules: TriageRules) -> None:
    found = sort(story)

    assert found.confidence < rules.sure_from
    assert not {rule.words for rule in rules.rules if not rule.hint} & set(rows(found.reasons))


@pytest.mark.parametrize("footer", ["footer of a firm", "footer about mail in error"])
def test_a_report_counts_when_a_footer_stands_below_it(footer: str, sort: Sort) -> None:
    below = ONLY_QUOTED[f"the {footer}" if f"the {footer}" in ONLY_QUOTED else f"a {footer}"].partition("\n\n")[2]

    found = sort(f"My laptop was stolen from my car.\n\n{below}")

    assert (found.queue, found.also_tell) == (IT, ())


@pytest.mark.parametrize(("story", "queue", "also"), OVERLAP.values(), ids=OVERLAP)
def test_both_desks_hear_of_it_when_it_concerns_both(
    story: str, queue: Queue | None, also: Queue | None, sort: Sort
) -> None:
    found = sort(story)

    assert {found.queue, *found.also_tell} == {IT, IG}
    assert queue is None or (found.queue, found.also_tell) == (queue, (also,))
    assert any("is told too" in reason or "both are" in reason for reason in found.reasons)


@pytest.mark.parametrize(("story", "queue"), ONE_DESK.values(), ids=ONE_DESK)
def test_one_desk_is_enough_when_only_one_column_fits(story: str, queue: Queue, sort: Sort) -> None:
    found = sort(story)

    assert (found.queue, found.also_tell) == (queue, ())


@pytest.mark.parametrize(("story", "sender", "allegation"), OUTSIDE.values(), ids=OUTSIDE)
def test_only_the_public_makes_allegations(story: str, sender: str, allegation: bool, sort: Sort) -> None:
    found = sort(story, sender, outside=True)

    assert (found.queue, found.allegation) == (IG, allegation)
    assert found.reasons[0] == "reported from outside the council (para 34)"
    assert any("(para 40)" in reason for reason in found.reasons) is allegation


@pytest.mark.parametrize(("story", "sender", "allegation"), OUTSIDE.values(), ids=OUTSIDE)
def test_nothing_is_an_allegation_when_it_comes_from_the_council(
    story: str, sender: str, allegation: bool, sort: Sort
) -> None:
    assert not sort(story).allegation


def test_the_service_desk_hears_of_a_supplier_s_report_when_its_column_applies(sort: Sort) -> None:
    story, sender, _ = OUTSIDE["a supplier"]

    assert sort(story, sender, outside=True).also_tell == (IT,)
    assert sort(OUTSIDE["the public"][0], "pat@home.example", outside=True).also_tell == ()


@pytest.mark.parametrize("story", ["", "Please ring me.", "It is about the thing from yesterday.", "Form attached."])
def test_both_desks_are_asked_to_confirm_when_it_is_doubtful(story: str, sort: Sort, rules: TriageRules) -> None:
    found = sort(story)

    assert {found.queue, *found.also_tell} == {IT, IG}
    assert found.confidence < rules.sure_from
    assert any("(para 29)" in reason for reason in found.reasons)


@pytest.mark.parametrize("story", VULNERABLE.values(), ids=VULNERABLE)
def test_the_ig_team_acts_when_vulnerable_people_are_told_of(story: str, sort: Sort) -> None:
    found = sort(story)

    assert found.queue is IG
    assert found.also_tell == ()


def test_somebody_in_danger_is_seen_when_an_address_reached_an_abuser(sort: Sort) -> None:
    assert "an address may have reached an abuser" in sort(VULNERABLE["somebody who fled violence"]).safety
    assert not sort(VULNERABLE["a child"]).safety


ANSWERS = {
    "spoken": ({"medium": "Telephone or spoken"}, IG, "verbal disclosure of information"),
    "equipment that was stolen": ({"equipment": "Dell laptop, tag 4411", "stolen": "Yes"}, IT, THEFT),
    "equipment that is missing": ({"equipment": "iPad", "breach_type": "Loss"}, IT, LOSS),
    "paper that is missing": ({"medium": "Letter or paper", "breach_type": "Loss"}, IG, PAPER),
    "cyber": ({"cyber": "Yes"}, IT, "a cyber incident"),
    "phishing": ({"breach_type": "Phishing"}, IT, PHISHING),
    "ransomware": ({"breach_type": "Ransomware"}, IT, "hacking of data: held to ransom"),
    "malware": ({"breach_type": "Malware / virus"}, IT, MALWARE),
    "denial of service": ({"breach_type": "Denial of service"}, IT, HACKING),
    "availability": ({"breach_type": "Availability"}, IT, "unavailability of a key business system"),
    "recipients: all staff": ({"recipients": "All staff"}, IT, ALL_STAFF),
    "wrong recipient": ({"breach_type": "Unintended recipient"}, IG, WRONG_RECIPIENT),
    "bcc": ({"breach_type": "Failure to use bcc"}, IG, BCC),
    "redaction": ({"breach_type": "Failure to redact"}, IG, "failure to redact data"),
    "hardware thrown away": (
        {"breach_type": "Incorrect disposal of hardware"},
        IT,
        "insecure disposal of council equipment",
    ),
}


@pytest.mark.parametrize(("answers", "queue", "row"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_on_the_form_tells_the_desk(answers: dict[str, str], queue: Queue, row: str, sort: Sort) -> None:
    found = sort("", **answers)

    assert found.queue is queue
    assert row in rows(found.reasons)


@pytest.mark.parametrize(
    ("answers", "row"),
    [
        ({"equipment": "Dell laptop", "stolen": "No"}, THEFT),
        ({"equipment": "None", "stolen": "Yes"}, THEFT),
        ({"stolen": "Yes"}, THEFT),
        ({"cyber": "No"}, "a cyber incident"),
        ({"breach_type": "Not phishing"}, PHISHING),
        ({"recipients": "My manager"}, ALL_STAFF),
    ],
)
def test_an_answer_on_the_form_is_no_reason_when_it_says_no(answers: dict[str, str], row: str, sort: Sort) -> None:
    assert row not in rows(sort("", **answers).reasons)


def test_an_answer_is_quoted_with_its_question(sort: Sort) -> None:
    assert "a cyber incident (para 22), because: “cyber: Yes, we think”" in sort("", cyber="Yes, we think").reasons


def test_a_long_answer_is_quoted_by_whole_words(rules: TriageRules) -> None:
    found = triage(reading("", breach_type="Phishing " + "and more " * 40), False, rules)

    quoted = next(reason for reason in found.reasons if reason.startswith(PHISHING))
    assert quoted.endswith(("and …”", "more …”"))
