from collections.abc import Iterator

import pytest

from mailbot.press.typesetting import TypstPress
from tests.letters.letters import shipped_rules


@pytest.fixture(scope="session")
def press() -> Iterator[TypstPress]:
    """The real press with the shipped page."""
    made = TypstPress(shipped_rules().layout)
    yield made
    made.close()
