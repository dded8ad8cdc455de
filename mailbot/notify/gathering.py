"""Several mails that wait for one reader become one: which may stand in a list, and the mail that takes their place. Pure.

What it says is written when it leaves (``personal_digest``, ``receipts``), from the mails that are still wanted then.
"""

from collections.abc import Sequence
from datetime import datetime

from mailbot.incident import Incident
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.rules import NotifyRules
from mailbot.procedure.decision import Priority
from mailbot.terms import digest_name

DIGEST_KIND = "digest"
"""What stands in a digest's code where a mail about one duty has that duty's kind."""


def may_be_gathered(email: OutgoingEmail, incident: Incident | None, rules: NotifyRules) -> bool:
    """Whether a mail may stand in a list with others.

    Nothing urgent hides in one: no safety, no clock of the regulator, nothing for the on-call rota. A restricted
    incident is named in no list either, for a list is passed on more easily than a mail about one. What encloses a form
    keeps its own mail.
    """
    if incident is None or incident.safety or incident.restricted or email.enclosures:
        return False
    if email.priority is Priority.URGENT or rules.organisation.is_on_call(email.recipient):
        return False
    return not any(rules.duty(kind).alone for kind in kinds_asked(email))


def kinds_asked(email: OutgoingEmail) -> tuple[str, ...]:
    """The kinds of duty that a mail asks for or is about, its own first."""
    asks = email.values.get("asks")
    others = (str(one["kind"]) for one in asks if isinstance(one, dict)) if isinstance(asks, list) else ()
    return tuple(dict.fromkeys((*filter(None, (email.duty_kind,)), *others)))


def gathered(
    template: str, emails: Sequence[OutgoingEmail], rules: NotifyRules, now: datetime, email_id: str
) -> OutgoingEmail:
    """The mail that takes the place of several for one reader (one at least), as urgent as the most urgent of them."""
    first, threads = emails[0], {one.thread for one in emails}
    return OutgoingEmail(
        id=email_id,
        recipient=first.recipient,
        recipient_name=first.recipient_name,
        role=first.role,
        template=template,
        template_version=rules.templates.message(template).version,
        values={},
        priority=min(one.priority for one in emails),
        reference=digest_name(email_id),
        duty_kind=DIGEST_KIND,
        thread=threads.pop() if len(threads) == 1 else "",
        created_at=now,
    )
