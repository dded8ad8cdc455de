"""One story from its script to what it leaves behind, each with mailboxes, a bot and a database of its own."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mailbot.demo.gather import gather
from mailbot.demo.glance import Glance
from mailbot.demo.letters import ADDRESSES
from mailbot.demo.play import Play
from mailbot.demo.record import ActRecord
from mailbot.demo.script import Script, load_script
from mailbot.demo.servers import MailServers
from mailbot.demo.wiring import demo_app, demo_settings
from mailbot.settings import Settings
from mailbot.testing import FixedClock

STORIES = ("good_life", "gone_wrong", "weekend")


class Act(NamedTuple):
    """A story that was played."""

    script: Script
    settings: Settings
    record: ActRecord

    @property
    def mails(self) -> int:
        """How many mails the bot sent."""
        return sum(len(one.sent) for one in self.record.stories) + len(self.record.of_the_bot)


def perform(name: str, say: Callable[[str], None]) -> Act:
    """Plays the story of that name. Raises ``MailbotError``."""
    script = load_script(name)
    say(f"{script.title} ({script.begins:%A %d %B %Y} to {script.ends:%A %d %B %Y})")
    clock = FixedClock(script.begins)
    with MailServers(tuple(ADDRESSES.values())) as servers, tempfile.TemporaryDirectory(prefix="mailbot-") as scratch:
        database = Path(scratch) / "demo.db"
        settings = demo_settings(servers, database, script)
        app, witnesses = demo_app(settings, clock)
        glance = Glance(database)
        try:
            play = Play(script, app, clock, servers, glance, say)
            play.run()
            record = gather(app, servers, witnesses, play.arrived)
        finally:
            glance.close()
            app.close()
    return Act(script, settings, record)
