"""Which mail makes which request: a step of a ladder and the mail that told its reader."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from mailbot.rehearsal.books import DutyRecord, MailRecord, StepRecord
from mailbot.terms import Role
from mailbot.value import Instant, Value


class Left(Value):
    """What is kept in mind of a mail that left; ``asks`` are the kinds of duty that its words name."""

    at: Instant
    recipient: str
    message_id: str
    email_id: str
    asks: frozenset[str]


class Matching:
    """The outbox beside what really left. A request is found by incident, reader and moment, then by duty and words."""

    def __init__(self, outbox: Iterable[MailRecord], left: Iterable[Left]) -> None:
        self.left = {one.email_id: one for one in left}
        self._written: defaultdict[tuple[object, ...], list[MailRecord]] = defaultdict(list)
        for mail in outbox:
            self._written[mail.incident_id, mail.reader, mail.created_at].append(mail)
        self.readers = {
            mail.reader: self.left[mail.leaves_as].recipient
            for same in self._written.values()
            for mail in same
            if mail.leaves_as in self.left
        }

    def mail_of(self, duty: DutyRecord, step: StepRecord) -> MailRecord | None:
        """The mail that makes the request of a step, None where there is none."""
        found = self._written[duty.incident_id, step.reader, step.at]
        own = (one for one in found if one.duty_id == duty.id and one.step == step.step)
        return next(own, None) or next((one for one in found if self._names(one, duty.kind)), None)

    def left_as(self, mail: MailRecord) -> Left | None:
        """What left of a mail: itself, or the digest that took its place; None where neither did."""
        return self.left.get(mail.leaves_as)

    def is_settled(self, duty: DutyRecord, step: StepRecord) -> bool:
        """Whether the duty was done before a mail of that moment could ask for it: one reply may settle it and bring it about."""
        if duty.discharged_at is None:
            return False
        found = self._written[duty.incident_id, step.reader, step.at]
        left = [self.left[one.leaves_as].at for one in found if one.leaves_as in self.left]
        return duty.discharged_at <= min(left, default=step.at)

    def _names(self, mail: MailRecord, kind: str) -> bool:
        """Whether a mail names a duty besides its own; one that did not leave cannot be asked for its words.

        The thanks to a Reporter ask in words of their own, and not in those of a duty's title.
        """
        left = self.left_as(mail)
        return left is None or mail.role == Role.REPORTER or kind in left.asks


def fresh_steps(duty: DutyRecord) -> Iterator[StepRecord]:
    """The steps that were really taken: what a new plan only took over from the one before it is left out."""
    seen = set()
    for step in duty.steps:
        key = (step.step, step.occurrence, step.reader, step.at)
        if key not in seen:
            seen.add(key)
            yield step
