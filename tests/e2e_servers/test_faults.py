"""Servers that fail while the bot runs: it goes on by itself, and nothing is lost or done twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.store import OutboxState
from tests.e2e_servers.bot import ACKNOWLEDGED_WITHIN, Bot, a_report, acknowledgements, away, make_bot
from tests.house import SAM
from tests.servers.dovecot import Dovecot
from tests.servers.scripted_smtp import ScriptedSmtp, Step


def await_acknowledgements(bot: Bot, smtp: ScriptedSmtp, number: int = 1, within: float = ACKNOWLEDGED_WITHIN) -> None:
    bot.wait_for(lambda: len(acknowledgements(smtp.accepted)) >= number, within, f"acknowledgement {number}")


def to_sam(bot: Bot) -> list[OutboxState]:
    return [row.state for row in bot.outbox() if row.email.recipient == SAM]


@contextmanager
def hurried(bot: Bot) -> Iterator[None]:
    """Whatever waits for its next try has waited long enough at the end."""
    yield
    with bot.store() as store, store.unit() as unit:
        for row in unit.outbox.list(OutboxState.WAITING):
            unit.outbox.hold(row.email.id, "the test turns the clock on")
            unit.outbox.release(row.email.id)


@pytest.mark.parametrize(
    "step",
    [
        Step("rcpt", reply="451 4.3.0 Not now", to=SAM, times=1),
        Step("dot", hang_up=True, to=SAM, times=1),
        Step("dot", stall=True, to=SAM, times=1),
    ],
    ids=["refuses for now", "hangs up", "stalls"],
)
def test_the_acknowledgement_goes_out_in_the_end_when_the_mail_server_fails_at_first(
    step: Step, bot: Bot, smtp: ScriptedSmtp
) -> None:
    smtp.add(step)
    with bot.running():
        with hurried(bot):
            bot.deliver(a_report(1))
            tried = lambda: any(row.tries and row.state == "waiting" for row in bot.outbox())  # noqa: E731
            bot.wait_for(tried, ACKNOWLEDGED_WITHIN, "the first try")
            assert acknowledgements(smtp.accepted) == []
        await_acknowledgements(bot, smtp)
    assert len(acknowledgements(smtp.accepted)) == 1


def test_the_bot_takes_reports_in_while_the_mail_server_cannot_be_reached(tmp_path: Path, dovecot: Dovecot) -> None:
    with ScriptedSmtp() as gone:
        bot = make_bot(tmp_path, dovecot, gone)
    with bot.running():
        bot.deliver(a_report(1))
        bot.wait_for(bot.incidents, ACKNOWLEDGED_WITHIN, "the incident")
        bot.wait_for(lambda: any(row.tries for row in bot.outbox()), ACKNOWLEDGED_WITHIN, "a try")
    assert to_sam(bot) == [OutboxState.WAITING]


def test_one_refused_address_holds_up_no_other_mail_and_is_told_to_a_person(bot: Bot, smtp: ScriptedSmtp) -> None:
    smtp.add(Step("rcpt", reply="550 5.1.1 No such user", to=SAM))
    with bot.running():
        bot.deliver(a_report(1))
        bot.wait_for(lambda: OutboxState.GIVEN_UP in to_sam(bot), ACKNOWLEDGED_WITHIN, "giving up")
        told = lambda: [row for row in bot.outbox() if row.email.template == "alarm" and row.sent_at]  # noqa: E731
        bot.wait_for(told, ACKNOWLEDGED_WITHIN, "the alarm")
    assert len(smtp.accepted) > 1


def test_reports_are_taken_in_again_when_the_mailbox_server_comes_back(
    tmp_path: Path, mortal_dovecot: Dovecot, smtp: ScriptedSmtp
) -> None:
    bot = make_bot(tmp_path, mortal_dovecot, smtp, schedule__poll_seconds="2")
    with bot.running():
        bot.deliver(a_report(1))
        await_acknowledgements(bot, smtp)
        with away(mortal_dovecot):
            failing = lambda: "connect" in bot.log()  # noqa: E731 -- asked again and again
            bot.wait_for(failing, ACKNOWLEDGED_WITHIN, "a poll that fails")
        bot.deliver(a_report(2))
        await_acknowledgements(bot, smtp, 2, within=30)
        bot.await_poll()
    assert len(bot.incidents()) == len(acknowledgements(smtp.accepted)) == 2


def test_a_known_report_opens_nothing_new_when_its_folder_is_made_anew_while_the_bot_runs(
    bot: Bot, smtp: ScriptedSmtp
) -> None:
    bot.environ["MAILBOT_MAILBOXES__IG__FOLDERS"] = "INBOX,Reports"
    bot.environ["MAILBOT_SCHEDULE__POLL_SECONDS"] = "1"
    with bot.dovecot.session(bot.user("ig")) as connection:
        connection.create("Reports")
    with bot.running():
        arrived = datetime.now(UTC)
        bot.dovecot.deliver(bot.user("ig"), a_report(1), arrived, "Reports")
        await_acknowledgements(bot, smtp)
        bot.dovecot.make_anew(bot.user("ig"), "Reports")
        bot.dovecot.deliver(bot.user("ig"), a_report(1), arrived, "Reports")
        bot.dovecot.deliver(bot.user("ig"), a_report(2), datetime.now(UTC), "Reports")
        await_acknowledgements(bot, smtp, 2)
        bot.await_poll()
    assert len(bot.incidents()) == len(acknowledgements(smtp.accepted)) == 2


def test_the_bot_looks_at_its_interval_when_the_mailbox_may_not_be_watched(bot: Bot, smtp: ScriptedSmtp) -> None:
    for name in ("IT", "IG", "BOT"):
        bot.environ[f"MAILBOT_MAILBOXES__{name}__IDLE"] = "false"
    bot.environ["MAILBOT_SCHEDULE__POLL_SECONDS"] = "1"
    with bot.running():
        bot.deliver(a_report(1))
        await_acknowledgements(bot, smtp)


def test_one_incident_stands_when_two_bots_on_one_database_watch_the_same_mailboxes(
    bot_on_either: Bot, smtp: ScriptedSmtp
) -> None:
    bot, number = bot_on_either, 6
    bot.environ["MAILBOT_SCHEDULE__POLL_SECONDS"] = "1"
    with bot.running(), bot.running():
        for one in range(number):
            bot.deliver(a_report(one))
        await_acknowledgements(bot, smtp, number)
        bot.await_poll()
        sent = lambda: all(row.sent_at for row in bot.outbox() if not row.email.not_before)  # noqa: E731
        bot.wait_for(sent, ACKNOWLEDGED_WITHIN, "an empty outbox")
    assert len(bot.incidents()) == number
    ids = [one.message["Message-ID"] for one in smtp.accepted]
    assert len(ids) == len(set(ids))
    assert len(acknowledgements(smtp.accepted)) == number
