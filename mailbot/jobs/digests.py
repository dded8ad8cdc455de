"""The IG Team's digests: each working morning, even when empty, and at once when a clock would run out before that."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from mailbot.app import App
from mailbot.incident import Incident
from mailbot.jobs.flood import tell_of_flood
from mailbot.jobs.folder import LOOK_BACK as FIRST_LOOK
from mailbot.jobs.marks import PAUSED, POLLED, SAID, WRITTEN
from mailbot.notify.digest import compose_digest, digest_needed_now, triage_digest
from mailbot.notify.digest_view import DigestProblem, Health, MailboxHealth
from mailbot.procedure.calendar import WorkingCalendar, at_time, day_of
from mailbot.store import LedgerEntry, LedgerOutcome, OutboxState, Unit
from mailbot.store.values import DutyDue
from mailbot.terms import Queue

JOB = "triage digest"
LOOK_BACK = timedelta(days=4)
"""How far the first digest looks back: over a long weekend."""

EVER = datetime(2000, 1, 1, tzinfo=UTC)

LATE_AFTER = timedelta(minutes=15)


def send_digests(app: App, *, force: bool = False) -> int:
    """Puts into the outbox what the IG Team should read now; returns how many digests.

    The morning's digest is claimed for its day in the transaction that writes it: one a day, whatever crashes and
    however many bots there are. ``force`` writes one whatever the time, beside the morning's.
    """
    return tell_of_flood(app) + _morning(app, force=force) + _urgent(app)


def next_digest_at(after: datetime, calendar: WorkingCalendar, hour: time) -> datetime:
    """The next morning digest after a moment (aware): on a working day at that hour of London."""
    day = day_of(after)
    while at_time(day, hour) <= after or not calendar.is_working_day(day):
        day += timedelta(days=1)
    return at_time(day, hour)


def _morning(app: App, *, force: bool) -> int:
    now = app.clock.now()
    today = day_of(now)
    is_time = app.rules.calendar.is_working_day(today) and now >= at_time(today, app.settings.schedule.digest_at)
    with app.store.unit() as unit:
        claimed = is_time and unit.leases.once(JOB, today)
        before = unit.marks.get(WRITTEN)
        # A bot that has just been set up owes no digest for a morning it did not see.
        is_wanted = force or (claimed and before is not None)
        if is_wanted:
            _add(app, unit, unit.incidents.open(), before.at if before else now - LOOK_BACK, urgent=False)
        if is_wanted or before is None:
            unit.marks.put(WRITTEN, "", now)
    return int(is_wanted)


def _urgent(app: App) -> int:
    """One digest for every duty that falls due before the next morning's and was not said yet."""
    now = app.clock.now()
    until = next_digest_at(now, app.rules.calendar, app.settings.schedule.digest_at)
    with app.store.reading() as unit:
        if not _unsaid(unit, now, until):
            return 0
    with app.store.unit() as unit:
        new = _unsaid(unit, now, until)
        incidents = [unit.incidents.get(one) for one in dict.fromkeys(one.incident_id for one in new)]
        shown = digest_needed_now([one for one in incidents if one], now, until)
        for one in new:
            unit.marks.put(SAID + one.duty_id, "", now)
        if shown:
            _add(app, unit, shown, None, urgent=True)
    return 1 if shown else 0


def _unsaid(unit: Unit, now: datetime, until: datetime) -> list[DutyDue]:
    """The duties that fall due by then and were not said yet."""
    due = unit.incidents.duties_due(now, until)
    said = unit.marks.put_among([SAID + one.duty_id for one in due])
    return [one for one in due if SAID + one.duty_id not in said]


def _add(app: App, unit: Unit, incidents: Sequence[Incident], since: datetime | None, *, urgent: bool) -> None:
    now = app.clock.now()
    until = next_digest_at(now, app.rules.calendar, app.settings.schedule.digest_at)
    problems = () if urgent else _problems(unit, since or now, now)
    head = "" if urgent else unit.audit.seal(now)
    view = triage_digest(
        incidents, app.notify, now, until, since=since, problems=problems, health=_health(app, unit), audit_head=head
    )
    desk = app.settings.organisation.desk(Queue.IG)
    unit.outbox.add(compose_digest(view, desk.address, app.notify, now, app.ids.new(), urgent=urgent))


def _problems(unit: Unit, since: datetime, now: datetime) -> tuple[DigestProblem, ...]:
    """What waits for a person, each kind with its number and what to do about it."""
    waiting = unit.ledger.since(EVER, (LedgerOutcome.RETRY,))
    # What is being taken in at this moment is no problem; what stays so belongs to a mailbox that no bot looks into.
    kept = [one for one in unit.ledger.since(EVER, (LedgerOutcome.KEPT,)) if now - one.noted_at > LATE_AFTER]
    recent = unit.ledger.since(since, (LedgerOutcome.NOT_OURS, LedgerOutcome.GONE))
    # Until a person says that they are dealt with, they are named each morning, for two weeks.
    unanswered = unit.ledger.since(now - FIRST_LOOK, (LedgerOutcome.BEFORE_WATCH, LedgerOutcome.HELD))
    counts = unit.outbox.counts()
    found = [
        _of(waiting, LedgerOutcome.RETRY, "Mails that could not be taken in yet", "They are tried again. “mailbot held” says why."),
        _of(kept, LedgerOutcome.KEPT, "Mails that were fetched and never taken in", "Is their mailbox still configured? “mailbot held --save” writes them out."),
        _of(unanswered, LedgerOutcome.HELD, "Mails that a person must read", "“mailbot held” says which and where they lie."),
        _of(unanswered, LedgerOutcome.BEFORE_WATCH, "Reports that lay there before the bot began", "Not answered. “mailbot poll --since” takes them in."),
        _of(recent, LedgerOutcome.NOT_OURS, "Mails that speak of a breach, without title or form", "Not touched. Please look into the mailbox."),
        _of(recent, LedgerOutcome.GONE, "Reports moved away before they could be read", "Ask whoever shares the mailbox."),
        DigestProblem(what="Mails of the bot that were given up", count=counts.get(OutboxState.GIVEN_UP, 0), advice="“mailbot held” says why."),
        DigestProblem(what="Mails of the bot that are held", count=counts.get(OutboxState.HELD, 0), advice="“mailbot held” says why."),
    ]  # fmt: skip
    return tuple(one for one in found if one.count)


def _of(entries: Sequence[LedgerEntry], outcome: LedgerOutcome, what: str, advice: str) -> DigestProblem:
    mine = [one for one in entries if one.outcome is outcome]
    since = min((one.noted_at for one in mine), default=None)
    return DigestProblem(what=what, count=len(mine), since=since, advice=advice)


def _health(app: App, unit: Unit) -> Health:
    counts, now = unit.outbox.counts(), app.clock.now()
    return Health(
        mailboxes=tuple(_mailbox_health(unit, name, now) for name in app.mailboxes),
        waiting_to_send=counts.get(OutboxState.WAITING, 0),
        oldest_waiting_at=unit.outbox.oldest_waiting(),
        sending_paused=unit.marks.get(PAUSED) is not None,
    )


def _mailbox_health(unit: Unit, name: str, now: datetime) -> MailboxHealth:
    polled = unit.marks.get(POLLED + name)
    at = polled.at if polled else None
    return MailboxHealth(name=name, last_read_at=at, is_late=at is None or now - at > LATE_AFTER)
