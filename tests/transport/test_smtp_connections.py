"""Connections of the sender: reused, replaced when they have died, shared out among messages and threads."""

import asyncio
import threading

import pytest

from mailbot.mail import Outcome
from mailbot.transport.smtp import SmtpAccess, SmtpSender
from mailbot.transport.smtp_connection import REST_AT_MOST
from tests.servers.scripted_smtp import ScriptedSmtp, Step, an_email
from tests.transport.sending import sending_to


def test_connections_are_reused_when_many_messages_go_out() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=3) as sender:
        sender.send([an_email(number=number) for number in range(20)])
        sender.send([an_email(number=number) for number in range(20, 40)])

        assert len(server.accepted) == 40
        assert server.connections == 3
        assert server.most_at_once == 3


def test_one_connection_serves_one_message_after_the_other_in_their_order() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=1) as sender:
        sender.send([an_email(number=number) for number in range(5)])

        assert [one.message["Subject"] for one in server.accepted] == [f"Test {number}" for number in range(5)]


def test_no_further_connection_is_opened_when_one_rests_and_one_message_waits() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=3) as sender:
        for number in range(4):
            sender.send([an_email(number=number)])

        assert server.connections == 1


def test_each_message_goes_to_its_one_recipient_only() -> None:
    with ScriptedSmtp() as server, sending_to(server) as sender:
        sender.send([an_email(f"person{number}@council.example") for number in range(6)])

        assert all(len(one.recipients) == 1 for one in server.accepted)
        assert server.verbs(1).count("RCPT") == server.verbs(1).count("MAIL")


def test_a_resting_connection_is_replaced_without_a_word_when_the_server_hung_up() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=1) as sender:
        sender.send([an_email(number=1)])
        server.hang_up_all(b"421 4.4.2 Resting too long\r\n")
        (answer,) = sender.send([an_email(number=2)])

        assert answer.outcome is Outcome.ACCEPTED
        assert [one.message["Subject"] for one in server.accepted] == ["Test 1", "Test 2"]
        assert server.connections == 2


def test_a_connection_is_replaced_when_it_rested_too_long() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=1) as sender:
        sender.send([an_email(number=1)])
        sender._connections[0]._rested_since -= REST_AT_MOST
        sender.send([an_email(number=2)])

        assert server.connections == 2
        assert server.verbs(1)[-1] == "QUIT"


def test_a_server_that_knows_only_helo_is_greeted_the_old_way() -> None:
    with ScriptedSmtp(Step("ehlo", reply="502 5.5.1 Command not known")) as server, sending_to(server) as sender:
        (answer,) = sender.send([an_email()])

        assert answer.outcome is Outcome.ACCEPTED
        assert server.verbs(1)[:3] == ("EHLO", "HELO", "MAIL")


def test_all_messages_go_out_when_the_server_takes_only_two_on_one_connection() -> None:
    with ScriptedSmtp(messages_per_connection=2) as server, sending_to(server, connections=1) as sender:
        answers = sender.send([an_email(number=number) for number in range(7)])

        assert {one.outcome for one in answers} == {Outcome.ACCEPTED}
        assert len(server.accepted) == 7
        assert server.connections == 4


def test_all_messages_go_out_when_the_server_allows_fewer_connections_than_configured() -> None:
    with ScriptedSmtp(connections_at_most=1) as server, sending_to(server, connections=3) as sender:
        answers = sender.send([an_email(number=number) for number in range(6)])

        assert [one.outcome for one in answers] == [Outcome.ACCEPTED] * 6


def test_a_fresh_connection_that_breaks_is_not_tried_again_at_once() -> None:
    with ScriptedSmtp(Step("mail", hang_up=True)) as server, sending_to(server, connections=1) as sender:
        (answer,) = sender.send([an_email()])

        assert (answer.outcome, answer.code) == (Outcome.TEMPORARY, 0)
        assert server.connections == 1


def test_threads_take_turns_when_several_send() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=2) as sender:
        threads = [
            threading.Thread(target=sender.send, args=([an_email(number=10 * one + two) for two in range(5)],))
            for one in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len({one.message["Subject"] for one in server.accepted}) == 20
        assert server.most_at_once <= 2


def test_closing_harms_nothing_when_the_server_is_already_gone() -> None:
    with ScriptedSmtp() as server:
        sender = SmtpSender(SmtpAccess(host="127.0.0.1", port=server.port, security="plain"))
        sender.send([an_email()])
    sender.close()
    sender.close()


def test_an_interrupted_message_takes_its_connection_along() -> None:
    with ScriptedSmtp(Step("rcpt", stall=True, times=1, after=1)) as server, sending_to(server) as sender:
        sender.send([an_email(number=1)])
        assert sender._runner is not None
        loop = sender._runner.get_loop()
        loop.call_later(0.1, lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        with pytest.raises(asyncio.CancelledError):
            sender.send([an_email(number=2)])
        (answer,) = sender.send([an_email(number=3)])

        assert answer.outcome is Outcome.ACCEPTED
        assert [one.message["Subject"] for one in server.accepted] == ["Test 1", "Test 3"]
