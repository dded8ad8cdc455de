"""The incidents that were read last, so that an unchanged one is neither opened nor put together again."""

from collections import OrderedDict
from threading import Lock

from mailbot.incident import Incident

MOST = 128


class Recent:
    """By id, an incident beside the sealed bytes that say the same. Shared by all units of a store, in any thread.

    No two sealings give the same bytes, and an incident's duties are only ever written with a new sealing of it, in one
    transaction. So whoever finds these very bytes in its row has found all of it unchanged, whoever else writes to the
    database, and whatever became of the transaction in which they were first seen.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[bytes, Incident]] = OrderedDict()
        self._lock = Lock()

    def keep(self, sealed: bytes, incident: Incident) -> None:
        """Keeps an incident in the place of what was known of it; the one not asked for longest makes room."""
        with self._lock:
            self._kept[incident.id] = (sealed, incident)
            self._kept.move_to_end(incident.id)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def find(self, incident_id: str, sealed: bytes) -> Incident | None:
        """The incident that these bytes say, None where others were seen last, or none."""
        with self._lock:
            known = self._kept.get(incident_id)
            if known is None or known[0] != sealed:
                return None
            self._kept.move_to_end(incident_id)
            return known[1]
