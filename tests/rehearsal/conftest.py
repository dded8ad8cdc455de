"""One small rehearsal over Christmas, played once for all its tests, and what it left."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from mailbot import resources
from mailbot.rehearsal import Outcome, Plan, rehearse
from mailbot.settings import Settings, load_settings

CHRISTMAS = Plan(incidents=2, days=14, seed=3, begins=datetime(2026, 12, 21, tzinfo=UTC))


class Rehearsed(NamedTuple):
    outcome: Outcome
    folder: Path


@pytest.fixture(scope="session")
def shipped() -> Settings:
    return load_settings(resources.shipped() / "config", {}, need_secrets=False)


@pytest.fixture(scope="session")
def rehearsed(shipped: Settings, tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    folder = tmp_path_factory.mktemp("rehearsed")
    return Rehearsed(rehearse(shipped, CHRISTMAS, keep=folder), folder)
