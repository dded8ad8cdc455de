import tomllib
from pathlib import Path

import pytest

from mailbot.parse.rules import FormRules

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def rules() -> FormRules:
    return FormRules.model_validate(tomllib.loads((ROOT / "config" / "form.toml").read_text(encoding="utf-8")))
