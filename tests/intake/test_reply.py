import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.message import read_message
from mailbot.intake.reply import own_words
from tests.intake.mails import RULES, mail

MARKER = RULES.reply_marker

PIECES = (
    "",
    "> Which?",
    "On Fri, 20 Nov 2026 at 19:30, Mailbot <mailbot@council.example> wrote:",
    "-----Original Message-----",
    "From: Mailbot <mailbot@council.example>",
    "Sent: 20 November 2026 19:30",
    "To: Sam Reporter",
    "Subject: Contain the incident",
    "ICO: reported",
    "Kind regards",
    "Sam Reporter",
    "Tel: 01632 960123",
    "--",
    "________________________________",
    "Sent from my iPhone",
    "CAUTION: This email originated from outside of the council. Do not click links.",
)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("approved", "approved"),
        ("Yes.\n\nOn Fri, 20 Nov 2026 at 19:30, Mailbot <mailbot@council.example> wrote:\n> ICO: reported", "Yes."),
        ("Yes.\n\nOn Fri, 20 Nov 2026 at 19:30, Mailbot\n<mailbot@council.example> wrote:\n\n> ICO: reported", "Yes."),
        ("Yes.\n\nOn Fri, 20 Nov 2026 at 19:30, Mailbot wrote:\nICO: reported", "Yes."),
        ("Yes.\n\n-----Original Message-----\nFrom: Mailbot\nICO: reported", "Yes."),
        ("Yes.\n\n________________________________\nFrom: Mailbot\nSent: 20 November 2026\nTo: Sam\nSubject: x\n\nICO: reported", "Yes."),
        ("Yes.\n\nFrom: Mailbot\nSent: 20 November 2026\nTo: Sam\nSubject: x\n\nICO: reported", "Yes."),
        ("Yes.\n\n*From:* Mailbot\n*Sent:* 20 November 2026\n*To:* Sam\n\nICO: reported", "Yes."),
        ("Yes.\n\n-- Please reply above this line --\nICO: reported", "Yes."),
        ("Yes.\n\nSent from my iPhone", "Yes."),
        ("Yes.\n\n-- \nSam Reporter\nCouncil", "Yes."),
        ("> Which?\nThe second.\n> When?\nOn Friday.", "The second.\nOn Friday."),
        ("On Fri, 20 Nov 2026 Mailbot wrote:\n> Which?\n\nThe second.", "The second."),
        ("From: the scan room we sent it out.\nIt went to a wrong address.", "From: the scan room we sent it out.\nIt went to a wrong address."),
        ("On Friday I saw it.\nHe wrote:\nnothing.", "On Friday I saw it.\nHe wrote:\nnothing."),
        ("", ""),
    ],
)  # fmt: skip
def test_own_words_remain_when_the_quotation_is_cut(text: str, own: str) -> None:
    assert own_words(text, MARKER) == own


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote">ICO: reported</div>',
        '<div id="appendonsend"></div><div>ICO: reported</div>',
        '<div id="divRplyFwdMsg">From: Mailbot</div><div>ICO: reported</div>',
        '<blockquote type="cite">ICO: reported</blockquote>',
    ],
)
def test_own_words_remain_when_the_quotation_is_in_html(quote: str) -> None:
    html = f"<html><body><p>Yes &amp; thanks</p>{quote}</body></html>"
    email, _ = read_message(mail(html, Content_Type="text/html"), RULES)
    assert email.reply == "Yes & thanks"
    assert "ICO: reported" in email.text


@given(st.text())
def test_own_words_add_nothing_to_what_was_written(text: str) -> None:
    assert set(re.findall(r"\w+", own_words(text, MARKER))) <= set(re.findall(r"\w+", text))


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_words_above_a_quotation_are_never_lost(pieces: list[str]) -> None:
    text = "\n".join(("The third letter went to the old address.", "", *pieces))
    assert own_words(text, MARKER).startswith("The third letter went to the old address.")


@given(st.lists(st.sampled_from((*PIECES, MARKER)), max_size=12))
def test_answer_to_us_never_takes_words_from_a_quotation(pieces: list[str]) -> None:
    text = "\n".join((MARKER, *pieces))
    assert own_words(text, MARKER) == own_words(text, MARKER, passes_on=False) == ""
