"""The answers that may be given, as config/procedure.toml has them: keys, verbs, and what each lacks to be one. Values only."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from mailbot.assessment import Classification
from mailbot.procedure.conditions import CONDITIONS, unknown_conditions
from mailbot.procedure.effect import Effect
from mailbot.terms import Role
from mailbot.value import Value


class Reason(StrEnum):
    """Whether an answer must say why: always, where it lowers a rating, or never. A reason that was begun is finished."""

    REQUIRED = "required"
    TO_LOWER = "to lower"
    OPTIONAL = "optional"


class Needs(StrEnum):
    """What the words of an answer must hold besides: a number, a time or the number that the ICO gave, the axes of the grid."""

    NUMBER = "number"
    TIME_OR_ICO_NUMBER = "time or ICO number"
    LIKELIHOOD_AND_IMPACT = "likelihood and impact"


def _known(conditions: tuple[str, ...]) -> tuple[str, ...]:
    unknown = unknown_conditions(conditions)
    if unknown:
        raise ValueError(f"unknown condition {', '.join(unknown)}: choose among {', '.join(sorted(CONDITIONS))}")
    return conditions


Conditions = Annotated[tuple[str, ...], AfterValidator(_known)]


class Reads(StrEnum):
    """How an answer about numbered recommendations is read (``ruled``): decided by whom, with which words."""

    RULINGS = "rulings"
    DECISIONS = "decisions"
    DEEDS = "deeds"


class AnswerRule(Value):
    """One answer that may be given: ``Key: verb, because …``. Rows of one key are tried in order.

    No ``verbs``: any words will do, but some there must be. ``reason``: whether something must follow the verb;
    ``needs``: what the words must hold besides. ``names_moment``: a date in the answer says when it was done; otherwise
    it was done when the reply arrived. ``how``: the word under which it is recorded, the verb itself where it is not
    given. ``because_if_late``: what comes after the duty fell due must also say why ("because …", Article 33(1)).

    For answers about the whole incident: ``by`` says who may answer, ``ask`` what to write, word for word; mails to
    those people show it while all conditions of ``when`` hold. A duty's own answers come from those who were asked,
    their deputies, and the DPO, and its own ``ask`` shows them. ``counts_as``: which classification an answer sets. ``reads``: it speaks of numbered
    recommendations, and the whole reply is its answer. ``bare``: on a telephone the verb alone will do, without its key.

    ``settles_once``: once the matter was settled by another answer, this one contradicts it and changes nothing; whoever
    is ``settled_by`` is shown both (``contradicted``). Without it a later answer is a correction: a rating, a name.

    ``counts_ahead``: given before anybody was asked, it ends the duty as soon as that starts. Otherwise the facts that
    start the duty ask the question anew.
    """

    key: str = Field(min_length=1, pattern=r"^[a-z][a-z ]*$")
    verbs: tuple[str, ...] = ()
    reason: Reason = Reason.OPTIONAL
    because_if_late: bool = False
    names_moment: bool = False
    effect: Effect = Effect.NONE
    discharges: bool = True
    how: str = ""
    needs: Needs | None = None
    counts_as: Classification | None = None
    reads: Reads | None = None
    bare: bool = False
    by: tuple[Role, ...] = ()
    ask: str = ""
    when: Conditions = ()
    counts_ahead: bool = False
    settles_once: bool = False
    settled_by: Role = Role.QUEUE_TEAM

    @model_validator(mode="after")
    def _can_be_recorded(self) -> Self:
        if not self.verbs and not self.how:
            raise ValueError(f"answer “{self.key}”: where any words will do, say “how” the answer is recorded")
        if (self.effect in {Effect.CLASSIFY, Effect.CONFIRM_CLASSIFIED}) is not (self.counts_as is not None):
            raise ValueError(f"answer “{self.key}”: what it classifies is said by “counts_as”, and only there")
        return self
