"""The double of ``ports.Press``."""

import json
from collections.abc import Sequence

from mailbot.errors import LetterError, PressError
from mailbot.letters.sheet import Printed, Sheet

CHARACTERS = frozenset(map(chr, range(0x20, 0x250))) | {"–", "’", "…"}
"""What the double can print: Latin letters with their accents."""


class RecordingPress:
    """A ``ports.Press`` that prints nothing: it remembers each document's sheets, and a sheet takes one page.

    ``documents`` holds what was printed, in order; the bytes of each are its sheets as JSON.
    """

    def __init__(self, characters: frozenset[str] = CHARACTERS) -> None:
        self.documents: list[tuple[Sheet, ...]] = []
        self._characters = characters
        self._refused: set[str] = set()
        self._pages: dict[str, int] = {}

    def refuse(self, name: str) -> None:
        """From now on cannot print one sheet, nor a document that holds it."""
        self._refused.add(name)

    def fill(self, name: str, pages: int) -> None:
        """From now on one sheet takes so many pages."""
        self._pages[name] = pages

    @property
    def characters(self) -> frozenset[str]:
        return self._characters

    def press(self, sheets: Sequence[Sheet], *, duplex: bool = False) -> Printed:
        if not sheets:
            raise PressError("there is nothing to print")
        refused = [one.name for one in sheets if one.name in self._refused]
        if refused:
            raise LetterError(f"letter {refused[0]}: it cannot be printed: refused")
        self.documents.append(tuple(sheets))
        said = json.dumps([duplex, *(one.model_dump(mode="json") for one in sheets)])
        return Printed(content=f"%PDF-{said}".encode(), pages=tuple(self._pages.get(one.name, 1) for one in sheets))

    def close(self) -> None:
        """There is nothing to let go of."""
