"""What a report says, gathered once for all questions that triage asks of it. Pure."""

from collections.abc import Iterable

from mailbot.assessment import explained
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.triage.phrases import Passage, taken_back
from mailbot.triage.rules import Sign, TriageRules
from mailbot.triage.sentences import Sentence, sentences_in
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
LONGEST_ANSWER = 80
"""Characters quoted of an answer on the form."""
DONE_IN = ("actions", "contained", "recipient_informed", "encrypted")
"""The fields that tell what was done since: they weigh on the severity, not on the desk."""


class Finding(Value):
    """A sign that was found, with the passages or the answer that show it."""

    sign: Sign
    quotes: tuple[str, ...]

    @property
    def words(self) -> str:
        """The sign in its own words with the passage that made it fit."""
        return explained(self.sign.words, self.quotes[0])


class Evidence:
    """The words and answers of one report, ready to be searched."""

    def __init__(self, reading: Reading, rules: TriageRules) -> None:
        self._rules = rules
        self._sentences: dict[str, tuple[Sentence, ...]] = {}
        self._report = reading.report
        told = [reading.email.subject, *_values(reading.report, TOLD_IN)]
        if not _told_in_mail(reading.report):
            told.append(reading.email.reply or reading.email.text)
        self.told = self._meant(told)
        self.whole = (*self.told, *self._meant(_values(reading.report, DONE_IN)))

    def find(self, sign: Sign, sentences: tuple[Sentence, ...]) -> Finding | None:
        """Whether a report shows a sign, and by what."""
        passages = self._rules.compiled(sign.phrases).find(sentences) if sign.phrases else ()
        quotes = (*self._answers(sign), *_quotes(passages))
        return Finding(sign=sign, quotes=quotes) if quotes else None

    def says(self, phrases: tuple[str, ...]) -> bool:
        """Whether any phrase stands anywhere in the report."""
        return bool(phrases) and bool(self._rules.compiled(phrases).find(self.whole))

    def answered(self, field: str) -> tuple[Sentence, ...]:
        """The answer to a question of the form in sentences; many rows look at the same one."""
        if field not in self._sentences:
            answer = self.answer(field)
            self._sentences[field] = sentences_in(answer) if answer else ()
        return self._sentences[field]

    def answer(self, field: str) -> str:
        """The answer to a question of the form, as written; empty where there is none."""
        return self._report.fields[field].raw if field in self._report.fields else ""

    def _meant(self, texts: Iterable[str]) -> tuple[Sentence, ...]:
        """What the writers say of the incident, without guidance, examples and disclaimers, and what they take back."""
        kept: list[Sentence] = []
        in_aside = False
        asides = self._rules.compiled(self._rules.asides)
        for sentence in sentences_in("\n\n".join(texts), self._rules.turns):
            is_aside = (in_aside and sentence.bullet) or bool(self._rules.asides and asides.find((sentence,)))
            if not is_aside:
                kept.append(sentence)
            in_aside = is_aside and (sentence.introduces or sentence.bullet)
        return taken_back(
            kept, self._rules.compiled(self._rules.guesses), self._rules.compiled(self._rules.corrections)
        )

    def _answers(self, sign: Sign) -> list[str]:
        together = [self._answered(field, phrases) for field, phrases in sign.together.items()]
        each = [self._answered(field, phrases) for field, phrases in sign.answers.items()]
        return [quote for quote in each if quote] + (["; ".join(together)] if together and all(together) else [])

    def _answered(self, field: str, phrases: tuple[str, ...]) -> str:
        """The answer to a question of the form if it holds a phrase, as a quotation; else empty."""
        answer = " ".join(self.answer(field).split())
        fits = answer and self._rules.compiled(phrases).find(sentences_in(answer))
        return f"{field.replace('_', ' ')}: {shortened(answer)}" if fits else ""


def shortened(answer: str) -> str:
    """An answer of the form as far as it is quoted: whole words."""
    return answer if len(answer) <= LONGEST_ANSWER else f"{answer[:LONGEST_ANSWER].rsplit(' ', 1)[0]} …"


def _values(report: ReportedIncident, names: Iterable[str]) -> list[str]:
    return [report.fields[name].raw for name in names if name in report.fields]


def _told_in_mail(report: ReportedIncident) -> bool:
    """Whether the description is the mail's own text, which then need not be searched twice."""
    return "description" in report.fields and report.fields["description"].source == "mail, whole text"


def _quotes(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.quote for passage in passages]
