"""How long to leave a mail server alone after it failed."""

from datetime import timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=5)
"""A report at night is acknowledged within minutes of the server's return, so the wait stops growing here."""


def retry_after(failures: int) -> timedelta:
    """The wait before the next try after so many failures in a row: none, then 5 s doubled each time, at most 5 min."""
    if failures < 1:
        return timedelta(0)
    return min(FIRST * (1 << min(failures - 1, 16)), LONGEST)
