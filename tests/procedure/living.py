"""Whole lives of incidents at random: what people do, and what holds after each thing they did."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path

from mailbot.incident import Duty, Incident, SentStep
from mailbot.investigation import Recommendation
from mailbot.parse.returned import ReturnedInvestigation
from mailbot.procedure.decision import Answered, Decision, Event, InvestigationReturned, Notice
from mailbot.procedure.ladder import due_steps, planned_steps, unsent_steps
from mailbot.procedure.people import contact_for
from mailbot.procedure.rows import Hours
from mailbot.terms import MAILBOT, Role
from mailbot.triage.classification import ClassificationRules
from tests.procedure.conftest import (
    CARA,
    DAN,
    DORA,
    GWEN,
    HEATHER,
    IG_DESK,
    IGOR,
    IT_DESK,
    IVY,
    LIAM,
    RESA,
    ROTA,
    RULES,
    SIMON,
)

LISTS = ClassificationRules.model_validate(
    tomllib.loads((Path(__file__).parents[2] / "config" / "classification.toml").read_text("utf-8"))
)
LIFE = RULES.but(classification=LISTS)

ANSWERING = {IG_DESK: IGOR, IT_DESK: IVY}
"""Who answers for a shared mailbox."""

RIGHT: dict[str, tuple[str, ...]] = {
    "reach_on_call": ("on call: reached",),
    "police_reference": ("police reference: CR/44/26", "police reference: not needed, because it was found"),
    "triage": ("queue: confirmed", "queue: IT", "queue: IG"),
    "name_people": ("group: Housing", f"responsible manager: {RESA}", f"line manager: {LIAM}"),
    "settle_doubts": ("dates: confirmed", "personal data: yes", "doubts: leave them, because nobody knows"),
    "substantiate": ("substantiated: yes, because a letter came", "substantiated: no, because it is hearsay"),
    "contain": ("contained: yes, they deleted it", "contained: not yet, because two are missing"),
    "assess": ("severity: confirmed", "severity: medium, because so", "severity: high, because of children"),
    "consult_siro": ("SIRO view: report it, because so",),
    "consult_caldicott": ("Caldicott view: do not report it, because so",),
    "decide_ico": ("ICO: reported, IC-1, because nobody saw it", "ICO: not required, because nobody read it"),
    "investigate": ("RETURNED", "investigation: returned", "investigation: not needed, because it is plain"),
    "recommend_investigation": (
        "investigation recommended: yes, because so",
        "investigation recommended: no, because so",
    ),
    "nominate_lead": (f"incident lead: {LIAM}", f"incident lead: {RESA}"),
    "assign_support_officer": (f"support officer: {IVY}",),
    "decide_data_subjects": ("data subjects: notify, because so", "data subjects: not required, because so"),
    "tell_data_subjects": ("people told: yes, by telephone", "people told: not yet, because two are away"),
    "tell_controller": ("controller told: yes, by telephone",),
    "tell_others": ("others: told, the insurers on Monday", "others: not needed, because nobody is concerned"),
    "update_ico": ("ICO update: sent, by telephone", "ICO update: not needed, because they know"),
    "review_report": ("review: accepted", "review: accepted", "review: sent back, because it is thin"),
    "clear_report": ("no personal data: confirmed", "no personal data: not so, because a name stands in it"),
    "sign_off": ("sign off: accept all", "sign off: reject all, because it costs too much"),
    "review_rejection": ("decision: carry out all, because it must be", "decision: drop all, because so"),
    "carry_out": ("done: 1, we did it", "done: 2, we did it"),
    "step_in": ("stepped in: I rang the Director",),
    "final_status": ("final status: no further action",),
    "close": (
        "summary: A list went to the wrong home",
        "medium: Email",
        "root cause: Human error",
        "action: Training",
        "close: yes",
    ),
}
"""Duty → what may be answered to it."""

AT_ANY_TIME = (
    "personal data: no, because it was a price list",
    "personal data: yes",
    "controller: Exampleton Trust",
    "correct: own data: yes, because the contract ended",
    "correct: ICO: not yet, because it was another case",
    "correct: ICO: not required, because it was another case",
    "correct: contained: not yet, because one is missing",
    "correct: sign off: reject 1, because it costs too much",
    "stands: ICO",
    "escalate: yes, because nobody answers",
    "recommend telling: yes, because so",
    "severity: low, because one person is concerned",
    "severity: very high, because of the press",
    "restricted: released, because HR agrees",
    "not an incident: because it was a drill",
    "near miss: it was stopped",
    "reopen: because it was one after all",
    "close: yes",
    "note: we rang them",
    "nonsense: 7",
)
"""What anybody may write at any time, rightly or not."""

PEOPLE = (DORA, DAN, GWEN, IGOR, IVY, LIAM, RESA, SIMON, CARA, ROTA[0])


def answered(line: str, by: str, arrived: datetime) -> Event:
    """An answer as the machine is given it; a report as a form that came back."""
    if line == "RETURNED":
        first = Recommendation(
            number=1, text="Lock laptops away", owner=RESA, due_on=arrived.date() + timedelta(days=9)
        )
        second = Recommendation(number=2, text="Train the team", owner=GWEN)
        report = ReturnedInvestigation(source="report.docx", recommendations=(first, second), cleared=True)
        return InvestigationReturned(report=report, by=by, received_at=arrived)
    key, _, value = line.partition(":")
    return Answered(duty_kind="", key=key, value=value, by=by, received_at=arrived)


def right_answer(incident: Incident, which: int, how: int, arrived: datetime) -> Event | None:
    """What the person asked answers to one of the open duties; None where nothing is open that is answered by a line."""
    duties = [duty for duty in incident.open_duties if duty.kind in RIGHT]
    if not duties:
        return None
    duty = duties[which % len(duties)]
    asked = duty.person or contact_for(duty.holder, incident, LIFE).address
    by = ROTA[0] if duty.holder is Role.ON_CALL else ANSWERING.get(asked, asked)
    lines = RIGHT[duty.kind]
    return answered(lines[how % len(lines)], by, arrived)


# ---------------------------------------------------------------- what always holds

ABOUT_AN_ANSWER = frozenset({"receipt", "ruled_receipt", "answer_unclear", "answer_held", "contradiction"})


def check(before: Incident | None, after: Decision, now: datetime) -> None:
    """Everything that holds after each event of a life; ``before``: the incident as it was."""
    incident = after.incident
    for duty in incident.duties:
        check_duty(duty, incident, now)
    ids = [duty.id for duty in incident.duties]
    assert len(ids) == len(set(ids))
    open_ones = [(duty.kind, duty.about) for duty in incident.open_duties]
    assert len(open_ones) == len(set(open_ones))
    assert incident.tell_next_at is None or incident.tell_next_at > now
    if before is None:
        return
    check_frozen(before, after)
    check_closing(before, incident)
    check_ratings(before, incident)
    check_restricted(incident, after.notices)


def check_duty(duty: Duty, incident: Incident, now: datetime) -> None:
    keys = [(one.plan_version, one.step, one.occurrence, one.recipient) for one in duty.sent]
    assert len(keys) == len(set(keys)), f"{duty.kind}: a step was sent twice"
    assert duty.person is None or LIFE.organisation.is_inside(duty.person), duty.person
    if not duty.is_open:
        assert duty.next_step_at is None
        return
    rule = LIFE.procedure.duty(duty.kind).for_incident(incident)
    assert planned_steps(rule, duty, LIFE.calendar), f"{duty.kind} has no ladder"
    assert due_steps(rule, duty, now, LIFE.calendar) == [], f"{duty.kind}: a step was skipped"
    if duty.next_step_at is None:
        assert unsent_steps(rule, duty, LIFE.calendar) == [], f"{duty.kind} came to rest too early"
    else:
        assert duty.next_step_at > now
    if rule.hours is Hours.ANY:
        check_late(duty, now)


def check_late(duty: Duty, now: datetime) -> None:
    """What leaves at any hour, and left just now though it was planned long before, says that it is late.

    A request that was lost and goes to whoever stands in was in time once.
    """
    rule = LIFE.procedure.duty(duty.kind)
    planned = {(one.rule.name, one.occurrence): one for one in planned_steps(rule, duty, LIFE.calendar)}
    for sent in duty.sent:
        step = planned.get((sent.step, sent.occurrence))
        if any(_is_same(sent, one) and one.at < now for one in duty.sent):
            continue
        is_of_now = sent.plan_version == duty.plan_version and sent.at == now
        if step is None or not is_of_now or rule.hours_of(step.rule) is not Hours.ANY:
            continue
        if now - step.at > timedelta(minutes=30):
            assert sent.late, f"{duty.kind}: {sent.step} was late and did not say so"


def _is_same(one: SentStep, other: SentStep) -> bool:
    return (one.plan_version, one.step, one.occurrence) == (other.plan_version, other.step, other.occurrence)


def check_frozen(before: Incident, after: Decision) -> None:
    over = {duty.id: duty for duty in before.duties if not duty.is_open}
    for duty in after.incident.duties:
        assert duty == over.get(duty.id, duty), f"{duty.kind}: its end was changed"
    assert {duty.id for duty in before.duties} <= {duty.id for duty in after.incident.duties}
    chased = {one.duty_id for one in after.notices if one.template not in ABOUT_AN_ANSWER}
    assert not chased & over.keys(), "a mail about a duty that was over"


def check_closing(before: Incident, incident: Incident) -> None:
    if incident.closed_at is not None:
        assert incident.open_duties == ()
        assert incident.exit or incident.publishable_summary
    if before.closed_at is None and incident.closed_at is not None and incident.exit is None:
        others = [duty.kind for duty in before.open_duties]
        assert set(others) <= {"close", "reach_on_call"}, others


def check_ratings(before: Incident, incident: Incident) -> None:
    assert incident.ratings[: len(before.ratings)] == before.ratings
    for one, last in zip(incident.ratings[1:], incident.ratings, strict=False):
        assert one.by != MAILBOT or one.severity.at_least(last.severity), "the bot lowered a rating"


def check_restricted(incident: Incident, notices: tuple[Notice, ...]) -> None:
    readers = {one.recipient for one in notices}
    outside = {one for one in readers if not LIFE.organisation.is_inside(one)}
    assert outside <= {incident.reporter.address}
    if incident.restricted:
        chain = {DORA, DAN, SIMON, CARA, HEATHER, incident.reporter.address, *ROTA}
        named = incident.fact("involved")
        chain |= {IG_DESK} if all(one in named for one in (DORA, SIMON, CARA)) else set()
        assert readers <= chain, readers - chain
