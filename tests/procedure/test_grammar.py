"""The grammar of answers: a verb counts only by itself, and what is not settled is no answer."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.procedure.answer_rows import AnswerRule, Needs, Reason
from mailbot.procedure.grammar import OPEN_PART, Problem, Unsettled, ask_problem, reason_in, shortfall, understand
from mailbot.procedure.rulings import read_rulings
from tests.procedure.conftest import RULES

PROCEDURE = RULES.procedure


def meaning_of(line: str, moment: datetime | None = None) -> str:
    """How an answer is recorded by the shipped file, or why it is not."""
    key, _, value = line.partition(":")
    rows = PROCEDURE.answers_to(key)
    found = understand(value, rows)
    if found is None:
        return Problem.NOT_UNDERSTOOD.name
    lacking = shortfall(found, rows, PROCEDURE.unsettled, moment)
    return lacking.name if lacking else found.rule.how or found.verb


@pytest.mark.parametrize(
    "line",
    [
        "ICO: no decision yet, waiting for the SIRO",
        "ICO: No, not yet",
        "ICO: No, I don’t know",
        "ICO: not required? because it was encrypted",
        "ICO: not required, or is it?",
        "ICO: no-one has decided",
        "ICO: not required as yet",
        "ICO: yes, we must report this one",
        "ICO: told Gareth to look at it first",
        "ICO: yes, no, not required",
        "Personal data: no idea yet",
        "Personal data: no idea",
        "Substantiated: no evidence yet, still looking",
        "Substantiated: yes and no",
        "Contained: nothing done yet",
        "Contained: don't know",
        "Contained: yes, they will delete it tomorrow",
        "Contained: yes, as soon as they answer",
        "Contained: done, not possible to say more",
        "Contained: The recipient deleted it.",
        "Police reference: will ring them on 23 November",
        "Police reference: not sure, 2211",
        "Queue: it's ours",
        "Queue: IT/IG",
        "Queue: ours, or IT?",
        "Severity: low or medium",
        "Severity: low, medium, high or very high, because …",
        "Severity: low/medium",
        "SIRO view: no idea",
        "Investigation: returned?",
    ],
)
def test_what_is_not_settled_is_no_answer(line: str) -> None:
    at = datetime(2026, 11, 20, 16, tzinfo=UTC)

    assert meaning_of(line, at) in {Problem.NOT_UNDERSTOOD.name, Problem.UNSETTLED.name}


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("ICO: not required as it was encrypted", "not required"),
        ("ICO: no, because it will harm nobody and nobody was told", "not required"),
        ("ICO: not required (the papers came back unopened)", "not required"),
        ("ICO: reported on 20 November at 4pm", "TIME_OR_NUMBER_MISSING"),
        ("ICO: reported to the ICO, IC-260411-X1B2", "reported"),
        ("ICO: reported, 20 November 2026, 4pm", "TIME_OR_NUMBER_MISSING"),
        ("ICO: reported, reference IC-…", "TIME_OR_NUMBER_MISSING"),
        ("ICO: not yet", "not yet"),
        ("ICO: not yet we wait for the SIRO", "not yet"),
        ("Queue: confirmed Thanks a lot", "confirmed"),
        ("Queue: Confirmed!", "confirmed"),
        ("Queue: IT", "IT Service Desk"),
        ("Contained: yes, no copies remain and nobody was told", "contained"),
        ("Contained: yes – the home deleted it", "contained"),
        ("Contained: in progress", "not yet"),
        ("Contained: not possible, because the letter is lost", "not possible"),
        ("Contained: yes", "REASON_MISSING"),
        ("Contained: yes, because", "REASON_MISSING"),
        ("Substantiated: no, because nobody knows anything of it", "not substantiated"),
        ("Personal data: none, since it was a price list", "no personal data"),
        ("Police reference: 22/4471-26", "crime reference given"),
        ("Police reference: I rang them", "NUMBER_MISSING"),
        ("Police reference: none yet", "not yet"),
        ("SIRO view: report it, because", "REASON_MISSING"),
        ("SIRO view: we must report it", "view given"),
        ("SIRO view: do not report it, because the data were encrypted", "view given: do not report it"),
        ("Names: not known, because nobody was responsible", "not known"),
        ("Doubts: leave them, because the dates are right", "left as they are"),
    ],
)
def test_an_answer_means_what_its_verb_says_when_it_stands_by_itself(line: str, how: str) -> None:
    assert meaning_of(line) == how


def test_the_ico_was_told_when_the_answer_names_the_time() -> None:
    assert meaning_of("ICO: reported on 20 November at 4pm", datetime(2026, 11, 20, 16, tzinfo=UTC)) == "reported"


EVERY_ASK = (*(row.ask for row in PROCEDURE.answers), *(line for rule in PROCEDURE.duties for line in rule.ask))


@pytest.mark.parametrize("line", [line for line in EVERY_ASK if OPEN_PART.search(line)])
def test_a_prefilled_answer_sent_back_unread_ends_nothing(line: str) -> None:
    key, _, value = OPEN_PART.split(line)[0].partition(":")
    rows = PROCEDURE.answers_to(key)
    found = understand(value, rows)
    reads = next((row.reads for row in rows if row.reads), None)

    if reads:
        assert read_rulings(value, {1, 2, 3}, PROCEDURE.words_of(reads)).ruled == ()
    else:
        assert found is None or not found.rule.discharges or shortfall(found, rows, PROCEDURE.unsettled, None)


@pytest.mark.parametrize("key", ["group", "responsible manager", "line manager", "dates", "aware", "restricted",
                                 "personal data", "managers"])  # fmt: skip
def test_every_answer_about_the_incident_is_asked_for_word_for_word(key: str) -> None:
    assert all(row.ask for row in PROCEDURE.answers if row.key == key)
    assert PROCEDURE.asks_of(key)


ROWS = (
    AnswerRule(key="queue", verbs=("confirmed",)),
    AnswerRule(key="contained", verbs=("yes",), reason=Reason.REQUIRED),
    AnswerRule(key="contained", verbs=("not yet",), discharges=False),
    AnswerRule(key="reference", how="given", needs=Needs.NUMBER),
)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ("Queue: confirmed", None),
        ("Queue: confirmed, because …", "even before its open part"),
        ("Queue: maybe", "would not be understood"),
        ("Colour: red", "none of its answers"),
        ("Contained: yes, …", None),
        ("Contained: yes, with what you asked of whom", None),
        ("Contained: yes", "would not be understood"),
        ("Contained: not yet, because …", None),
        ("Reference: the number you were given", "would not be understood"),
        ("Reference: [the number you were given]", None),
        ("Reference: 1234 …", "even before its open part"),
        ("Write each answer on a line of its own.", None),
    ],
)
def test_a_line_that_tells_what_to_write_is_checked(ask: str, says: str | None) -> None:
    problem = ask_problem(ask, ROWS, Unsettled())

    assert (problem is None) if says is None else (says in (problem or ""))


KEYS = st.sampled_from([row.key for rule in PROCEDURE.duties for row in rule.answers])


@given(KEYS, st.text(max_size=60))
def test_whatever_is_written_is_understood_or_not_but_never_breaks_the_grammar(key: str, value: str) -> None:
    assert meaning_of(f"{key}:{value}")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("because it was late", "it was late"),
        (", as it was late", "it was late"),
        ("the Trust as landlord", "the Trust as landlord"),
        ("Rita Reporter because she knows", "Rita Reporter because she knows"),
    ],
)
def test_only_the_word_that_begins_a_reason_is_left_out(words: str, reason: str) -> None:
    assert reason_in(words) == reason
