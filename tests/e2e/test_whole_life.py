"""One incident from the report to its closing, by nothing but mail (para 24's six stages)."""

from datetime import timedelta
from email.message import EmailMessage

from mailbot.incident import Incident
from mailbot.store import OutboxRow
from mailbot.terms import Stage
from tests.e2e.mails import WRONG_CARE_HOME
from tests.house import DPO, IG_DESK, House, answer_to, report, text_of

IG_MEMBER = "callum.reeve@council.example"
LEAD = "jo.fenn@council.example"
OFFICER = "sofia.marlow@council.example"
GROUP_MANAGER = "dev.lister@council.example"
"""Who stands in for the Group Manager, away in those weeks."""
OWNER = "sam.porter@council.example"
MONDAY = timedelta(days=2, hours=14)

RECOMMENDATIONS = f"""Recommendation 1: Switch off the suggested addresses in Outlook, {OWNER}, by 18 December 2026
Recommendation 2: Buy a new mail system, {OWNER}, by 31 March 2027
Recommendation 3: Train the team in checking addresses, {OWNER}, by 15 January 2027"""


def newest(house: House, address: str, duty: str) -> EmailMessage:
    """The newest mail to somebody that asks for that duty, perhaps among others."""
    rows = [row for row in house.rows_to(address) if duty in asked_in(row) and row.frozen is not None]
    assert rows, (duty, [(row.email.template, asked_in(row)) for row in house.rows_to(address)])
    frozen = rows[-1].frozen
    assert frozen is not None
    return next(one for one in house.sent_to(address) if str(one["Message-ID"]) == frozen.message_id)


def asked_in(row: OutboxRow) -> set[str]:
    asks = row.email.values.get("asks") or ()
    return {str(one["kind"]) for one in asks} | {row.email.duty_kind or ""}  # type: ignore[attr-defined]


def answer(house: House, address: str, duty: str, words: str, to: str = "") -> Incident:
    """Somebody answers the newest request for a duty; ``to``: whose mail they answer, where that is a shared one."""
    count = len(house.outbox())
    house.deliver(
        answer_to(newest(house, to or address, duty), words, sender=address, message_id=f"<a{count}@council.example>"),
        "bot",
    )
    house.round()
    return house.incident()


def test_an_incident_goes_from_report_to_closure_by_mail_alone(house: House) -> None:
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    house.pass_by(MONDAY)
    house.round()

    answer(house, IG_MEMBER, "triage", "Queue: confirmed", to=IG_DESK)
    incident = answer(
        house, IG_MEMBER, "assess", "Severity: medium, because it went to a care home we know", to=IG_DESK
    )
    assert not incident.severity_is_provisional

    incident = answer(
        house,
        IG_MEMBER,
        "recommend_investigation",
        "Investigation recommended: yes, because it happened before",
        to=IG_DESK,
    )
    assert incident.investigation_recommended
    incident = answer(house, GROUP_MANAGER, "nominate_lead", f"Incident lead: {LEAD}")
    assert incident.incident_lead == LEAD
    incident = answer(house, IG_MEMBER, "assign_support_officer", f"Support officer: {OFFICER}", to=IG_DESK)
    assert incident.support_officer == OFFICER
    answer(house, IG_MEMBER, "name_people", f"Responsible manager: {LEAD}", to=IG_DESK)
    answer(house, LEAD, "contain", "Contained: yes, they deleted it and confirmed that")
    answer(house, IG_MEMBER, "tell_others", "Others: not needed, because nobody else is concerned", to=IG_DESK)
    incident = answer(house, DPO, "decide_ico", "ICO: not required, because it was deleted unread")
    assert incident.ico is not None
    assert not incident.ico.reported
    house.pass_by(timedelta(days=1))
    house.round()

    incident = answer(house, LEAD, "investigate", RECOMMENDATIONS)
    assert incident.investigation is not None
    assert len(incident.investigation.recommendations) == 3
    assert "suggested addresses" not in " ".join(text_of(mail) for mail in house.sent_to(GROUP_MANAGER))

    answer(house, OFFICER, "review_report", "Review: accepted\nNo personal data: confirmed")
    signing = newest(house, GROUP_MANAGER, "sign_off")
    assert "suggested addresses" in text_of(signing)
    incident = answer(
        house, GROUP_MANAGER, "sign_off", "1 and 3 accept, reject 2 because there is no money for it this year"
    )
    assert incident.duty("sign_off") is not None
    assert [one.is_to_be_done for one in incident.investigation.recommendations] == [True, False, True]  # type: ignore[union-attr]

    incident = answer(house, DPO, "review_rejection", "Decision: drop 2, because the other two are enough")
    house.pass_by(timedelta(hours=16))
    house.round()
    assert [duty.about for duty in incident.open_duties if duty.kind == "carry_out"] == ["1", "3"]
    incident = answer(house, OWNER, "carry_out", "Done: 1, 3. Both were finished last Friday")
    assert not [duty for duty in incident.open_duties if duty.kind == "carry_out"]
    assert incident.stage is Stage.CLOSURE, [duty.kind for duty in incident.open_duties]
    house.pass_by(timedelta(days=5, hours=9))
    house.round()

    refused = answer(house, OFFICER, "close", "Close: yes")
    assert refused.closed_at is None
    answer(
        house,
        OFFICER,
        "close",
        "Summary: A list of clients was emailed to the wrong care home\nMedium: email\nRoot cause: human error\nAction: training",
    )
    incident = answer(house, OFFICER, "close", "Close: yes")

    assert incident.closed_at is not None
    assert incident.open_duties == ()
    assert incident.publishable_summary.startswith("A list of clients")
