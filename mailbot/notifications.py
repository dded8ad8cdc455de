"""What was decided on telling others, and how an incident may end early: external notifications (paras 12, 16, 41, 70–75).

Words of people in here (``reason``, ``controller``) are for the handling desk and the DPO.
"""

from enum import StrEnum

from mailbot.terms import Reference
from mailbot.value import Instant, Value


class IcoDecision(Value):
    """The DPO's decision on the regulator. ``at`` is when it was told or decided; ``reference`` the regulator's own.

    ``at_assumed``: nobody named the moment, so it is the arrival of the reply. ``needs_update``: something changed since
    it was last told (paras 43, 57, 70). ``final``: the final status was recorded (62).
    """

    reported: bool
    by: str
    at: Instant
    at_assumed: bool = False
    reference: str = ""
    reason: str = ""
    needs_update: bool = False
    updated_at: Instant | None = None
    final: bool = False


class SubjectsDecision(Value):
    """The DPO's decision on the people affected. ``exception``: which of Article 34(3), where one is claimed."""

    notify: bool
    by: str
    at: Instant
    reason: str = ""
    exception: str = ""


class Processing(Value):
    """Whose data it is: ``controller`` names for whom the Council processes it (para 74), empty where it is its own."""

    controller: str = ""
    by: str
    at: Instant

    @property
    def is_for_another(self) -> bool:
        """Whether the Council is the processor."""
        return bool(self.controller)


class ExitKind(StrEnum):
    """How an incident may end without its duties: always by a person's word."""

    NOT_AN_INCIDENT = "not_an_incident"
    NEAR_MISS = "near_miss"
    DUPLICATE = "duplicate"
    PART = "part"

    @property
    def words(self) -> str:
        return {"duplicate": "duplicate of", "part": "part of"}.get(self.value, self.value.replace("_", " "))


class Exit(Value):
    """How it ended early: by whom, when, why. ``parent`` is the incident that carries the duties."""

    kind: ExitKind
    by: str
    at: Instant
    reason: str = ""
    parent: Reference | None = None
