"""The life of a duty: it starts, is planned anew, and ends. Whether it was met is frozen at its end (DESIGN §5)."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from mailbot.incident import AuditEntry, Discharge, Duty, Incident, SentStep
from mailbot.notifications import ExitKind
from mailbot.procedure.clocks import anchored_at, due_at
from mailbot.procedure.conditions import all_hold, holds
from mailbot.procedure.each import own_due_at, own_person, subjects_of
from mailbot.procedure.ladder import next_step_at, planned_steps
from mailbot.procedure.lengths import Base
from mailbot.procedure.people import holder_of, is_kept_away
from mailbot.procedure.rows import DutyRule, Target
from mailbot.procedure.rules import Rules
from mailbot.terms import MAILBOT, Role, Stage

EARLY_ENDS = frozenset(kind.words for kind in ExitKind)


def keep_duties(incident: Incident, now: datetime, by: str, rules: Rules) -> tuple[Incident, list[AuditEntry]]:
    """Starts the duties that now apply, ends those that no longer do, and plans the others by the present facts.

    ``by`` is whoever caused the change. A closed incident gets no new duty.
    """
    history: list[AuditEntry] = []
    for written in rules.procedure.duties:
        rule = written.for_incident(incident)
        applies = all_hold(rule.conditions, incident) and incident.closed_at is None
        wanted = subjects_of(rule.for_each, incident) if applies else ()
        known = (duty.about for duty in incident.duties if duty.kind == rule.kind)
        for about in dict.fromkeys((*known, *wanted)):
            incident, entries = _keep(Kept(rule, about, about in wanted, by), incident, now, rules)
            history += entries
    incident, orphaned = _without_rule(incident, now, rules)
    return incident.but(stage=stage_of(incident, rules)), history + orphaned


class Kept(NamedTuple):
    """One duty to be kept: its rule, what it is about, whether it applies, and who caused the change."""

    rule: DutyRule
    about: str
    applies: bool
    by: str


def _keep(kept: Kept, incident: Incident, now: datetime, rules: Rules) -> tuple[Incident, list[AuditEntry]]:
    """Starts, plans anew or ends one duty, as it now applies or does not."""
    rule, about, applies, by = kept
    duty = incident.duty(rule.kind, about)
    if duty is None or not duty.is_open:
        return _start(kept, incident, now, rules) if applies and may_start(duty, rule) else (incident, [])
    if applies:
        return _plan_anew(rule, duty, incident, now, rules)
    how = incident.exit.kind.words if incident.exit else rule.ends_in(incident)
    return end_duty(incident, duty, Discharge(at=now, by=by, how=how), now, rules)


def _start(kept: Kept, incident: Incident, now: datetime, rules: Rules) -> tuple[Incident, list[AuditEntry]]:
    """Starts a duty; what was answered before anybody was asked ends it at once, unless the writer is implicated since."""
    started = start_duty(kept.rule, incident, now, rules, kept.about)
    ahead = next((one.ending for one in incident.ahead if one.kind == started.kind), None)
    others = tuple(one for one in incident.ahead if one.kind != started.kind)
    incident = incident.but(duties=(*incident.duties, started), ahead=others)
    history = [_started(started, now)]
    if ahead is None or is_kept_away(ahead.by, incident, rules.organisation):
        return incident, history
    incident, ended = end_duty(incident, started, ahead.but(met=is_met(started, ahead.at)), now, rules)
    return incident, history + ended


def _without_rule(incident: Incident, now: datetime, rules: Rules) -> tuple[Incident, list[AuditEntry]]:
    """Duties of a kind that the file no longer has stay open and come to rest: nobody can be chased without a ladder."""
    history = []
    for duty in incident.open_duties:
        if duty.next_step_at is not None and rules.procedure.find(duty.kind) is None:
            incident = replace_duty(incident, duty.but(next_step_at=None))
            history.append(AuditEntry(at=now, action="duty without a rule", by=MAILBOT, details={"duty": duty.kind}))
    return incident, history


def may_start(duty: Duty | None, rule: DutyRule) -> bool:
    """A duty that a person discharged never starts again, unless its rule says so; one that did not apply does when it
    applies after all, and so does one of an incident that went on after all.
    """
    if duty is None or rule.again:
        return True
    return duty.discharged is not None and duty.discharged.how in rule.every_end | EARLY_ENDS


def start_duty(rule: DutyRule, incident: Incident, now: datetime, rules: Rules, about: str = "") -> Duty:
    """A new duty by its rule. Its id follows from the incident, the kind and its turn, so the same life gives the same ids."""
    turn = sum((duty.kind, duty.about) == (rule.kind, about) for duty in incident.duties)
    name = f"{rule.kind}:{about}:{turn}" if about else f"{rule.kind}:{turn}"
    anchor = anchored_at(rule.anchor, incident, now)
    holder = holder_by(rule, incident)
    duty = Duty(
        id=uuid.uuid5(uuid.NAMESPACE_OID, f"{incident.id}:{name}").hex,
        kind=rule.kind,
        about=about,
        para=rule.para,
        holder=holder,
        person=_person(rule, about, holder, incident, rules),
        anchored_at=anchor,
        started_at=now,
        due_at=_due_at(rule, about, incident, anchor, rules),
    )
    return duty.but(next_step_at=next_step_at(rule, duty, now, rules.calendar))


def holder_by(rule: DutyRule, incident: Incident) -> Role:
    """The role that holds a duty of that kind in this incident."""
    return next((role for one, role in rule.holder_when.items() if holds(one, incident)), rule.holder)


def _person(rule: DutyRule, about: str, holder: Role, incident: Incident, rules: Rules) -> str | None:
    own = own_person(about, incident) if rule.for_each else None
    if own is None or incident.restricted or is_kept_away(own, incident, rules.organisation):
        return holder_of(holder, incident, rules.organisation)
    return own


def _due_at(rule: DutyRule, about: str, incident: Incident, anchor: datetime, rules: Rules) -> datetime | None:
    own = own_due_at(about, incident, rules.calendar) if rule.for_each else None
    return own or due_at(rule, incident, anchor, rules.calendar)


def _plan_anew(
    rule: DutyRule, duty: Duty, incident: Incident, now: datetime, rules: Rules
) -> tuple[Incident, list[AuditEntry]]:
    holder = holder_by(rule, incident)
    anchor = anchored_at(rule.anchor, incident, duty.started_at)
    planned = duty.but(
        holder=holder,
        person=_person(rule, duty.about, holder, incident, rules),
        anchored_at=anchor,
        due_at=_due_at(rule, duty.about, incident, anchor, rules),
    )
    if planned == duty:
        return incident, []
    if (planned.due_at, planned.person) != (duty.due_at, duty.person):
        planned = _next_plan(rule, duty, planned, now, rules)
    planned = planned.but(next_step_at=next_step_at(rule, planned, now, rules.calendar))
    return replace_duty(incident, planned), [_planned_anew(duty, planned, now)]


def _next_plan(rule: DutyRule, old: Duty, planned: Duty, now: datetime, rules: Rules) -> Duty:
    """The next plan: what was sent and still lies in the past counts as sent; a new holder is asked from the start."""
    version = old.plan_version + 1
    planned = planned.but(held_since=now) if planned.person != old.person else planned
    past = {
        (step.rule.name, step.occurrence)
        for step in planned_steps(rule, planned, rules.calendar)
        if step.at <= now and not (planned.person != old.person and _asks_holder(rule, step.rule.name))
    }
    carried = tuple(
        sent.but(plan_version=version)
        for sent in old.sent
        if sent.plan_version == old.plan_version and (sent.step, sent.occurrence) in past
    )
    return planned.but(plan_version=version, sent=(*old.sent, *carried))


def _asks_holder(rule: DutyRule, step: str) -> bool:
    return any(one.name == step and one.to is Target.HOLDER and one.when.base is Base.START for one in rule.steps)


def end_duty(
    incident: Incident, duty: Duty, discharge: Discharge, now: datetime, rules: Rules
) -> tuple[Incident, list[AuditEntry]]:
    """Ends a duty, and those that end with it. ``discharge`` is kept as given: what was met is never computed again."""
    incident = replace_duty(incident, duty.but(discharged=discharge, next_step_at=None))
    history = [_ended(duty, discharge, now)]
    for other in incident.open_duties:
        rule = rules.procedure.find(other.kind)
        if rule and duty.kind in rule.also_ends_with:
            follows = Discharge(at=discharge.at, by=discharge.by, how=f"ended with {duty.kind.replace('_', ' ')}")
            incident, entries = end_duty(incident, other, follows, now, rules)
            history += entries
    return incident, history


def is_met(duty: Duty, done_at: datetime) -> bool | None:
    """Whether something done at that moment was done in time; None where nothing was due."""
    return None if duty.due_at is None else done_at <= duty.due_at


def replace_duty(incident: Incident, duty: Duty) -> Incident:
    """The incident with that duty in the place of the one with its id."""
    return incident.but(duties=tuple(duty if one.id == duty.id else one for one in incident.duties))


def with_sent(duty: Duty, steps: Iterable[SentStep]) -> Duty:
    """The duty with steps recorded as sent; what is recorded already for that recipient is not recorded twice."""
    known = {(one.plan_version, one.step, one.occurrence, one.recipient) for one in duty.sent}
    fresh = [one for one in steps if (one.plan_version, one.step, one.occurrence, one.recipient) not in known]
    return duty.but(sent=(*duty.sent, *fresh))


def stage_of(incident: Incident, rules: Rules) -> Stage:
    """The stage of para 24: the earliest in which a duty is still open; as it was where no open duty marks one."""
    kinds = [rules.procedure.find(duty.kind) for duty in incident.open_duties]
    order = list(Stage)
    stages = [rule.stage for rule in kinds if rule and rule.stage]
    return min(stages, key=order.index, default=incident.stage)


def _started(duty: Duty, now: datetime) -> AuditEntry:
    return AuditEntry(at=now, action="duty started", by=MAILBOT, details=_details(duty))


def _planned_anew(old: Duty, new: Duty, now: datetime) -> AuditEntry:
    details = _details(new) | {"due before": _written(old.due_at), "person before": old.person or ""}
    return AuditEntry(at=now, action="duty planned anew", by=MAILBOT, details=details)


def _ended(duty: Duty, discharge: Discharge, now: datetime) -> AuditEntry:
    met = {True: "yes", False: "no", None: "nothing was due"}[discharge.met]
    details = {"duty": duty.kind, "how": discharge.how, "reason": discharge.reason, "met": met}
    return AuditEntry(at=now, action="duty ended", by=discharge.by, details=details)


def _details(duty: Duty) -> dict[str, str]:
    return {
        "duty": duty.kind,
        "holder": duty.holder.value,
        "person": duty.person or "",
        "due": _written(duty.due_at),
        "plan": str(duty.plan_version),
    }


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
