"""What is shown of an investigation report: to its reviewer all of it, to those who sign and carry out what was cleared.

The words of a recommendation are a person's. They stand in a mail only once the support officer has confirmed that they
hold nothing about the people affected (para 69); before that ``recommendations`` is empty.
"""

from datetime import date
from typing import Annotated

from mailbot.notify.known import Known
from mailbot.notify.views import InternalView
from mailbot.value import Instant, Value

Cleared = Annotated[str, "a person's words, confirmed to hold nothing about the people affected"]


class RecommendationView(Value):
    """One recommendation: what, by whom, by when, and what was decided. ``reason``: why it was rejected."""

    number: int
    text: Cleared
    owner: Known | None
    due_on: date | None
    decided: bool
    accepted: bool
    reason: Cleared | None


class SigningView(InternalView):
    """For whoever signs, decides on a rejection, or carries out. ``mine``: the numbers this mail is about."""

    recommendations: tuple[RecommendationView, ...]
    mine: tuple[int, ...]


class FindingView(Value):
    """One answer of the investigation report."""

    label: Known
    text: str


class ReviewView(InternalView):
    """For the support officer who reviews the report, and may read all of it (paras 53, 69)."""

    returned_at: Instant | None
    returned_by: Known | None
    round: int
    findings: tuple[FindingView, ...]
    recommendations: tuple[RecommendationView, ...]
