"""Pictures of writing: photographs of a form, scans, PDFs made of scans. What the text reader sees becomes blocks.

The recogniser (tesseract) is handed in, for it is a program of its own; here is what it is shown and what is made of
its answer. A picture it is unsure of is shown again, cleaned, then turned the way it says the writing stands.
"""

import io
from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple, Protocol

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.blocks import Block
from mailbot.parse.pdf_print import Page, Word, blocks_of

MOST_PIXELS = 60_000_000
LONGEST_SIDE, SHORTEST_SIDE = 2_600, 1_200
SMALL = 250
"""Pixels: a picture with a shorter side than this is a logo in a signature, not a form."""
MOST_PAGES = 6
RENDERED_DPI = 200
UNSURE, UNREADABLE = 65.0, 35.0
"""Tesseract's own mean confidence, 0 to 100: below the first it is shown the picture again, below the second it saw nothing."""
FEWEST_WORDS = 3
POINTS_A_LINE = 10.0

LINES, ORIENTATION = 3, 0
"""Tesseract's page segmentation modes: a page of text, and which way up it is."""


class Recogniser(Protocol):
    """A text reader."""

    def __call__(self, picture: bytes, mode: int) -> str | None:
        """Tesseract's answer to a grey picture (PNM) as text; None where it took too long or failed."""


class Seen(NamedTuple):
    """What was recognised, and how sure the recogniser is of it (0 to 100)."""

    page: Page
    confidence: float


def read_picture(content: bytes, recogniser: Recogniser) -> tuple[Block, ...]:
    """A photograph or scan as blocks; raises ``UnreadableDocumentError`` with the reason in plain words."""
    return blocks_of([_recognised(_opened(content), recogniser).page])


def read_scanned_pdf(content: bytes, recogniser: Recogniser) -> tuple[Block, ...]:
    """The pages of a PDF without text, at most six; raises ``UnreadableDocumentError``."""
    pages = []
    for picture in _rendered(content):
        try:
            pages.append(_recognised(picture, recogniser).page)
        except UnreadableDocumentError:
            if not pages:
                raise
            break
    return blocks_of(pages)


def is_small(content: bytes) -> bool:
    """Whether a picture is too small to be a page of writing; False where its size is not known."""
    from PIL import Image  # noqa: PLC0415 - costs 40 ms and most mail has no picture

    try:
        with Image.open(io.BytesIO(content)) as picture:
            return min(picture.size) < SMALL
    except Exception:  # noqa: BLE001 - a broken picture is said to be broken when it is read
        return False


def _opened(content: bytes) -> Any:
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(content)) as picture:
            _refuse_if_huge(picture.size)
            picture.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
            return _sized(ImageOps.exif_transpose(picture).convert("L"))
    except UnreadableDocumentError:
        raise
    except Exception as fault:
        raise UnreadableDocumentError("the picture is damaged or only part of it arrived") from fault


def _refuse_if_huge(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise UnreadableDocumentError("the picture is far larger than a photograph of a page")


def _sized(picture: Any) -> Any:
    longest = max(picture.size)
    scale = min(1.0, LONGEST_SIDE / longest) if longest > SHORTEST_SIDE else 2.0
    return picture if scale == 1.0 else picture.resize((int(picture.width * scale), int(picture.height * scale)))


def _rendered(content: bytes) -> Iterator[Any]:
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 100 ms and few PDFs are scans

    try:
        document = pypdfium2.PdfDocument(content)
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            scale = min(RENDERED_DPI / 72, LONGEST_SIDE / max(*page.get_size(), 1))
            yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
    except pypdfium2.PdfiumError as fault:
        raise UnreadableDocumentError("it is damaged or only part of it arrived") from fault


def _recognised(picture: Any, recogniser: Recogniser) -> Seen:
    seen = _look(picture, recogniser)
    if seen.confidence < UNSURE:
        seen = max(seen, _look(_cleaned(picture), recogniser), key=lambda one: one.confidence)
    if seen.confidence < UNSURE:
        turned = _turn(picture, recogniser)
        if turned:
            seen = max(seen, _look(picture.rotate(-turned, expand=True), recogniser), key=lambda one: one.confidence)
    if seen.confidence < UNREADABLE or len(seen.page.words) < FEWEST_WORDS:
        raise UnreadableDocumentError("no writing could be made out in the picture")
    return seen


def _cleaned(picture: Any) -> Any:
    """Without the noise of a camera in the dark, which can keep tesseract busy for minutes."""
    from PIL import ImageFilter  # noqa: PLC0415

    soft = picture.filter(ImageFilter.GaussianBlur(1.2))
    border = median(soft.resize((64, 64)).tobytes()) * 0.7
    return soft.point(lambda shade: 255 if shade > border else 0)


def _turn(picture: Any, recogniser: Recogniser) -> int:
    """By how many degrees clockwise a picture must be turned to stand upright."""
    answer = recogniser(_grey(picture), ORIENTATION) or ""
    said = (
        next((line for line in answer.splitlines() if line.startswith("Rotate:")), "Rotate: 0")
        .partition(":")[2]
        .strip()
    )
    return int(said) % 360 if said.isdecimal() else 0


def _look(picture: Any, recogniser: Recogniser) -> Seen:
    answer = recogniser(_grey(picture), LINES)
    if answer is None:
        return Seen(Page((), ()), 0.0)
    found = [one for one in (_word(line.split("\t")) for line in answer.splitlines()) if one]
    weight = sum(len(word.text) for word, _ in found)
    sure = sum(confidence * len(word.text) for word, confidence in found) / weight if weight else 0.0
    return Seen(Page(tuple(_in_points([word for word, _ in found])), ()), sure)


def _grey(picture: Any) -> bytes:
    return f"P5 {picture.width} {picture.height} 255\n".encode() + bytes(picture.tobytes())


def _word(cells: list[str]) -> tuple[Word, float] | None:
    """A word of tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():  # noqa: PLR2004
        return None
    left, top, width, height = (float(one) for one in cells[6:10])
    return Word(cells[11].strip(), left, top, left + width, top + height), float(cells[10])


def _in_points(words: list[Word]) -> Iterator[Word]:
    """Boxes in pixels brought to the size of print, so that a gap is a gap at any resolution."""
    height = median(one.bottom - one.top for one in words) if words else 1
    scale = POINTS_A_LINE / max(height, 1)
    for one in words:
        yield Word(one.text, one.left * scale, one.top * scale, one.right * scale, one.bottom * scale)
