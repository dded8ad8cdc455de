"""Temporary or permanent: the table, without a wire."""

import ssl

import pytest
from aiosmtplib.errors import (
    SMTPConnectError,
    SMTPDataError,
    SMTPReadTimeoutError,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mail import Outcome
from mailbot.transport.smtp_answers import Moment, address_problem, fault_for, outcome_of, tidy
from tests.servers.scripted_smtp import an_email


@pytest.mark.parametrize(
    ("moment", "code", "words", "outcome"),
    [
        (Moment.RECIPIENT, 550, "5.1.1 No such user", Outcome.PERMANENT),
        (Moment.RECIPIENT, 551, "User not local", Outcome.PERMANENT),
        (Moment.RECIPIENT, 599, "", Outcome.PERMANENT),
        (Moment.RECIPIENT, 499, "", Outcome.TEMPORARY),
        (Moment.RECIPIENT, 450, "4.2.1 Mailbox busy", Outcome.TEMPORARY),
        (Moment.RECIPIENT, 421, "4.3.2 Closing", Outcome.TEMPORARY),
        (Moment.RECIPIENT, 600, "No such class of answer", Outcome.TEMPORARY),
        (Moment.RECIPIENT, 530, "5.7.0 Authentication required", Outcome.TEMPORARY),
        (Moment.CONTENT, 554, "5.7.1 Looks like spam", Outcome.PERMANENT),
        (Moment.CONTENT, 552, "5.3.4 Too big", Outcome.PERMANENT),
        (Moment.CONTENT, 451, "4.3.0 Try later", Outcome.TEMPORARY),
        (Moment.CONTENT, 554, "5.2.252 SendAsDenied; not allowed to send as", Outcome.TEMPORARY),
        (Moment.CONTENT, 550, "5.7.60 SMTP; Client does not have permissions", Outcome.TEMPORARY),
        (Moment.SENDER, 550, "5.7.1 Sender not allowed", Outcome.TEMPORARY),
        (Moment.SENDER, 552, "Message size exceeds the limit", Outcome.PERMANENT),
        (Moment.SENDER, 554, "5.3.4 Message too big for system", Outcome.PERMANENT),
        (Moment.LOGIN, 535, "5.7.8 Bad credentials", Outcome.TEMPORARY),
        (Moment.TLS, 554, "5.7.3 Unable to start TLS", Outcome.TEMPORARY),
        (Moment.CONNECT, 554, "No mail service here", Outcome.TEMPORARY),
    ],
)
def test_a_refusal_is_permanent_only_when_it_is_about_this_recipient_or_message(
    moment: Moment, code: int, words: str, outcome: Outcome
) -> None:
    assert outcome_of(code, words, moment) is outcome


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize(
    "error",
    [
        SMTPServerDisconnected("Unexpected EOF received"),
        SMTPReadTimeoutError("Timed out"),
        SMTPConnectError("Error connecting"),
        SMTPResponseException(-1, "Malformed SMTP response line"),
        ConnectionResetError(104, "Connection reset by peer"),
        ssl.SSLError("record layer failure"),
    ],
)
def test_a_connection_that_fails_is_temporary_without_a_code_at_every_moment(moment: Moment, error: Exception) -> None:
    fault = fault_for(error, moment)

    assert (fault.delivery.outcome, fault.delivery.code, fault.lost) == (Outcome.TEMPORARY, 0, True)
    assert fault.delivery.text


def test_the_answer_keeps_the_servers_code_and_words_when_it_refuses() -> None:
    fault = fault_for(SMTPRecipientRefused(550, "5.1.1 No such\nuser", "gone@council.example"), Moment.RECIPIENT)

    assert fault.delivery.code == 550
    assert fault.delivery.text == "The mail server refused the recipient: 550 5.1.1 No such user"
    assert not fault.lost


@pytest.mark.parametrize("moment", [Moment.CONNECT, Moment.TLS, Moment.LOGIN])
def test_the_code_is_none_of_the_recipients_when_the_bot_itself_is_turned_away(moment: Moment) -> None:
    delivery = fault_for(SMTPResponseException(554, "Not you"), moment).delivery

    assert (delivery.outcome, delivery.code) == (Outcome.TEMPORARY, 0)
    assert delivery.text.endswith(": 554 Not you")


def test_the_text_says_that_the_message_may_have_arrived_when_its_confirmation_was_lost() -> None:
    before = fault_for(SMTPServerDisconnected("gone"), Moment.RECIPIENT).delivery.text
    after = fault_for(SMTPServerDisconnected("gone"), Moment.CONTENT).delivery.text

    assert "before the message was handed over" in before
    assert "it may have arrived" in after


def test_a_distrusted_certificate_is_named_also_when_the_library_wraps_it() -> None:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_message = "self-signed certificate"
    wrapped = SMTPConnectError("Error connecting")
    wrapped.__cause__ = error

    assert "not trusted, self-signed certificate" in fault_for(wrapped, Moment.CONNECT).delivery.text
    assert "[smtp] host, security and ca_file" in fault_for(wrapped, Moment.CONNECT).delivery.text


def test_a_secret_quoted_by_the_server_is_cut_out_when_a_login_fails() -> None:
    error = SMTPDataError(535, "5.7.8 hunter 22? AUTH PLAIN AG1haWxib3QAaHVudGVyIDIyIGFuZCBzbyBvbg==")
    text = fault_for(error, Moment.LOGIN, ("hunter 22",)).delivery.text

    assert text.endswith("535 5.7.8 ***? AUTH PLAIN ***")


@given(st.text())
def test_a_servers_words_are_one_short_printable_line_whatever_they_were(words: str) -> None:
    line = tidy(words)

    assert len(line) <= 300
    assert line.isprintable()
    line.encode("utf-8")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@council.example",
        "a@b@council.example",
        "a b@council.example",
        "a@council.example\r\nRCPT TO:<evil@outside.example>",
        '"a\r\nRCPT TO:<evil@outside.example>"@council.example',
        '"a b"@council.example',
        "A Name <a@council.example>",
        "a@council.example,b@council.example",
        "a" * 65 + "@council.example",
    ],
)
def test_an_address_is_refused_when_it_could_mean_another_or_several(address: str) -> None:
    assert "recipient" in address_problem(an_email(address))


@pytest.mark.parametrize(
    "address",
    [
        "a@council.example",
        "o'brien@council.example",
        "bot+db2026014-contain-k7f3q2@council.example",
        "zoë@council.example",
    ],
)
def test_an_address_passes_when_it_is_an_ordinary_one(address: str) -> None:
    assert address_problem(an_email(address)) == ""


def test_the_null_sender_passes_but_a_malformed_sender_is_named() -> None:
    assert address_problem(an_email().but(envelope_from="")) == ""
    assert "[bot] address" in address_problem(an_email().but(envelope_from="mailbot"))
