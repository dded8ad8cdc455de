"""The mark of tests that read pictures: without tesseract they cannot run, and in CI they must."""

import os

import pytest

from mailbot.transport.ocr import tesseract

needs_tesseract = pytest.mark.skipif(
    not tesseract() and not os.environ.get("CI"),
    reason="tesseract-ocr is not installed: sudo apt-get install tesseract-ocr",
)
