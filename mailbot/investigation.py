"""What an investigation brings about: its report, the recommendations in it, and what was decided on them (paras 51–59).

``findings`` and the text of a recommendation are a person's words. They are shown to the handling desk, the Incident
Lead and the support officer; to others only once the support officer has confirmed that they hold no data of the people
affected (para 69).
"""

from datetime import date

from pydantic import Field

from mailbot.value import Instant, Value


class Ruling(Value):
    """What one person decided, when, and why."""

    accepted: bool
    by: str
    at: Instant
    reason: str = ""


class Recommendation(Value):
    """One remedial recommendation: what, by whom, by when (para 52 ii).

    ``owner``: an address of the council, empty where the report names nobody the directory knows; ``owner_as_written``
    keeps what it says. ``signed``: the Group Manager's decision (58, 59). ``reviewed``: the DPO's on a rejected one;
    accepted there means that it is to be carried out after all.
    """

    number: int = Field(ge=1)
    text: str = Field(min_length=1)
    owner: str = ""
    owner_as_written: str = ""
    due_on: date | None = None
    signed: Ruling | None = None
    reviewed: Ruling | None = None
    done: Ruling | None = None

    @property
    def awaits_review(self) -> bool:
        """Rejected, and the DPO has not looked at it yet (59)."""
        return bool(self.signed and not self.signed.accepted and self.reviewed is None)

    @property
    def is_to_be_done(self) -> bool:
        """Accepted by the Group Manager, or upheld by the DPO."""
        return bool((self.signed and self.signed.accepted) or (self.reviewed and self.reviewed.accepted))


class Investigation(Value):
    """The investigation report as it was returned last; ``round`` counts how often (53: it may be sent back).

    ``cleared``: the support officer confirmed that it holds no data of the people affected (69), or said that it does.
    ``reviewed``: the support officer's review (53, 55). ``signed``: the Group Manager's signature under a report that
    recommends nothing (58).
    """

    round: int = Field(default=1, ge=1)
    returned_at: Instant
    by: str
    findings: dict[str, str] = {}
    recommendations: tuple[Recommendation, ...] = ()
    cleared: Ruling | None = None
    reviewed: Ruling | None = None
    signed: Ruling | None = None

    @property
    def may_be_shown(self) -> bool:
        """Whether its words may stand in a notice (69)."""
        return bool(self.cleared and self.cleared.accepted)

    @property
    def is_sent_back(self) -> bool:
        """Whether it is to be written anew: by the review, for the data in it, or because it will not be signed."""
        return any(ruling is not None and not ruling.accepted for ruling in (self.reviewed, self.cleared))

    @property
    def is_signed_in_part(self) -> bool:
        """Whether the Group Manager has decided on anything in it."""
        return self.signed is not None or any(one.signed for one in self.recommendations)

    @property
    def is_signed(self) -> bool:
        """Whether every recommendation has a decision of the Group Manager, and every rejected one one of the DPO."""
        if not self.recommendations:
            return self.signed is not None
        return all(one.signed and not one.awaits_review for one in self.recommendations)

    @property
    def is_ready_to_sign(self) -> bool:
        """Whether it was reviewed and cleared, and something in it waits for the Group Manager."""
        waits = any(one.signed is None for one in self.recommendations) or not (self.recommendations or self.signed)
        return bool(self.reviewed and self.reviewed.accepted and self.may_be_shown and waits)

    def recommendation(self, number: int) -> Recommendation | None:
        """The recommendation of that number."""
        return next((one for one in self.recommendations if one.number == number), None)

    def with_recommendation(self, changed: Recommendation) -> "Investigation":
        """The same with one recommendation changed."""
        return self.but(
            recommendations=tuple(changed if one.number == changed.number else one for one in self.recommendations)
        )
