"""`mailbot run` on a real IMAP server, with the mail server played by a script."""

import signal
import time

from tests.e2e_servers.bot import ACKNOWLEDGED_WITHIN, STOPS_WITHIN, Bot, a_report, acknowledgements
from tests.house import IG_DESK, IT_DESK, SAM, report
from tests.servers.scripted_smtp import ScriptedSmtp, Step

BACKLOG = 40
LETTER = report("See you at lunch?", subject="Lunch", message_id="<lunch@mail.council.example>")


def await_acknowledgement(bot: Bot, smtp: ScriptedSmtp, number: int = 1, within: float = ACKNOWLEDGED_WITHIN) -> None:
    bot.wait_for(lambda: len(acknowledgements(smtp.accepted)) >= number, within, f"acknowledgement {number}")


def taken_in(bot: Bot) -> tuple[bytes, ...]:
    return bot.dovecot.contents(bot.user("ig"), '"Taken in"')


def copies(bot: Bot) -> int:
    return sum(len(one.originals) for one in bot.incidents())


def test_a_report_is_acknowledged_and_the_desk_told_when_it_arrives_at_a_running_bot(
    bot_on_either: Bot, smtp: ScriptedSmtp
) -> None:
    bot = bot_on_either
    with bot.running():
        uid = bot.deliver(a_report(1))
        await_acknowledgement(bot, smtp)
        bot.wait_for(lambda: smtp.accepted_for(IG_DESK), ACKNOWLEDGED_WITHIN, "the queue notice")
    (incident,) = bot.incidents()
    assert str(incident.reference) in str(acknowledgements(smtp.accepted)[0].message["Subject"])
    assert incident.originals[0].uid == uid
    assert bot.dovecot.flags(bot.user("ig"), uid) == frozenset()


def test_peoples_other_mail_is_left_unseen_and_unflagged_when_a_report_beside_it_is_taken_in(
    bot: Bot, smtp: ScriptedSmtp
) -> None:
    bot.extra = {"MAILBOT_MAILBOXES__IG__HANDLED": "flag", "MAILBOT_MAILBOXES__IG__HANDLED_TARGET": "Taken"}
    with bot.running():
        before, ours, after = (bot.deliver(content) for content in (LETTER, a_report(1), LETTER))
        await_acknowledgement(bot, smtp)
        bot.wait_for(lambda: bot.dovecot.flags(bot.user("ig"), ours), ACKNOWLEDGED_WITHIN, "the flag")
    assert bot.dovecot.flags(bot.user("ig"), ours) == {"Taken"}
    assert bot.dovecot.flags(bot.user("ig"), before) == bot.dovecot.flags(bot.user("ig"), after) == frozenset()
    assert len(bot.incidents()) == 1


def test_a_report_is_moved_only_after_it_is_recorded_when_moving_is_configured(bot: Bot, smtp: ScriptedSmtp) -> None:
    bot.extra = {"MAILBOT_MAILBOXES__IG__HANDLED": "move", "MAILBOT_MAILBOXES__IG__HANDLED_TARGET": "Taken in"}
    with bot.running():
        bot.deliver(LETTER)
        bot.deliver(a_report(1))
        bot.wait_for(lambda: taken_in(bot), ACKNOWLEDGED_WITHIN, "the move")
        await_acknowledgement(bot, smtp)
    assert [content.rstrip() for content in taken_in(bot)] == [a_report(1).rstrip()]
    assert [content.rstrip() for content in bot.dovecot.contents(bot.user("ig"))] == [LETTER.rstrip()]
    assert len(bot.incidents()) == 1


def test_one_incident_stands_when_the_same_report_reaches_both_desks_at_once(
    bot_on_either: Bot, smtp: ScriptedSmtp
) -> None:
    bot, pairs = bot_on_either, 8
    with bot.running():
        for number in range(pairs):
            for mailbox in ("it", "ig"):
                bot.deliver(b"Received: from gateway-%b\r\n" % mailbox.encode() + a_report(number), mailbox)
        bot.wait_for(lambda: copies(bot) >= 2 * pairs, ACKNOWLEDGED_WITHIN, "both copies of each report")
        await_acknowledgement(bot, smtp, pairs)
        bot.wait_for(lambda: smtp.accepted_for(IT_DESK), ACKNOWLEDGED_WITHIN, "the other desk's notice")
    assert len(bot.incidents()) == pairs
    assert len(acknowledgements(smtp.accepted)) == pairs


def test_the_bot_ends_cleanly_within_seconds_when_it_is_told_to_in_the_midst_of_a_backlog(
    bot: Bot, smtp: ScriptedSmtp
) -> None:
    bot.command("poll")
    for number in range(BACKLOG):
        bot.deliver(a_report(number))
    process = bot.start()
    bot.wait_for(lambda: len(bot.incidents()) >= 3, ACKNOWLEDGED_WITHIN, "the first reports")
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOPS_WITHIN) == 0, bot.log()
    assert time.monotonic() - begun < STOPS_WITHIN
    taken_in = len(bot.incidents())
    assert 3 <= taken_in < BACKLOG
    assert "Traceback" not in bot.log()
    claimed = [row for row in bot.outbox() if row.state == "claimed"]
    assert claimed == []
    with bot.running():
        await_acknowledgement(bot, smtp, BACKLOG, within=60)
    assert (
        len(bot.incidents()) == len({one.message["Message-ID"] for one in acknowledgements(smtp.accepted)}) == BACKLOG
    )


def test_a_stop_does_not_wait_for_a_mail_server_that_says_nothing(bot: Bot, smtp: ScriptedSmtp) -> None:
    smtp.add(Step("dot", stall=True))
    with bot.running() as process:
        bot.deliver(a_report(1))
        bot.wait_for(lambda: any(row.frozen for row in bot.outbox()), ACKNOWLEDGED_WITHIN, "the first mail on its way")
        assert process.poll() is None


def test_nobody_is_written_to_twice_when_the_bot_runs_again_after_a_clean_stop(bot: Bot, smtp: ScriptedSmtp) -> None:
    for _ in range(2):
        with bot.running():
            if not bot.incidents():
                bot.deliver(a_report(1))
            bot.wait_for(
                lambda: bot.outbox() and all(row.sent_at for row in bot.outbox() if not row.email.not_before),
                ACKNOWLEDGED_WITHIN,
                "all mail sent",
            )
    ids = [one.message["Message-ID"] for one in smtp.accepted]
    assert len(ids) == len(set(ids))
    assert len(acknowledgements(smtp.accepted, SAM)) == 1
