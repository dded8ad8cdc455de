"""What the DPO gets when the 72 hours run short: one page, and nothing of the people affected (paras 42, 69–71)."""

from mailbot.notify.known import Known
from mailbot.notify.views import InternalView
from mailbot.terms import Role
from mailbot.value import Instant, Value


class ConsultedView(Value):
    """Somebody who was to be consulted, and what came of it."""

    role: Role
    person: Known | None
    asked_at: Instant
    view: Known | None
    is_open: bool


class IcoView(InternalView):
    """One page for the DPO before the 72 hours end: what is known, what is missing, who was consulted (paras 42, 70, 71)."""

    regulator: Known
    regulator_phone: Known
    regulator_hours: Known
    regulator_online: Known
    health_route: Known
    consulted: tuple[ConsultedView, ...]
    contained: bool | None
    subjects_notified: bool | None
