from datetime import timedelta

import pytest

from mailbot.transport.backoff import retry_after


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(-1, 0), (0, 0), (1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 300), (8, 300), (1_000_000, 300)],
)
def test_each_failure_doubles_the_wait_up_to_five_minutes(failures: int, seconds: int) -> None:
    assert retry_after(failures) == timedelta(seconds=seconds)
