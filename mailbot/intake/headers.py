"""Header fields as text, whatever a stranger put into them: every access guarded, every length bounded.

The library's own decoding raises on hostile headers and is slow on long ones, so the raw values are taken and
decoded here: raw 8-bit letters, RFC 2047 words (broken ones stay as written), RFC 2231 parameters. Nothing raises.
"""

import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from email.utils import parsedate_tz
from itertools import islice

LONGEST = 20_000
MOST_FIELDS = 2_000
"""Header fields that are looked at; each is looked for many times over."""
MOST_IDS = 200
FIRST_YEAR, LAST_YEAR = 1970, 9000

Mail = Message
"""A message as the standard library's tolerant policy (compat32) parses it."""

_ENCODED = re.compile(r"=\?([\w.:+-]{1,64}?)(?:\*[\w-]{0,32})?\?([bBqQ])\?([^?]*)\?=")
_QUOTED_WORD = re.compile(rb"=\?[^?\s]{1,40}\?[qQ]\?[^?]{0,400}\?=")
_BARE = re.compile(rb"[\x80-\xff]")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[\w.:+-]{1,64}(?:\*[\w-]{0,32})?\?[bBqQ]\?)")
_FOUL = re.compile(r"[\x00-\x08\x0b-\x1f]|[\ud800-\udfff]")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_MESSAGE_ID = re.compile(r"<([^<>]{1,995})>")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))')
_CONTINUED = re.compile(r"^(.*?)\*(\d{1,3})(\*?)$")
_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "utf-8",
    "unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "utf8mb4": "utf-8",
    "ansi": "cp1252",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
"""What mail programs call a charset, and what they mean by it: mostly the larger one of Windows."""
_LATIN = frozenset({"cp1252", "windows-1252", "iso-8859-15", "latin-9", "macintosh", "iso-8859-2", "windows-1250"})
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode_escape", "unicode-escape", "raw_unicode_escape", "undefined"})
"""Codecs of the language that no mail is written in; the first takes a time that grows with the square of the length."""


def tidy(text: str) -> str:
    """Text without NUL, other control letters or lone surrogates; line ends made one."""
    return _FOUL.sub(_cleaned, text.replace("\r\n", "\n").replace("\r", "\n"))


def decode_bytes(content: bytes, charset: str = "") -> str:
    """Bytes as text: by the declared charset where it fits, else UTF-8, else Windows-1252. Never raises.

    Two declarations are wrong so often that UTF-8 goes before them: a Latin one, over bytes that happen to be UTF-8
    throughout, and UTF-16, over bytes without a single NUL. A damaged letter costs itself, not the text around it.
    """
    name = charset.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    doubtful = name in _LATIN or (name.startswith(("utf-16", "utf16", "utf-32", "utf32")) and b"\0" not in content)
    for candidate in ("utf-8", name) if doubtful else (name, "utf-8"):
        try:
            if candidate and candidate not in _NO_CHARSETS:
                return content.decode(candidate).removeprefix("\ufeff")
        except (LookupError, UnicodeError, ValueError):
            continue
        except Exception:  # noqa: BLE001, S112 - some codecs are no text codecs and fail in their own ways
            continue
    return _mended(content)


def _mended(content: bytes) -> str:
    """Bytes that no charset fits: UTF-8 with its damage marked where most of the letters beyond ASCII are UTF-8."""
    text = content.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    sound = len(text) - len(text.encode("ascii", "ignore")) - damaged
    if sound >= damaged:
        return text
    try:
        return content.decode("cp1252")
    except UnicodeError:
        return content.decode("latin-1")


def raw_values(message: Mail, name: str) -> list[str]:
    """Every value of a header as it stands on the wire, unfolded and cut to a sane length, newest first.

    Letters beyond ASCII that no encoded word declares are UTF-8 where they can be; others are marked, never guessed.
    """
    wanted = name.lower()
    found = []
    for key, value in islice(message.raw_items(), MOST_FIELDS):
        if key.lower() == wanted:
            content = str(value)[:LONGEST].encode("utf-8", "surrogateescape")
            content = _QUOTED_WORD.sub(_spelt_out, content)
            found.append(_FOLD.sub(" ", content.decode("utf-8", "replace")).strip())
    return found


def _spelt_out(word: re.Match[bytes]) -> bytes:
    """An encoded word whose writer forgot to encode: its bare bytes are in the charset that the word declares."""
    return _BARE.sub(lambda byte: b"=%02X" % ord(byte[0]), word[0])


def raw_value(message: Mail, name: str) -> str:
    """The first value of a header, undecoded; an empty text where there is none."""
    return next(iter(raw_values(message, name)), "")


def value_of(message: Mail, name: str) -> str:
    """The first value of a header as people read it: decoded, on one line."""
    return " ".join(tidy(decode_words(raw_value(message, name))).split())


def decode_words(text: str) -> str:
    """RFC 2047 words decoded; neighbours in one charset are joined first, since a letter may be cut in two."""
    text = _BETWEEN_WORDS.sub(r"\1", text)
    decoded: list[str] = []
    waiting, charset, end = b"", "", 0
    for match in _ENCODED.finditer(text):
        between = text[end : match.start()]
        content = _word_bytes(match[2], match[3])
        if waiting and (between or match[1].lower() != charset):
            decoded.append(decode_bytes(waiting, charset))
            waiting = b""
        decoded.append(between)
        waiting, charset, end = waiting + content, match[1].lower(), match.end()
    if waiting:
        decoded.append(decode_bytes(waiting, charset))
    return "".join((*decoded, text[end:]))


def message_ids(text: str) -> tuple[str, ...]:
    """Every ``<id>`` of a References or In-Reply-To line, without the brackets, each once, at most two hundred."""
    found = (" ".join(one.split()) for one in _MESSAGE_ID.findall(text))
    return tuple(dict.fromkeys(tidy(one) for one in found if one))[:MOST_IDS]


def moment(text: str) -> datetime | None:
    """An RFC 5322 date in UTC; None where it is missing, broken or outside the years a mail can have."""
    try:
        found = parsedate_tz(text[:200])
        if found is None or not FIRST_YEAR <= found[0] <= LAST_YEAR:
            return None
        zone = timezone(timedelta(seconds=found[9] or 0))
        return datetime(*found[:6], tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def split_parameters(text: str) -> tuple[str, dict[str, str]]:
    """``type/subtype; name=value`` as the value in lower case and its parameters (RFC 2045, 2231, and common mistakes)."""
    main, _, rest = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(";" + rest):
        name = match[1].lower()
        value = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else (match[3] or "").strip()
        continued = _CONTINUED.match(name)
        if continued:
            pieces.setdefault(continued[1], {})[int(continued[2])] = (value, bool(continued[3]))
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], {})[0] = (value, True)
        else:
            plain.setdefault(name, decode_words(value))
    joined = {name: _joined(parts) for name, parts in pieces.items()}
    return main.strip().lower(), plain | joined


def _cleaned(foul: re.Match[str]) -> str:
    return "" if foul[0] < " " else "\ufffd"


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    charset, content = "", b""
    for number in sorted(pieces):
        value, encoded = pieces[number]
        if number == min(pieces) and encoded and value.count("'") >= 2:  # noqa: PLR2004 - charset'language'value
            charset, _, value = value.split("'", 2)
        content += _unquoted(value) if encoded else value.encode("utf-8", "replace")
    return decode_bytes(content, charset)


def _unquoted(value: str) -> bytes:
    """Percent signs with two digits as the byte they stand for (RFC 2231 §4)."""
    written = value.encode("utf-8", "replace")
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match[1].decode()), written)


def _word_bytes(encoding: str, payload: str) -> bytes:
    if encoding in "bB":
        letters = re.sub(r"[^A-Za-z0-9+/]", "", payload)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    return binascii.a2b_qp(payload.replace("_", " ").encode("utf-8", "replace"))
