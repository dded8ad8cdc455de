"""One Markdown, two renderings: HTML for the eye, plain text that reads as well. Pure functions over parsed tokens."""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from mailbot.notify.tappable import mark_tappable

WIDTH = 76
QUIET_LINKS = ("mailto:", "tel:")
"""Links whose words already say it all: a plain text does not repeat their targets."""

# Raw HTML, pictures and indented code are off: a template has no use for them and a mail loads nothing.
PARSER = (
    MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "code", "html_block", "html_inline"])
)

Fill = Callable[[str], str]


class Parsed(NamedTuple):
    """Markdown read once: its tokens, for ``to_text``; its HTML without a document around it; the target of every link."""

    tokens: tuple[Token, ...]
    html: str
    link_targets: tuple[str, ...]


@lru_cache(maxsize=128)
def parse(source: str) -> Parsed:
    """Reads Markdown. A mail's values are not in it yet, so that many mails of one template have the same to be read."""
    tokens = PARSER.parse(source)
    mark_tappable(tokens)
    html = str(PARSER.renderer.render(tokens, PARSER.options, {}))
    return Parsed(tuple(tokens), html, tuple(_link_targets(tokens)))


def _link_targets(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrGet("href") or "")


def to_text(tokens: Sequence[Token], fill: Fill) -> str:
    """Plain text: headings underlined, lists with their marks. A table of two columns becomes a line per
    row (``first: second``), a wider one a block of ``Heading: cell`` lines per row.

    ``fill`` puts the values in place before lines are broken, so that they are broken where they should be.
    """
    return _Text(fill).render(tokens)


class _Text:
    def __init__(self, fill: Fill) -> None:
        self._fill = fill
        self._lines: list[str] = []
        self._lists: list[int | None] = []
        self._mark = ""
        self._quotes = 0
        self._headings: list[str] = []
        self._cells: list[str] = []
        self._in_cell = False
        self._heading = ""

    def render(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            handle = getattr(self, f"_{token.type}", None)
            if handle:
                handle(token)
        return "\n".join(self._lines).strip("\n") + "\n"

    def _gap(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def _heading_open(self, token: Token) -> None:
        self._gap()
        self._heading = {"h1": "=", "h2": "-"}.get(token.tag, " ")

    def _heading_close(self, token: Token) -> None:  # noqa: ARG002  every handler takes its token
        underline = self._heading * min(len(self._lines[-1]), WIDTH)
        self._lines += [underline, ""] if underline.strip() else [""]
        self._heading = ""

    def _paragraph_open(self, token: Token) -> None:
        if not token.hidden and not self._mark:
            self._gap()

    def _paragraph_close(self, token: Token) -> None:
        if not token.hidden:
            self._gap()

    def _bullet_list_open(self, token: Token) -> None:  # noqa: ARG002
        self._lists.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._lists.append(int(token.attrGet("start") or 1))

    def _bullet_list_close(self, token: Token) -> None:  # noqa: ARG002
        self._lists.pop()
        if not self._lists:
            self._gap()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:  # noqa: ARG002
        number = self._lists[-1]
        self._mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def _blockquote_open(self, token: Token) -> None:  # noqa: ARG002
        self._quotes += 1

    def _blockquote_close(self, token: Token) -> None:  # noqa: ARG002
        self._quotes -= 1

    def _hr(self, token: Token) -> None:  # noqa: ARG002
        self._gap()
        self._lines += ["-" * 40, ""]

    def _fence(self, token: Token) -> None:
        self._lines += textwrap.indent(self._fill(token.content.rstrip("\n")), "    ").split("\n")

    def _table_open(self, token: Token) -> None:  # noqa: ARG002
        self._gap()
        self._headings = []

    def _tr_open(self, token: Token) -> None:  # noqa: ARG002
        self._cells = []

    def _tr_close(self, token: Token) -> None:  # noqa: ARG002
        if not self._headings:
            self._headings = self._cells
            return
        if not self._cells[2:]:
            self._wrap(": ".join(self._cells))
            return
        for heading, cell in zip(self._headings, self._cells, strict=True):
            self._wrap(f"{heading}: {cell}" if heading else cell)
        self._gap()

    def _table_close(self, token: Token) -> None:  # noqa: ARG002
        self._gap()

    def _th_open(self, token: Token) -> None:  # noqa: ARG002
        self._cells.append("")
        self._in_cell = True

    def _th_close(self, token: Token) -> None:  # noqa: ARG002
        self._in_cell = False

    _td_open = _th_open
    _td_close = _th_close

    def _inline(self, token: Token) -> None:
        words = _inline_words(token.children or (), self._fill)
        if self._in_cell:
            self._cells[-1] = " ".join(words.split())
        else:
            self._wrap(words)

    def _wrap(self, words: str) -> None:
        indent = "   " * max(0, len(self._lists) - 1) + "> " * self._quotes
        first = indent + self._mark
        rest = indent + " " * len(self._mark) if self._mark else indent + ("  " if self._lists else "")
        self._mark = ""
        for line in words.split("\n"):
            self._lines += _broken(line, first, rest)
            first = rest


def _broken(line: str, first: str, rest: str) -> list[str]:
    """A line in as many as it takes. Most take one, and to have that found out costs more than all else that is done here."""
    if len(first) + len(line) <= WIDTH and line.isprintable() and line == line.strip() != "":
        return [first + line]
    wrapped = textwrap.wrap(
        line, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return wrapped or [first.rstrip()]


def _inline_words(children: Sequence[Token], fill: Fill) -> str:
    """The words of a line: emphasis is dropped, a link becomes ``words: target``."""
    said: list[str] = []
    starts: list[tuple[int, str]] = []
    for child in children:
        if child.type == "link_open":
            starts.append((len(said), fill(str(child.attrGet("href") or ""))))
        elif child.type == "link_close":
            start, target = starts.pop()
            if not target.startswith(QUIET_LINKS) and target != "".join(said[start:]):
                said.append(f": {target}")
        elif child.type in {"softbreak", "hardbreak"}:
            said.append(" " if child.type == "softbreak" else "\n")
        else:
            said.append(fill(child.content))
    return "".join(said)
