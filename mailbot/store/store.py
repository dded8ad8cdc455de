"""The store: what outlives the process. Opens units of work on one database and turns its failures into ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import URL, Connection, Engine, func, select

from mailbot.errors import StoreError
from mailbot.store.cipher import Cipher, Keys, random_salt
from mailbot.store.engine import make_engine, read_url, reading_engine
from mailbot.store.failures import failures_explained
from mailbot.store.migrate import code_revision, database_revision, upgrade
from mailbot.store.recent import Recent
from mailbot.store.reseal import reseal
from mailbot.store.tables import EmailRow, IncidentRow, Table
from mailbot.store.tables.base import table_of
from mailbot.store.unit import Unit

REHEARSAL = "rehearsal"


class Store:
    """One database, SQLite or PostgreSQL, used by any number of threads, each in units of its own."""

    def __init__(self, url: URL, engine: Engine, cipher: Cipher) -> None:
        self._url = url
        self._engine = engine
        self._reading_engine = reading_engine(engine)
        self._cipher = cipher
        self._recent = Recent()

    @classmethod
    def connect(
        cls, url: str, keys: Keys, new_salt: Callable[[], bytes] = random_salt, *, durable: bool = True
    ) -> "Store":
        """The store behind a URL (``sqlite:///file`` or ``postgresql://…``); the first unit opens the connection.

        Only a rehearsal that must come out alike in each run brings a ``new_salt`` of its own, and only one that is
        thrown away is not ``durable``: its file may be lost in a power cut.
        Raises ``StoreError`` where the URL names neither, or the driver or the file cannot be used.
        """
        parsed = read_url(url)
        return cls(parsed, make_engine(parsed, durable=durable), Cipher(keys, new_salt))

    def migrate(self) -> str:
        """Brings the tables to the revision that the code expects and says which; nothing happens when they are."""
        with failures_explained():
            return upgrade(self._url)

    def revision(self) -> tuple[str | None, str]:
        """The database's revision, None where it was never migrated, and the code's."""
        with failures_explained(), self._reading_engine.connect() as connection:
            return database_revision(connection), code_revision()

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """One transaction: committed at the end, undone when an exception leaves it.

        Raises ``ConflictError`` where another bot wrote the same in the meantime (nothing was stored: read again
        and decide again), ``StoreError`` where the database refused or could not be reached.
        """
        with failures_explained(), self._engine.begin() as connection:
            yield Unit(connection, self._cipher, self._recent)

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """The store as it stands at one moment, for looking only: whatever were changed is undone at the end."""
        with failures_explained(), self._reading_engine.connect() as connection:
            yield Unit(connection, self._cipher, self._recent)
            connection.rollback()

    def reseal(self) -> Iterator[int]:
        """Seals everything again with the newest key; yields the number of rows done, some at a time.

        When it has come to its end, the older keys may be taken out of the configuration.
        """
        with failures_explained():
            yield from reseal(self._engine.begin, self._cipher)

    def mark_rehearsal(self, now: datetime) -> None:
        """Marks an empty store as a rehearsal's, for good; raises ``StoreError`` where real work stands in it."""
        with failures_explained(), self._engine.begin() as connection:
            unit = Unit(connection, self._cipher, self._recent)
            if unit.marks.get(REHEARSAL):
                return
            if any(_holds_rows(connection, one) for one in (IncidentRow, EmailRow)):
                raise StoreError("this store holds incidents already: rehearse in an empty one")
            unit.marks.put(REHEARSAL, "yes", now)

    def is_rehearsal(self) -> bool:
        """Whether time may be set in this store (``--now``): it was marked before anything stood in it."""
        with self.reading() as unit:
            return unit.marks.get(REHEARSAL) is not None

    def close(self) -> None:
        """Lets go of all connections."""
        self._engine.dispose()


def _holds_rows(connection: Connection, row: type[Table]) -> bool:
    return bool(connection.execute(select(func.count()).select_from(table_of(row))).scalar_one())
