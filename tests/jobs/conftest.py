"""The same bots as in tests/e2e."""

from tests.e2e.conftest import after_a_report, another_bot, house, new_house, reported, shipped

__all__ = ["after_a_report", "another_bot", "house", "new_house", "reported", "shipped"]
