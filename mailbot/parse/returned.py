"""An investigation report as it came back: what it says, and what is still missing. Values only."""

from enum import StrEnum

from mailbot.investigation import Recommendation
from mailbot.terms import references_in
from mailbot.value import Value

MAIL = "mail"
"""Where recommendations stood that were typed into the reply itself."""


class Shortcoming(StrEnum):
    """What stands in the way of taking a returned report as it is, in words for the person who sent it.

    ``{number}`` is a recommendation's, ``{question}`` a question of the form in its own words; nothing that anybody
    wrote is repeated.
    """

    EMPTY = "The form came back without an answer."
    A_PICTURE = "The form came back as a picture, which the bot does not read. Please send the Word file itself."
    UNREADABLE = "The form could not be opened. Please send the Word file itself."
    OTHER_REFERENCE = "The form belongs to another incident: its reference is not this one's."
    SEVERAL_FORMS = "More than one investigation report came with the mail. Please send the one that counts."
    TWO_LISTS = "The mail and the form make different recommendations. Please send one list."
    NOT_ANSWERED = "“{question}” is not answered."
    NOT_CLEARED = "Nobody has ticked that the report holds no details of the people affected (para 69)."
    NO_RECOMMENDATION = "There is no recommendation. If none is needed, write “None, because …” into the first row."
    NONE_WITHOUT_REASON = "There is no recommendation, and no reason why none is needed."
    TEXT_MISSING = "Recommendation {number} does not say what should be done."
    OWNER_MISSING = "Recommendation {number} names no owner."
    OWNER_WITHOUT_ADDRESS = "Recommendation {number} names its owner without a whole email address."
    SEVERAL_OWNERS = "Recommendation {number} names more than one owner: please name one."
    DUE_MISSING = "Recommendation {number} does not say by when."
    DUE_NOT_UNDERSTOOD = "Recommendation {number} does not name one day by which it is to be done."
    DUE_PASSED = "Recommendation {number} is to be done by a day that has passed."
    SAME_NUMBER = "Two recommendations have the number {number}."


class ReturnProblem(Value):
    """One thing to ask about again. ``number``: of which recommendation; ``question``: which one of the form."""

    what: Shortcoming
    number: int = 0
    question: str = ""

    @property
    def words(self) -> str:
        """The problem as a sentence: words of the bot and the configuration only."""
        return self.what.value.format(number=self.number, question=self.question)


class ReturnedInvestigation(Value):
    """What a returned investigation report says, or a reply that lists recommendations.

    ``source``: the file's name, or ``MAIL``. ``reference``: as it stands on the form, with its code where one stood.
    ``findings``: field of config/investigation_form.toml → what was written; ``beside`` in it keeps what stood outside
    every answer. ``root_cause`` and ``action`` are as written, or picked. ``none_because``: why nothing is recommended.
    ``cleared``: the sender ticked that it holds no details of the people affected (69).

    All of it is a person's words, for the handling desk, the Incident Lead and the support officer alone; only
    ``problems`` may be repeated to others. A reply's own list means something only as the answer to ``investigate``.
    """

    source: str
    reference: str = ""
    findings: dict[str, str] = {}
    root_cause: str = ""
    action: str = ""
    recommendations: tuple[Recommendation, ...] = ()
    none_because: str = ""
    cleared: bool = False
    written_by: str = ""
    problems: tuple[ReturnProblem, ...] = ()

    def answer(self, field: str) -> str:
        """What was written under a question of the form; a confirmation (69) holds for one report and is not kept."""
        return {"root_cause": self.root_cause, "action_taken": self.action, "written_by": self.written_by}.get(
            field, self.findings.get(field, "")
        )

    def checked_for(self, reference: str, prefix: str) -> "ReturnedInvestigation":
        """The same, with a problem added where its form names another incident than that reference."""
        named = references_in(self.reference, prefix)
        if not named or reference.upper() in named:
            return self
        return self.but(problems=(ReturnProblem(what=Shortcoming.OTHER_REFERENCE), *self.problems))
