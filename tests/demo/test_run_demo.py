"""The folder that the demo writes into."""

from pathlib import Path

import pytest

from mailbot.demo import run_demo
from mailbot.errors import MailbotError


def test_the_demo_refuses_when_the_folder_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(MailbotError, match="name another folder"):
        run_demo(tmp_path, print)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_demo_refuses_when_a_file_stands_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "demo"
    file.touch()
    with pytest.raises(MailbotError, match="is there already"):
        run_demo(file, print)
