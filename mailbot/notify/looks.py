"""Audience of a template → what builds the view it is given."""

from collections.abc import Callable

from mailbot.incident import Incident
from mailbot.notify.ico import ico_view
from mailbot.notify.look import desk_view, internal_view, on_call_view, outside_view, reporter_view
from mailbot.notify.rules import NotifyRules
from mailbot.notify.signing import review_view, signing_view
from mailbot.procedure.decision import Notice
from mailbot.value import Value

LOOKS: dict[str, Callable[[Notice, Incident, NotifyRules], Value]] = {
    "reporter": reporter_view,
    "outside": outside_view,
    "internal": internal_view,
    "desk": desk_view,
    "ico": ico_view,
    "review": review_view,
    "signing": signing_view,
    "on_call": on_call_view,
}
"""An audience that is not here has no incident to look at: the operator's, the digests'."""
