"""What an account is opened with: a password, or a token fetched afresh. Shared by IMAP and SMTP.

A ``Credential`` is asked at each login, so that a token may expire and a password may be changed in its file while
the bot runs. Both values mask themselves when printed.
"""

from collections.abc import Callable

from pydantic import SecretStr

from mailbot.value import Value


class Password(Value):
    """A password, sent with the server's ordinary login."""

    value: SecretStr


class Token(Value):
    """An OAuth 2.0 access token, sent with the mechanism XOAUTH2."""

    value: SecretStr


Login = Password | Token

Credential = Callable[[], Login]
"""Asked once for each login; may be slow (a token endpoint) and may raise ``MailbotError``."""
