"""Is this mail ours? Asked of headers and the list of parts alone: the mailboxes are shared with people (DESIGN §2.3).

The whole policy is the ordered table ``QUESTIONS``: each answers or passes, none acts. The first answer counts.
"""

from collections.abc import Callable
from email.message import Message
from email.parser import BytesHeaderParser
from enum import StrEnum

from mailbot.intake.email import InboundEmail
from mailbot.intake.headers import Mail, decode_bytes, message_ids, raw_value
from mailbot.intake.kinds import is_call_log, is_titled, plus_addresses, subject_codes
from mailbot.intake.message import read_headers
from mailbot.intake.rules import IntakeRules
from mailbot.intake.title import says_any
from mailbot.mail import MessageHead, PartHead
from mailbot.value import Value

FORM_TYPES = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/msword",
    "application/rtf",
    "text/rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.oasis.opendocument.text",
)
FORM_ENDINGS = (".docx", ".docm", ".dotx", ".doc", ".pdf", ".odt", ".rtf", ".xlsx")
RETURNED_TYPES = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers")
RETURNED_SIZE = 256 * 1024
BASE64_GROWTH = 1.4


class Verdict(StrEnum):
    """What screening answers. ``ASK_CONTENT``: look into the named parts, then decide.

    ``NEAR_MISS``: not ours, but it speaks of a breach; it is left alone and counted for the IG Team.
    """

    OURS = "ours"
    NOT_OURS = "not_ours"
    NEAR_MISS = "near_miss"
    OWN_MAIL = "own_mail"
    ASK_CONTENT = "ask_content"


class Recognition(Value):
    """A verdict with its reason. ``sections`` are the parts to look into where the verdict is ``ASK_CONTENT``.

    ``near_miss``: should the look into them find nothing, the mail is a near miss.
    """

    verdict: Verdict
    because: str
    sections: tuple[str, ...] = ()
    near_miss: bool = False

    @property
    def is_ours(self) -> bool:
        return self.verdict is Verdict.OURS


class _Look(Value):
    head: MessageHead
    email: InboundEmail
    rules: IntakeRules
    own_mailbox: bool
    linked: bool
    from_us: bool
    unlisted: bool


def recognise(
    head: MessageHead,
    rules: IntakeRules,
    is_own_mailbox: bool,  # noqa: FBT001 - the third of four plain questions
    is_ours: Callable[[str], bool],
) -> Recognition:
    """Screens one message; ``is_ours`` says whether a Message-ID (without brackets) is truly one of the bot's."""
    headers = _headers(head.header[: rules.limits.header_block])
    email = read_headers(headers, rules)
    look = _Look(
        head=head,
        email=email,
        rules=rules,
        own_mailbox=is_own_mailbox,
        linked=any(is_ours(one) for one in (email.in_reply_to, *email.references) if one),
        from_us=rules.is_bot(email.sender.address) and bool(email.message_id) and is_ours(email.message_id),
        unlisted=not head.parts and raw_value(headers, "Content-Type").lower().startswith("multipart/mixed"),
    )
    return next(answer for question in QUESTIONS if (answer := question(look)))


def names_ours(content: bytes, is_ours: Callable[[str], bool]) -> bool:
    """Whether a looked-into part (a returned message or its headers) names one of the bot's Message-IDs."""
    return any(is_ours(one) for one in message_ids(decode_bytes(content[:RETURNED_SIZE])))


def _headers(block: bytes) -> Mail:
    try:
        return BytesHeaderParser().parsebytes(block)
    except Exception:  # noqa: BLE001 - a header block nobody can parse is a mail without headers
        return Message()


def _own_mail(look: _Look) -> Recognition | None:
    if look.from_us:
        return Recognition(verdict=Verdict.OWN_MAIL, because="the bot sent it itself")
    return None


def _own_mailbox(look: _Look) -> Recognition | None:
    return _ours("it lies in the bot's own mailbox") if look.own_mailbox else None


def _answer(look: _Look) -> Recognition | None:
    if look.linked:
        return _ours("it answers a message of the bot")
    if subject_codes(look.email.subject, look.rules):
        return _ours("its subject carries an incident's reference and code")
    if plus_addresses(look.email, look.rules):
        return _ours("it is addressed to an incident's own address")
    return None


def _title(look: _Look) -> Recognition | None:
    return _ours("its title is that of para 32") if is_titled(look.email.subject, look.rules) else None


def _call_log(look: _Look) -> Recognition | None:
    return _ours("a desk logged a telephone call (paras 30, 35)") if is_call_log(look.email, look.rules) else None


def _attached_title(look: _Look) -> Recognition | None:
    if any(one.content_type == "message/rfc822" and is_titled(one.name, look.rules) for one in look.head.parts):
        return _ours("a message with the title of para 32 is attached")
    return None


def _form_name(look: _Look) -> Recognition | None:
    named = any(_may_be_form(one) and says_any(look.rules.form_names, one.name) for one in look.head.parts)
    return _ours("an attachment is called like a report form") if named else None


def _content(look: _Look) -> Recognition | None:
    limits = look.rules.limits
    forms = [
        one.section for one in look.head.parts if _may_be_form(one) and one.size <= limits.form_size * BASE64_GROWTH
    ]
    returned = [one.section for one in look.head.parts if _may_be_ours_returned(one)]
    sections = (*forms[: limits.forms_looked_at], *returned[:1])
    if not sections:
        return None
    near_miss = _near_miss(look)
    because = "an attachment may be a report form" if forms else "it returns a message that may be the bot's"
    return Recognition(verdict=Verdict.ASK_CONTENT, because=because, sections=sections, near_miss=near_miss)


def _unlisted(look: _Look) -> Recognition | None:
    """Ours or not, nobody can tell without fetching it whole, and that is not done: a person is told that it is there."""
    if not look.unlisted:
        return None
    because = "the mail server cannot list its attachments, so it could not be seen whether a form is among them"
    return Recognition(verdict=Verdict.NEAR_MISS, because=because)


def _otherwise(look: _Look) -> Recognition:
    if _near_miss(look):
        because = "it speaks of a breach, but has neither title, form nor reference"
        return Recognition(verdict=Verdict.NEAR_MISS, because=because)
    return Recognition(verdict=Verdict.NOT_OURS, because="it has neither title, form nor reference")


QUESTIONS: tuple[Callable[[_Look], Recognition | None], ...] = (
    _own_mail,
    _own_mailbox,
    _answer,
    _title,
    _call_log,
    _attached_title,
    _form_name,
    _content,
    _unlisted,
    _otherwise,
)


def _ours(because: str) -> Recognition:
    return Recognition(verdict=Verdict.OURS, because=because)


def _near_miss(look: _Look) -> bool:
    words = look.rules.near_miss_words
    return says_any(words, look.email.subject) or any(says_any(words, one.name) for one in look.head.parts)


def _may_be_form(part: PartHead) -> bool:
    return part.content_type.lower() in FORM_TYPES or part.name.lower().endswith(FORM_ENDINGS)


def _may_be_ours_returned(part: PartHead) -> bool:
    return part.content_type.lower() in RETURNED_TYPES and part.size <= RETURNED_SIZE
