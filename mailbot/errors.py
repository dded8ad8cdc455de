"""Every exception the bot raises, in one tree. Messages say what is wrong, where, and what to do."""


class MailbotError(Exception):
    """Something the operator can understand and act on."""


class SettingsError(MailbotError):
    """The configuration has problems; ``problems`` lists all of them, each with file and key."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("The configuration cannot be used:\n" + "\n".join(f"  - {one}" for one in problems))


class MailboxError(MailbotError):
    """A mailbox could not be used; ``mailbox`` names it."""

    def __init__(self, mailbox: str, message: str) -> None:
        self.mailbox = mailbox
        super().__init__(f"mailbox {mailbox}: {message}")


class MailboxLostError(MailboxError):
    """The connection broke or the server was too slow: try again later, nothing is lost."""


class MailboxRefusedError(MailboxError):
    """The server said no: a password, a folder, a right. Trying again alone will not help."""


class MessageGoneError(MailboxError):
    """A person moved or deleted the message in the meantime."""


class SenderError(MailbotError):
    """The mail server could not be reached or refused the login."""


class TemplateError(MailbotError):
    """A template cannot be rendered; says which file and which value is missing."""


class LetterError(MailbotError):
    """One letter cannot be written or printed and is held; says why. The others go on."""


class PressError(MailbotError):
    """Letters cannot be printed at all: the layout or the typesetter; says what to do."""


class StoreError(MailbotError):
    """The database refused or is not the one expected."""


class ConflictError(StoreError):
    """Another bot changed the same incident in the meantime: read it again and decide again."""


class UnreadableDocumentError(MailbotError):
    """A document cannot be read; the message says why in words for the person who sent it. Never leaves `parse`."""


class ListError(MailbotError):
    """The list of the people affected cannot be read at all; says what is wrong, where, and what to do."""
