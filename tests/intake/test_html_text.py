import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.email import InboundEmail
from mailbot.intake.html_text import MOST_ELEMENTS, html_to_text, words_of_html
from mailbot.intake.message import read_message
from tests.intake.mails import RULES, mail

HOSTILE = (
    "<p onclick='steal()'>The letter</p><script>steal()</script><style>p{}</style><iframe src='http://evil.example/f'>f</iframe>"
    "<img src='http://evil.example/pixel.png'><div style='display: none'>hidden words</div>"
    "<link rel='stylesheet' href='http://evil.example/s.css'><form action='http://evil.example'><input value='x'></form>"
)


def test_a_mail_has_no_place_for_html_so_that_none_can_be_shown() -> None:
    email, _ = read_message(mail(HOSTILE, Content_Type="text/html"), RULES)
    written = email.model_dump_json()

    assert not [name for name in InboundEmail.model_fields if "html" in name]
    assert email.text.startswith("The letter")
    assert not [one for one in ("<", "steal", "evil.example", "hidden words", "display") if one in written]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>" * 1000 + "own words" + "</div>" * 1000, "own words"),
        ("<div>" * 100_000 + "own words", "own words"),
        ("<p>x</p>" * (MOST_ELEMENTS + 1), "x"),
        ("<table>" + "<tr><td>x</td></tr>" * 20_000 + "<tr><td>" + "y" * 50_000 + "</td></tr></table>", "x"),
        ("<div style='padding-left:100000em'>own words</div>" * 1000, "own words"),
        ("own words <!-- never closed " + "<!-- " * 50_000, "own words"),
        ("own words <script>" + "<script>" * 50_000, "own words"),
        ("own words " + "<a " * 100_000, "own words"),
        ("<?xml version='1.0' encoding='utf-8'?><p>own words</p>", "own words"),
        ("", ""),
        ("\x00<p>own\x00 words", "own words"),
        ("5 &lt; 7 &amp; <b>bold</b>", "5 < 7 & bold"),
    ],
)
def test_words_are_read_in_bounded_room_when_html_is_odd(html: str, text: str) -> None:
    whole, own = html_to_text(html)
    assert whole.strip().startswith(text)
    assert len(whole) <= 2 * len(html) + 10
    assert len(own) <= len(whole)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b<p>c</p>", "a\nb\nc\n"),
        ("<td>a</td><td>b</td>", " a  b "),
        ("a<!-- <b>no</b> -->b", "ab"),
        ("a<script>no</script>b<STYLE>no</STYLE>c", "abc"),
        ("5 < 7 and 7 > 5", "5 < 7 and 7 > 5"),
        ("<p title='x'>a &eacute;", "\na é"),
    ],
)
def test_words_between_tags_are_read_without_a_tree(html: str, text: str) -> None:
    assert words_of_html(html) == text


@given(
    st.text()
    | st.lists(st.sampled_from(["<p>", "</p>", "<td>", "<", ">", "<!--", "-->", "<script>", "&amp;", "x"])).map("".join)
)
def test_nothing_raises_and_nothing_foul_remains_when_html_is_noise(html: str) -> None:
    for text in html_to_text(html):
        assert "\x00" not in text
        assert not any("\ud800" <= letter <= "\udfff" for letter in text)
    words_of_html(html)
