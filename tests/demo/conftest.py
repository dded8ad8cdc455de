"""The demo, played once for all its tests, and a second time elsewhere, with other accidents, to compare."""

import fcntl
import os
import subprocess
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from mailbot.demo import run_demo
from mailbot.demo.act import STORIES
from mailbot.demo.script import Script, load_script

DONE = "done"
LONGEST = 1800
"""Seconds that a play may take on a machine that is busy with other things."""


class Folder:
    """The pages and mails of one story, or of the whole demo."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def page(self, path: str) -> html.HtmlElement:
        """A page, parsed."""
        return html.document_fromstring((self.root / path).read_bytes())

    def text(self, path: str) -> str:
        """A page as its reader reads it, on one line."""
        return " ".join(self.page(path).text_content().split())

    def mails(self, to: str = "") -> list[EmailMessage]:
        """The mails of the bot in the order in which they left; ``to``: those to one address."""
        return [one for one in every_mail(self.root) if to in str(one["To"])]

    def duty(self, reference: str, title: str) -> str:
        """How a duty ended, as the incident's page says it: who, and the clock."""
        rows = self.page(f"incidents/{reference}.html").xpath(f"//tr[th[starts-with(normalize-space(), '{title}')]]")
        assert len(rows) == 1, title
        return " ".join(" ".join(rows[0].text_content().split()).removeprefix(title).split())


class Played:
    """The folders of two runs, and what the first said while it went."""

    def __init__(self, folder: Path) -> None:
        self.first = folder / "first"
        self.second = folder / "second"
        self.progress = folder / "progress.txt"


@cache
def every_mail(root: Path) -> tuple[EmailMessage, ...]:
    """The mails of the bot below a folder, parsed once."""
    files = sorted(root.glob("**/mails/*.eml"))
    return tuple(message_from_bytes(file.read_bytes(), policy=policy.default) for file in files)


@cache
def text_of(message: EmailMessage) -> str:
    """What its reader reads of a mail, subject included, on one line; a form that is enclosed is looked into apart."""
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return " ".join(f"{message['Subject']} {' '.join(parts)}".split())


def sent_at(message: EmailMessage) -> str:
    """When a mail left, as ``11-25 11:20``; in those weeks London goes by UTC."""
    return f"{parsedate_to_datetime(str(message['Date'])):%m-%d %H:%M}"


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Played once, however many processes run the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    folder.mkdir(exist_ok=True)
    played = Played(folder)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / DONE).exists():
            _play(played)
            (folder / DONE).touch()
    return played


@pytest.fixture(scope="session")
def demo(played: Played) -> Folder:
    return Folder(played.first)


@pytest.fixture(scope="session")
def weekend(played: Played) -> Folder:
    return Folder(played.first / "weekend")


@pytest.fixture(scope="session")
def good_life(played: Played) -> Folder:
    return Folder(played.first / "as-it-should-be")


@pytest.fixture(scope="session")
def gone_wrong(played: Played) -> Folder:
    return Folder(played.first / "when-it-goes-wrong")


@pytest.fixture(scope="session")
def scripts() -> dict[str, Script]:
    """The stories by the folder of their pages."""
    return {script.folder: script for script in map(load_script, STORIES)}


def _play(played: Played) -> None:
    other = os.environ | {"PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland"}
    command = [sys.executable, "-m", "mailbot", "demo", str(played.second)]
    elsewhere = subprocess.Popen(command, env=other, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    lines: list[str] = []
    run_demo(played.first, lines.append)
    played.progress.write_text("\n".join(lines), encoding="utf-8")
    _, complaints = elsewhere.communicate(timeout=LONGEST)
    assert elsewhere.returncode == 0, complaints.decode()
