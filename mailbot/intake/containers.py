"""What other things an attachment holds: files, a mail, or something that only a person can open. Pure; never raises.

An ordered table of questions; the first that knows the attachment answers. What comes out is opened again by
``parts``, which counts how deep it is and how much there is.
"""

from collections.abc import Callable
from typing import NamedTuple

from mailbot.intake.archives import File, unpack
from mailbot.intake.filetypes import type_of
from mailbot.intake.headers import Mail
from mailbot.intake.msg import BrokenMessageError, read_msg
from mailbot.intake.outlook import Tag, as_mail, bodies_of, file_name
from mailbot.intake.signed import is_encrypted, signed_content
from mailbot.intake.tnef import read_tnef

A_PERSON = "a person must open it"

SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
RPMSG_TYPES = frozenset({"application/x-microsoft-rpmsg-message"})
RPMSG_MAGIC = b"\x76\xe8\x04\x60\xc4\x11\xe3\x86"
PGP = b"-----BEGIN PGP MESSAGE-----"


class Held(NamedTuple):
    """An attachment as the questions see it."""

    name: str
    content_type: str
    content: bytes
    kind: str


class Opened(NamedTuple):
    """What was found: files, attached ``mails``, or one in ``raw`` bytes, which ``unwrapped`` is the very mail it came in.

    ``bodies`` are the mail's own text where it stands nowhere else, as content type and UTF-8 bytes.
    """

    outcome: str
    files: tuple[File, ...] = ()
    mails: tuple[Mail, ...] = ()
    raw: bytes = b""
    unwrapped: bool = False
    bodies: tuple[tuple[str, bytes], ...] = ()


def open_container(name: str, content_type: str, content: bytes, most_files: int, most_bytes: int) -> Opened | None:
    """What an attachment holds beside itself, None where it is simply a file.

    At most so many files and bytes are taken out of it.
    """
    held = Held(name.lower(), content_type, content, type_of(content))
    try:
        return next((found for question in QUESTIONS if (found := question(held, most_files, most_bytes))), None)
    except Exception:  # noqa: BLE001 - one container that trips a question must not cost the mail
        return Opened(f"could not be read: it is damaged; {A_PERSON}")


def _protected(held: Held, _most_files: int, _most_bytes: int) -> Opened | None:
    is_rpmsg = held.content_type in RPMSG_TYPES or held.name.endswith(".rpmsg") or held.content.startswith(RPMSG_MAGIC)
    if is_rpmsg:
        return Opened(f"is a protected message (Microsoft encryption): {A_PERSON}")
    if held.content.lstrip()[: len(PGP)] == PGP:
        return Opened(f"is encrypted (PGP): {A_PERSON}")
    return Opened(f"is protected by a password: {A_PERSON}") if held.kind == "locked" else None


def _smime(held: Held, _most_files: int, most_bytes: int) -> Opened | None:
    if held.content_type not in SMIME_TYPES and not held.name.endswith((".p7m", ".p7c")):
        return None
    inside = b"" if is_encrypted(held.content) else signed_content(held.content[:most_bytes])
    if inside:
        return Opened("opened: a signed mail, whose signature was not checked", raw=inside, unwrapped=True)
    return Opened(f"is encrypted (S/MIME): {A_PERSON}")


def _outlook_packet(held: Held, most_files: int, _most_bytes: int) -> Opened | None:
    if held.kind != "tnef":
        return None
    message = read_tnef(held.content)
    inside = message.files[:most_files]
    files = [
        File(file_name(own) or "attachment", own[Tag.DATA]) for own, inner in inside if not inner and own.get(Tag.DATA)
    ]
    mails = [as_mail(inner) for _, inner in inside if inner]
    outcome = _holds(len(files) + len(mails))
    return Opened(outcome, tuple(files), tuple(mails), bodies=tuple(bodies_of(message.own)))


def _saved_mail(held: Held, _most_files: int, most_bytes: int) -> Opened | None:
    if held.kind == "msg":
        try:
            return Opened(
                "opened: its text and attachments are read with this mail", mails=(read_msg(held.content, most_bytes),)
            )
        except BrokenMessageError:
            return Opened(f"could not be read: it is damaged; {A_PERSON}")
    is_mail = held.kind == "message" or (held.kind == "text" and held.name.endswith(".eml"))
    return Opened("opened: its text and attachments are read with this mail", raw=held.content) if is_mail else None


def _archive(held: Held, most_files: int, most_bytes: int) -> Opened | None:
    if held.kind == "archive":
        return Opened(f"is an archive of a kind that the bot does not open: {A_PERSON}")
    if held.kind != "zip":
        return None
    found = unpack(held.content, most_files, most_bytes)
    if found.left_out:
        return Opened(
            f"{_holds(len(found.files)) if found.files else 'not opened'}; it {found.left_out}: {A_PERSON}", found.files
        )
    return Opened(_holds(len(found.files)), found.files)


QUESTIONS: tuple[Callable[[Held, int, int], Opened | None], ...] = (
    _protected,
    _smime,
    _outlook_packet,
    _saved_mail,
    _archive,
)


def _holds(count: int) -> str:
    return f"opened: it holds {count} file{'' if count == 1 else 's'}" if count else "opened: it holds no file"
