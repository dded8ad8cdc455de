"""Letters → files in a folder, for people to look at before they approve: PDFs, or print batches, and two lists.

``manifest.csv`` has a row for each letter that was written, ``refused.csv`` one for each that was not and why. Each
letter is finished with before the next is looked at, so that a hundred thousand need no more memory than a hundred.
"""

import csv
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from mailbot.errors import PressError
from mailbot.letter import Letter
from mailbot.letters.letter_rules import LetterRules
from mailbot.letters.merge import Held, Ready, prepare
from mailbot.ports import Press
from mailbot.press.batches import Bundle, Kept, bundle, single
from mailbot.value import Value

MANIFEST = "manifest.csv"
REFUSED = "refused.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would work out instead of showing it."""


class Drafted(Value):
    """What was written: ``letters`` in ``files`` files, of ``pages`` pages on paper, and how many letters were held."""

    letters: int = 0
    files: int = 0
    pages: int = 0
    held: int = 0


class Drafts:
    """A folder of drafts being written. With ``batch`` letters for the post share a file, as many as the rules say."""

    def __init__(
        self, folder: Path, rules: LetterRules, press: Press, *, batch: bool = False, duplex: bool = False
    ) -> None:
        self._folder = folder
        self._rules = rules
        self._press = press
        self._batch = batch
        self._duplex = duplex
        self._waiting: list[Ready] = []
        self._batches = 0
        self._done = Drafted()

    def write(self, letters: Iterable[Letter | Held]) -> Drafted:
        """Writes them all, and says how it went; a row of the list that gave no letter may stand among them, held.

        Raises ``PressError`` where the folder holds drafts already, or where nothing can be printed.
        """
        made_new(self._folder)
        with (
            (self._folder / MANIFEST).open("x", newline="", encoding="utf-8") as listed,
            (self._folder / REFUSED).open("x", newline="", encoding="utf-8") as refused,
        ):
            self._manifest, self._refused = csv.writer(listed), csv.writer(refused)
            self._manifest.writerow(("letter", "row", "file", "pages", "sha256", "channel"))
            self._refused.writerow(("row", "reason"))
            for letter in letters:
                ready = letter if isinstance(letter, Held) else prepare(letter, self._rules, self._press.characters)
                self._take(ready)
            self._print_batch()
        return self._done

    def _take(self, one: Ready | Held) -> None:
        if isinstance(one, Held):
            self._hold(one)
        elif one.sheet is None:
            self._keep(f"{one.letter.name}.html", one.written.html().encode(), [Kept(one, 0)])
        elif not self._batch:
            self._bundle(f"{one.letter.name}.pdf", single(one, self._press, self._rules.file.limits))
        else:
            self._waiting.append(one)
            if len(self._waiting) >= self._rules.file.limits.batch:
                self._print_batch()

    def _print_batch(self) -> None:
        if self._waiting:
            self._batches += 1
            made = bundle(self._waiting, self._press, self._rules.file.limits, duplex=self._duplex)
            self._bundle(f"batch-{self._batches:04d}.pdf", made)
            self._waiting = []

    def _bundle(self, name: str, made: Bundle) -> None:
        for one in made.held:
            self._hold(one)
        if made.kept:
            self._keep(name, made.content, made.kept)

    def _keep(self, name: str, content: bytes, kept: Sequence[Kept]) -> None:
        (self._folder / name).write_bytes(content)
        digest = sha256(content).hexdigest()
        for one in kept:
            letter = one.ready.letter
            row = (letter.name, letter.recipient.row, name, one.pages or "", digest, letter.recipient.channel.value)
            self._manifest.writerow(map(safe, row))
        pages = self._done.pages + sum(one.pages for one in kept)
        self._done = self._done.but(letters=self._done.letters + len(kept), files=self._done.files + 1, pages=pages)

    def _hold(self, one: Held) -> None:
        self._refused.writerow(map(safe, (one.row, one.because)))
        self._done = self._done.but(held=self._done.held + 1)


def made_new(folder: Path) -> None:
    """Makes a folder that only its owner can look into. Raises ``PressError`` where drafts lie in it already."""
    if (folder / MANIFEST).exists() or (folder / REFUSED).exists():
        raise PressError(f"{folder}: there are letters in it already; name a new folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def safe(cell: object) -> str:
    """A cell that a spreadsheet shows and does not work out."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text
