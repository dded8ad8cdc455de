"""Audience of a template → the view that it is given, and so everything it can say."""

from mailbot.notify.digest_view import DigestView
from mailbot.notify.views import DeskView, InternalView, OnCallView, OperatorView, OutsideView, ReporterView
from mailbot.value import Value

VIEWS: dict[str, type[Value]] = {
    "reporter": ReporterView,
    "outside": OutsideView,
    "internal": InternalView,
    "desk": DeskView,
    "on_call": OnCallView,
    "operator": OperatorView,
    "digest": DigestView,
}
