import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailbot import resources

ENVIRON = {
    "MAILBOT_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "MAILBOT_TOKEN_KEY": "t" * 40,
    "MAILBOT_BLIND_KEY": "b" * 40,
    "MAILBOT_PASSWORD_IT": "it secret",
    "MAILBOT_PASSWORD_IG": "ig secret",
    "MAILBOT_PASSWORD_BOT": "bot secret",
    "MAILBOT_SMTP_PASSWORD": "smtp secret",
}


@dataclass
class Council:
    """A council's own folder, ready to be spoilt."""

    home: Path
    environ: dict[str, str]

    @property
    def config(self) -> Path:
        return self.home / "config"

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.config / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        with (self.config / file).open("a", encoding="utf-8") as opened:
            opened.write(text)


@pytest.fixture
def council(tmp_path: Path) -> Council:
    shutil.copytree(resources.shipped() / "config", tmp_path / "config")
    return Council(tmp_path, dict(ENVIRON))


Spoil = Callable[[Council], None]
