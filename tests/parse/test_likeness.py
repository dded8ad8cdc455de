"""One report twice, or two reports alike: what tells them apart."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.incident import FieldValue
from mailbot.intake.email import Address, Attachment, Forwarded, InboundEmail, Kind
from mailbot.parse.likeness import (
    NEAR_WORDS,
    PASSED_ON,
    SAME_FILE,
    SAME_WORDS,
    SENT_AGAIN,
    Gist,
    gist_of,
    keys_of,
    likeness,
    same_report,
)
from mailbot.parse.reading import Reading, ReportedIncident

FRIDAY = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
STORY = ("a", "letter", "about", "another", "family", "went", "to", "the", "wrong", "house")
SIX = {"occurred_at": "2026-11-20T18:00:00+00:00"}
KNOWN = Gist(writer="sam@council.example", name="sam porter", story=STORY, written_at=FRIDAY, arrived_at=FRIDAY)
DATED = KNOWN.but(said={"occurred_at": "today 6pm"}, moments=SIX)
FORM = KNOWN.but(files=("a" * 64,))
LATER = FRIDAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("known", "new", "because"),
    [
        (DATED, DATED, SENT_AGAIN),
        (DATED, DATED.but(arrived_at=LATER), SENT_AGAIN),
        (FORM, FORM.but(arrived_at=LATER, story=("did", "you", "get", "it")), SENT_AGAIN),
        (KNOWN, KNOWN.but(forwarded=True, arrived_at=LATER), PASSED_ON),
        (KNOWN, KNOWN.but(forwarded=True, written_at=FRIDAY - timedelta(hours=1)), PASSED_ON),
        (KNOWN, KNOWN.but(forwarded=True, written_at=FRIDAY - timedelta(seconds=40)), PASSED_ON),
        (KNOWN, KNOWN.but(forwarded=True, written_at=None), PASSED_ON),
        (KNOWN, KNOWN.but(forwarded=True, writer=""), PASSED_ON),
        (KNOWN.but(story=STORY * 3), KNOWN.but(story=STORY * 3, arrived_at=FRIDAY + timedelta(days=1)), SENT_AGAIN),
    ],
)
def test_a_report_is_known_again_when_more_than_its_words_agree(known: Gist, new: Gist, because: str) -> None:
    assert same_report(new, known) == because


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (KNOWN, KNOWN),
        (KNOWN.but(writer=""), KNOWN.but(writer="")),
        (DATED, DATED.but(writer="jo@council.example")),
        (DATED, DATED.but(moments={"occurred_at": "2026-11-21T18:00:00+00:00"}, arrived_at=LATER)),
        (DATED, DATED.but(said={"occurred_at": "today 6pm", "subjects": "41"})),
        (DATED, DATED.but(story=(*STORY, "too"))),
        (FORM, FORM.but(files=("b" * 64,))),
        (FORM, FORM.but(files=("a" * 64, "b" * 64))),
        (FORM, FORM.but(writer="jo@council.example")),
        (KNOWN, KNOWN.but(forwarded=True, written_at=FRIDAY + timedelta(minutes=2))),
        (KNOWN, KNOWN.but(forwarded=True, written_at=FRIDAY + timedelta(days=2))),
        (KNOWN, KNOWN.but(forwarded=True, story=("another", "story", "altogether"))),
        (KNOWN, KNOWN.but(forwarded=True, writer="", name="jo fenn")),
        (KNOWN, KNOWN.but(forwarded=True, writer="", written_at=None)),
        (KNOWN.but(name=""), KNOWN.but(name="", writer="", forwarded=True)),
        (
            KNOWN.but(story=STORY * 3),
            KNOWN.but(story=STORY * 3, arrived_at=FRIDAY + timedelta(days=1, seconds=1)),
        ),
    ],
)
def test_a_report_is_another_one_when_its_words_are_all_that_agrees(known: Gist, new: Gist) -> None:
    assert same_report(new, known) == ""


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        (KNOWN, KNOWN.but(writer="jo@council.example"), SAME_WORDS),
        (FORM, FORM.but(story=("see", "the", "form")), SAME_FILE),
        (KNOWN, KNOWN.but(story=(*STORY, "today")), NEAR_WORDS),
        (KNOWN, KNOWN.but(story=("a", "laptop", "was", "stolen", "from", "a", "car")), ""),
        (KNOWN.but(story=("laptop", "stolen")), KNOWN.but(story=("laptop", "stolen")), ""),
        (KNOWN.but(story=()), KNOWN.but(story=()), ""),
    ],
)
def test_reports_read_alike_by_file_or_words(one: Gist, other: Gist, because: str) -> None:
    assert likeness(one, other) == because
    assert likeness(other, one) == because


words = st.lists(st.sampled_from([f"word{number}" for number in range(40)]), min_size=3, max_size=40)


@given(words)
def test_reports_alike_to_the_letter_share_a_key(story: list[str]) -> None:
    one = KNOWN.but(story=tuple(story))
    assert set(keys_of(one)) & set(keys_of(one.but(writer="jo@council.example")))


@given(words, st.integers(0, 39))
def test_a_story_and_the_same_with_its_words_shuffled_share_a_key(story: list[str], at: int) -> None:
    turned = story[at % len(story) :] + story[: at % len(story)]
    assert set(keys_of(KNOWN.but(story=tuple(story)))) & set(keys_of(KNOWN.but(story=tuple(turned))))


@given(st.text(), st.text(), st.lists(st.text(max_size=9), max_size=600))
def test_keys_are_few_and_made_of_whatever_text(writer: str, said: str, story: list[str]) -> None:
    assert len(keys_of(Gist(writer=writer, story=(*story, said), files=("a", "b"), arrived_at=FRIDAY))) <= 14


def reading(**fields: FieldValue) -> Reading:
    email = InboundEmail(
        sender=Address(address="Jo@council.example", name="Jo Fenn"),
        date=FRIDAY,
        attachments=tuple(
            Attachment(name=name, size=1, sha256=name[0] * 64, type="docx") for name in ("form.docx", "logo.png")
        ),
    )
    return Reading(kind=Kind.REPORT, email=email, report=ReportedIncident(fields=fields))


def told(value: str, source: str = "mail, line 1") -> FieldValue:
    return FieldValue(value=value, raw=value, source=source, confidence=1.0)


def test_only_files_that_told_something_count_so_that_no_logo_does() -> None:
    found = gist_of(reading(description=told("It was lost.", "form.docx, table 1 row 2")), FRIDAY)
    assert found.files == ("f" * 64,)


def test_a_day_without_a_time_is_no_moment() -> None:
    fields = {"occurred_at": told("2026-11-20T00:00:00+00:00"), "discovered_at": told("2026-11-20T19:00:00+00:00")}
    assert set(gist_of(reading(**fields), FRIDAY).moments) == {"discovered_at"}


def test_the_writer_is_who_wrote_it_first_when_it_was_passed_on() -> None:
    first = Forwarded(sender=Address(address="Sam@council.example", name="Sam Porter"), text="It was lost.")
    passed = reading().but(email=reading().email.but(forwarded=first))
    found = gist_of(passed, FRIDAY)
    assert (found.writer, found.forwarded, found.written_at) == ("sam@council.example", True, None)


def test_words_are_compared_without_case_or_punctuation() -> None:
    one, other = (gist_of(reading(description=told(text)), FRIDAY) for text in ("It was LOST!", "it was lost"))
    assert one.story == other.story == ("it", "was", "lost")
