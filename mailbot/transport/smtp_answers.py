"""What a mail server's answer, or its silence, means for the message in hand. Pure: faults in, values out.

Temporary or permanent is all the outbox needs to know. The rule: permanent is only what the server holds against this
recipient or this message. What it holds against the bot (login, certificate, sending address) is temporary, because a
person can mend it and the message is still good.
"""

import re
import ssl
from enum import StrEnum

from aiosmtplib.errors import SMTPException, SMTPResponseException

from mailbot.mail import Delivery, FrozenEmail, Outcome


class Moment(StrEnum):
    """How far a message had come."""

    CONNECT = "connect"
    TLS = "tls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class SmtpFault(Exception):  # noqa: N818 - it never leaves this package; SenderError is what others meet
    """A failed hand-over, already as the answer to be recorded.

    ``lost`` says that the connection went with it, ``slow`` that the server let its time run out.
    """

    def __init__(self, delivery: Delivery, moment: Moment, *, lost: bool = False, slow: bool = False) -> None:
        self.delivery = delivery
        self.moment = moment
        self.lost = lost
        self.slow = slow
        super().__init__(delivery.text)


REFUSED = {
    Moment.CONNECT: "The mail server turned the bot away",
    Moment.TLS: "The mail server refused to encrypt the connection (check [smtp] security)",
    Moment.LOGIN: "The mail server refused the bot's login (check [smtp] username and its password)",
    Moment.SENDER: "The mail server does not let the bot send from its address",
    Moment.RECIPIENT: "The mail server refused the recipient",
    Moment.CONTENT: "The mail server refused the message",
}
LOST = {
    Moment.CONNECT: "The mail server could not be reached (check [smtp] host and port)",
    Moment.TLS: "An encrypted connection to the mail server could not be made (check [smtp] host, security and ca_file)",
    Moment.LOGIN: "Logging in to the mail server failed (check [smtp] username and its password)",
    Moment.SENDER: "The connection to the mail server broke before the message was handed over",
    Moment.RECIPIENT: "The connection to the mail server broke before the message was handed over",
    Moment.CONTENT: "The mail server did not confirm the message: it may have arrived, and goes again as the same message",
}

NOT_TRIED = Delivery(outcome=Outcome.TEMPORARY, text="Not tried: the mail server was too slow with the one before it")

PERMANENT_CODES = range(500, 600)

BEFORE_ANY_MESSAGE = (Moment.CONNECT, Moment.TLS, Moment.LOGIN)

LOGIN_WANTED = {530, 534, 535, 538}
"""RFC 4954 §6: the server wants a login, a stronger one, or an encrypted one."""

BOT_IS_AT_FAULT = {"5.1.8", "5.2.252", "5.7.3", "5.7.8", "5.7.9", "5.7.57", "5.7.60", "5.7.139"}
"""Enhanced codes (RFC 3463, RFC 4954 and Exchange Online's) that speak of the sending account, not of the recipient."""

MESSAGE_TOO_BIG = {"5.2.3", "5.3.4"}
TOO_BIG = 552


def fault_for(error: Exception, moment: Moment, secrets: tuple[str, ...] = ()) -> SmtpFault:
    """The fault for whatever the SMTP library or the socket raised at a moment; ``secrets`` are cut from its words.

    A refusal before any message was offered is no answer for a recipient: its code stands in the text only.
    """
    if isinstance(error, SMTPResponseException) and error.code > 0:
        words = tidy(error.message, secrets)
        text = f"{REFUSED[moment]}: {error.code} {words}".rstrip()
        code = 0 if moment in BEFORE_ANY_MESSAGE else error.code
        return SmtpFault(Delivery(outcome=outcome_of(error.code, words, moment), code=code, text=text), moment)
    slow = isinstance(error, TimeoutError)
    reason = "no answer in time" if slow else _reason(error, secrets)
    place = Moment.TLS if _tls_error(error) else moment
    delivery = Delivery(outcome=Outcome.TEMPORARY, text=f"{LOST[place]}: {reason}")
    return SmtpFault(delivery, moment, lost=True, slow=slow)


def outcome_of(code: int, words: str, moment: Moment) -> Outcome:
    """Temporary or permanent, for a refusal with this code and these words (RFC 5321 §4.2.1)."""
    for_good = code in PERMANENT_CODES and not _is_bots_own(code, words, moment)
    return Outcome.PERMANENT if for_good else Outcome.TEMPORARY


def _is_bots_own(code: int, words: str, moment: Moment) -> bool:
    enhanced = words.partition(" ")[0].rstrip(":;,")
    if moment is Moment.SENDER:
        return code != TOO_BIG and enhanced not in MESSAGE_TOO_BIG
    return moment in BEFORE_ANY_MESSAGE or code in LOGIN_WANTED or enhanced in BOT_IS_AT_FAULT


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    """The TLS failure beneath an error: aiosmtplib wraps it at connect and lets it through at STARTTLS."""
    below: BaseException | None = error
    while below is not None and not isinstance(below, ssl.SSLError):
        below = below.__cause__
    return below


def _reason(error: Exception, secrets: tuple[str, ...]) -> str:
    tls = _tls_error(error)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted, {tls.verify_message}"
    words = error.message if isinstance(error, SMTPException) else str(tls or error)
    return tidy(words, secrets) or type(error).__name__


LONGEST_TEXT = 300
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")


def tidy(words: str, secrets: tuple[str, ...] = ()) -> str:
    """A server's words on one line of at most 300 characters.

    With ``secrets`` (a login was under way) they and anything that looks encoded are cut out: some servers quote the
    command they refuse.
    """
    line = words.encode("utf-8", "replace").decode("utf-8")
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        line = line.replace(secret, "***")
    line = " ".join(line.split())
    if secrets:
        line = _ENCODED.sub("***", line)
    return "".join(one for one in line if one.isprintable())[:LONGEST_TEXT]


_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@\x00-\x1f\x7f]{1,64}@[^\s<>()\[\]\\,;:\"@\x00-\x1f\x7f]{1,255}")


def address_problem(email: FrozenEmail) -> str:
    """Why an envelope address must not go on the wire, or nothing.

    Stricter than RFC 5321: no quoted local part, because what a parser makes of one may be another address.
    """
    if not _ADDRESS.fullmatch(email.recipient):
        return "The recipient is not a mail address"
    if email.envelope_from and not _ADDRESS.fullmatch(email.envelope_from):
        return "The sender is not a mail address (check [bot] address)"
    return ""
