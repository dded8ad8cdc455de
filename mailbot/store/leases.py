"""Who may work on something, by the database's own clock: a bot that dies loses its leases, not its work."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from mailbot.store.dialect import database_now, in_both
from mailbot.store.tables import JobRunRow, LeaseRow
from mailbot.store.tables.base import table_of

lease, job_run = table_of(LeaseRow), table_of(JobRunRow)
OWN = (lease.c.name == bindparam("its_name"), lease.c.holder == bindparam("its_holder"))


@in_both
def _take(insert: Any) -> Any:
    new = {"holder": bindparam("by"), "until": database_now("seconds")}
    put = insert(lease).values(name=bindparam("what"), **new)
    free = or_(lease.c.until <= database_now(), lease.c.holder == bindparam("by"))
    return put.on_conflict_do_update(index_elements=("name",), set_=new, where=free).returning(lease.c.name)


@in_both
def _once(insert: Any) -> Any:
    return insert(job_run).on_conflict_do_nothing().returning(job_run.c.job)


RENEW = update(lease).where(*OWN).values(until=database_now("seconds")).returning(lease.c.name)
RELEASE = delete(lease).where(*OWN)
RELEASE_ALL = delete(lease).where(lease.c.holder == bindparam("its_holder"))
HOLDERS = select(lease.c.holder).distinct()
HOLDER_OF = select(lease.c.holder).where(lease.c.name == bindparam("its_name"), lease.c.until > database_now())


class Leases:
    """Leases on mailboxes, outbox and jobs, each by one conditional statement. Belongs to one unit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, holder: str, for_: timedelta) -> bool:
        """Takes a lease that is free, has run out or is the holder's already; False while somebody else has it.

        A holder is one run of the bot: its name must be another for each process.
        """
        asked = {"what": name, "by": holder, "seconds": for_.total_seconds()}
        return self._connection.execute(_take(self._connection), asked).first() is not None

    def renew(self, name: str, holder: str, for_: timedelta) -> bool:
        """Prolongs the holder's lease from now on; False when somebody else has taken it in the meantime."""
        asked = {"its_name": name, "its_holder": holder, "seconds": for_.total_seconds()}
        return self._connection.execute(RENEW, asked).first() is not None

    def release(self, name: str, holder: str) -> None:
        """Gives a lease up; nothing happens where it is not the holder's."""
        self._connection.execute(RELEASE, {"its_name": name, "its_holder": holder})

    def release_all(self, holder: str) -> None:
        """Gives up every lease of a holder."""
        self._connection.execute(RELEASE_ALL, {"its_holder": holder})

    def holders(self) -> tuple[str, ...]:
        """Everybody who has a lease, run out or not."""
        return tuple(self._connection.execute(HOLDERS).scalars())

    def holder_of(self, name: str) -> str | None:
        """Who has the lease at this moment, None when nobody."""
        holder: str | None = self._connection.execute(HOLDER_OF, {"its_name": name}).scalar()
        return holder

    def once(self, job: str, on: date) -> bool:
        """Claims a job for a day (London's) for ever, with the unit; False where it was claimed before."""
        return self._connection.execute(_once(self._connection), {"job": job, "on_day": on}).first() is not None
