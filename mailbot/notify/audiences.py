"""Audience of a template → the view that it is given, and so everything it can say."""

from mailbot.notify.digest_view import DigestView
from mailbot.notify.gathered_views import PersonalDigestView, ReceiptsView
from mailbot.notify.ico_view import IcoView
from mailbot.notify.signing_view import ReviewView, SigningView
from mailbot.notify.views import DeskView, InternalView, OnCallView, OperatorView, OutsideView, ReporterView
from mailbot.value import Value

VIEWS: dict[str, type[Value]] = {
    "reporter": ReporterView,
    "outside": OutsideView,
    "internal": InternalView,
    "desk": DeskView,
    "ico": IcoView,
    "review": ReviewView,
    "signing": SigningView,
    "on_call": OnCallView,
    "operator": OperatorView,
    "digest": DigestView,
    "personal_digest": PersonalDigestView,
    "receipts": ReceiptsView,
}
