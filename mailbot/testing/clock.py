"""Time and identifiers that a test or the demo decides."""

from datetime import UTC, datetime, timedelta


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = self._in_utc(at)

    def now(self) -> datetime:
        """The moment it was last set to, aware, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Moves to a moment, back or forth; raises ``ValueError`` for a naive one."""
        self._at = self._in_utc(at)

    def pass_by(self, length: timedelta) -> None:
        """Lets a length of time go by."""
        self._at += length

    @staticmethod
    def _in_utc(at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("a moment without a time zone is no moment")
        return at.astimezone(UTC)


class CountingIds:
    """Identifiers 1, 2, 3…: the same in each run."""

    def __init__(self, last: int = 0) -> None:
        self._last = last

    def new(self) -> str:
        """The next number as 32 lower-case hexadecimal digits."""
        self._last += 1
        return f"{self._last:032x}"
