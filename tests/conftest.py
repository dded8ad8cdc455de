"""What holds for all tests: none hushes the log of another, and a property takes as long as a busy machine needs."""

import logging

import pytest
from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def unhushed_log() -> None:
    """A rehearsal's command hushes the bot's log for its whole process, which ends with it; here others run on in it."""
    logging.getLogger("mailbot").setLevel(logging.NOTSET)
