"""Every answer that a mail offers is understood, however its reader finishes it and whatever stands around it.

The lines are those of the shipped file. Each is finished as people finish such a line, decorated as people and their
mail programs do, and read on the way that a reply takes: own words, lines, grammar.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from mailbot.intake.reply import own_words
from mailbot.notify.render import REPLY_MARKER
from mailbot.parse.answers import read_answers
from mailbot.parse.dates import understand_date
from mailbot.procedure.answer_rows import AnswerRule, Reads
from mailbot.procedure.grammar import KEYED, shortfall, understand
from mailbot.procedure.rulings import read_rulings
from tests.procedure.answering import answer
from tests.procedure.conftest import RESA, RULES
from tests.procedure.investigating import THURSDAY, placed, recommendation, signed

PROCEDURE = RULES.procedure
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
OPEN = re.compile(r"\[([^\]]*)\]|…")
ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
RECOMMENDATIONS = {1, 2, 3}
DEEDS = ("staff were trained on 23 November", "new envelopes are in use", "the folder is locked, and Jo checked it")
DECIDING = {Reads.RULINGS, Reads.DECISIONS}

REASONS = (
    "the letter came back unopened",
    "the recipient confirmed in writing that it was deleted",
    "it's encrypted, and nobody has the key",
    "nothing was read (we rang them)",
    "there's no risk: it was blank",
    "I spoke to Jo yesterday and she said it is all back",
    "health information is involved, and the person could come to harm",
)
WHENS = (
    "23 November 2026, 4pm, by Jo Fenn on the telephone",
    "on 23/11/2026 by phone",
    "yesterday by phone",
    "23.11.26 at 16:00, in person",
    "Mon 23 Nov, 4.30pm",
    "this morning, we rang all four",
    "Jo rang them all on Monday",
)
MOMENTS = ("23 November 2026, 4pm", "23/11/2026 16:00", "23.11.26 at 4.30pm", "yesterday at 4pm", "2026-11-23 16:00")
PEOPLE = ("Jo Fenn", "jo.fenn@council.example", "Jo Fenn <jo.fenn@council.example>", "Jo Fenn (Housing)")
HINTS: dict[str, tuple[str, ...]] = {
    "…": REASONS,
    "ic-…": ("IC-123456-A1B2",),
    "why, if it was late": ("we waited for the SIRO", "the report only reached us on Monday"),
    "date and time": MOMENTS,
    "date and time at which the council knew": MOMENTS,
    "the number the police gave you": ("42/12345/26", "4212345/26", "CR 1234/26", "22/4471-26 (PC Smith)"),
    "1 to 5": ("1", "3", "5"),
    "number": ("1", "2", "1 and 3", "1, 2"),
    "number of the recommendation, and what was done": ("1, staff were trained on 23 November", "2 - new envelopes are in use"),
    "when": WHENS,
    "when, by whom, how they were told": WHENS,
    "when, whom, how": WHENS,
    "whom and when": WHENS,
    "full name or email address of somebody in the directory": PEOPLE,
    "what the regulator decided, and when": ("no further action, 23 November 2026", "NFA 23.11.26"),
}  # fmt: skip
"""What a line leaves open, in lower case, and how people finish it. Other hints take any words."""

BELOW = f"\n\nOn Mon, 23 Nov 2026 at 09:00, the bot wrote:\n> {REPLY_MARKER}\n>\n> - Queue: IT\n> - Contained: not yet, because …\n"
AROUND: dict[str, Callable[[str], str]] = {
    "as it is": lambda line: line,
    "full stop": lambda line: f"{line}.",
    "capitals": str.upper,
    "small letters": str.lower,
    "hyphen": lambda line: f"- {line}",
    "bullet": lambda line: f"• {line}",
    "star": lambda line: f"* {line}",
    "dash": lambda line: f"– {line}",
    "numbered": lambda line: f"1. {line}",
    "bold": lambda line: f"*{line}*",
    "quotation marks": lambda line: f"“{line}”",
    "greeting": lambda line: f"Hi,\n\n{line}",
    "thanks": lambda line: f"{line}\nThanks\nJo Fenn",
    "signature": lambda line: f"{line}\n\nMany thanks,\nJo Fenn\nTeam Manager | Housing\n01632 960123",
    "telephone": lambda line: f"{line}\n\nSent from my iPhone",
    "mail below": lambda line: line + BELOW,
    "thanks in the line": lambda line: f"{line} Thanks",
    "no space": lambda line: line.replace(": ", ":", 1),
    "space before": lambda line: line.replace(":", " :", 1),
    "broken lines": lambda line: re.sub(r"(.{60}) ", r"\1\n", line),
}


class Offered(NamedTuple):
    """A line of the file, and the rows among which its answer is looked for."""

    line: str
    rows: tuple[AnswerRule, ...]

    @property
    def meant(self) -> AnswerRule:
        """The row whose verb the line spells out; the one that takes any words where it spells out none."""
        verb = re.split(r"[,\[…(]", self.line.partition(":")[2], maxsplit=1)[0].strip().lower()
        return next(one for one in self.rows if verb in one.verbs or not one.verbs)


def offered() -> Iterator[Offered]:
    lines = [line for rule in PROCEDURE.duties for line in rule.every_ask]
    lines += [one.ask for one in PROCEDURE.answers if one.ask]
    for line in lines:
        if KEYED.match(line):
            yield Offered(line, PROCEDURE.answers_to(line.partition(":")[0]))


def finished(line: str) -> Iterator[str]:
    """The line with each way of finishing its open parts; what stands in brackets behind "…" only explains it."""
    plain = ASIDE.sub("", line) if "…" in ASIDE.sub("", line) else line
    ways = [HINTS.get((found[1] or found[0]).lower(), REASONS) for found in OPEN.finditer(plain)]
    for turn in range(max(map(len, ways), default=1)):
        said = iter(way[turn % len(way)] for way in ways)
        yield OPEN.sub(lambda _: next(said), plain)  # noqa: B023  used up before the next turn


def replies(one: Offered) -> Iterator[tuple[str, str]]:
    """Each finished line in each surrounding, as its sender's own words."""
    for line in finished(one.line):
        for name, around in AROUND.items():
            yield f"{name}: {line}", own_words(around(line), REPLY_MARKER, passes_on=False)


def trouble(reply: str, one: Offered) -> str:
    """Why a reply is not recorded as what was offered; empty where it is."""
    said = next((line for line in read_answers(reply) if PROCEDURE.answers_to(line.key) == one.rows), None)
    if said is None:
        return "its key is not found"
    found = understand(said.value, one.rows)
    if found is None or (found.rule.how, found.rule.effect) != (one.meant.how, one.meant.effect):
        return f"taken for {found.rule.how or found.verb}" if found else "not understood"
    moment = understand_date(said.value, AT).at
    lacking = shortfall(found, one.rows, PROCEDURE.unsettled, moment)
    if found.rule.names_moment and found.rule.discharges and (moment is None or moment > AT):
        return f"named {moment} as its time"
    return lacking.name if lacking else ""


@pytest.mark.parametrize("one", [one for one in offered() if not one.rows[0].reads], ids=lambda one: one.line[:40])
def test_what_a_mail_offers_is_recorded_as_it_says(one: Offered) -> None:
    troubles = {about: problem for about, reply in replies(one) if (problem := trouble(reply, one))}

    assert not troubles


@pytest.mark.parametrize(
    "one", [one for one in offered() if one.rows[0].reads in DECIDING], ids=lambda one: one.line[:40]
)
def test_a_decision_that_a_mail_offers_is_read_without_a_doubt(one: Offered) -> None:
    (rule,) = one.rows
    assert rule.reads is not None
    words = PROCEDURE.words_of(rule.reads)
    read = {about: read_rulings(reply, RECOMMENDATIONS, words) for about, reply in replies(one)}

    assert not {about: result.doubts for about, result in read.items() if result.doubts or not result.ruled}


@pytest.mark.parametrize("number", [1, 2])
def test_a_deed_that_a_mail_offers_is_recorded(number: int) -> None:
    incident = signed(placed(), recommendation(1), recommendation(2))
    said = [f"Done: {number}, {deed}" for deed in DEEDS]

    for around in AROUND.values():
        for reply in (own_words(around(line), REPLY_MARKER, passes_on=False) for line in said):
            report = answer(incident, "", RESA, THURSDAY, duty_kind="carry_out", value=reply).incident.investigation
            assert report is not None
            assert [one.number for one in report.recommendations if one.done] == [number], reply


def test_every_hint_of_the_file_that_asks_for_something_particular_is_finished_in_its_own_way() -> None:
    hints = {(found[1] or found[0]).lower() for one in offered() for found in OPEN.finditer(one.line)}

    assert set(HINTS) <= hints
