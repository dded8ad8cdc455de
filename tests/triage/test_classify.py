"""What an incident is counted under, proposed from the words in which people report."""

import pytest

from mailbot.assessment import Classification, Classified, Reason
from mailbot.settings.load import load_settings
from mailbot.terms import MAILBOT
from mailbot.triage.classify import refined
from mailbot.triage.rules import TriageRules
from mailbot.triage.triage import Triage, triage
from tests.triage.conftest import reading

TYPE, MEDIUM = Classification.INCIDENT_TYPE, Classification.MEDIUM
CAUSE, ACTION = Classification.ROOT_CAUSE, Classification.ACTION_TAKEN

ALTERED = "Alteration of personal data"
EMAILED = "Data emailed to incorrect recipient"
PORTAL = "Data of wrong data subject shown in client portal"
POSTED = "Data posted or faxed to incorrect recipient"
REDACTION = "Failure to redact"
BCC = "Failure to use bcc"
HARDWARE_DISPOSED = "Incorrect disposal of hardware"
PAPER_DISPOSED = "Incorrect disposal of paperwork"
DEVICE = "Loss/theft of device containing personal data"
PAPER_GONE = "Loss/theft of paperwork or data left in insecure location"
OTHER = "Other non-cyber incident"
INSIDE_ACCESS = "Unauthorised access (non-cyber)"
VERBAL = "Verbal disclosure of personal data"
MISCONFIGURED = "Hardware/software misconfiguration"
OUTSIDE_ACCESS = "Unauthorised access (cyber)"
OTHER_CYBER = "Other cyber incident"

HUMAN, STAFF = "Human Error", "Inappropriate Action by Staff"
CRIME, SYSTEM, CYBER = "Criminal Action", "System Error", "Cyber"

PUBLISHED_KIND = [
    ("An exclusion notice went by email to the wrong head teacher.", EMAILED, "Email", HUMAN),
    ("Emailed the rent account to a tenant with a similar name.", EMAILED, "Email", HUMAN),
    ("Outlook filled in an old contact and the email about a referral reached a former colleague's wrong address.", EMAILED, "Email", HUMAN),
    ("Blind copy not used, so all 40 childminders' addresses were visible to everyone.", BCC, "Email", HUMAN),
    ("Group text to parents showed their numbers to all recipients, they could see each other's numbers.", BCC, None, HUMAN),
    ("Arrears letter posted to the tenant's previous address.", POSTED, "Letter", HUMAN),
    ("Two appeal letters were folded into one envelope and both reached the same family.", POSTED, "Letter", HUMAN),
    ("A visit note was saved on the wrong client's record in the case system.", ALTERED, "Electronic", HUMAN),
    ("Appraisal uploaded to another officer's profile by mistake.", ALTERED, "Electronic", HUMAN),
    ("The number plate was mistyped, so keeper details of the wrong vehicle were asked for.", OTHER, "Electronic", HUMAN),
    ("A transfer form about the wrong pupil was sent to the academy.", OTHER, None, HUMAN),
    ("Work mobile lost while on leave, locked with a code.", DEVICE, "Mobile", HUMAN),
    ("Grant application left on a desk overnight.", PAPER_GONE, "Paper", HUMAN),
    ("My print job came out on a printer at another library.", PAPER_GONE, "Paper", SYSTEM),
    ("A software fault put interview slots into the wrong manager's diary.", MISCONFIGURED, "Electronic", SYSTEM),
    ("Folder permissions were wrong after the drive was migrated to the cloud.", MISCONFIGURED, "Electronic", SYSTEM),
    ("The duty officer rang an out of date number and spoke to the wrong mother about a case.", VERBAL, "Verbal", HUMAN),
    ("The bundle for court held the placement address of an unrelated child.", REDACTION, "Paper", HUMAN),
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> TriageRules:
    return load_settings(None, {}, need_secrets=False).triage


def count(story: str, rules: TriageRules, **answers: str) -> Triage:
    return triage(reading(story, **answers), False, rules)


@pytest.mark.parametrize(("story", "incident_type", "medium", "cause"), PUBLISHED_KIND)
def test_a_summary_as_councils_publish_them_is_counted_as_its_reader_would(
    story: str, incident_type: str, medium: str | None, cause: str, shipped: TriageRules
) -> None:
    found = count(story, shipped)

    assert found.counted_under(TYPE) == incident_type
    assert medium is None or found.counted_under(MEDIUM) == medium
    assert found.counted_under(CAUSE) == cause


PLAIN = {
    ALTERED: "The figures on her benefit claim were altered without permission.",
    EMAILED: "I sent an email about a client to the wrong solicitor.",
    PORTAL: "A parent signed in to the admissions portal and saw another family's application.",
    POSTED: "The assessment was posted to the wrong house.",
    REDACTION: "We did not redact the complainant's name in the reply.",
    BCC: "The invitation went out without using bcc.",
    HARDWARE_DISPOSED: "Three old hard drives went into the skip without being wiped.",
    PAPER_DISPOSED: "Case files were put in the recycling instead of the shredder.",
    DEVICE: "My laptop was stolen from the car.",
    PAPER_GONE: "I left a ring binder of visit sheets on the bus.",
    "Not Provided": "We do not know what happened.",
    OTHER: "A certificate about the wrong child was handed to the carer.",
    INSIDE_ACCESS: "A clerk looked up her neighbour's record out of curiosity.",
    VERBAL: "Two colleagues discussed a case in the lift and were overheard.",
    "Brute Force": "Somebody made thousands of login attempts on the jobs site until one password fitted.",
    "Cryptographic flaw": "The supplier says that weak encryption would let an attacker read the backups.",
    "Denial of service": "The booking page was flooded with traffic in a ddos attack.",
    MISCONFIGURED: "The folder permissions were set wrongly, so that every school could open it.",
    "Malware": "A trojan was found on a library machine.",
    OTHER_CYBER: "The museum's website was defaced overnight.",
    "Phishing": "I clicked on a link in a phishing message and typed in my password.",
    "Ransomware": "The files on the depot's server are encrypted and there is a ransom note.",
    OUTSIDE_ACCESS: "The team's mailbox was hacked and somebody signed in from abroad.",
}


@pytest.mark.parametrize(("incident_type", "story"), PLAIN.items())
def test_every_type_of_the_regulator_is_reached_by_a_plain_report(
    incident_type: str, story: str, shipped: TriageRules
) -> None:
    found = count(story, shipped)

    assert found.counted_under(TYPE) == incident_type
    assert all(reason.words for reason in found.classified[TYPE].reasons)


def test_no_type_of_the_regulator_is_left_out_of_the_plain_reports(shipped: TriageRules) -> None:
    assert set(PLAIN) == set(shipped.classification.values(TYPE))


BOUNDARIES = [
    ("emailed to one wrong person, copies hidden", "I emailed the list to the wrong nursery.", EMAILED),
    ("emailed to the right people, addresses open", "I emailed all the nurseries and they could see each other's addresses.", BCC),
    ("posted though email is spoken of", "We posted the form to the wrong address; the resident sent an email to tell us.", POSTED),
    ("emailed though a letter is attached", "I emailed the decision letter to the wrong parent.", EMAILED),
    ("a device lost", "I lost my work phone on the way home.", DEVICE),
    ("paper lost", "I lost my work diary on the way home.", PAPER_GONE),
    ("paper in a bin", "Printed rotas were found in a bin behind the depot.", PAPER_DISPOSED),
    ("paper left on a printer", "Printed rotas were left on the printer.", PAPER_GONE),
    ("equipment passed on", "An old tablet was sold without being wiped.", HARDWARE_DISPOSED),
    ("equipment lost", "An old tablet went missing from the store room.", DEVICE),
    ("somebody inside looked", "An officer accessed his sister's case without any business reason.", INSIDE_ACCESS),
    ("somebody outside got in", "An attacker accessed the mailbox of an officer.", OUTSIDE_ACCESS),
    ("somebody used a colleague's password", "He used my login and password while I was away.", OUTSIDE_ACCESS),
    ("a system set up wrongly", "A misconfigured server showed the register to the internet.", MISCONFIGURED),
    ("an account that shows another's data", "A customer logged in and saw somebody else's bill in the portal.", PORTAL),
    ("spoken, not written", "I told a caller over the phone where his former partner lives.", VERBAL),
    ("malware without a ransom", "A virus was found on the reception's pc.", "Malware"),
    ("malware with a ransom", "A virus has encrypted all the files and they want bitcoin to unlock them.", "Ransomware"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "story", "incident_type"), BOUNDARIES, ids=[case for case, _, _ in BOUNDARIES])
def test_neighbouring_types_are_told_apart(case: str, story: str, incident_type: str, shipped: TriageRules) -> None:
    assert count(story, shipped).counted_under(TYPE) == incident_type, case


@pytest.mark.parametrize(
    ("story", "never"),
    [
        ("It was not a phishing email, the sender is genuine.", "Phishing"),
        ("There was no bcc issue, the letter went to the wrong house.", BCC),
        ("No laptop was stolen.", DEVICE),
        ("There was no ransomware.", "Ransomware"),
        ("The document was not sent to the wrong person.", EMAILED),
    ],
)
def test_what_is_denied_is_not_proposed(story: str, never: str, shipped: TriageRules) -> None:
    assert count(story, shipped).counted_under(TYPE) != never


@pytest.mark.parametrize("story", ["Please ring me.", "See the form.", ""])
def test_nothing_is_proposed_when_nothing_speaks_for_anything(story: str, shipped: TriageRules) -> None:
    found = count(story, shipped)

    assert found.classified == {}
    assert (found.data_types, found.subject_types) == ((), ())


@pytest.mark.parametrize(
    ("story", "answers", "medium"),
    [
        ("I left my laptop and a folder of case notes on the train.", {}, "Multiple"),
        ("My phone and my laptop were stolen.", {}, "Multiple"),
        ("The report was emailed and posted to the wrong family.", {}, "Multiple"),
        ("The notice was posted to the wrong address, and we emailed the resident to apologise.", {}, "Letter"),
        ("I emailed the decision letter to the wrong parent.", {}, "Email"),
        ("A memory stick with exam results is missing.", {}, "Electronic"),
        ("The report went to the wrong family.", {"medium": "Email"}, "Email"),
        ("The report went to the wrong family.", {"medium": "Email and paper"}, "Multiple"),
        ("I lost it.", {"medium": "Laptop, phone or memory stick", "equipment": "iPhone 13, asset 4411"}, "Mobile"),
        ("I lost it.", {"medium": "Laptop, phone or memory stick", "equipment": "Laptop, asset 4411"}, "Laptop"),
        ("Posted to the wrong house.", {"medium": "Letter or paper"}, "Letter"),
        ("Left on the printer: a rota.", {"medium": "Letter or paper"}, "Paper"),
    ],
)
def test_the_medium_is_multiple_only_where_two_really_apply(
    story: str, answers: dict[str, str], medium: str, shipped: TriageRules
) -> None:
    assert count(story, shipped, **answers).counted_under(MEDIUM) == medium


@pytest.mark.parametrize(
    ("story", "answers", "cause"),
    [
        ("The letter went to the wrong house.", {}, HUMAN),
        ("Her phone was snatched in the street.", {}, CRIME),
        ("The bag is gone.", {"stolen": "Yes"}, CRIME),
        ("Nothing was stolen, I mislaid my diary.", {"stolen": "No"}, HUMAN),
        ("A member of staff deliberately shared the file.", {}, STAFF),
        ("A bug in the software printed other people's addresses.", {}, SYSTEM),
        ("We were hacked.", {}, CYBER),
        ("The criminal record of a tenant was mentioned.", {}, ""),
        ("Somebody is unhappy about the council.", {}, ""),
    ],
)
def test_the_root_cause_is_proposed_only_where_something_speaks_for_it(
    story: str, answers: dict[str, str], cause: str, shipped: TriageRules
) -> None:
    assert count(story, shipped, **answers).counted_under(CAUSE) == cause


@pytest.mark.parametrize(
    ("story", "answers", "action"),
    [
        ("Her phone was snatched.", {"police_reference": "44/1234/26"}, "Police Notified"),
        ("Her phone was snatched.", {"police_reference": "not yet"}, ""),
        ("Her phone was snatched. I have reported it to the police.", {}, "Police Notified"),
        ("Her phone was snatched. We have not told the police.", {}, ""),
        ("Her phone was snatched. We will ring the police tomorrow.", {}, ""),
        ("A police notice went to the wrong school.", {}, ""),
        ("The email went to the wrong person, who has deleted it.", {}, "Corrective Action"),
        ("The email went to the wrong person.", {"contained": "Yes, recalled"}, "Corrective Action"),
        ("The email went to the wrong person.", {"contained": "No"}, ""),
        ("She snooped and has been suspended.", {}, "Disciplinary"),
        ("A disciplinary letter went to the wrong person.", {}, ""),
        ("The letter went astray. We changed our procedure: two people check.", {}, "Revised Process"),
        ("The letter went to the wrong house. He is booked onto refresher training.", {}, "Training"),
    ],
)
def test_an_action_is_proposed_only_where_it_was_taken(
    story: str, answers: dict[str, str], action: str, shipped: TriageRules
) -> None:
    assert count(story, shipped, **answers).counted_under(ACTION) == action


def test_a_reason_shows_the_words_of_the_configuration_and_the_passage(shipped: TriageRules) -> None:
    reason = count("I emailed the list to the wrong nursery.", shipped).classified[TYPE].reasons[0]

    assert reason.words in shipped.reason_words
    assert reason.quote == "I emailed the list to the wrong nursery"


def test_an_answer_of_the_form_is_quoted_with_its_question(shipped: TriageRules) -> None:
    reason = count("It is gone.", shipped, medium="Email").classified[MEDIUM].reasons[0]

    assert reason.text == "the form says so, because: “medium: Email”"


def test_data_and_people_are_named_in_the_regulators_words(shipped: TriageRules) -> None:
    found = count(
        "The names, bank details and medical notes of twelve pupils were emailed to the wrong school.", shipped
    )

    assert found.data_types == ("Basic personal identifiers", "Economic and financial data", "Health data")
    assert "Children" in found.subject_types


def test_data_that_is_said_not_to_be_there_is_not_named(shipped: TriageRules) -> None:
    found = count("The form went to the wrong house. No medical information and no bank details were in it.", shipped)

    assert "Health data" not in found.data_types
    assert "Economic and financial data" not in found.data_types


def proposal(value: str, by: str = MAILBOT) -> Classified:
    return Classified(value=value, reasons=(Reason(words="because"),), by=by)


def test_a_proposal_is_refined_by_later_words() -> None:
    assert refined({MEDIUM: proposal("Letter")}, {MEDIUM: proposal("Multiple")})[MEDIUM].value == "Multiple"
    assert refined({}, {CAUSE: proposal(HUMAN)})[CAUSE].value == HUMAN


def test_a_proposal_stays_as_it_was_when_later_words_say_the_same_or_nothing() -> None:
    standing = {MEDIUM: proposal("Letter")}

    assert refined(standing, {MEDIUM: Classified(value="Letter")}) == standing
    assert refined(standing, {}) == standing


def test_what_a_person_confirmed_is_never_changed_by_the_bot() -> None:
    standing = {MEDIUM: proposal("Letter", by="priya.nand@council.example")}

    assert refined(standing, {MEDIUM: proposal("Multiple")}) == standing
