"""Pictures of writing, with a scripted reader of pictures and, where it is installed, the real one."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from mailbot.parse.document import read_document
from mailbot.parse.rules import FormRules
from mailbot.parse.scan import LINES, ORIENTATION
from mailbot.transport.ocr import Tesseract, tesseract
from tests.parse.papers import paper
from tests.servers.tesseract import needs_tesseract

SIZE = (1240, 800)
PRINTED = [
    ("Data incident report form", ""),
    ("Name of person reporting:", "Sam Reporter"),
    ("Place of incident:", "Town Hall"),
    ("What happened?", "A phone was lost."),
]


def picture(kind: str = "PNG", size: tuple[int, int] = SIZE, turned: int = 0) -> bytes:
    made = Image.new("L", size, 255)
    drawing = ImageDraw.Draw(made)
    font = ImageFont.load_default(36)
    for number, (label, answer) in enumerate(PRINTED):
        drawing.text((60, 80 + 90 * number), label, font=font, fill=0)
        drawing.text((700, 80 + 90 * number), answer, font=font, fill=0)
    target = io.BytesIO()
    made.rotate(turned, expand=True).save(target, kind)
    return target.getvalue()


def scanned_pdf(*pictures: bytes) -> bytes:
    first, *others = (Image.open(io.BytesIO(one)).convert("RGB") for one in pictures)
    target = io.BytesIO()
    first.save(target, "PDF", save_all=True, append_images=others)
    return target.getvalue()


def table(confidence: float = 95.0) -> str:
    """Tesseract's answer to the picture, as a table."""
    lines = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    for number, pair in enumerate(PRINTED):
        for left, text in zip((60, 700), pair, strict=True):
            for word_number, word in enumerate(text.split()):
                place = f"{left + 90 * word_number}\t{80 + 90 * number}\t80\t30"
                lines.append(f"5\t1\t1\t1\t{number}\t{word_number}\t{place}\t{confidence}\t{word}")
    return "\n".join(lines)


class ScriptedRecogniser:
    """Answers in turn, and remembers what it was shown and asked."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[tuple[int, int], int]] = []

    def __call__(self, picture: bytes, mode: int) -> str | None:
        width, height = (int(one) for one in picture.split(b" ", 3)[1:3])
        assert len(picture.split(b"\n", 1)[1]) == width * height
        self.asked.append(((width, height), mode))
        return self.answers.pop(0) if self.answers else None


def told(
    content: bytes, kind: str, recogniser: ScriptedRecogniser | Tesseract | None, rules: FormRules
) -> tuple[dict[str, str], str]:
    reading = read_document(paper(content, kind, f"scan.{kind}"), rules, recogniser)
    return {one.field: one.answer for one in reading.rows if one.field and one.answer}, reading.outcome


ALL = {"reporter": "Sam Reporter", "place": "Town Hall", "description": "A phone was lost."}


def test_a_photographed_form_is_read_and_said_to_need_a_look(rules: FormRules) -> None:
    recogniser = ScriptedRecogniser(table())
    fields, outcome = told(picture(), "png", recogniser, rules)

    assert fields == ALL
    assert outcome == "read: 3 answers found; it is a picture, so check it against the original"
    assert recogniser.asked == [(SIZE, LINES)]


def test_no_answer_made_out_in_a_picture_is_sure(rules: FormRules) -> None:
    reading = read_document(paper(picture(), "png"), rules, ScriptedRecogniser(table()))

    assert reading.by_looks
    assert max(row.confidence for row in reading.rows) < 0.9


def test_a_doubtful_picture_is_shown_again_cleaned_and_then_turned(rules: FormRules) -> None:
    osd = "Page number: 0\nRotate: 90\nScript: Latin"
    recogniser = ScriptedRecogniser(table(20), table(30), osd, table(90))

    assert told(picture("JPEG"), "jpg", recogniser, rules)[0] == ALL
    assert recogniser.asked == [(SIZE, LINES), (SIZE, LINES), (SIZE, ORIENTATION), ((SIZE[1], SIZE[0]), LINES)]


@pytest.mark.parametrize("answers", [(None,), (table(10),), ("",), ("5\t1\tbroken",)])
def test_the_outcome_says_so_when_nothing_can_be_made_out(answers: tuple[str | None, ...], rules: FormRules) -> None:
    assert told(picture(), "png", ScriptedRecogniser(*answers), rules) == (
        {},
        "could not be read: no writing could be made out in the picture",
    )


def test_a_small_picture_is_never_shown_to_the_recogniser(rules: FormRules) -> None:
    recogniser = ScriptedRecogniser()

    assert told(picture(size=(600, 120)), "png", recogniser, rules)[1] == "a small picture: kept, not read"
    assert recogniser.asked == []


def test_a_person_is_asked_when_nothing_reads_pictures(rules: FormRules) -> None:
    outcome = "is a picture: the text reader (tesseract) is not installed; a person must open it"

    assert told(picture(), "png", None, rules) == ({}, outcome)
    assert told(scanned_pdf(picture()), "pdf", None, rules) == ({}, outcome)


def test_every_page_of_a_scanned_pdf_is_read_until_the_time_is_used_up(rules: FormRules) -> None:
    pages = scanned_pdf(picture(), picture(), picture())

    assert told(pages, "pdf", ScriptedRecogniser(table(), table()), rules)[0] == ALL


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", picture()[:600], b"\xff\xd8\xff" + bytes(50)])
def test_the_outcome_says_so_when_a_picture_is_broken(content: bytes, rules: FormRules) -> None:
    assert "damaged" in told(content, "png", ScriptedRecogniser(table()), rules)[1]


def test_a_picture_far_larger_than_a_page_is_refused_before_it_is_unpacked(rules: FormRules) -> None:
    target = io.BytesIO()
    Image.new("1", (9000, 9000)).save(target, "PNG")

    assert "far larger" in told(target.getvalue(), "png", ScriptedRecogniser(table()), rules)[1]


@needs_tesseract
@pytest.mark.parametrize("turned", [0, 180])
def test_the_real_recogniser_reads_a_page_whichever_way_up(turned: int, rules: FormRules) -> None:
    assert told(picture(turned=turned), "png", Tesseract(tesseract(), 60), rules)[0] == ALL


@needs_tesseract
def test_the_real_recogniser_says_nothing_once_its_time_is_used_up() -> None:
    assert Tesseract(tesseract(), 0)(b"P5 1 1 255\n\0", LINES) is None
