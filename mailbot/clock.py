"""Where time comes from: the one place of the package that asks the machine for it."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's own clock. Its double, ``FixedClock``, is shipped in ``mailbot.testing``."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)
