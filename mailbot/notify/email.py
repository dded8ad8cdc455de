"""What is written to somebody, before and after it is frozen. Values only."""

from mailbot.notify.enclosure import Enclosure
from mailbot.procedure.decision import Priority
from mailbot.terms import Reference, Role
from mailbot.value import Instant, Value


class OutgoingEmail(Value):
    """One mail to one recipient as the outbox keeps it: template, its version, its values, and why it is wanted.

    ``values`` is the JSON of the view its audience may have (notify.views) plus the notice's own values; the text
    is rendered when it is sent. ``thread`` is the Message-ID of the incident's first mail to this person, so that
    Outlook keeps one conversation. ``incident_id`` is None for digests and alarms. ``enclosures`` become files when
    the mail is frozen.
    """

    id: str
    recipient: str
    recipient_name: str
    role: Role
    template: str
    template_version: str
    values: dict[str, object]
    priority: Priority
    wanted: str = "always"
    incident_id: str | None = None
    reference: Reference | None = None
    duty_id: str | None = None
    duty_kind: str | None = None
    step: str | None = None
    thread: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    created_at: Instant
    not_before: Instant | None = None
