"""The double of ``ports.Reader``."""

from datetime import datetime

from mailbot.parse.reading import Reading
from mailbot.reader import ReadingRules, is_form, read


class InProcessReader:
    """A ``ports.Reader`` without a process of its own: for mail that a test wrote itself."""

    def __init__(self, rules: ReadingRules) -> None:
        self._rules = rules

    def read(self, content: bytes, received_at: datetime) -> Reading:
        return read(content, received_at, self._rules)

    def is_report_form(self, content: bytes) -> bool:
        return is_form(content, self._rules)

    def start(self) -> None:
        """It is always ready."""

    def close(self) -> None:
        """There is nothing to stop."""
