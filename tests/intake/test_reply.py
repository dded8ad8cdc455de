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
    "mark",
    [
        "On 20/11/2026 19:30, Mailbot wrote:",
        "On Wed, Nov 18, 2026, at 03:57 PM, mail_bot wrote:",
        "On Fri, 20 Nov 2026 19:30:00 +0000 Mailbot <mailbot@council.example> wrote",
        "On Fri, 20 Nov 2026 at 19:30 Mailbot\n\n<\nmailto:Mailbot <mailbot@council.example>\n> wrote:",
        "---- On Fri, 20 Nov 2026 19:30:00 +0000 mailbot@council.example wrote ----",
        "Mailbot <mailbot@council.example> wrote:",
        "Mailbot <mailbot@council.example> schrieb am Fr., 20.\nNov. 2026 um 19:30 Uhr:",
        "2026-11-20 19:30 GMT+00:00 Mailbot <mailbot@council.example>:",
        "2026-11-20 19:30 GMT+00:00 Mailbot",
        '20.11.2026, 19.30, "Mailbot" <mailbot@council.example>:',
        "Friday, 20 November 2026, 7:30 PM +0000 from Mailbot <mailbot@council.example>:",
        "Le ven. 20 nov. 2026 à 19:30, Mailbot <mailbot@council.example> a écrit :",
        "Op vr 20 nov. 2026 om 19:30 schreef Mailbot <mailbot@council.example>:",
        "Den fre 20 nov. 2026 19:30 Mailbot <mailbot@council.example> skrev:",
        '20 lis 2026 19:30 "Mailbot" <mailbot@council.example> napisał(a):',
        "ar Gwe, 20 Tach 2026 am 19:30 ysgrifennodd Mailbot <mailbot@council.example>:",
        "-----Ursprüngliche Nachricht-----\nVon: Mailbot\nGesendet: 20. November 2026\nAn: Sam",
        "-------- Oprindelig besked --------\nFra: Mailbot\nDato: 20.11.2026",
        "--- Some frame in any tongue ---\nFrom: Mailbot\nDate: 20 November 2026\nTo: Sam",
        "Från: Mailbot\nSkickat: den 20 november 2026\nTill: Sam\nÄmne: x",
        "Van: Mailbot\nVerzonden: vrijdag 20 november 2026\nAan: Sam\nOnderwerp: x",
        "====\n\nMessage du : 20/11/2026 19:30\nDe : Mailbot\nA : Sam\nSujet : x",
        "From: Mailbot\nSent: 20 November 2026\nTo: Sam\nSubject: a subject so long\n that it takes two lines",
        "Begin forwarded message:\n\nFrom: Mailbot\nDate: 20 November 2026\nTo: Sam",
        "Sent from my iPhone\n\nOn 20 Nov 2026, at 19:30, Mailbot <mailbot@council.example> wrote:",
        "Get Outlook for iOS<https://links.example/o>\n________________________________\nFrom: Mailbot\nSent: x\nTo: y",
    ],
)
def test_words_end_above_the_mark_when_a_quotation_bears_no_marks_of_its_own(mark: str) -> None:
    assert own_words(f"The second.\n\n{mark}\n\nPlease write\nICO: reported", MARKER) == "The second."


@pytest.mark.parametrize(
    "words",
    [
        "On 18/11/2026 at 10:15 the parent wrote:\nplease stop sending me these letters.",
        "On 18/11/2026 at 10:15, she wrote:\nplease stop sending me these letters.",
        "On 20/11/2026 I saw the letter.\n\nThe family wrote:\nplease stop.",
        "2026-11-20 17:21 I opened the file\n2026-11-20 17:40 I rang the desk",
        "2026-11-20 17:21 sent to Pat Example <pat@home.example>\n2026-11-20 17:40 asked for deletion",
        "Sent from the wrong mailbox to thirty people.",
        "Sent from my old address to the wrong parent.",
        "Sent from my desk, which is easier than the phone.",
        "The letter was confidential and intended for another resident.\nI asked her to delete it; she received it in error.",
        "This email contains confidential data and any attachments were intended for HR.",
        "Warning: this laptop held 30 records.",
        "1 accept\n--\n2 reject because the system is replaced in March",
        "Approved.\n\nKind regards\nSam\n\nSeverity: high",
        "Approved.\n\nKind regards\nSam\n\nPS the second page was lost as well",
        "The list was on\n-Laptop\n-Phone",
        "To: the wrong person\nThe letter went out on Friday.",
        "Thanks",
        "Best",
    ],
)
def test_words_are_kept_when_they_only_resemble_a_mark(words: str) -> None:
    assert own_words(words, MARKER) == words


@pytest.mark.parametrize(
    "below",
    [
        "Kind regards\nSam Reporter",
        "Kind regards,\n\nSam Reporter\nHousing Officer\nTel: 01632 960123\nsam.reporter@council.example",
        "Many thanks and regards\nSam Reporter\nHousing | 01632 960123 | www.council.example",
        "Cofion cynnes\nSam",
        "-- \nSam Reporter\nAnytown Council, Town Hall, Anytown",
        "________________________________\nusers mailing list\nlists.example/users",
        "This email and any attachments are confidential. If you have received it in error, please notify the sender.",
        "This e-mail is for the designated recipient only and may be privileged.\nAny copying is prohibited; no liability.",
        "Any views or opinions expressed are those of the author.",
        "Please consider the environment before printing this email.",
        "Emails to and from this address may be monitored or recorded.",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from Yahoo Mail on Android",
        "Get Outlook for Android<https://links.example/x>",
        "Von meinem iPhone gesendet",
    ],
)
def test_what_closes_a_mail_is_left_out_when_it_says_nothing(below: str) -> None:
    assert own_words(f"Approved.\n\n{below}", MARKER) == "Approved."


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside of the council. Do not click links unless you know the sender.",
        "CAUTION: This email originated from outside of the council.\nDo not click links unless you\nrecognise the sender.",
        "[EXTERNAL]",
        "You don't often get email from sam@home.example. Learn why this is important",
    ],
)
def test_gateways_banner_is_left_out_when_words_follow_right_below_it(banner: str) -> None:
    assert own_words(f"{banner}\nThe laptop is gone.", MARKER) == "The laptop is gone."


@pytest.mark.parametrize(
    "text",
    [
        "---------- Forwarded message ---------\nFrom: Sam Reporter\nDate: Friday\nSubject: x\nTo: IG\n\nThe laptop is gone.",
        "Begin forwarded message:\n\n> From: Sam Reporter\n> Date: Friday\n> To: IG\n> \n> The laptop is gone.",
        "> The laptop is gone.",
        "From: Sam Reporter\nSent: Friday\nTo: IG\n\nThe laptop is gone.\n\nKind regards\nSam",
    ],
)
def test_passed_on_words_stand_for_the_senders_when_he_wrote_none(text: str) -> None:
    assert own_words(text, MARKER) == "The laptop is gone."
    assert own_words(text, MARKER, passes_on=False) == ""


def test_an_answer_without_words_stays_empty_when_it_hands_our_own_back() -> None:
    ours = "[DB2026014 k7f3q2] Contain the incident"
    quoted = "> Please write\n> Contained: yes"
    email, _ = read_message(mail(quoted, Subject=f"Re: {ours}", In_Reply_To="<other@council.example>"), RULES)
    assert email.reply == ""
    assert "Contained: yes" in email.text


def test_answers_between_quotations_remain_when_gmail_splits_the_quotation() -> None:
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Friday Mailbot wrote:</div><blockquote class="gmail_quote">Which?'
        "</blockquote><div>The second.</div><blockquote>When?</blockquote><div>On Friday.</div></div>"
    )
    email, _ = read_message(mail(html, Content_Type="text/html"), RULES)
    assert email.reply.split() == ["The", "second.", "On", "Friday."]


def test_text_is_read_in_a_time_that_grows_with_its_length_when_every_line_resembles_a_mark() -> None:
    lines = [
        "On Friday 20 November 2026 at 19:30 and so on",
        "From: one",
        "=====",
        "Kind regards",
        "-----Original",
    ] * 20_000
    assert own_words("Approved.\n" + "\n".join(lines), MARKER).startswith("Approved.")


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


ATTRIBUTIONS = (
    "On Fri, 20 Nov 2026 at 19:31, Data incident mailbot <mailbot@council.example> wrote:",
    "On 20 Nov 2026, at 19:31, Data incident mailbot <mailbot@council.example> wrote:",
    "On Friday, Data incident mailbot <mailbot@council.example> wrote:",
    "On Fri, 20 Nov 2026 at 19:31, Data incident mailbot <\nmailbot@council.example> wrote:",
)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize(
    "answer",
    [
        "ICO: reported, 21 November 2026, 4am, reference IC-123456",
        "Date of incident: 20/11/2026\nPlace: County Hall",
        "20/11/2026 is the day it happened",
        "Reported on 20 November 2026.",
    ],
)
def test_a_dated_answer_above_a_quotation_is_kept_whole(answer: str, attribution: str) -> None:
    said = own_words(
        f"{answer}\n\n{attribution}\n\n> What was asked\n> ICO: reported, …\n", "Please reply above this line"
    )

    assert said.strip() == answer
