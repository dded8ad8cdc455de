"""The rows of config/procedure.toml: duties with their steps and answers, and who is told. Values only.

The file says what; the code holds only what its names mean: conditions (``conditions``), effects (``effects``),
people (``people``). What may be answered stands in ``answer_rows``. A row that makes no sense is refused with the duty's name and what is wrong with it.
"""

from collections import Counter
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from mailbot.incident import Incident
from mailbot.procedure.answer_rows import AnswerRule, Conditions
from mailbot.procedure.conditions import all_hold, holds, unknown_conditions
from mailbot.procedure.each import Each
from mailbot.procedure.lengths import Base, Offset, Unit, WrittenLength, WrittenOffset
from mailbot.terms import Role, Stage
from mailbot.value import Value


class Anchor(StrEnum):
    """What a duty's clock is started by. Times that are unknown fall back as ``clocks`` says."""

    AWARE = "aware_at"
    RECEIVED = "received_at"
    OCCURRED = "occurred_at"
    RATING = "rating"
    RETURNED = "returned"
    START = "start"


class Hours(StrEnum):
    """When a mail about a duty may leave: at any hour, or in office hours unless the duty would lapse before then."""

    ANY = "any"
    OFFICE = "office"


class Target(StrEnum):
    """Whom a step goes to, beside the roles: someone found through the duty's holder."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    LINE_MANAGER_OF_HOLDER = "line_manager_of_holder"


class StepRule(Value):
    """One rung of a duty's ladder: a named mail, ``times`` times, ``every`` so long, to somebody.

    ``hours`` is the duty's own where it is not given; a step at ``start`` itself asks at once, at any hour.
    ``conditions``: the step is taken only while all of them hold.
    """

    name: str = Field(min_length=1)
    when: WrittenOffset
    every: WrittenLength | None = None
    times: int = Field(default=1, ge=1, le=100)
    to: Target | Role = Target.HOLDER
    template: str = "reminder"
    hours: Hours | None = None
    urgent: bool = False
    conditions: Conditions = ()

    @model_validator(mode="after")
    def _repeats_at_intervals(self) -> Self:
        if self.times > 1 and (self.every is None or self.every.amount < 1):
            raise ValueError(f"step “{self.name}” is to be sent {self.times} times: say “every” how long")
        return self


class DutyRule(Value):
    """A kind of duty: who does what, by when, how they are chased, and what ends it.

    ``title`` is an instruction in plain English; ``ask`` holds one line for each answer, word for word what to write.
    ``conditions``: the duty stands while all of them hold; when one ceases by somebody's act it ends, "as" ``ends_as``,
    or as the first of ``ends_as_when`` (condition → words) says that holds then.
    ``holder_when``: condition → another holder. ``capped_by``: while personal data may be involved, never due later
    than so long after ``aware_at``. ``also_ends_with``: kinds of duty whose discharge ends this one too.
    ``stage``: the stage of para 24 in which the incident is while this duty is open. ``asks_for``: keys of answers
    about the whole incident that this duty's mails ask for too, in front of its own.
    ``at_least``: however the cap falls, whoever is asked has so long from the moment the clock started. ``for_each``:
    there is one such duty for each of them. ``again``: it starts anew whenever its conditions hold again, though somebody
    discharged it before. ``ask_when``: condition → further
    lines of ``ask``. ``alone``: its mails leave by themselves, never in a list with others.
    """

    kind: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str = Field(min_length=1)
    para: str = Field(min_length=1)
    holder: Role
    holder_when: dict[str, Role] = {}
    conditions: Conditions = ()
    anchor: Anchor = Anchor.RECEIVED
    limit: WrittenLength | None = None
    capped_by: WrittenLength | None = None
    hours: Hours = Hours.OFFICE
    stage: Stage | None = None
    ends_as: str = "no longer applies"
    ends_as_when: dict[str, str] = {}
    also_ends_with: tuple[str, ...] = ()
    at_least: WrittenLength | None = None
    for_each: Each | None = None
    again: bool = False
    alone: bool = False
    ask: tuple[str, ...] = Field(min_length=1)
    ask_when: dict[str, tuple[str, ...]] = {}
    asks_for: tuple[str, ...] = ()
    steps: tuple[StepRule, ...] = Field(min_length=1)
    answers: tuple[AnswerRule, ...] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        problems = [*self._step_problems(), *self._limit_problems()]
        problems += [f"unknown condition {one}" for one in self._unknown()]
        if problems:
            raise ValueError(f"duty “{self.kind}”: {'; '.join(problems)}")
        return self

    def _unknown(self) -> tuple[str, ...]:
        return unknown_conditions((*self.holder_when, *self.ask_when, *self.ends_as_when))

    def ends_in(self, incident: Incident) -> str:
        """How this duty ends where it no longer applies, as the incident now is: the real reason."""
        return next((how for one, how in self.ends_as_when.items() if holds(one, incident)), self.ends_as)

    @property
    def every_end(self) -> frozenset[str]:
        """All ways in which it may end by itself."""
        return frozenset((self.ends_as, *self.ends_as_when.values()))

    def _step_problems(self) -> list[str]:
        names = Counter(step.name for step in self.steps)
        problems = [f"two steps are called “{name}”" for name, count in names.items() if count > 1]
        for base in Base:
            rough = [_rough_minutes(step.when) for step in self.steps if step.when.base is base]
            if rough != sorted(rough):
                problems.append(f"the steps counted from “{base}” do not stand in order")
        return problems

    def _limit_problems(self) -> list[str]:
        problems = []
        if self.limit is None and self.for_each is None and any(step.when.base is Base.DUE for step in self.steps):
            problems.append("a step is counted from “due”, but there is no limit")
        if self.limit is None and self.capped_by is not None:
            problems.append("what has no limit cannot be capped")
        if self.capped_by and self.capped_by.unit not in {Unit.HOURS, Unit.MINUTES}:
            problems.append("“capped_by” takes hours")
        return problems

    def for_incident(self, incident: Incident) -> Self:
        """The rule as it stands for an incident: without the steps whose conditions do not hold."""
        steps = tuple(step for step in self.steps if not step.conditions or all_hold(step.conditions, incident))
        return self if steps == self.steps else self.but(steps=steps)

    @property
    def every_ask(self) -> tuple[str, ...]:
        """All lines that tell people what to write, whether or not they are shown in every incident."""
        return (*self.ask, *(line for lines in self.ask_when.values() for line in lines))

    def hours_of(self, step: StepRule) -> Hours:
        """The hours of one of its steps."""
        at_once = step.when.base is Base.START and step.when.length.amount == 0
        return step.hours or (Hours.ANY if at_once else self.hours)


class ToldRule(Value):
    """Somebody who is told of an incident (paras 34, 40, 66–69), once, when all ``conditions`` hold.

    Rows are ordered: a person who would be told by several rows at once gets the first one's mail only. ``why``
    completes "You get this because …". ``carries``: kinds of duty whose first request this mail already makes.
    ``waits``: so long a provisional rating below high may stand before these people are told of it.
    """

    role: Role
    template: str = Field(min_length=1)
    para: str = Field(min_length=1)
    why: str = Field(min_length=1)
    conditions: Conditions = ()
    waits: WrittenLength | None = None
    carries: tuple[str, ...] = ()
    urgent: bool = False
    wanted: str = "always"

    @model_validator(mode="after")
    def _waits_in_real_time(self) -> Self:
        if self.waits and self.waits.unit in {Unit.WORKING_DAYS, Unit.WORKING_MORNINGS}:
            raise ValueError(f"“{self.template}”: “waits” takes minutes, hours or days")
        return self


class UpdateRule(Value):
    """Who was told of an incident is told once more when its severity is another than they know (paras 43, 66–68).

    ``left_out``: roles whose first mail named no severity, or whose mails follow rules of their own. ``carries``: as above.
    """

    template: str = Field(min_length=1)
    para: str = Field(min_length=1)
    why: str = Field(min_length=1)
    left_out: tuple[Role, ...] = ()
    carries: tuple[str, ...] = ()
    wanted: str = "always"


_ROUGH = {Unit.MINUTES: 1, Unit.HOURS: 60}


def _rough_minutes(offset: Offset) -> int:
    return offset.length.amount * _ROUGH.get(offset.length.unit, 24 * 60)
