"""Tesseract, the program that reads writing in pictures, as the reader process runs it: pixels in by a pipe, words out.

It gets no file, no network and nothing of the mail but grey pixels; it inherits the reader's limits (memory, no file
written) and dies with it. Its time is counted per mail, so that one noisy photograph cannot use up the reader's.
"""

import os
import shutil
import subprocess
import time

LONGEST_LOOK = 8.0
"""Seconds for one look at one page: a clean one takes half a second, a noisy one may take minutes and yield nothing."""
LANGUAGE = "eng"


def tesseract() -> str:
    """Where the program is, an empty text where it is not installed."""
    return shutil.which("tesseract", path=os.environ.get("PATH") or os.defpath) or ""


class Tesseract:
    """A ``parse.scan.Recogniser`` for one mail, with ``seconds`` for all its pictures together."""

    def __init__(self, program: str, seconds: float) -> None:
        self._program = program
        self._until = time.monotonic() + seconds

    def __call__(self, picture: bytes, mode: int) -> str | None:
        """Tesseract's answer to a grey picture (PNM); None where it took too long or failed."""
        left = min(LONGEST_LOOK, self._until - time.monotonic())
        if left <= 0:
            return None
        words = ("-l", LANGUAGE, "tsv") if mode else ()
        command = (self._program, "stdin", "stdout", "--psm", str(mode), "--dpi", "200", *words)
        try:
            done = subprocess.run(  # noqa: S603 - an installed program, its input only pixels
                command, input=picture, capture_output=True, timeout=left, check=True, env=_environment(), cwd="/"
            )
        except (subprocess.SubprocessError, OSError):
            return None
        return done.stdout.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    """One thread: five times quicker than many on a page of text."""
    kept = {name: os.environ[name] for name in ("TESSDATA_PREFIX",) if name in os.environ}
    return {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C", **kept}
