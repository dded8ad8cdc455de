"""``ports.Press`` by typst: the layout is a file of the council's, the sheets are data that it reads, never code.

Nothing is fetched and no other file is read: the layout lies alone in a folder of its own, has no fonts but the
shipped ones, and may neither import nor evaluate anything.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailbot.errors import LetterError, PressError
from mailbot.letters.sheet import Block, BlockKind, Printed, Run, Sheet
from mailbot.press import fonts

if TYPE_CHECKING:
    from typst import Compiler

LAYOUT = "letter.typ"
STANDARD: Final = "ua-1"
REFUSED = re.compile(r"\b(import|include|eval|plugin|read)\b")
"""What could bring other code or files into the layout."""

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
PAGES = "query(<last-page>).map(one => counter(page).at(one.location()).first())"
KEPT_FOR = 11
"""Documents for which the typesetter keeps what it has set, in case that comes again: a batch takes 150 MB so long."""

NOTHING = "nothing.typ"

PROOF = Sheet(
    name="proof",
    title="Proof",
    on=date(2026, 1, 1),
    draft=True,
    sender=("Council", "Street"),
    address=("Name", "Street"),
    blocks=(Block(kind=BlockKind.HEADING, level=1, runs=(Run(text="Proof"),)),),
)
"""Printed first: where it cannot be, the layout is at fault and no letter."""


class TypstPress:
    """Prints with one layout (typst source). ``folder`` holds the fonts: regular and bold, nothing else is used."""

    def __init__(self, layout: str, folder: Path = fonts.FOLDER) -> None:
        self._layout = layout
        self._fonts = folder
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._compiler: Compiler | None = None

    @property
    def characters(self) -> frozenset[str]:
        return fonts.shared_by(self._fonts)

    def press(self, sheets: Sequence[Sheet], *, duplex: bool = False) -> Printed:
        if not sheets:
            raise PressError("there is nothing to print")
        from typst import TypstError  # noqa: PLC0415 -- 80 MB that only printing needs

        at = datetime.combine(max(one.on for one in sheets), time(), UTC)
        try:
            compiler = self._compiler = self._compiler or self._new()
            inputs = _inputs(sheets, duplex=duplex)
            content = compiler.compile(
                self._file(LAYOUT), format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD], timestamp=at
            )
            pages = json.loads(compiler.eval(PAGES))
        except TypstError as error:
            raise LetterError(f"{_named(sheets)}: it cannot be printed: {_said(error)}") from error
        finally:
            if len(sheets) > 1:
                self._forget()
        if not isinstance(content, bytes) or len(pages) != len(sheets):
            raise PressError(f"templates/{LAYOUT}: each letter must end with its mark; see docs/letters.md")
        return Printed(content=content, pages=tuple(pages))

    def close(self) -> None:
        self._compiler = None
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def _forget(self) -> None:
        """Makes the typesetter let go of a batch, by as many empty documents as it keeps things for."""
        if self._compiler is not None:
            for _ in range(KEPT_FOR):
                self._compiler.compile(self._file(NOTHING), format="svg")

    def _file(self, name: str) -> Path:
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="mailbot-press-")
        return Path(self._folder.name) / name

    def _new(self) -> Compiler:
        from typst import Compiler, Fonts, TypstError  # noqa: PLC0415 -- likewise

        refused = REFUSED.search(COMMENT.sub("", self._layout))
        if refused:
            raise PressError(f"templates/{LAYOUT}: uses {refused[0]!r}; a layout brings in no other code or file")
        layout, packages = self._file(LAYOUT), self._file("packages")
        layout.write_text(self._layout, encoding="utf-8")
        self._file(NOTHING).write_text("", encoding="utf-8")
        made = Compiler(
            layout,
            root=layout.parent,
            font_paths=Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[self._fonts]),
            package_path=packages,
            package_cache_path=packages,
        )
        try:
            made.compile(format="pdf", sys_inputs=_inputs([PROOF]), pdf_standards=[STANDARD])
        except TypstError as error:
            raise PressError(f"templates/{LAYOUT}: {_said(error)}") from error
        return made


def _inputs(sheets: Sequence[Sheet], *, duplex: bool = False) -> dict[str, str]:
    """What the layout reads: the sheets as JSON, and whether each begins on the front of a leaf."""
    return {"sheets": f"[{','.join(one.model_dump_json() for one in sheets)}]", "duplex": "yes" if duplex else ""}


def _named(sheets: Sequence[Sheet]) -> str:
    return f"letter {sheets[0].name}" if len(sheets) == 1 else f"letters {sheets[0].name} to {sheets[-1].name}"


def _said(error: Exception) -> str:
    """What the typesetter or the layout's own checks said, in one line."""
    return " ".join(str(getattr(error, "message", error)).removeprefix("panicked with: ").strip('"').split())
