"""Who may work on something, by the database's own clock: a bot that dies loses its leases, not its work."""

from datetime import date, timedelta

from sqlmodel import Session, col, delete, or_, select, update

from mailbot.store.dialect import database_now, insert_into
from mailbot.store.tables import JobRunRow, LeaseRow


class Leases:
    """Leases on mailboxes, outbox and jobs, each by one conditional statement. Belongs to one unit."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, name: str, holder: str, for_: timedelta) -> bool:
        """Takes a lease that is free, has run out or is the holder's already; False while somebody else has it.

        A holder is one run of the bot: its name must be another for each process.
        """
        insert = insert_into(self._session, LeaseRow).values(name=name, holder=holder, until=database_now(for_))
        free = or_(col(LeaseRow.until) <= database_now(), col(LeaseRow.holder) == holder)
        taken = insert.on_conflict_do_update(
            index_elements=("name",), set_={"holder": holder, "until": database_now(for_)}, where=free
        )
        return self._session.execute(taken.returning(LeaseRow.name)).first() is not None

    def renew(self, name: str, holder: str, for_: timedelta) -> bool:
        """Prolongs the holder's lease from now on; False when somebody else has taken it in the meantime."""
        own = (col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
        statement = update(LeaseRow).where(*own).values(until=database_now(for_)).returning(col(LeaseRow.name))
        return self._session.execute(statement, execution_options=UNSYNCHRONISED).first() is not None

    def release(self, name: str, holder: str) -> None:
        """Gives a lease up; nothing happens where it is not the holder's."""
        own = (col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
        self._session.execute(delete(LeaseRow).where(*own), execution_options=UNSYNCHRONISED)

    def release_all(self, holder: str) -> None:
        """Gives up every lease of a holder."""
        self._session.execute(delete(LeaseRow).where(col(LeaseRow.holder) == holder), execution_options=UNSYNCHRONISED)

    def holders(self) -> tuple[str, ...]:
        """Everybody who has a lease, run out or not."""
        return tuple(self._session.exec(select(LeaseRow.holder).distinct()))

    def holder_of(self, name: str) -> str | None:
        """Who has the lease at this moment, None when nobody."""
        query = select(LeaseRow.holder).where(LeaseRow.name == name, col(LeaseRow.until) > database_now())
        return self._session.exec(query).first()

    def once(self, job: str, on: date) -> bool:
        """Claims a job for a day (London's) for ever, with the unit; False where it was claimed before."""
        insert = insert_into(self._session, JobRunRow).values(job=job, on_day=on).on_conflict_do_nothing()
        return self._session.execute(insert.returning(JobRunRow.job)).first() is not None


# Rows of leases are never kept as objects: there is nothing in memory to bring up to date.
UNSYNCHRONISED = {"synchronize_session": False}
