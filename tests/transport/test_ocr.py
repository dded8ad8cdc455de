"""Tesseract inside the reader process and its limits; skipped where it is not installed."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from mailbot.parse.scan import LINES
from mailbot.transport.ocr import Tesseract, tesseract
from mailbot.transport.sandbox import Sandbox
from tests.intake.mails import mail_with
from tests.servers.tesseract import needs_tesseract
from tests.test_reader import RULES_ALL

AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)


def page() -> bytes:
    picture = Image.new("L", (1240, 600), 255)
    drawing, font = ImageDraw.Draw(picture), ImageFont.load_default(36)
    for number, words in enumerate(
        ("Data incident report form", "Name of person reporting: Sam Reporter", "Place of incident: Town Hall")
    ):
        drawing.text((60, 80 + 90 * number), words, font=font, fill=0)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80)
    return target.getvalue()


def script(folder: Path, does: str) -> str:
    """A program in tesseract's place."""
    program = folder / "program"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    return str(program)


@needs_tesseract
def test_a_photographed_form_is_read_within_the_readers_limits() -> None:
    sandbox = Sandbox(RULES_ALL)
    try:
        reading = sandbox.read(mail_with(("IMG_0001.jpg", page()), Subject="see photo"), AT)
    finally:
        sandbox.close()

    fields = {name: value.value for name, value in reading.report.fields.items()}
    assert (fields["reporter"], fields["place"]) == ("Sam Reporter", "Town Hall")
    assert reading.kind == "report"
    assert "check it against the original" in reading.email.attachments[0].outcome


def test_nothing_is_seen_when_the_program_takes_too_long_fails_or_is_gone(tmp_path: Path) -> None:
    picture = b"P5 1 1 255\n\0"

    assert Tesseract(script(tmp_path, "exec sleep 30"), 0.2)(picture, LINES) is None
    assert Tesseract(script(tmp_path, "exit 1"), 5)(picture, LINES) is None
    assert Tesseract(str(tmp_path / "gone"), 5)(picture, LINES) is None


def test_the_program_gets_pixels_and_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILBOT_KEYS", "secret")
    seen = Tesseract(script(tmp_path, "cat; echo; env; pwd"), 5)(b"P5 1 1 255\n.", LINES)

    assert seen is not None
    assert seen.startswith("P5 1 1 255\n.")
    assert "OMP_THREAD_LIMIT=1" in seen
    assert "secret" not in seen
    assert seen.rstrip().endswith("\n/")


def test_the_program_is_looked_for_where_the_system_keeps_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tesseract() == ""
    (tmp_path / "tesseract").write_text("#!/bin/sh\n")
    (tmp_path / "tesseract").chmod(0o755)
    assert tesseract() == str(tmp_path / "tesseract")
