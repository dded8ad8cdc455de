"""What is known of a message before it is decided on, and what is decided: the values either side of ``pipeline``."""

from enum import StrEnum

from mailbot.incident import Alike, Incident
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.tokens import Tokens
from mailbot.procedure.decision import Decision
from mailbot.procedure.rules import Rules
from mailbot.terms import Queue, Reference
from mailbot.triage.rules import TriageRules
from mailbot.value import Value


class Fate(StrEnum):
    """What becomes of a message that is ours; the values are those of the ledger."""

    HANDLED = "handled"
    KNOWN = "known"
    HELD = "held"


class CameAgain(Value):
    """The incident whose report a message is once more, and how that is known."""

    incident: Incident
    because: str


class Known(Value):
    """What the store knows that bears on one message.

    ``seen_in``: the mailboxes in which the very same message was taken in before, and ``twin`` the incident it
    belongs to. ``incident``: the one that it answers by a code or by its thread. ``ours``: the mail of ours that it
    returns or automatically answers. ``named``: the incident whose bare number stands in the subject of a report of its
    own. ``again``: it is a known report once more; ``alike``: those that it reads like.
    ``mentioned``: the incidents named in its words that exist and are not restricted. ``reference``: the number for a new incident, where it would open one.
    """

    seen_in: tuple[str, ...] = ()
    twin: Incident | None = None
    incident: Incident | None = None
    ours: OutgoingEmail | None = None
    named: Incident | None = None
    again: CameAgain | None = None
    alike: tuple[Alike, ...] = ()
    mentioned: tuple[Reference, ...] = ()
    reference: Reference | None = None
    incident_id: str = ""


class Outcome(Value):
    """What is to be written: the fate of the message, and the decision about its incident, if there is one."""

    fate: Fate
    because: str = ""
    decision: Decision | None = None
    is_new: bool = False


class Deciding:
    """The rules by which a message is decided on, gathered once. ``desks``: mailbox name → the desk it belongs to."""

    def __init__(self, rules: Rules, triage_rules: TriageRules, tokens: Tokens, desks: dict[str, Queue | None]) -> None:
        self.rules = rules
        self.triage_rules = triage_rules
        self.tokens = tokens
        self.desks = desks
