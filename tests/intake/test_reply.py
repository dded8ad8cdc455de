import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.message import read_message
from mailbot.intake.reply import own_words
from tests.intake.mails import RULES, mail

MARKER = RULES.reply_marker


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
    lines = set(text.split("\n"))
    assert all(
        line in lines or line.strip() in {one.strip() for one in lines}
        for line in own_words(text, MARKER).split("\n")
        if line
    )
