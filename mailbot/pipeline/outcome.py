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


class Listed(Value):
    """A digest that a message answers or returns: its name, its reader, and the incidents it asked about, as they now are.

    ``kinds``: by reference, the kinds of duty it asked for; ``duty_ids``: by reference, the duties its mails were about.
    """

    name: Reference
    recipient: str
    incidents: tuple[Incident, ...]
    kinds: dict[Reference, tuple[str, ...]]
    duty_ids: dict[Reference, tuple[str | None, ...]]


class Known(Value):
    """What the store knows that bears on one message.

    ``seen_in``: the mailboxes in which the very same message was taken in before, and ``twin`` the incident it
    belongs to. ``incident``: the one that it answers by a code or by its thread. ``ours``: the mail of ours that it
    returns or automatically answers. ``named``: the incident whose bare number stands in the subject of a report of its
    own. ``listed``: the digest that it answers or returns. ``again``: it is a known report once more; ``alike``: those that it reads like.
    ``mentioned``: the incidents named in its words that exist and are not restricted. ``reference``: the number for a new incident, where it would open one.
    """

    seen_in: tuple[str, ...] = ()
    twin: Incident | None = None
    incident: Incident | None = None
    ours: OutgoingEmail | None = None
    named: Incident | None = None
    listed: Listed | None = None
    again: CameAgain | None = None
    alike: tuple[Alike, ...] = ()
    mentioned: tuple[Reference, ...] = ()
    reference: Reference | None = None
    incident_id: str = ""


class Outcome(Value):
    """What is to be written: the fate of the message, and the decision about its incident, if there is one.

    ``further``: the decisions about other incidents that one reply answers too, at most one for each.
    """

    fate: Fate
    because: str = ""
    decision: Decision | None = None
    further: tuple[Decision, ...] = ()
    is_new: bool = False


class Deciding:
    """The rules by which a message is decided on, gathered once. ``desks``: mailbox name → the desk it belongs to."""

    def __init__(self, rules: Rules, triage_rules: TriageRules, tokens: Tokens, desks: dict[str, Queue | None]) -> None:
        self.rules = rules
        self.triage_rules = triage_rules
        self.tokens = tokens
        self.desks = desks
