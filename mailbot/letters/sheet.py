"""One letter as the press takes it: plain values in reading order, never code. Made of the same tokens as its text and HTML."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum

from markdown_it.token import Token
from pydantic import Field

from mailbot.errors import TemplateError
from mailbot.value import Value

Fill = Callable[[str], str]


class BlockKind(StrEnum):
    """What a letter can be made of."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


class Run(Value):
    """Words of one look. A line break is a run of its own."""

    text: str
    strong: bool = False


class Block(Value):
    """A heading (``level`` 1 to 3), a paragraph, or a list with its ``items``; ``start`` is None for bullets."""

    kind: BlockKind
    level: int = 0
    runs: tuple[Run, ...] = ()
    start: int | None = None
    items: tuple[tuple["Block", ...], ...] = ()

    @property
    def text(self) -> str:
        """Every word of it, in reading order."""
        own = "".join(run.text for run in self.runs)
        return "\n".join((own, *(block.text for item in self.items for block in item))).strip("\n")


class Sheet(Value):
    """One letter to print. ``sender`` and ``address`` are lines; ``title`` is the document's; ``draft`` marks every page."""

    name: str
    title: str = Field(min_length=1)
    on: date
    draft: bool
    sender: tuple[str, ...]
    address: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """Everything that is printed of it, page numbers and marks aside."""
        return "\n".join((*self.sender, *self.address, *(block.text for block in self.blocks)))


class Printed(Value):
    """What the press made: a PDF, and how many pages each sheet took, in order (blank backs are not counted)."""

    content: bytes
    pages: tuple[int, ...]


def blocks_of(tokens: Sequence[Token], fill: Fill) -> tuple[Block, ...]:
    """Parsed Markdown as blocks, its values put in by ``fill``.

    Raises ``TemplateError`` for what a letter cannot have: tables, quotations, code, rules.
    """
    rest = iter(tokens)
    return tuple(_blocks(rest, fill))


def _blocks(tokens: Iterator[Token], fill: Fill) -> Iterator[Block]:
    """Reads on to the end of what it is in."""
    for token in tokens:
        if token.type == "heading_open":
            yield Block(kind=BlockKind.HEADING, level=int(token.tag[1:]), runs=_runs(next(tokens), fill))
        elif token.type == "paragraph_open":
            yield Block(kind=BlockKind.PARAGRAPH, runs=_runs(next(tokens), fill))
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            start = int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None
            yield Block(kind=BlockKind.LIST, start=start, items=tuple(_items(tokens, fill)))
        elif token.type == "list_item_close":
            return
        elif token.nesting >= 0:
            raise TemplateError(
                f"a letter has headings, paragraphs and lists only, no {token.type.removesuffix('_open')}"
            )


def _items(tokens: Iterator[Token], fill: Fill) -> Iterator[tuple[Block, ...]]:
    for token in tokens:
        if token.type != "list_item_open":
            return
        yield tuple(_blocks(tokens, fill))


def _runs(inline: Token, fill: Fill) -> tuple[Run, ...]:
    """A link is its words, and its target where the words do not say it: paper cannot be touched."""
    runs: list[Run] = []
    strong = 0
    for child in inline.children or ():
        if child.type in {"strong_open", "strong_close"}:
            strong += child.nesting
        elif child.type in {"softbreak", "hardbreak"}:
            runs.append(Run(text=" " if child.type == "softbreak" else "\n"))
        elif child.content:
            runs.append(Run(text=fill(child.content), strong=bool(strong)))
    return tuple(runs)
