"""What the step needs to know besides the incident: the council, the bot's name, and the configured words."""

from collections.abc import Iterable, Iterator, Mapping

from mailbot.assessment import Classification
from mailbot.notifications import ExitKind
from mailbot.notify.templates import Templates
from mailbot.organisation import Desk, Organisation
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.parse.investigation_rules import InvestigationForm
from mailbot.parse.returned import Shortcoming
from mailbot.parse.rules import FormRules
from mailbot.procedure.answer_rows import AnswerRule
from mailbot.procedure.form_answers import FormProblem
from mailbot.procedure.grammar import Problem
from mailbot.procedure.ruled_again import DECIDED
from mailbot.procedure.rules import ProcedureRules
from mailbot.procedure.ruling_result import RulingProblem
from mailbot.terms import Queue
from mailbot.value import Value


class Identity(Value):
    """Who the bot is: the name and address it writes from. ``plus_addresses``: its server takes ``bot+anything@…``."""

    name: str
    address: str
    council: str
    plus_addresses: bool = True

    @property
    def local_part(self) -> str:
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class DutyWords(Value):
    """What a kind of duty is called and how it is answered, as config/procedure.toml has it.

    ``ask`` holds one line for each answer that may be given, word for word what to write. ``asks_for``: keys of answers
    about the whole incident that are asked for with it. ``ask_when``: condition → further lines of ``ask``. ``alone``: its
    mails never stand in a list.
    """

    title: str
    ask: tuple[str, ...] = ()
    ask_when: dict[str, tuple[str, ...]] = {}
    asks_for: tuple[str, ...] = ()
    para: str = ""
    alone: bool = False


class NotifyRules(Value):
    """Everything configured that a mail may say.

    ``questions``: form field → the question asked back in plain English (config/form.toml). ``classifications``:
    the closed lists an incident is counted under (config/classification.toml); a value that is not among them is not
    repeated to anybody but the desk. ``rating_words``: the words in which ratings and types are explained. ``form``: what a report form asks, the council's own included. ``answers``: what may be answered about
    an incident as a whole. ``assessment``: the severity assessment form; ``investigation``: the investigation report form; ``lists``: the closed lists in their order. ``answer_words``: the keys and words by which an answer is recorded, which a receipt may repeat.
    """

    identity: Identity
    organisation: Organisation
    templates: Templates
    duties: dict[str, DutyWords] = {}
    questions: dict[str, str] = {}
    form: FormRules | None = None
    classifications: dict[Classification, frozenset[str]] = {}
    rating_words: frozenset[str] = frozenset()
    assessment: AssessmentForm | None = None
    investigation: InvestigationForm | None = None
    lists: dict[Classification, tuple[str, ...]] = {}
    answers: tuple[AnswerRule, ...] = ()
    answer_words: frozenset[str] = frozenset()

    @classmethod
    def configured(
        cls,
        *,
        identity: Identity,
        organisation: Organisation,
        templates: Templates,
        procedure: ProcedureRules,
        form: FormRules,
        classifications: Mapping[Classification, frozenset[str]],
        rating_words: Iterable[str],
        assessment: AssessmentForm | None = None,
        investigation: InvestigationForm | None = None,
        lists: Mapping[Classification, tuple[str, ...]] | None = None,
    ) -> "NotifyRules":
        """The words taken from the configuration's own tables."""
        return cls(
            identity=identity,
            organisation=organisation,
            templates=templates,
            duties={
                rule.kind: DutyWords(
                    title=rule.title,
                    ask=rule.ask,
                    ask_when=rule.ask_when,
                    asks_for=rule.asks_for,
                    para=rule.para,
                    alone=rule.alone,
                )
                for rule in procedure.duties
            },
            questions={name: field.ask for name, field in form.fields.items() if field.ask},
            form=form,
            classifications=dict(classifications),
            rating_words=frozenset(rating_words),
            assessment=assessment,
            investigation=investigation,
            lists=dict(lists or {}),
            answers=procedure.answers,
            answer_words=frozenset((*_answer_words(procedure), *_form_words(assessment), *_ruling_words())),
        )

    @property
    def incident_types(self) -> frozenset[str]:
        """The regulator's types of incident."""
        return self.classifications.get(Classification.INCIDENT_TYPE, frozenset())

    @property
    def classified_words(self) -> frozenset[str]:
        """Every value of every closed list."""
        return frozenset().union(*self.classifications.values())

    def desk(self, queue: Queue) -> Desk:
        return self.organisation.desk(queue)

    def duty(self, kind: str) -> DutyWords:
        """The words of a kind of duty; its plain name where the configuration has none."""
        return self.duties.get(kind) or DutyWords(title=kind.replace("_", " ").capitalize())

    def name_of(self, address: str) -> str:
        """The directory's name for an address, empty for somebody not listed: no name is taken from a mail."""
        entry = self.organisation.staff(address)
        return entry.name if entry else ""


ICO_DUTY = "decide_ico"


def _form_words(form: AssessmentForm | None) -> Iterator[str]:
    yield from (problem.value for problem in FormProblem)
    yield from (one.question for one in (form.questions if form else ()))


def _ruling_words() -> Iterator[str]:
    yield from (problem.value for problem in RulingProblem)
    yield from (one.value for one in Shortcoming if "{" not in one.value)
    yield from (word for kind in ExitKind for word in (kind.value, kind.words))
    yield from (word for both in DECIDED.values() for words in both for word in words)


def _answer_words(procedure: ProcedureRules) -> Iterator[str]:
    yield from (problem.value for problem in Problem)
    for rule in procedure.duties:
        yield from rule.every_end
    for answer in (*procedure.answers, *(one for rule in procedure.duties for one in rule.answers)):
        yield from (answer.key.capitalize(), answer.how, *answer.verbs, answer.ask)
        yield from (line.partition(":")[0] for line in procedure.asks_of(answer.key))
    for rule in procedure.duties:
        yield from rule.every_ask
