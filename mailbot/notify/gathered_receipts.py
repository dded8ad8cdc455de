"""Several receipts for one reader as one mail: what each answer came to, and what is still open with them. Pure."""

from collections.abc import Sequence

from mailbot.incident import Incident
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.gathered_views import OpenView, ReceiptsView, ReceiptView
from mailbot.notify.personal_digest import contact_of, reply_view
from mailbot.notify.rules import NotifyRules
from mailbot.notify.tokens import Tokens
from mailbot.notify.views import AskView, InternalView

UNPLACED = "answer_unplaced"
UNCLEAR = frozenset({"answer_unclear", UNPLACED})


def receipts(
    emails: Sequence[OutgoingEmail], incidents: Sequence[Incident], rules: NotifyRules, tokens: Tokens
) -> ReceiptsView:
    """What these receipts (all to one reader) say together. What was not recorded stands first."""
    views = [(email, InternalView.model_validate(email.values)) for email in emails]
    found = sorted((_receipt(email, view, tokens) for email, view in views), key=lambda one: not one.unclear)
    said = {(one.reference, one.title) for one in found if one.words}
    left = {(view.reference, ask.title): _open(view, ask) for _, view in views for ask in view.asks if ask.is_open}
    return ReceiptsView(
        council=rules.organisation.council,
        name=rules.name_of(emails[0].recipient) or None,
        receipts=tuple(found),
        unclear=sum(one.unclear for one in found),
        several=len({one.reference for one in found}) > 1,
        also_open=tuple(one for key, one in left.items() if key not in said),
        contact=contact_of(incidents, rules),
    )


def _receipt(email: OutgoingEmail, view: InternalView, tokens: Tokens) -> ReceiptView:
    unclear, ask = email.template in UNCLEAR, view.ask
    still_asked = ask.words if ask and (unclear or ask.is_open) else ()
    said = _said(view)
    named = ("rating", "facts", "already", "problem", "choices")
    return ReceiptView(
        reference=view.reference,
        unclear=unclear,
        unplaced=email.template == UNPLACED,
        title=ask.title if ask and (unclear or not said) else None,
        said=said,
        recorded=None if said else view.mentions.get("recorded"),
        counted=None if said else view.mentions.get("counted"),
        is_open=ask is None or ask.is_open,
        words=still_asked or (view.may_say if unclear and email.template != UNPLACED else ()),
        reply=reply_view(email, email.duty_kind, tokens),
        **{name: view.mentions.get(name) for name in named},
    )


def _said(view: InternalView) -> tuple[str, ...]:
    """A line for each question that one reply answered, where it answered several."""
    keys, recorded = (view.mentions.get(name, "").split("\n") for name in ("answered", "recorded"))
    return tuple(f"{key}: {answer}" for key, answer in zip(keys, recorded, strict=False) if key)


def _open(view: InternalView, ask: AskView) -> OpenView:
    shown = {name: getattr(ask, name) for name in OpenView.model_fields if name != "reference"}
    return OpenView(reference=view.reference, **shown)
