"""Where a look into one folder begins: at the cursor, at the first look, or again after a change of UIDVALIDITY."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailbot.app import App
from mailbot.mail import MessageHead
from mailbot.ports import Mailbox
from mailbot.store.values import Cursor, LedgerEntry, LedgerOutcome

LOOK_BACK = timedelta(days=14)
"""How far back a first look searches for reports that lie there already: they are shown to IG, never answered."""

SLACK = timedelta(days=1)
"""IMAP's SINCE knows days of the server's own time zone; one more day loses nothing."""


@dataclass(frozen=True)
class Folder:
    """One folder about to be looked into: its mailbox, its cursor and from which day its messages matter.

    ``new_above`` is the number above which a message was never seen under this UIDVALIDITY: those matter whatever day
    they carry, for one that is dragged in from another account keeps its old date of arrival. ``uidnext`` is the
    number that the server will give to the next message, as it said when the folder was opened.
    """

    mailbox: Mailbox
    name: str
    is_own: bool
    cursor: Cursor
    received_since: datetime | None
    new_above: int
    uidnext: int

    def batches(self, size: int) -> Iterator[tuple[int, ...]]:
        """The UIDs above the cursor, ascending, so many at a time."""
        uids = self.mailbox.uids(self.name, self.cursor.last_uid, self.received_since)
        if self.received_since:
            uids = tuple(sorted({*uids, *self.mailbox.uids(self.name, self.new_above)}))
        for first in range(0, len(uids), size):
            yield uids[first : first + size]

    def advanced_to(self, app: App, uid: int) -> "Folder":
        """The same folder with its cursor moved on and stored."""
        cursor = self.cursor.but(last_uid=max(uid, self.cursor.last_uid))
        with app.store.unit() as unit:
            unit.ledger.put_cursor(cursor)
        return replace(self, cursor=cursor)

    def looked_through(self, app: App) -> "Folder":
        """The same folder when all its batches are done: what a search by date left out is not looked at later either."""
        return self.advanced_to(app, self.uidnext - 1) if self.received_since else self

    def is_before_watch(self, head: MessageHead) -> bool:
        """Whether a message lay there before the bot began to watch: looked at, not answered."""
        return self.cursor.is_before_watch(head.key.uid, head.received_at)

    def reopens(self, entry: LedgerEntry) -> bool:
        """Whether a message already in the ledger is looked at once more: the operator moved the watch back."""
        return entry.outcome is LedgerOutcome.BEFORE_WATCH and entry.received_at >= self.cursor.watched_from


def start(app: App, mailbox_name: str, folder_name: str, since: datetime | None) -> Folder:
    """Opens a folder and settles its cursor.

    - first look: what lies there is only looked at; the watch begins now, or at ``since`` when the operator says so;
    - the server's UIDVALIDITY changed: every message is looked at again, known ones are recognised by their digest;
    - ``since`` on a folder already watched: the watch moves back to it.
    """
    mailbox = app.mailboxes[mailbox_name]
    state = mailbox.open(folder_name)
    # Servers say to the second when a message arrived: one of this very second is not before the watch.
    now = app.clock.now().replace(microsecond=0)
    with app.store.unit() as unit:
        stored = unit.ledger.cursor(mailbox_name, folder_name)
        fresh = Cursor(
            mailbox=mailbox_name,
            folder=folder_name,
            uidvalidity=state.uidvalidity,
            last_uid=0,
            watched_from=since or now,
            first_uidnext=state.uidnext,
        )
        cursor, received_since = _settle(stored, fresh, since)
        if cursor != stored:
            unit.ledger.put_cursor(cursor)
    is_own = app.settings.mailbox(mailbox_name).desk is None
    is_same = stored is not None and stored.uidvalidity == state.uidvalidity
    new_above = stored.last_uid if stored is not None and is_same else state.uidnext - 1
    return Folder(mailbox, folder_name, is_own, cursor, received_since, new_above, state.uidnext)


def _settle(stored: Cursor | None, fresh: Cursor, since: datetime | None) -> tuple[Cursor, datetime | None]:
    """The cursor to go on from, and from which day messages matter (None: all above the cursor)."""
    if stored is None:
        return fresh, (since - SLACK if since else fresh.watched_from - LOOK_BACK)
    if since is not None:
        settled = fresh.but(watched_from=min(since, stored.watched_from))
        is_same = stored.uidvalidity == fresh.uidvalidity
        return settled.but(first_uidnext=stored.first_uidnext) if is_same else settled, since - SLACK
    if stored.uidvalidity != fresh.uidvalidity:
        return fresh.but(watched_from=stored.watched_from), stored.watched_from - SLACK
    return stored, None
