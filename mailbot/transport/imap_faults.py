"""What imaplib, the socket and the answer's parser raise → the bot's own errors, with advice where it is known."""

import imaplib
import re
import ssl
from typing import Any

from imapclient.exceptions import LoginError, ProtocolError  # type: ignore[import-untyped]

from mailbot.errors import MailboxError, MailboxLostError, MailboxRefusedError
from mailbot.value import Value


class Hint(Value):
    """Words in a server's refusal, whether it passes by itself, and what a person can do about it."""

    words: str
    passes: bool
    advice: str


HINTS: tuple[Hint, ...] = (
    Hint(words="[unavailable]", passes=True, advice="the server's user directory is down"),
    Hint(words="[inuse]", passes=True, advice="another program holds the mailbox"),
    Hint(words="[limit]", passes=True, advice="too many connections to this mailbox are open"),
    Hint(words="too many", passes=True, advice="too many connections to this mailbox are open"),
    Hint(words="maximum number of connections", passes=True, advice="too many connections to this mailbox are open"),
    Hint(words="server unavailable", passes=True, advice="the server is busy"),
    Hint(words="request is throttled", passes=True, advice="the server asks for fewer requests"),
    Hint(
        words="authenticated but not connected",
        passes=False,
        advice=(
            "the login is good but the mailbox is closed to it: on Exchange switch IMAP on "
            "(Set-CASMailbox -ImapEnabled $true) and give the application access to this mailbox "
            "(Add-MailboxPermission -AccessRights FullAccess); check the address in `username`"
        ),
    ),
    Hint(
        words="authenticate failed",
        passes=False,
        advice=(
            "Exchange Online refused the login: passwords no longer work there, use a token; for a token check the "
            "permission IMAP.AccessAsApp with admin consent, the service principal (New-ServicePrincipal with the "
            "object id of the Enterprise Application) and Add-MailboxPermission for this mailbox"
        ),
    ),
    Hint(
        words="login failed",
        passes=False,
        advice=(
            "check `username` and the password; on Exchange Online passwords no longer work, use a token, and IMAP "
            "must be on for the mailbox (Set-CASMailbox -ImapEnabled $true)"
        ),
    ),
    Hint(words="[authenticationfailed]", passes=False, advice="check `username` and the password or token"),
    Hint(words="[expired]", passes=False, advice="the password has run out: set a new one"),
    Hint(words="[privacyrequired]", passes=False, advice='set `security` to "tls" or "starttls"'),
    Hint(words="does not support starttls", passes=False, advice='set `security` to "tls" (usually port 993)'),
    Hint(words="starttls extension not supported", passes=False, advice='set `security` to "tls" (usually port 993)'),
    Hint(words="[nonexistent]", passes=False, advice="create the folder or correct `folders`"),
    Hint(words="mailbox doesn't exist", passes=False, advice="create the folder or correct `folders`"),
    Hint(words="[noperm]", passes=False, advice="give the account the right to this folder"),
    Hint(words="[overquota]", passes=False, advice="the mailbox is full: make room"),
)

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, NameError, OverflowError)
"""What imapclient's parser raises on an answer it cannot read; ``NameError`` is an empty body list's."""

FAULTS = (imaplib.IMAP4.error, OSError, *UNREADABLE)
"""All that a conversation with a server may raise; ``abort``, ``readonly`` and imapclient's own are among the first."""

# imaplib refuses a line of more than a million bytes half-read: what follows on the wire is no longer an answer.
_CUT_LINE = "got more than"

_QUOTED = re.compile(r":? b['\"].*", re.DOTALL)


def fault(mailbox: str, doing: str, error: Exception) -> MailboxError:
    """``MailboxLostError`` for a connection that broke or a refusal that passes, else ``MailboxRefusedError``."""
    said = _said(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxRefusedError(mailbox, f"{doing}: the server's certificate is not trusted ({said}); see `ca_file`")
    if is_broken(error):
        return MailboxLostError(mailbox, f"{doing}: {said}")
    hint = next((hint for hint in HINTS if hint.words in said.lower()), None)
    advice = f" — {hint.advice}" if hint else ""
    kind = MailboxLostError if hint and hint.passes else MailboxRefusedError
    return kind(mailbox, f"{doing}: {said}{advice}")


def is_broken(error: BaseException) -> bool:
    """Whether the connection is gone, as opposed to a server that said no and waits for the next command."""
    if isinstance(error, imaplib.IMAP4.readonly):
        return False
    if isinstance(error, imaplib.IMAP4.abort | OSError):
        return True
    # imapclient's LoginError hides a connection that broke while logging in.
    return isinstance(error, LoginError) and isinstance(error.__context__, imaplib.IMAP4.abort)


def is_out_of_step(error: BaseException) -> bool:
    """Whether the rest of an answer still lies on the wire, so that the connection cannot be used any more."""
    return _CUT_LINE in str(error)


def is_gone(error: BaseException) -> bool:
    """Whether the server said that the message was removed by somebody else in the meantime (RFC 5530 §3)."""
    return "[expungeissued]" in str(error).lower()


def _said(error: Exception) -> str:
    """The server's own words on one line, without what it quotes of a message: file names are personal data."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, (ProtocolError, *UNREADABLE)) and not isinstance(error, OSError):
        return f"the answer cannot be read ({type(error).__name__})"
    said: Any = error.args[0] if len(error.args) == 1 else str(error)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if isinstance(error, imaplib.IMAP4.abort):
        text = _QUOTED.sub("", text)
    return " ".join(text.split())[:300] or type(error).__name__
