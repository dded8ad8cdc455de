"""After a crash: what died holding a lease or a claim is not waited for."""

import logging

from mailbot.app import App
from mailbot.holder import is_over

log = logging.getLogger(__name__)


def take_over(app: App) -> int:
    """Frees what runs of the bot that ended on this machine still hold; returns how many they were.

    Without it a killed bot, started again, would leave its mailbox alone until the old lease runs out, and the mail it
    was sending for longer. What was frozen goes out with the same bytes and Message-ID.
    """
    with app.store.reading() as unit:
        over = [one for one in {*unit.leases.holders(), *unit.outbox.claimants()} if is_over(one)]
    for holder in over:
        log.info("an earlier run ended in the midst of its work; it is taken up again")
        with app.store.unit() as unit:
            unit.leases.release_all(holder)
            unit.outbox.forfeit(holder, app.clock.now())
    return len(over)
