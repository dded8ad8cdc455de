import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.errors import TemplateError
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.render import Rendered, render
from mailbot.notify.templates import Templates
from mailbot.notify.tokens import ReplyTo
from mailbot.notify.views import OperatorView
from mailbot.procedure.decision import Priority
from mailbot.terms import Reference, Role

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
REPLY_TO = ReplyTo(address="mailbot+db2026014-contain-x@council.example", subject="Re: incident [DB2026014 abc234]")
LAYOUT = {
    "layout.html": "<html><head><style>{{ style }}</style></head><body>{{ body }}</body></html>",
    "layout.css": "p { color: #111111 }",
}


class Seen(HTMLParser):
    """What a reader sees of a page, and the tags it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.targets: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.targets += [value or "" for name, value in attrs if name == "href"]


def written(body: str, subject: str = "{{ what }}", **values: object) -> Rendered:
    source = f"---\nsubject: {subject}\naudience: operator\n---\n{body}\n"
    templates = Templates.from_sources(LAYOUT | {"try.md": source})
    view = OperatorView.model_validate({"what": "It", "advice": "Do", "at": NOW} | values)
    email = OutgoingEmail(
        id="a" * 32,
        recipient="x@council.example",
        recipient_name="",
        role=Role.IG_TEAM,
        template="try",
        template_version="1",
        values=view.model_dump(mode="json"),
        priority=Priority.NOTICE,
        created_at=NOW,
    )
    return render(email, templates, REPLY_TO, NOW)


HOSTILE = (
    "[here](https://evil.example)",
    "<https://evil.example>",
    "<a href='https://evil.example'>here</a>",
    "![x](https://evil.example/x.png)",
    "# not a heading",
    "**not bold** _nor this_ `nor that`",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "1. not a list",
    "{{ advice }} {% raw %}",
    "zzv0vzz zzv1vzz",
    "A & B < C > D \"quoted\" 'so'",
    "&amp; &lt;script&gt;",
    "</p></body><script>alert(1)</script>",
    "line one\n\n\nline two",
    "-- Please reply above this line --",
)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_is_shown_as_it_was_written_and_makes_nothing(value: str) -> None:
    plain = Seen(written("Said: {{ what }}.", what="plain").html)
    mail = written("Said: {{ what }}.", what=value)
    page = Seen(mail.html)

    assert [tag for tag in page.tags if tag != "br"] == plain.tags
    assert "".join(page.words).replace("\n", "") == f"Said: {value}.".replace("\n", "")
    assert " ".join(mail.text.split()) == " ".join(f"Said: {value}.".split())
    assert mail.subject == " ".join(value.split())


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=80))
def test_no_text_at_all_makes_a_link_a_tag_or_an_entity(value: str) -> None:
    mail = written("- Said: **{{ what }}**, {{ what }}\n\n| a | b |\n|---|---|\n| {{ what }} | x |", what=value)
    page = Seen(mail.html)

    assert page.targets == []
    assert set(page.tags) <= {"html", "head", "body", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    shown = "".join(value.split())
    seen = "".join("".join(page.words).split())
    hidden = {"\u200b", "\u200e", "\u200f", "\u2060", "\ufeff"}
    shown = "".join(one for one in shown if one not in hidden)
    assert seen.count(shown) >= 3 or not shown
    assert shown in "".join(mail.text.split())


@given(st.text(max_size=60))
def test_a_subject_is_always_one_short_line(value: str) -> None:
    subject = written("x", subject="About {{ what }}", what=value or "x").subject

    assert len(subject.splitlines()) == 1
    assert len(subject) <= 150


def test_a_long_subject_is_cut_and_says_so() -> None:
    subject = written("x", what="word " * 100).subject

    assert len(subject) <= 125
    assert subject.endswith("…")


@pytest.mark.parametrize("body", ["{{ reference }}", "{{ nosuch }}", "{{ at.nosuch }}", "{% if nosuch %}x{% endif %}"])
def test_a_missing_value_is_refused_with_template_and_name(body: str) -> None:
    with pytest.raises(TemplateError, match=r"templates/try\.md: .*(reference|nosuch)"):
        written(body)


def test_a_missing_value_in_the_subject_is_refused_too() -> None:
    with pytest.raises(TemplateError, match="reference"):
        written("x", subject="About {{ reference }}")


def test_a_template_may_ask_whether_a_value_is_there() -> None:
    body = "{% if reference %}about {{ reference }}{% else %}about nothing{% endif %}"

    assert written(body).text == "about nothing\n"
    assert written(body, reference=Reference("DB2026014")).text == "about DB2026014\n"


def test_a_date_must_be_said_in_words() -> None:
    assert written("{{ at | moment }}").text == "21 November 2026, 9:30am\n"
    with pytest.raises(TemplateError, match="moment"):
        written("{{ at }}")


@pytest.mark.parametrize("body", ["[x]({{ what }})", "<mailto:{{ what }}>", "[x](https://a.example/{{ what }})"])
def test_a_value_in_a_links_target_is_refused(body: str) -> None:
    with pytest.raises(TemplateError, match="link's target"):
        written(body, what="javascript:alert(1)")


@pytest.mark.parametrize(
    "body",
    [
        "{% macro m() %}x{% endmacro %}",
        "{% set a %}x{% endset %}",
        "{% filter upper %}x{% endfilter %}",
        "{% if %}",
        "zzv1vzz",
    ],
)
def test_a_template_that_could_undo_the_escaping_or_is_broken_is_refused(body: str) -> None:
    with pytest.raises(TemplateError, match=r"templates/try\.md"):
        written(body)


@pytest.mark.parametrize(
    "body", ["{{ what.__class__ }}", "{{ at.__class__.__mro__ }}", "{{ self.__init__ }}", "{{ ''.format.__globals__ }}"]
)
def test_a_template_cannot_reach_behind_its_values(body: str) -> None:
    with pytest.raises(TemplateError, match=r"templates/try\.md"):
        written(body)


def test_an_answer_link_is_filled_in_as_far_as_the_ellipsis_and_carries_the_code() -> None:
    mail = written('Reply: {{ answer_link("ICO: not required, because …") }}')

    to, subject, body = re.split("[?&]", Seen(mail.html).targets[0])
    assert unquote(to) == "mailto:mailbot+db2026014-contain-x@council.example"
    assert unquote(subject) == "subject=Re: incident [DB2026014 abc234]"
    assert unquote(body) == "body=ICO: not required, because "
    assert mail.text == "Reply: ICO: not required, because …\n"


@pytest.mark.parametrize(
    ("words", "filled_in"),
    [
        ("Queue: confirmed", "Queue: confirmed"),
        ("Contained: no, because …", "Contained: no, because "),
        ("Police reference: [the number you were given]", "Police reference: "),
        ("Contained: yes (say what was asked of whom)", "Contained: yes "),
    ],
)
def test_an_answer_link_fills_in_only_what_the_reader_need_not_say(words: str, filled_in: str) -> None:
    mail = written("{{ answer_link(what) }}", what=words)

    assert Seen(mail.html).targets[0].endswith("&body=" + quote(filled_in, safe=""))
    assert mail.text == words + "\n"


def test_advice_on_how_to_answer_is_no_link() -> None:
    mail = written("{{ answer_link(what) }}", what="Write each answer on a line of its own.")

    assert Seen(mail.html).targets == []
    assert mail.text == "Write each answer on a line of its own.\n"


def test_a_telephone_number_can_be_rung_by_a_touch() -> None:
    mail = written("Ring {{ what | phone }}.", what="01632 960 300")

    assert Seen(mail.html).targets == ["tel:01632960300"]
    assert mail.text == "Ring 01632 960 300.\n"


def test_styles_are_set_on_each_element() -> None:
    assert '<p style="color: #111111;">' in written("Words.").html


def test_the_same_mail_is_written_the_same_each_time(write: Callable[[OutgoingEmail], Rendered]) -> None:
    assert written("{{ what }}", what="a") == written("{{ what }}", what="a")


def test_signs_that_show_nothing_or_turn_the_direction_are_left_out() -> None:
    assert written("{{ what }}", what="a\u202eb\u200bc\x00d").text == "abcd\n"


class Classes(HTMLParser):
    """The class that each list and link of a page has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "a"}:
            self.found.append((tag, dict(attrs).get("class") or ""))


def test_an_answer_that_is_a_line_of_its_own_is_a_button() -> None:
    mail = written('- {{ answer_link("Queue: confirmed") }}\n- {{ answer_link("Queue: IT") }}')

    assert Classes(mail.html).found == [("ul", "answers"), ("a", "answer"), ("a", "answer")]


@pytest.mark.parametrize(
    "body",
    [
        'Reply: {{ answer_link("Queue: IT") }}',
        '- Reply: {{ answer_link("Queue: IT") }}',
        '- {{ answer_link("Queue: IT") }} or {{ answer_link("Queue: IG") }}',
        "- [the guide](guide.council.example)",
    ],
)
def test_a_link_within_a_line_stays_a_link(body: str) -> None:
    assert {name for _, name in Classes(written(body).html).found} == {""}


def test_a_telephone_number_is_not_broken_over_two_lines() -> None:
    assert Classes(written("- {{ what | phone }}", what="01632 960 300").html).found == [("ul", ""), ("a", "phone")]


@pytest.mark.parametrize(("minutes", "is_said"), [(59, False), (60, True)])
def test_how_long_something_is_open_is_said_from_an_hour_on(minutes: int, is_said: bool) -> None:
    body = "{% if at is recent %}now{% else %}{{ at | elapsed }}{% endif %}"

    assert written(body, at=NOW - timedelta(minutes=minutes)).text == ("60 minutes\n" if is_said else "now\n")
