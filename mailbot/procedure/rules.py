"""The procedure as data: config/procedure.toml, validated, with the calendar and the directory the machine goes by."""

from collections import Counter
from typing import Self

from pydantic import Field, model_validator

from mailbot.assessment import GridOutcome
from mailbot.organisation import Organisation
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.procedure.answer_rows import AnswerRule, Reads
from mailbot.procedure.calendar import CalendarRules, WorkingCalendar
from mailbot.procedure.grammar import Unsettled, ask_problem
from mailbot.procedure.lengths import Unit, WrittenLength, read_length
from mailbot.procedure.rows import DutyRule, ToldRule, UpdateRule
from mailbot.procedure.ruling_words import CompletionWords, ReviewWords, RulingWords
from mailbot.terms import Role, Severity
from mailbot.triage.classification import ClassificationRules
from mailbot.triage.severity_rules import SeverityRules
from mailbot.value import Value


class ReferenceRules(Value):
    """How incidents are numbered. The council allots numbers by hand too: ``first_number`` starts behind them."""

    prefix: str = Field(default="DB", pattern=r"^[A-Z]{1,6}$")
    first_number: int = Field(default=1, ge=1)


class ClockRules(Value):
    """What the bot believes of dates.

    ``believed_within``: a date of discovery longer ago is doubtful. ``arrival_agrees_within``: so far may the server's
    date of arrival and the newest Received line lie apart. ``late_after``: a step sent so much later says so.
    """

    believed_within: WrittenLength = read_length("30 days")
    arrival_agrees_within: WrittenLength = read_length("1 hour")
    late_after: WrittenLength = read_length("30 minutes")

    @model_validator(mode="after")
    def _in_real_time(self) -> Self:
        if any(
            one.unit in {Unit.WORKING_DAYS, Unit.WORKING_MORNINGS}
            for one in (self.believed_within, self.arrival_agrees_within, self.late_after)
        ):
            raise ValueError("[clock] takes minutes, hours or days")
        return self


class RepeatRules(Value):
    """Which earlier incidents are flagged with a new one (para 54).

    ``within_months``: received so many months before it. ``types_left_out``: types that say nothing of what happened,
    so that two incidents of one have nothing in common. ``myself``: how somebody who is asked who was involved says that
    they were; any other words name nobody but by an address.
    """

    within_months: int = Field(default=12, ge=1, le=120)
    types_left_out: tuple[str, ...] = ()
    myself: tuple[str, ...] = ()


BY_GRID = {
    GridOutcome.NO_IMPACT: Severity.LOW,
    GridOutcome.IMPACT_UNLIKELY: Severity.LOW,
    GridOutcome.REPORT_TO_ICO: Severity.HIGH,
    GridOutcome.REPORT_TO_ICO_AND_DHSC: Severity.VERY_HIGH,
}


class ProcedureRules(Value):
    """The whole of config/procedure.toml. ``rated_by_grid``: the rating that each outcome of the NHS grid stands for."""

    calendar: CalendarRules = CalendarRules()
    reference: ReferenceRules = ReferenceRules()
    clock: ClockRules = ClockRules()
    unsettled: Unsettled = Unsettled()
    rulings: RulingWords = RulingWords()
    reviews: ReviewWords = ReviewWords()
    completions: CompletionWords = CompletionWords()
    repeats: RepeatRules = RepeatRules()
    at_once_from: Severity = Severity.HIGH
    rated_by_grid: dict[GridOutcome, Severity] = BY_GRID
    unknown_holder: dict[Role, Role] = {}
    duties: tuple[DutyRule, ...] = Field(min_length=1)
    told: tuple[ToldRule, ...] = Field(min_length=1)
    severity_changed: UpdateRule | None = None
    answers: tuple[AnswerRule, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        kinds = [rule.kind for rule in self.duties]
        problems = [f"two duties are called “{kind}”" for kind, count in Counter(kinds).items() if count > 1]
        named = {kind for rule in self.duties for kind in rule.also_ends_with}
        named |= {kind for rule in (*self.told, self.severity_changed) if rule for kind in rule.carries}
        problems += [f"“{kind}” is no kind of duty here" for kind in sorted(named - set(kinds))]
        owners = Counter(key for rule in self.duties for key in {answer.key for answer in rule.answers})
        owners += Counter({answer.key for answer in self.answers})
        problems += [f"the answer “{key}” belongs to two duties" for key, count in owners.items() if count > 1]
        problems += [f"say who may answer “{one.key}”" for one in self.answers if not one.by]
        problems += [
            f"[rated_by_grid] does not say what {one.value} is" for one in set(GridOutcome) - set(self.rated_by_grid)
        ]
        problems += self._ask_problems()
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _ask_problems(self) -> list[str]:
        """What people are told to write must be what the rows take, and nothing may be an answer before it is given."""
        known = {answer.key for answer in self.answers if answer.ask}
        problems = [
            f"duty “{rule.kind}” asks for “{key}”, which no answer about the incident has an “ask” for"
            for rule in self.duties
            for key in rule.asks_for
            if key not in known
        ]
        asked = [(f"duty “{rule.kind}”", line, rule.answers) for rule in self.duties for line in rule.every_ask]
        asked += [(f"answer “{one.key}”", one.ask, self.answers) for one in self.answers if one.ask]
        found = ((who, ask_problem(line, rows, self.unsettled)) for who, line, rows in asked)
        return problems + [f"{who}: {problem}" for who, problem in found if problem]

    def duty(self, kind: str) -> DutyRule:
        """The rule of that kind; raises KeyError where the file has none (any more)."""
        rule = self.find(kind)
        if rule is None:
            raise KeyError(kind)
        return rule

    def find(self, kind: str) -> DutyRule | None:
        """The rule of that kind, None where the file has none: an incident may be older than the file."""
        return next((rule for rule in self.duties if rule.kind == kind), None)

    def kind_answered_by(self, key: str) -> str | None:
        """The kind of duty that a key belongs to, "" for the whole incident, None for an unknown key."""
        wanted = plain_key(key)
        if any(answer.key == wanted for answer in self.answers):
            return ""
        return next((rule.kind for rule in self.duties for one in rule.answers if one.key == wanted), None)

    def words_of(self, reads: Reads) -> RulingWords:
        """The words by which numbered recommendations are decided on, or said to be done."""
        return {Reads.RULINGS: self.rulings, Reads.DECISIONS: self.reviews, Reads.DEEDS: self.completions}[reads]

    def ruling_of(self, kind: str) -> AnswerRule | None:
        """The answer of a kind of duty that speaks of numbered recommendations; then the whole reply is the answer."""
        rule = self.find(kind)
        return next((one for one in rule.answers if one.reads), None) if rule else None

    def answers_to(self, key: str) -> tuple[AnswerRule, ...]:
        """The rows of a key, in order."""
        wanted = plain_key(key)
        every = (*self.answers, *(one for rule in self.duties for one in rule.answers))
        return tuple(one for one in every if one.key == wanted)

    def asks_of(self, key: str) -> tuple[str, ...]:
        """The lines that tell people what to write under a key."""
        wanted = plain_key(key)
        lines = (*(one.ask for one in self.answers), *(line for rule in self.duties for line in rule.every_ask))
        return tuple(line for line in lines if plain_key(line.partition(":")[0]) == wanted)


class Rules(Value):
    """Everything the machine goes by: the procedure, the working calendar, the council's directory.

    ``classification``: the closed lists that an incident is counted under. ``severity`` and ``assessment_form``: how a
    rating is worked out, and the form by which people correct it.
    """

    procedure: ProcedureRules
    calendar: WorkingCalendar
    organisation: Organisation
    classification: ClassificationRules = ClassificationRules()
    severity: SeverityRules | None = None
    assessment_form: AssessmentForm | None = None


def plain_key(key: str) -> str:
    """A key as the file spells it: lower case, single spaces, no underscores or trailing punctuation."""
    return " ".join(key.lower().replace("_", " ").split()).rstrip(" :.")
