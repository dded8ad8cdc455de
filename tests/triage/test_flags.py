"""What else a report's words give away: safety, confidentiality, severity."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mailbot.terms import Severity
from mailbot.triage.phrases import Phrases
from mailbot.triage.rules import TriageRules
from mailbot.triage.sentences import sentences_in
from mailbot.triage.triage import triage
from tests.triage.conftest import ROOT, Sort, reading


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("Her new address was sent to her violent ex partner.", "an address may have reached an abuser"),
        (
            "The letter about the adopted child shows their address and went to the birth mother.",
            "adoptive parents or an adopted child may be found",
        ),
        (
            "The foster carer's address was left in the bundle.",
            "a foster carer or placement meant to stay unknown may be found",
        ),
        ("We think the missing child was found by means of the leaked email.", "a child may be missing or in danger"),
    ],
)
def test_safety_is_flagged_when_somebody_may_be_in_danger(story: str, words: str, sort: Sort) -> None:
    found = sort(story)

    assert any(reason.startswith(words) for reason in found.safety)
    assert found.severity.at_least(Severity.HIGH)


@pytest.mark.parametrize(
    "story",
    [
        "The address was not meant to be given to her violent ex-husband, but it was.",
        "We did not redact the address, and the letter went to the perpetrator.",
        "The refuge's address should never have been in the email to her former husband.",
        "I can't believe it, but the birth mother now has the adopters' address.",
        "The child was not returned and is missing.",
        "A letter with the place where she lives now went to the man who had hit her.",
        "Minutes with mum's new address were sent to dad, who is not allowed to contact her.",
        "Somebody who stalks her rang us, and the stalker was told when she works.",
        "The names of undercover officers were published.",
        "The letter to the suspect shows the name of the witness.",
    ],
)
def test_a_danger_is_seen_though_the_report_says_that_it_ought_not_to_be(story: str, sort: Sort) -> None:
    found = sort(story)

    assert found.safety
    assert found.severity.at_least(Severity.HIGH)


@pytest.mark.parametrize(
    "story",
    [
        "No address was given to her violent ex-husband.",
        "Her abusive partner did not get the address.",
        "Nobody is at risk of harm.",
        "An attacker sent phishing emails from a colleague's email address.",
        "A list of refugees was left in the wrong office.",
    ],
)
def test_no_danger_is_seen_where_there_is_none(story: str, sort: Sort) -> None:
    assert not sort(story).safety


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("I am telling you this in confidence.", "the reporter asks for confidentiality"),
        ("Please do not tell my manager about this.", "the reporter asks for confidentiality"),
        ("He deliberately shared the file.", "deliberate misuse is alleged"),
        ("The payroll file went to a printer in the lobby.", "data of the council's own staff is involved"),
    ],
)
def test_an_incident_is_restricted_when_it_touches_staff_or_trust(story: str, words: str, sort: Sort) -> None:
    assert any(reason.startswith(words) for reason in sort(story).restricted)


@pytest.mark.parametrize(
    "story",
    [
        "A letter about a parking fine went to the wrong house.",
        "My laptop was stolen on the train.",
        "The data was confidential.",
    ],
)
def test_nothing_is_flagged_when_a_report_is_plain(story: str, sort: Sort) -> None:
    found = sort(story)

    assert (found.safety, found.restricted) == ((), ())


@pytest.mark.parametrize(
    ("story", "answers", "severity"),
    [
        (
            "An email with one name went to a colleague, who deleted it.",
            {"subjects": "1", "contained": "Yes"},
            Severity.LOW,
        ),
        ("A letter about a parking fine went to the wrong house.", {"subjects": "1"}, Severity.LOW),
        ("A letter about a parking fine went to the wrong house.", {}, Severity.LOW),
        ("A letter about a parking fine went to the wrong house.", {"subjects": "100"}, Severity.LOW),
        ("A letter about a parking fine went to the wrong house.", {"subjects": "101"}, Severity.MEDIUM),
        ("A child's care plan went to the wrong house and was not recovered.", {"subjects": "1"}, Severity.VERY_HIGH),
        (
            "The records of vulnerable children were published on the website by a hacker and are still online.",
            {"subjects": "2,000"},
            Severity.VERY_HIGH,
        ),
    ],
)
def test_the_rating_follows_what_is_known(story: str, answers: dict[str, str], severity: Severity, sort: Sort) -> None:
    found = sort(story, **answers)

    assert found.severity is severity
    assert found.severity_reasons


def test_health_or_social_care_is_seen(sort: Sort) -> None:
    assert sort("A patient's prescription was handed to another patient.").health_or_social_care
    assert not sort("A parking fine went to the wrong house.").health_or_social_care


def find(phrase: str, text: str) -> bool:
    return bool(Phrases([phrase], {"things": ["laptop*", "memory stick*"]}).find(sentences_in(text)))


@pytest.mark.parametrize(
    ("phrase", "text", "fits"),
    [
        ("$things & stolen", "Stolen: one laptop", True),
        ("$things & stolen", "The memory sticks, it seems, were stolen", True),
        ("$things & stolen", "I have a laptop. A bag was stolen.", False),
        ("phish*", "It was PHISHING", True),
        ("phish*", "fish", False),
        ("wrong ... person|address", "wrong one two three four five person", True),
        ("wrong ... person|address", "wrong one two three four five six person", False),
        ("(log in|get into)|open", "I could get into it", True),
        ("don't|not tell", "please don’t tell", True),
        ("without consent", "without consent", True),
        ("with consent", "not with consent", False),
        ("stolen", "not only stolen but sold", True),
        ("line break", "a line\nbreak in a mail", True),
        ("bag & stolen ~ $things", "My bag was stolen. In it was a laptop.", True),
        ("bag & stolen ~ $things", "In my bag was a laptop. The bag was stolen.", True),
        ("bag & stolen ~ $things", "My bag was stolen. It rained. I like my laptop.", False),
        ("bag & stolen ~ $things", "My bag was stolen. No laptop was in it.", False),
    ],
)
def test_a_phrase_fits_as_its_writer_means_it(phrase: str, text: str, fits: bool) -> None:
    assert find(phrase, text) is fits


def test_an_entry_of_a_list_may_be_a_phrase() -> None:
    phrases = Phrases(["$gone"], {"gone": ["nobody ... finds|found"]})

    assert phrases.find(sentences_in("Nobody has yet found it."))
    assert not phrases.find(sentences_in("Nobody lost it."))


def test_a_turn_of_phrase_is_read_as_what_it_means(rules: TriageRules) -> None:
    (sentence,) = sentences_in("Her phone number went wrong.", rules.turns)

    assert sentence.words == "her telephone number went badly"
    assert "".join(sentence.written) == "Her phone number went wrong"


def test_rules_are_refused_when_a_turn_of_phrase_has_another_number_of_words(rules: TriageRules) -> None:
    table = tomllib.loads((ROOT / "config" / "triage.toml").read_text(encoding="utf-8"))
    table["meanings"]["phone number"] = "number"

    with pytest.raises(ValidationError, match="as many words"):
        TriageRules.model_validate(table)


@given(
    text=st.lists(st.sampled_from(["no", "not", "nothing", "but", "or", "laptop", ",", ".", "(", "nor"]), max_size=40)
)
def test_only_words_of_the_sentence_are_denied(text: list[str]) -> None:
    for sentence in sentences_in(" ".join(text)):
        assert sentence.denied <= set(range(len(sentence.written)))
        assert len(sentence.written) == len(sentence.words.split(" "))


def test_rules_are_refused_when_a_phrase_uses_an_unknown_list() -> None:
    table = tomllib.loads((ROOT / "config" / "triage.toml").read_text(encoding="utf-8"))
    table["rules"][0]["phrases"].append("$nowhere & lost")

    with pytest.raises(ValidationError, match="nowhere"):
        TriageRules.model_validate(table)


@settings(deadline=None)  # the first report compiles the phrases
@given(
    story=st.text(max_size=400)
    | st.lists(st.sampled_from(["not", "laptop", "stolen", "wrong", "sent", ".", "a b", "\n"]), max_size=60).map(
        " ".join
    )
)
def test_nothing_is_raised_whatever_is_told(story: str, rules: TriageRules) -> None:
    found = triage(reading(story), False, rules)

    assert 0 <= found.confidence <= 1
    assert found.queue not in found.also_tell
