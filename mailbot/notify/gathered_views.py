"""What a digest of one person's requests may say, and one mail with several receipts.

They name several incidents at once, so they hold even less of each than the internal view: no field for anything a
report says, nor for who is affected (para 69).
"""

from mailbot.notify.known import Known
from mailbot.notify.views import ContactView
from mailbot.terms import Reference, Role, Severity
from mailbot.value import Instant, Value


class ReplyView(Value):
    """Where the answer to one request goes, and the subject that proves it: they carry that request's own code."""

    address: Known
    subject: Known


class RequestView(Value):
    """One thing asked of the reader now, with the words to answer it.

    ``again``: it was asked before. ``late``: this should have reached the reader earlier. ``steps_in``: another was asked
    for it and has not answered (``person`` or ``holder``); ``only`` then says who alone can answer, where that is so.
    ``may_escalate``: the reader may take it to the SIRO and the Caldicott Guardian (para 80).
    """

    reference: Reference
    severity: Severity
    provisional: bool
    title: Known
    words: tuple[Known, ...]
    started_at: Instant
    due_at: Instant | None
    again: bool
    late: bool
    steps_in: bool
    holder: Role
    person: Known | None
    only: Known | None
    may_escalate: bool
    reply: ReplyView


class OpenView(Value):
    """One open duty in one line: of which incident, what, until when, and whose it is."""

    reference: Reference
    title: Known
    holder: Role
    person: Known | None
    started_at: Instant
    due_at: Instant | None


class AwaitedView(Value):
    """What one incident waits for from others, the most urgent first; ``more`` counts what is not listed."""

    reference: Reference
    duties: tuple[OpenView, ...]
    more: int


class PersonalDigestView(Value):
    """Everything asked of one person or team at one moment, and how it stands with the same incidents.

    ``several``: more than one incident is asked about, so that a typed answer must name its own.
    """

    council: Known
    name: Known | None
    requests: tuple[RequestView, ...]
    overdue: int
    several: bool
    also_open: tuple[OpenView, ...]
    awaited: tuple[AwaitedView, ...]
    contact: ContactView


class ReceiptView(Value):
    """What became of one answer. ``unclear``: nothing was recorded, and ``words`` are what to write instead.

    ``unplaced``: it did not say which incident it was about. ``said``: what was recorded, "key: answer", where one reply
    answered several questions about the incident.
    """

    reference: Reference
    unclear: bool
    unplaced: bool
    title: Known | None
    said: tuple[Known, ...]
    recorded: Known | None
    counted: Known | None
    rating: Known | None
    facts: Known | None
    already: Known | None
    problem: Known | None
    choices: Known | None
    is_open: bool
    words: tuple[Known, ...]
    reply: ReplyView


class ReceiptsView(Value):
    """Several receipts for one reader: what was recorded, what was not, and what is still open with them."""

    council: Known
    name: Known | None
    receipts: tuple[ReceiptView, ...]
    unclear: int
    several: bool
    also_open: tuple[OpenView, ...]
    contact: ContactView
