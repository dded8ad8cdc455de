"""What a reply says about numbered recommendations: read where it is plain, asked again where it is not."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.procedure.ruling_result import RulingProblem, Rulings
from mailbot.procedure.ruling_words import CompletionWords, ReviewWords, RulingWords
from mailbot.procedure.rulings import LONGEST_REPLY, read_rulings
from tests.procedure.conftest import RULES

WORDS = RULES.procedure.rulings
OPEN = (1, 2, 3)


def read(reply: str, words: RulingWords = WORDS) -> Rulings:
    return read_rulings(reply, OPEN, words)


def told(read: Rulings) -> dict[int, str | None]:
    """The number and "" where it is accepted, or the reason of its rejection."""
    return {one.number: one.reason if not one.accepted else None for one in read.ruled}


@pytest.mark.parametrize(
    "reply",
    [
        "Approved",
        "APPROVED!!!",
        "approved.",
        "Agreed, thanks",
        "Many thanks - agreed.",
        "Accept all",
        "accept all please",
        "I accept all the recommendations",
        "I accept them all",
        "I accept all the\nrecommendations",
        "Yes to all",
        "Yes, accept all please",
        "Yes",
        "OK",
        "ok 👍",
        "Fine by me",
        "Happy with these",
        "Signed off",
        "All approved",
        "All three accepted",
        "Everything is fine",
        "These are approved",
        "I agree with all of these",
        "I'm happy to accept all of them",
        "Sign-off: accept all",
        "Sign-off: approved\nBy: Jo Bloggs",
        "No objections, accept all",
        "Approve all. No further comments.",
        "This is to confirm that I accept all the recommendations",
        "Hi Sam,\nAll accepted.\nKind regards\nJo Bloggs",
        "Approved\n\nJo Bloggs\nHead of Housing\n01632 960123",
        "Approved, Jo",
        "Agreed\nSent from my phone",
        "1, 2 and 3 accepted",
        "1 to 3 accepted",
        "Accept 1 - 3",
        "ok 1 2 3",
        "1,2 and 3 all fine",
        "1 ✓ 2 ✓ 3 ✓",
        "1: yes\n2: yes\n3: yes",
        "1) accept 2) accept 3) accept",
        "Recommendation 1\nAccepted\nRecommendation 2\nAccepted\nRecommendation 3\nAccepted",
        "First one accepted, second accepted, and the third approved",
        "> 2: reject, because of its cost\nAccept all",
        "Accept 1; accept the rest",
        "I read the report on the train and showed it to Jo. I accept all the recommendations.",
    ],
)
def test_everything_is_accepted_when_the_reply_says_so_and_nothing_else(reply: str) -> None:
    assert told(read(reply)) == dict.fromkeys(OPEN)
    assert read(reply).is_complete


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("All accepted except 2, which I reject because it costs too much", "it costs too much"),
        (
            "1 and 3 accept, reject 2 because the system is being replaced in March",
            "the system is being replaced in March",
        ),
        ("1: accept\n2: reject, because it costs too much\n3: accept", "it costs too much"),
        ("1. Accept 2. Reject - too costly 3. Accept", "too costly"),
        ("1, 3 ok; 2 no, because we have no money", "we have no money"),
        ("Sign-off: 1 accept; 2 reject, because we have no money; 3 accept", "we have no money"),
        ("1 ✓ 2 ✗ because we have no money 3 ✓", "we have no money"),
        ("R1 yes, R2 no because we have no money, R3 yes", "we have no money"),
        ("(1) accept (2) reject (too costly) (3) accept", "too costly"),
        ("Reject 2 because of its cost. Accept the others.", "its cost"),
        ("I cannot accept 2 because it is too costly; the rest are fine", "it is too costly"),
        ("I'm happy with 1 and 3 but can't accept 2 because it is too costly", "it is too costly"),
        ("Happy to accept 1 and 3, but not 2 because the tool goes in March", "the tool goes in March"),
        ("I do accept 1, do not accept 2 as it is too costly, and do accept 3", "it is too costly"),
        ("All but 2 accepted; 2 rejected because it is too costly", "it is too costly"),
        ("All accepted, apart from number 2 - rejected: it is too costly", "it is too costly"),
        ("Approved, but reject 2 because it is too costly", "it is too costly"),
        ("Yes to 1 and 3. No to 2 - too costly.", "too costly"),
        ("yes: 1, 3 no: 2 because it is too costly", "it is too costly"),
        ("Accept:\n1, 3\nReject:\n2 because it is too costly", "it is too costly"),
        ("1: Accept. 3: Accept. 2: Reject. It costs too much.", "It costs too much"),
        ("Reject 2 because it is costly. No one uses it.\nThe rest are fine.", "it is costly. No one uses it"),
        ("1 and 3 accepted, 2 rejected because if it fails we will not notice", "if it fails we will not notice"),
        ("1 and 3 accepted. I reject recommendation 2. The reason is that it is old.", "it is old"),
        ("Accept 1 and 3. Reject 2 because room 9 would not accept it", "room 9 would not accept it"),
        ("Accept 1, 3\nReject 2 because it is\nbeing replaced\n\nThanks\nJo", "it is being replaced"),
    ],
)
def test_the_second_is_rejected_with_its_reason_and_the_others_accepted(reply: str, reason: str) -> None:
    assert told(read(reply)) == {1: None, 2: reason, 3: None}
    assert read(reply).is_complete


def test_one_reason_holds_for_all_that_are_rejected() -> None:
    assert told(read("Reject all because we have no money")) == dict.fromkeys(OPEN, "we have no money")
    assert told(read("Accept 1, reject the rest because we have no money")) == {
        1: None,
        2: "we have no money",
        3: "we have no money",
    }


@pytest.mark.parametrize(
    ("reply", "accepted", "left_out"),
    [
        ("Accept 1", (1,), (2, 3)),
        ("accept recommendations one and three", (1, 3), (2,)),
        ("Accept the first and the third", (1, 3), (2,)),
        ("i accept recomendations 1 and 2", (1, 2), (3,)),
    ],
)
def test_what_is_not_named_is_left_to_be_asked_for(
    reply: str, accepted: tuple[int, ...], left_out: tuple[int, ...]
) -> None:
    assert (read(reply).accepted, read(reply).not_mentioned, read(reply).doubts) == (accepted, left_out, ())


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("Not approved", RulingProblem.REASON_MISSING),
        ("I do not agree", RulingProblem.REASON_MISSING),
        ("I don't accept these", RulingProblem.REASON_MISSING),
        ("Reject all", RulingProblem.REASON_MISSING),
        ("Can we discuss?", RulingProblem.QUESTION),
        ("Who wrote this?", RulingProblem.QUESTION),
        ("Approved?", RulingProblem.QUESTION),
        ("Accept all?", RulingProblem.QUESTION),
        ("Accept all. Who will pay?", RulingProblem.QUESTION),
        ("Accept all, right?", RulingProblem.QUESTION),
        ("I would accept if the budget is there", RulingProblem.CONDITIONAL),
        ("Accept all if money allows", RulingProblem.CONDITIONAL),
        ("If money allows, accept all", RulingProblem.CONDITIONAL),
        ("Approved, subject to budget", RulingProblem.CONDITIONAL),
        ("Approved - provided that it is cheap", RulingProblem.CONDITIONAL),
        ("Accept all as soon as recommendation 2 is done", RulingProblem.CONDITIONAL),
        ("Accept all because if we do not we fail", RulingProblem.CONDITIONAL),
        ("I am out of the office until Monday. If it is urgent, ring Jo.", RulingProblem.CONDITIONAL),
        ("Automatic reply: I have left.", RulingProblem.UNSETTLED),
        ("ok I'll read it", RulingProblem.UNSETTLED),
        ("I'll think", RulingProblem.UNSETTLED),
        ("Accept with changes", RulingProblem.UNSETTLED),
        ("Approved in principle", RulingProblem.UNSETTLED),
        ("Accept all - for now", RulingProblem.UNSETTLED),
        ("OK. Monday.", RulingProblem.UNSETTLED),
        ("Approved but please speak to Jo", RulingProblem.UNSETTLED),
        ("Accept all, but I have 2 questions", RulingProblem.UNSETTLED),
        ("On behalf of Jo: approved", RulingProblem.UNSETTLED),
        ("I hear Jo says accept all", RulingProblem.UNSETTLED),
        ("Not all accepted", RulingProblem.NOT_UNDERSTOOD),
        ("I can't say I accept", RulingProblem.NOT_UNDERSTOOD),
        ("No, I don't accept 1", RulingProblem.NOT_UNDERSTOOD),
        ("No", RulingProblem.NOT_UNDERSTOOD),
        ("👍", RulingProblem.NOT_UNDERSTOOD),
        ("✓", RulingProblem.NOT_UNDERSTOOD),
        ("", RulingProblem.NOT_UNDERSTOOD),
        ("Thanks", RulingProblem.NOT_UNDERSTOOD),
        ("Noted", RulingProblem.NOT_UNDERSTOOD),
        ("I accept the report", RulingProblem.NOT_UNDERSTOOD),
        ("Please accept my apologies", RulingProblem.NOT_UNDERSTOOD),
        ("Jo approved these", RulingProblem.NOT_UNDERSTOOD),
        ("Accept two", RulingProblem.NOT_UNDERSTOOD),
        ("Accept the rest", RulingProblem.NOT_UNDERSTOOD),
        ("accept/reject", RulingProblem.NOT_UNDERSTOOD),
        ("Yes. The lock works again.", RulingProblem.NOT_UNDERSTOOD),
        ("2. Replace the lock - reject because we have no money", RulingProblem.NOT_UNDERSTOOD),
        ("Many of us know that others would gladly accept such things, and so it goes on", RulingProblem.UNSETTLED),
        ("> accept all", RulingProblem.NOT_UNDERSTOOD),
        ("Accept both", RulingProblem.WRONG_COUNT),
        ("All four accepted", RulingProblem.WRONG_COUNT),
        ("Approved. Rejected because we have no money.", RulingProblem.CONTRADICTION),
    ],
)
def test_nothing_is_recorded_and_all_is_asked_again_with_the_reason(reply: str, problem: RulingProblem) -> None:
    assert [(one.problem, one.numbers) for one in read(reply).doubts] == [(problem, OPEN)]
    assert read(reply).ruled == ()


@pytest.mark.parametrize(
    ("reply", "problem", "accepted"),
    [
        ("approved apart from 2", RulingProblem.REASON_MISSING, (1, 3)),
        ("Accept 1 and 3 but not 2", RulingProblem.REASON_MISSING, (1, 3)),
        ("I cannot accept 2", RulingProblem.REASON_MISSING, ()),
        ("1 yes 2 no 3 yes", RulingProblem.REASON_MISSING, (1, 3)),
        ("Reject 2 because …", RulingProblem.REASON_MISSING, ()),
        ("1: accept\n2: reject, because [why]\n3: accept", RulingProblem.REASON_MISSING, (1, 3)),
        ("Reject 2, will explain later", RulingProblem.UNSETTLED, ()),
        ("2 rejected - see attached", RulingProblem.UNSETTLED, ()),
        ("Reject 2 because why would we?", RulingProblem.QUESTION, ()),
        ("Reject 2, unless there is money", RulingProblem.CONDITIONAL, ()),
        ("Accept 2 and reject 2", RulingProblem.CONTRADICTION, ()),
        ("Accept all. Reject 2 because we have no money.", RulingProblem.CONTRADICTION, (1, 3)),
        ("Accept 1, 2 reject because we have no money", RulingProblem.CONTRADICTION, (1,)),
        ("Accept 1; 2 only if the money is there", RulingProblem.CONDITIONAL, (1,)),
        ("Accept all but would like to discuss recommendation 2", RulingProblem.UNSETTLED, (1, 3)),
        ("1 ok, 2 maybe, 3 ok", RulingProblem.UNSETTLED, (1, 3)),
        ("Not happy with 2", RulingProblem.NOT_UNDERSTOOD, ()),
        ("I don't reject 2", RulingProblem.NOT_UNDERSTOOD, ()),
    ],
)
def test_only_the_second_is_asked_again(reply: str, problem: RulingProblem, accepted: tuple[int, ...]) -> None:
    assert [(one.problem, one.numbers) for one in read(reply).doubts] == [(problem, (2,))]
    assert read(reply).accepted == accepted
    assert read(reply).rejected == ()


def test_a_number_that_does_not_exist_is_named_and_the_others_are_recorded() -> None:
    found = read("Accept 1 and 7")

    assert found.accepted == (1,)
    assert [(one.problem, one.numbers) for one in found.doubts] == [(RulingProblem.NO_SUCH_NUMBER, (7,))]


def test_a_number_decided_before_stays_as_it_was() -> None:
    found = read_rulings("1: reject because it is old\n2: accept", (2, 3), WORDS, decided_before=(1,))

    assert (found.accepted, found.rejected, found.not_mentioned) == ((2,), (), (3,))
    assert [(one.problem, one.numbers) for one in found.doubts] == [(RulingProblem.ALREADY_DECIDED, (1,))]


def test_the_rest_is_what_an_earlier_reply_left_open() -> None:
    assert read_rulings("Accept the rest", (2, 3), WORDS, decided_before=(1,)).accepted == (2, 3)


def test_words_that_were_not_used_are_told_to_their_writer() -> None:
    found = read("Hi Sam, the team did well here. I accept all the recommendations.")

    assert found.accepted == OPEN
    assert found.remarks == ("the team did well here",)


def test_a_reply_too_long_to_be_a_decision_decides_nothing() -> None:
    said = "Accept all. "
    fits = said + "\n" * (LONGEST_REPLY - len(said) - 2) + "Jo"

    assert read(fits).accepted == OPEN
    assert read(said + "x" * LONGEST_REPLY).ruled == ()


@pytest.mark.parametrize(
    ("reply", "accepted", "rejected", "problems"),
    [
        ("2: uphold, because the risk stays\n3: rejection stands, because of cost", (2,), (3,), []),
        ("Uphold the rejection of 2 because it is costly", (), (2,), []),
        ("Overrule the rejection of 2 and 3 because the risk stays", (2, 3), (), []),
        ("2: uphold", (), (), [RulingProblem.REASON_MISSING]),
        ("yes", (), (), [RulingProblem.NOT_UNDERSTOOD]),
        ("Agreed", (), (), [RulingProblem.NOT_UNDERSTOOD]),
    ],
)
def test_the_dpo_upholds_a_recommendation_or_its_rejection_with_a_reason(
    reply: str, accepted: tuple[int, ...], rejected: tuple[int, ...], problems: list[RulingProblem]
) -> None:
    found = read_rulings(reply, (2, 3), RULES.procedure.reviews)

    assert (found.accepted, found.rejected, [one.problem for one in found.doubts]) == (accepted, rejected, problems)


@pytest.mark.parametrize(
    ("reply", "done", "asked"),
    [
        ("Done: 1, 3", (1, 3), ()),
        ("1 and 3 are done", (1, 3), ()),
        ("1 done, 3 not yet", (1,), (3,)),
        ("1 done. 3 not done because it is late", (1,), (3,)),
        ("Done", (1, 2, 3), ()),
        ("Almost done", (), (1, 2, 3)),
        ("Will be done", (), (1, 2, 3)),
    ],
)
def test_an_owner_says_what_is_carried_out(reply: str, done: tuple[int, ...], asked: tuple[int, ...]) -> None:
    found = read(reply, RULES.procedure.completions)

    assert (found.accepted, found.rejected) == (done, ())
    assert tuple(number for one in found.doubts for number in one.numbers) == asked


def test_the_words_of_the_file_are_those_the_bot_goes_by_without_it() -> None:
    procedure = RULES.procedure

    assert (procedure.rulings, procedure.reviews, procedure.completions) == (
        RulingWords(),
        ReviewWords(),
        CompletionWords(),
    )


def test_a_council_may_use_words_of_its_own() -> None:
    own = RulingWords(accept=("Aye",), reject=("nay",))

    assert told(read("1 aye; 2 nay because it is costly", own)) == {1: None, 2: "it is costly"}
    assert read("1 accept", own).ruled == ()


def test_a_word_that_would_both_accept_and_reject_is_refused() -> None:
    with pytest.raises(ValueError, match="“fine” cannot both accept and reject"):
        RulingWords(assent=("fine",), reject=("reject", "fine"))


def test_an_empty_word_is_refused() -> None:
    with pytest.raises(ValueError, match="an empty word"):
        RulingWords(accept=("accept", " "))


ACCEPTING = ("{} accept", "accept {}", "{}: yes", "I approve {}", "Recommendation {}: accepted", "{} ok", "{} is fine")
REJECTING = (
    "{} reject",
    "reject {}",
    "{}: no",
    "I cannot accept {}",
    "Recommendation {}: rejected",
    "{} is not accepted",
)
REASONS = ("it costs too much", "the system goes in March", "of its cost", "we will not have anybody, and nobody asked")
clauses_of = st.builds(
    lambda number, accepting, form, reason: (
        number,
        accepting,
        (ACCEPTING[form % 7].format(number))
        if accepting
        else f"{REJECTING[form % 6].format(number)} because {REASONS[reason]}",
    ),
    st.sampled_from(OPEN),
    st.booleans(),
    st.integers(0, 41),
    st.integers(0, 3),
)


@given(
    st.lists(clauses_of, min_size=1, max_size=3, unique_by=lambda one: one[0]),
    st.sampled_from(["\n", "; ", ". ", "\n\n"]),
)
def test_the_order_of_what_is_said_changes_nothing(said: list[tuple[int, bool, str]], between: str) -> None:
    read_in_every_order = {read(between.join(text for *_, text in order)) for order in permutations(said)}

    assert len(read_in_every_order) == 1
    found = read_in_every_order.pop()
    assert found.accepted == tuple(sorted(number for number, accepting, _ in said if accepting))
    assert found.rejected == tuple(sorted(number for number, accepting, _ in said if not accepting))


PIECES = [
    "accept",
    "reject",
    "approved",
    "not",
    "no",
    "yes",
    "ok",
    "all",
    "the",
    "rest",
    "1",
    "2",
    "3",
    "7",
    "1-3",
    "and",
    "but",
    "except",
    "because",
    "if",
    "?",
    ".",
    ",",
    ";",
    ":",
    "-",
    "\n",
    "\n\n",
    "(",
    ")",
    "✓",
    "✗",
    "I",
    "cannot",
    "happy",
    "with",
    "recommendation",
    "recommendations",
    "two",
    "both",
    "these",
    "fine",
    "thanks",
    "Jo",
    "will",
    "discuss",
    "signed",
    "off",
    ">",
    "…",
    "it",
    "is",
    "costly",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([" ", ""]))
def test_every_number_has_one_outcome_whatever_is_written(pieces: list[str], between: str) -> None:
    found = read(between.join(pieces))

    outcomes = [one.number for one in found.ruled] + list(found.not_mentioned)
    outcomes += [number for one in found.doubts for number in one.numbers if number in OPEN]
    assert sorted(outcomes) == list(OPEN)


@given(st.text(max_size=200))
def test_any_text_at_all_is_read(text: str) -> None:
    assert all(one.number in OPEN for one in read(text).ruled)


@given(
    st.lists(st.sampled_from(["Accept all", "1: accept", "2 approved", "Yes to all", "Approved", "✓ 2"]), min_size=1),
    st.booleans(),
)
def test_what_is_quoted_never_turns_a_rejection_round(quoted: list[str], above: bool) -> None:
    said = "Reject 2 because it costs too much"
    noise = "\n".join(f"> {line}" for line in quoted)

    assert told(read(f"{noise}\n{said}" if above else f"{said}\n{noise}")) == {2: "it costs too much"}


@given(
    st.sampled_from(
        ["not", "cannot", "can't", "don’t", "never", "no", "won't", "unable to", "neither", "nobody can", "hardly"]
    ),
    st.lists(
        st.sampled_from(
            [
                "I",
                "we",
                "really",
                "fully",
                "all",
                "of",
                "this",
                "be",
                "able",
                "to",
                "at",
                "present",
                "quite",
                "so",
                "the",
                "team",
                "ready",
            ]
        ),
        max_size=4,
    ),
    st.sampled_from(
        ["accept", "approve", "agree", "sign off", "accept all", "accept 1", "agree with 2", "happy with all"]
    ),
    st.lists(st.sampled_from(["I", "we", "the", "team", "would", "do", "must"]), max_size=2),
)
def test_nothing_is_accepted_behind_a_negation(negation: str, between: list[str], verb: str, before: list[str]) -> None:
    assert read(" ".join([*before, negation, *between, verb])).accepted == ()


@given(
    st.sampled_from(["if", "unless", "provided", "once", "subject to", "as long as", "pending", "until"]), st.booleans()
)
def test_nothing_is_accepted_on_a_condition(condition: str, first: bool) -> None:
    for said in ("accept all", "approved", "1, 2 and 3 accepted", "happy with these"):
        told_so = f"{condition} the money is there, {said}" if first else f"{said} {condition} the money is there"

        assert read(told_so).ruled == ()
