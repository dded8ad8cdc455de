"""Rich text (RTF) as marked text: what its reader sees, with marks where paragraphs, cells and rows of tables end.

One pass over the tokens, linear in the length. Struck-out, deleted and hidden words, comments, pictures and styles are
not read; legacy tick boxes and lists show what they hold. HTML that Outlook wrapped into RTF comes out as its text.
Rich Text Format 1.9.1; MS-OXRTFEX for the wrapping.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

PARAGRAPH, CELL, ROW = "\r", "\x07", "\x1e"
"""Where a paragraph outside tables ends, a table's cell, its row. A line or paragraph within a cell ends in a newline."""
TICKED, UNTICKED = "☒", "☐"

LONGEST = 4_000_000
"""Characters of text that are kept."""
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]"
)
_SILENT = frozenset(
    word
    for words in (
        "fonttbl colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf footnote",
        "annotation atnid atnauthor atrfstart atrfend atndate fldinst listtable listoverridetable revtbl rsidtbl generator",
        "themedata colorschememapping datastore latentstyles xmlnstbl object objdata nonshppict bkmkstart bkmkend mmathPr",
        "pgptbl filetbl nonesttables template password shppict",
    )
    for word in words.split()
)
_SHOWN_ALTHOUGH_OPTIONAL = frozenset({"shptxt", "nesttableprops", "ffdeftext", "formfield"})
_SIGNS = {
    "line": "\n", "tab": "\t", "cell": CELL, "nestcell": "\n", "row": ROW, "nestrow": "\n",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "endash": "–", "emdash": "—", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_PARAGRAPH_ENDS = frozenset({"par", "sect", "page"})
_ENDS = frozenset({PARAGRAPH, CELL, ROW, "\n"})
_ESCAPED = {b"~": "\xa0", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n"}
_CODEPAGES = {0: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 238: 1250, 2: 1252}  # fmt: skip


@dataclass(slots=True)
class _Group:
    """What holds between a pair of braces; ``fallback`` is how many letters stand in for one of Unicode."""

    silent: bool = False
    hidden: bool = False
    struck: bool = False
    fallback: int = 1
    font: int = 0

    @property
    def is_seen(self) -> bool:
        return not (self.silent or self.hidden or self.struck)


class _Form:
    """A legacy form field being read: a tick box or a list, and what is chosen in it."""

    def __init__(self) -> None:
        self.kind = self.chosen = self.default = -1
        self.entries: list[str] = []

    def shown(self) -> str:
        chosen = self.chosen if self.chosen not in {-1, 25} else self.default  # 25: nobody has touched it
        if self.kind == 1:
            return TICKED if chosen == 1 else UNTICKED
        return self.entries[chosen] if self.kind == 2 and 0 <= chosen < len(self.entries) else ""  # noqa: PLR2004


def read_rich_text(content: bytes) -> str:
    """The text of an RTF file with ``CELL`` and ``ROW`` marks; an empty text where it is none. Never raises."""
    return _Reader().read(content) if content.lstrip().startswith(b"{\\rtf") else ""


def plain_rich_text(content: bytes) -> str:
    """The same for people: cells apart by tabs, one row a line."""
    return "\n".join("\t".join(row) for row in rows_of(read_rich_text(content))).strip()


class _Reader:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.group = _Group()
        self.outer: list[_Group] = []
        self.codepage = "cp1252"
        self.fonts: dict[int, str] = {}
        self.in_row = self.in_table = False
        self.bytes = bytearray()
        self.skip = 0
        self.optional = False
        self.form: _Form | None = None
        self.form_depth = self.entry_depth = 0

    def read(self, content: bytes) -> str:
        position = 0
        while position < len(content) and self.length < LONGEST:
            token = _TOKEN.match(content, position)
            position = token.end() if token else position + 1
            if token:
                position += self._token(token)
        self._flush()
        return "".join(self.pieces)

    def _token(self, token: re.Match[bytes]) -> int:
        """Takes one token; says how many bytes behind it are a picture's."""
        word, number, code, sign, brace, text = token.groups()
        if word == b"bin":
            return max(0, int(number or 0))
        if word is not None:
            self._word(word.decode(), None if number is None else int(number))
        elif brace is not None:
            self._brace(brace)
        elif code is not None:
            self._letters(bytes.fromhex(code.decode()))
        elif sign is not None:
            self._sign(sign)
        elif text is not None:
            self._letters(text)
        return 0

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.optional = False
        if brace == b"{":
            self.outer.append(self.group)
            self.group = replace(self.group)
        elif self.outer:
            if self.form is not None and len(self.outer) == self.form_depth:
                self._end_form()
            self.group = self.outer.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.optional = True
        elif self.skip:
            self.skip -= 1
        else:
            self._flush()
            self._put(_ESCAPED.get(sign, sign.decode("latin-1")))

    def _letters(self, letters: bytes) -> None:
        if self.skip:
            taken = min(self.skip, len(letters))
            self.skip, letters = self.skip - taken, letters[taken:]
        if self.form is not None and self.entry_depth == len(self.outer):
            self.form.entries[-1] += letters.decode(self.codepage, "replace")
        elif self.group.is_seen:
            self.bytes += letters

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        optional, self.optional = self.optional, False
        if word in _SIGNS:
            self._put(_SIGNS[word])
            self.in_row = self.in_row and word != "row"
        elif word in _PARAGRAPH_ENDS:
            self._put("\n" if self.in_row or self.in_table else PARAGRAPH)
        elif word in {"trowd", "intbl", "pard"}:
            self.in_row = self.in_row or word == "trowd"
            self.in_table = word == "intbl" or (self.in_table and word != "pard")
        elif word in {"u", "uc"}:
            self._unicode(word, number or 0)
        elif word in {"f", "fcharset", "ansicpg"}:
            self._charset(word, number or 0)
        elif word in {"v", "strike", "striked", "deleted", "htmlrtf", "plain"}:
            self._looks(word, on=number != 0)
        elif word.startswith("ff") or word == "formfield":
            self._form_field(word, -1 if number is None else number)
        elif word in _SILENT or (optional and word not in _SHOWN_ALTHOUGH_OPTIONAL):
            self.group.silent = True

    def _unicode(self, word: str, number: int) -> None:
        if word == "uc":
            self.group.fallback = max(0, min(number, 8))
            return
        code = number + 65536 if number < 0 else number
        self._put(chr(code) if 0 < code < 0x110000 else "")  # noqa: PLR2004 - the end of Unicode
        self.skip = self.group.fallback

    def _charset(self, word: str, number: int) -> None:
        if word == "ansicpg":
            self.codepage = _known(number)
        elif word == "f":
            self.group.font = number
        else:
            self.fonts[self.group.font] = _known(_CODEPAGES.get(number, 1252))

    def _looks(self, word: str, *, on: bool) -> None:
        if word == "plain":
            self.group.hidden = self.group.struck = False
        elif word in {"v", "htmlrtf"}:
            self.group.hidden = on
        else:
            self.group.struck = on

    def _form_field(self, word: str, number: int) -> None:
        r"""``\formfield{\fftype1\ffres25\ffdefres1}`` is a tick box; ``\fftype2`` a list, its choices in ``\ffl`` groups."""
        if word == "formfield":
            self.form, self.form_depth, self.group.silent = _Form(), len(self.outer), True
        elif self.form is None:
            return
        elif word == "fftype":
            self.form.kind = number
        elif word == "ffres":
            self.form.chosen = number
        elif word == "ffdefres":
            self.form.default = number
        elif word == "ffl":
            self.form.entries.append("")
            self.entry_depth = len(self.outer)

    def _end_form(self) -> None:
        shown = self.form.shown() if self.form else ""
        self.form, self.entry_depth = None, 0
        self.pieces.append(shown)

    def _put(self, text: str) -> None:
        # The end of a cell or row stands even among struck-out or hidden words.
        if not self.group.silent and (self.group.is_seen or text in _ENDS):
            self.pieces.append(text)
            self.length += len(text)

    def _flush(self) -> None:
        if self.bytes:
            letters = bytes(self.bytes)
            self.bytes.clear()
            self._put(letters.decode(self.fonts.get(self.group.font, self.codepage), "replace"))


def _known(codepage: int) -> str:
    name = f"cp{codepage}"
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def rows_of(marked: str) -> Iterator[tuple[str, ...]]:
    """Marked text as rows: one piece for a paragraph outside tables, as many as it has cells for a table's row."""
    for piece in marked.split(ROW):
        outside, _, row = piece.rpartition(PARAGRAPH)
        yield from ((paragraph,) for paragraph in outside.split(PARAGRAPH) if paragraph.strip())
        cells = row.split(CELL)
        if len(cells) > 1:
            yield tuple(cells if cells[-1].strip() else cells[:-1])
        elif row.strip():
            yield (row,)
