"""What a person sees of a mail of the bot: the words it offers to answer with, and nothing that stands only in the database."""

import re
from binascii import a2b_qp
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

from mailbot.value import Value

PIECE = re.compile(r'<h([1-4])\b[^>]*>(.*?)</h\1>|<a\s[^>]*href="(mailto:[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
KEYED = re.compile(r"\s*([A-Za-z][\w ]{0,40}?)\s*:")


class Offer(Value):
    """One link of a mail that starts an answer: what it says, where it writes to and what it has filled in.

    ``under`` is the heading of the mail's section (the second level), ``key`` what stands before the label's colon.
    """

    label: str
    key: str
    under: str
    to: str
    subject: str
    body: str


class Seen(Value):
    """A mail of the bot as its reader sees it. ``text`` is its plain text, spaces and line ends made one."""

    message_id: str
    subject: str
    reply_to: str
    text: str
    plain: str
    offers: tuple[Offer, ...] = ()


def see(content: bytes) -> Seen:
    """Reads a mail of the bot as a mail program shows it."""
    message, _ = _opened(content)
    parts = {one.get_content_type(): _shown_text(one, body) for one, body in reversed(list(_texts(content)))}
    plain = parts.get("text/plain", "")
    return Seen(
        message_id=_header(message, "Message-ID"),
        subject=_header(message, "Subject"),
        reply_to=_header(message, "Reply-To"),
        text=" ".join(plain.split()),
        plain=plain,
        offers=offers_in(parts.get("text/html", "")),
    )


def _texts(content: bytes) -> Iterator[tuple[Message, bytes]]:
    """The texts of a mail, headers and encoded body each; files are not opened, which takes longer than all the rest."""
    header, body = _opened(content)
    if header.get_content_maintype() == "multipart":
        delimiter = b"\r\n--" + header.get_boundary("").encode()
        for part in (b"\r\n" + body).split(delimiter)[1:-1]:
            yield from _texts(part.removeprefix(b"\r\n"))
    elif header.get_content_maintype() == "text":
        yield header, body


def _opened(content: bytes) -> tuple[Message, bytes]:
    head, _, body = content.partition(b"\r\n\r\n")
    return BytesHeaderParser().parsebytes(head + b"\r\n\r\n"), body


def offers_in(html: str) -> tuple[Offer, ...]:
    """Every link that starts an answer, in order, with the heading above it."""
    found: list[Offer] = []
    under = ""
    for level, heading, target, label in PIECE.findall(html):
        if level:
            under = _shown(heading) if level <= "2" else under
        else:
            found.append(_offer(unescape(target), _shown(label), under))
    return tuple(found)


def _offer(target: str, label: str, under: str) -> Offer:
    link = urlsplit(target)
    fields = parse_qs(link.query, keep_blank_values=True)
    key = KEYED.match(label)
    return Offer(
        label=label,
        key=key[1].lower() if key else "",
        under=under,
        to=unquote(link.path),
        subject=fields.get("subject", [""])[0],
        body=fields.get("body", [""])[0].replace("\r\n", "\n"),
    )


def _shown(html: str) -> str:
    return " ".join(unescape(TAG.sub("", html)).split())


def _shown_text(header: Message, body: bytes) -> str:
    is_encoded = header["Content-Transfer-Encoding"] == "quoted-printable"
    return (a2b_qp(body) if is_encoded else body).decode("utf-8", "replace")


def _header(message: Message, name: str) -> str:
    return " ".join(str(message[name] or "").split())
