"""The demo, played once for all its tests, and a second time elsewhere, with other accidents, to compare."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from mailbot.demo import run_demo
from mailbot.demo.weekend import Weekend, load_weekend

DONE = "done"


class Weekends:
    """The folders of two runs, and what the first said while it went."""

    def __init__(self, folder: Path) -> None:
        self.first = folder / "first"
        self.second = folder / "second"
        self.progress = folder / "progress.txt"

    def page(self, path: str) -> html.HtmlElement:
        """A page of the first run, parsed."""
        return html.document_fromstring((self.first / path).read_bytes())

    def text(self, path: str) -> str:
        """A page of the first run as its reader reads it, on one line."""
        return " ".join(self.page(path).text_content().split())


@pytest.fixture(scope="session")
def weekends(tmp_path_factory: pytest.TempPathFactory) -> Weekends:
    """Played once, however many processes run the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "weekends"
    folder.mkdir(exist_ok=True)
    played = Weekends(folder)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / DONE).exists():
            _play(played)
            (folder / DONE).touch()
    return played


@pytest.fixture(scope="session")
def story() -> Weekend:
    return load_weekend()


def _play(weekends: Weekends) -> None:
    other = os.environ | {"PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland"}
    command = [sys.executable, "-m", "mailbot", "demo", str(weekends.second)]
    elsewhere = subprocess.Popen(command, env=other, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    lines: list[str] = []
    run_demo(weekends.first, lines.append)
    weekends.progress.write_text("\n".join(lines), encoding="utf-8")
    _, complaints = elsewhere.communicate(timeout=100)
    assert elsewhere.returncode == 0, complaints.decode()
