"""Doing the same in several threads at once, or failing half-way: for the tests of what must happen once and whole."""

import threading
from collections.abc import Callable, Sequence

from mailbot.store import Store


class CrashError(Exception):
    """Stands for whatever may happen in the middle of a unit."""


def crash() -> None:
    raise CrashError


def run_each(work: Callable[[Store], object], stores: Sequence[Store]) -> None:
    failures: list[BaseException] = []

    def guarded(store: Store) -> None:
        try:
            work(store)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
