"""What a report says, gathered once for all questions that triage asks of it. Pure."""

from collections.abc import Iterable

from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.triage.phrases import Passage, Sentence, sentences_in
from mailbot.triage.rules import Sign, TriageRules
from mailbot.value import Value

TOLD_IN = (
    "description",
    "other",
    "breach_type",
    "equipment",
    "medium",
    "how_found",
    "recipients",
    "data_categories",
    "special_categories",
    "subject_types",
    "risk",
    "involved",
    "consequences",
)
"""The fields that tell what happened, in the order in which they are quoted."""
DONE_IN = ("actions", "contained", "recipient_informed", "encrypted")
"""The fields that tell what was done since: they weigh on the severity, not on the desk."""


class Finding(Value):
    """A sign that was found, with the passages or the answer that show it."""

    sign: Sign
    quotes: tuple[str, ...]

    @property
    def words(self) -> str:
        """The sign in its own words with the passage that made it fit."""
        return f"{self.sign.words}, because: “{self.quotes[0]}”"


class Evidence:
    """The words and answers of one report, ready to be searched."""

    def __init__(self, reading: Reading, rules: TriageRules) -> None:
        self._rules = rules
        self._report = reading.report
        told = [reading.email.subject, *_values(reading.report, TOLD_IN)]
        if not _told_in_mail(reading.report):
            told.append(reading.email.reply or reading.email.text)
        self.told = sentences_in("\n\n".join(told))
        self.whole = (*self.told, *sentences_in("\n\n".join(_values(reading.report, DONE_IN))))

    def find(self, sign: Sign, sentences: tuple[Sentence, ...]) -> Finding | None:
        """Whether a report shows a sign, and by what."""
        passages = self._rules.compiled(sign.phrases).find(sentences) if sign.phrases else ()
        quotes = (*self._answers(sign), *_quotes(passages))
        return Finding(sign=sign, quotes=quotes) if quotes else None

    def says(self, phrases: tuple[str, ...]) -> bool:
        """Whether any phrase stands anywhere in the report."""
        return bool(phrases) and bool(self._rules.compiled(phrases).find(self.whole))

    def answer(self, field: str) -> str:
        """The answer to a question of the form, as written; empty where there is none."""
        return self._report.fields[field].raw if field in self._report.fields else ""

    def _answers(self, sign: Sign) -> list[str]:
        answers = [(field, self.answer(field).strip(), begins) for field, begins in sign.answers.items()]
        return [
            f"{field.replace('_', ' ')}: {answer[:80]}"
            for field, answer, begins in answers
            if answer and answer.casefold().startswith(begins)
        ]


def _values(report: ReportedIncident, names: Iterable[str]) -> list[str]:
    return [report.fields[name].raw for name in names if name in report.fields]


def _told_in_mail(report: ReportedIncident) -> bool:
    """Whether the description is the mail's own text, which then need not be searched twice."""
    return "description" in report.fields and report.fields["description"].source == "mail, whole text"


def _quotes(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.quote for passage in passages]
