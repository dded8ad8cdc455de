"""What was read in a decision on numbered items: what is ruled, what is doubtful and why, what is left out."""

from enum import StrEnum

from mailbot.value import Value


class RulingProblem(StrEnum):
    """Why something could not be recorded, in words for the one who answered."""

    REASON_MISSING = "Please say why: write “because …” after the number."
    CONTRADICTION = "Your words say both yes and no to this: please write only the one that you mean."
    NO_SUCH_NUMBER = "There is no recommendation of this number."
    ALREADY_DECIDED = "This was decided before, and stays as it was."
    WRONG_COUNT = "You speak of another number of recommendations than are open: please name them by their numbers."
    CONDITIONAL = "You make it depend on something. Please accept it as it stands, or reject it and say why."
    QUESTION = "You ask a question. Once it is answered, please send your decision without a question mark."
    UNSETTLED = "Your words leave open whether it is settled. Please write “accept”, or “reject, because …”."
    NOT_UNDERSTOOD = (
        "The bot did not understand your decision. Please write “accept all”, or each number with your decision."
    )


class NumberRuling(Value):
    """What was said of one number; ``reason`` in the person's words, empty where none was given."""

    number: int
    accepted: bool
    reason: str = ""


class Doubt(Value):
    """What could not be recorded, of which numbers, and the words that stand in its way (for their writer only)."""

    problem: RulingProblem
    numbers: tuple[int, ...]
    words: str = ""


class Rulings(Value):
    """A reply read. Each open number is in exactly one of ``ruled``, a doubt, or ``not_mentioned``.

    ``remarks``: words beside the decision that were not used; a receipt should say so.
    """

    ruled: tuple[NumberRuling, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    not_mentioned: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def accepted(self) -> tuple[int, ...]:
        """The numbers accepted, in order."""
        return tuple(one.number for one in self.ruled if one.accepted)

    @property
    def rejected(self) -> tuple[int, ...]:
        """The numbers rejected, in order."""
        return tuple(one.number for one in self.ruled if not one.accepted)

    @property
    def is_complete(self) -> bool:
        """Whether everything that was open is decided, and nothing has to be asked again."""
        return not self.doubts and not self.not_mentioned
