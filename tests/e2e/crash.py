"""Kills a bot between any two steps: its process ends, whatever it had not committed is lost, nothing is cleaned up."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from mailbot.app import App
from mailbot.ports import Mailbox
from mailbot.store import Store, Unit
from mailbot.store.engine import make_engine, read_url
from mailbot.testing import InMemoryMailbox


class Crash(BaseException):
    """The process ends here; no handler of the bot's may stop that."""


class Fuse:
    """Counts the steps between which a process may end, and ends it at the chosen one; from then on it does nothing."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.passed: list[str] = []

    @property
    def has_blown(self) -> bool:
        return len(self.passed) >= self._at

    def point(self, name: str) -> None:
        if not self.has_blown:
            self.passed.append(name)
        if self.has_blown:
            raise Crash(name)


class CrashingStore:
    """A store whose process may end before a commit and after it."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        with self._store.unit() as unit:
            yield unit
            self._fuse.point("before a commit")
        self._fuse.point("after a commit")

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        if self._fuse.has_blown:
            raise Crash("reading")
        with self._store.reading() as unit:
            yield unit

    def close(self) -> None:
        self._store.close()


class Crashing:
    """Any port whose process may end before a call and after it."""

    def __init__(self, port: object, fuse: Fuse, calls: tuple[str, ...]) -> None:
        self.port = port
        self._fuse = fuse
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.port, name)
        return self._watched(name, found) if name in self._calls else found

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any) -> Any:
            self._fuse.point(f"before {name}")
            answer = call(*arguments)
            self._fuse.point(f"after {name}")
            return answer

        return watched


def with_fuse(app: App, at: int) -> Fuse:
    """Puts a fuse into a bot: everything that leaves its memory passes by it."""
    fuse = Fuse(at)
    app.store = CrashingStore(app.store, fuse)  # type: ignore[assignment]
    app.mailboxes = {name: Crashing(one, fuse, ("fetch", "file")) for name, one in app.mailboxes.items()}
    app.sender = Crashing(app.sender, fuse, ("send",))
    return fuse


def without_fuse(mailboxes: Mapping[str, Mailbox]) -> dict[str, InMemoryMailbox]:
    """The mailboxes themselves, which outlive the bot that looked into them."""
    found = {name: one.port for name, one in mailboxes.items() if isinstance(one, Crashing)}
    return {name: one for name, one in found.items() if isinstance(one, InMemoryMailbox)}


def messages_kept(url: str) -> int:
    """How many messages lie in a database that were fetched and are not taken over by their email."""
    with make_engine(read_url(url), migrating=True).connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM kept")).scalar_one())


def let_leases_run_out(store: Store) -> None:
    """The database's clock moves on until whoever died holds nothing any more."""
    with store.unit() as unit:
        holders = {name: unit.leases.holder_of(name) for name in ("mailbox:it", "mailbox:ig", "mailbox:bot")}
        for name, holder in holders.items():
            if holder:
                unit.leases.release(name, holder)


SENDERS_LEASE = timedelta(minutes=11)
"""Longer than a claim on the outbox lasts."""
