"""Kill -9 at whatever moment: nothing is lost, no incident is doubled, and no mail changes its Message-ID."""

import random
import signal
import time
from functools import partial

import pytest

from tests.e2e_servers.bot import ACKNOWLEDGED_WITHIN, Bot, a_report, acknowledgements
from tests.house import SAM
from tests.servers.scripted_smtp import ScriptedSmtp, Step

REPORTS = 12
KILLS = 6
SEED = 72


@pytest.mark.timeout(300)
def test_every_report_is_one_incident_and_acknowledged_when_the_bot_is_killed_again_and_again(
    bot_on_either: Bot, smtp: ScriptedSmtp
) -> None:
    bot, chance = bot_on_either, random.Random(SEED)
    bot.extra = {"MAILBOT_MAILBOXES__IG__HANDLED": "move", "MAILBOT_MAILBOXES__IG__HANDLED_TARGET": "Taken"}
    bot.command("poll")
    waiting = [a_report(number) for number in range(REPORTS)]
    for number in range(1, KILLS + 1):
        process = bot.start()
        for content in (waiting.pop() for _ in range(min(2, len(waiting)))):
            bot.deliver(content)
        bot.wait_for(partial(has_started, bot, number), ACKNOWLEDGED_WITHIN, f"start {number}")
        # A second in which reading, recording, filing and sending all fall.
        time.sleep(chance.uniform(0.05, 1.0))
        process.kill()
        assert process.wait() == -signal.SIGKILL, bot.log()
    with bot.running():
        bot.wait_for(lambda: len(message_ids(smtp)) >= REPORTS, 90, "every acknowledgement")
        bot.wait_for(lambda: not on_the_way(bot), 30, "an empty outbox")
        bot.wait_for(lambda: not bot.dovecot.contents(bot.user("ig")), 30, "an empty inbox")
    assert "taken up again" in (bot.folder / "log").read_text(), "no kill came in the midst of work"
    incidents = bot.incidents()
    assert len(incidents) == len({one.originals[0].uid for one in incidents}) == REPORTS
    assert len(message_ids(smtp)) == REPORTS
    assert len(bot.dovecot.contents(bot.user("ig"), "Taken")) == REPORTS
    assert {row.frozen.message_id for row in bot.outbox() if row.frozen} == {
        one.message["Message-ID"] for one in smtp.accepted
    }


def test_the_same_mail_is_sent_again_when_the_bot_dies_before_it_hears_that_it_was_accepted(
    bot: Bot, smtp: ScriptedSmtp
) -> None:
    bot.command("poll")
    bot.deliver(a_report(1))
    smtp.add(Step("accepted", stall=True, times=1, to=SAM))
    process = bot.start()
    bot.wait_for(lambda: acknowledgements(smtp.accepted), ACKNOWLEDGED_WITHIN, "the acknowledgement's acceptance")
    process.kill()
    process.wait()
    with bot.running():
        bot.wait_for(lambda: len(acknowledgements(smtp.accepted)) == 2, ACKNOWLEDGED_WITHIN, "the second try")
    first, second = acknowledgements(smtp.accepted)
    assert first.content == second.content


def has_started(bot: Bot, times: int) -> bool:
    return (bot.folder / "log").read_text().count("mailbot runs") == times


def message_ids(smtp: ScriptedSmtp) -> set[str]:
    return {str(one.message["Message-ID"]) for one in acknowledgements(smtp.accepted)}


def on_the_way(bot: Bot) -> list[str]:
    return [
        row.email.template for row in bot.outbox() if row.state in {"waiting", "claimed"} and not row.email.not_before
    ]
