"""Counts again, independently of the code under test: what was forgotten, and what was said twice.

It knows the rows of the procedure, the tables as plain SQL has them, and the mails that really left.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from mailbot.procedure.rules import ProcedureRules
from mailbot.rehearsal.books import Books, DutyRecord, MailRecord
from mailbot.rehearsal.ladders import OfficeDays, Owed, owed_steps
from mailbot.rehearsal.matching import Left, Matching, fresh_steps
from mailbot.rehearsal.seen import Seen

Holds = Callable[[str, tuple[str, ...]], bool]
"""Whether conditions hold for an incident (by its id) as it now is."""


class Recount:
    """Watches a year and counts. ``forgotten`` and ``doubled`` hold one sentence for each fault, each named once."""

    def __init__(self, rules: ProcedureRules, days: OfficeDays, books: Books, holds: Holds) -> None:
        self._rules, self._days, self._books, self._holds = rules, days, books, holds
        self._titles = {rule.kind: " ".join(rule.title.split()) for rule in rules.duties}
        self._ladders: dict[tuple[object, ...], tuple[Owed, ...]] = {}
        self.left: list[Left] = []
        self.forgotten: dict[str, None] = {}
        self.doubled: dict[str, None] = {}

    def delivered(self, at: datetime, recipient: str, mail: Seen) -> None:
        """Keeps in mind a mail that left."""
        _, kind, email_id, *_ = mail.message_id.strip("<>").split(".")
        asks = {one for one, title in self._titles.items() if title in mail.text}
        self.left.append(
            Left(
                at=at,
                recipient=recipient.lower(),
                message_id=mail.message_id,
                email_id=email_id,
                asks=frozenset({*asks, kind}),
            )
        )

    def count_again(self, now: datetime) -> None:
        """Finds what open duties owe by now. The bot is up and has just done its round."""
        for duty in self._books.duties(only_open=True):
            self._count(duty, now)

    def finish(self) -> Matching:
        """Goes through the whole year: each recorded step has its mail, and nothing was said twice."""
        outbox, duties = list(self._books.mails()), self._books.duties()
        matching = Matching(outbox, self.left)
        for duty in duties:
            for step in fresh_steps(duty):
                if matching.mail_of(duty, step) is None and not matching.is_settled(duty, step):
                    self._forget(f"{duty.label}: step “{step.step}” {step.occurrence} is recorded, and no mail says so")
        self._left_twice()
        self._mailed_twice(duties, outbox)
        self._recorded_twice(duties)
        return matching

    def ladder(self, duty: DutyRecord) -> tuple[Owed, ...]:
        """The duty's steps by its present plan, those whose conditions hold."""
        rule = self._rules.find(duty.kind)
        key = (duty.kind, duty.started_at, duty.anchored_at, duty.due_at)
        if rule and key not in self._ladders:
            self._ladders[key] = tuple(owed_steps(rule, duty.started_at, duty.anchored_at, duty.due_at, self._days))
        return tuple(
            one
            for one in self._ladders.get(key, ())
            if not one.conditions or self._holds(duty.incident_id, one.conditions)
        )

    def is_at_its_end(self, duty: DutyRecord) -> bool:
        """Whether every step of an open duty's ladder was sent, and nobody answered."""
        return duty.discharged_at is None and not self._waiting(duty)

    # --- forgotten ---

    def _waiting(self, duty: DutyRecord) -> list[Owed]:
        done = {(one.step, one.occurrence) for one in duty.steps if one.plan_version == duty.plan_version}
        return [one for one in self.ladder(duty) if (one.step, one.occurrence) not in done]

    def _count(self, duty: DutyRecord, now: datetime) -> None:
        waiting, is_open = self._waiting(duty), self._days.is_open(now)
        for one in waiting:
            if one.at <= now and (is_open or not one.in_office):
                self._forget(
                    f"{duty.label}: step “{one.step}” {one.occurrence} of {one.at:%d %b %Y %H:%M} was not sent"
                )
        if waiting and duty.next_step_at is None:
            self._forget(f"{duty.label}: steps are still to come, and nothing will send them")
        if not waiting and not duty.steps:
            self._forget(f"{duty.label}: it has no ladder at all")

    def _forget(self, fault: str) -> None:
        self.forgotten[fault] = None

    # --- doubled ---

    def _left_twice(self) -> None:
        for message_id, number in Counter(one.message_id for one in self.left).items():
            if number > 1:
                self.doubled[f"the mail {message_id} left {number} times"] = None

    def _mailed_twice(self, duties: Sequence[DutyRecord], outbox: Sequence[MailRecord]) -> None:
        """At one moment one mail asks one reader for one step, and only where the step was recorded then."""
        recorded = {(duty.id, step.step, step.reader, step.at) for duty in duties for step in fresh_steps(duty)}
        labels = {duty.id: duty.label for duty in duties}
        left = {one.email_id for one in self.left}
        mailed = Counter(
            (one.duty_id, one.step, one.reader, one.created_at)
            for one in outbox
            if one.duty_id and one.step and one.leaves_as in left
        )
        for (duty, step, reader, at), number in mailed.items():
            if number > ((duty, step, reader, at) in recorded):
                self.doubled[f"{labels[str(duty)]}: step “{step}” was mailed once too often, {at:%d %b %Y %H:%M}"] = (
                    None
                )

    def _recorded_twice(self, duties: Sequence[DutyRecord]) -> None:
        for duty in duties:
            keys = Counter((one.plan_version, one.step, one.occurrence, one.reader) for one in duty.steps)
            for (_, step, occurrence, _), number in keys.items():
                if number > 1:
                    self.doubled[f"{duty.label}: step “{step}” {occurrence} is recorded {number} times"] = None
