"""A mail server that refuses, stalls and hangs up: every fault is an answer, and the next message goes through."""

import pytest

from mailbot.mail import Outcome
from tests.servers.scripted_smtp import OFFERS, ScriptedSmtp, Step, an_email
from tests.transport.sending import SHORT, sending_to


@pytest.mark.parametrize("moment", ["connect", "ehlo", "mail", "rcpt", "data", "body", "dot", "accepted"])
def test_a_hang_up_is_temporary_and_the_next_message_goes_through_when_it_happens_at(moment: str) -> None:
    with ScriptedSmtp(Step(moment, hang_up=True, times=1)) as server, sending_to(server, connections=1) as sender:
        (broken,) = sender.send([an_email(number=1)])
        (whole,) = sender.send([an_email(number=2)])

        assert (broken.outcome, broken.code) == (Outcome.TEMPORARY, 0)
        assert whole.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("moment", ["connect", "ehlo", "mail", "rcpt", "data", "dot", "accepted"])
def test_a_stall_is_temporary_and_the_next_message_goes_through_when_it_happens_at(moment: str) -> None:
    with (
        ScriptedSmtp(Step(moment, stall=True, times=1)) as server,
        sending_to(server, connections=1, answer_within=SHORT) as sender,
    ):
        (stalled,) = sender.send([an_email(number=1)])
        (whole,) = sender.send([an_email(number=2)])

        assert (stalled.outcome, stalled.code) == (Outcome.TEMPORARY, 0)
        assert "no answer in time" in stalled.text
        assert whole.outcome is Outcome.ACCEPTED


def test_the_message_is_sent_once_and_called_doubtful_when_only_its_confirmation_is_lost() -> None:
    lost = Step("accepted", hang_up=True, times=1, after=1)
    with ScriptedSmtp(lost) as server, sending_to(server, connections=1) as sender:
        answers = sender.send([an_email(number=number) for number in range(3)])

        assert [one.outcome for one in answers] == [Outcome.ACCEPTED, Outcome.TEMPORARY, Outcome.ACCEPTED]
        assert "may have arrived" in answers[1].text
        assert [one.message["Subject"] for one in server.accepted] == ["Test 0", "Test 1", "Test 2"]


def test_a_slow_server_costs_one_waiting_time_not_one_per_message() -> None:
    with (
        ScriptedSmtp(Step("dot", stall=True)) as server,
        sending_to(server, connections=2, answer_within=SHORT) as sender,
    ):
        answers = sender.send([an_email(number=number) for number in range(10)])

        assert {one.outcome for one in answers} == {Outcome.TEMPORARY}
        assert server.connections == 2
        assert sum(one.text.startswith("Not tried") for one in answers) == 8


def test_every_message_gets_the_same_answer_when_nobody_listens() -> None:
    with ScriptedSmtp() as gone:
        pass
    with sending_to(gone) as sender:
        answers = sender.send([an_email(number=number) for number in range(5)])

        assert {(one.outcome, one.code) for one in answers} == {(Outcome.TEMPORARY, 0)}
        assert "could not be reached (check [smtp] host and port)" in answers[4].text


def test_the_connection_goes_on_when_a_recipient_is_refused() -> None:
    refusal = Step("rcpt", reply="550 5.1.1 No such user", to="gone@council.example")
    with ScriptedSmtp(refusal) as server, sending_to(server, connections=1) as sender:
        answers = sender.send([an_email("gone@council.example"), an_email("here@council.example")])

        assert [one.outcome for one in answers] == [Outcome.PERMANENT, Outcome.ACCEPTED]
        assert server.accepted[0].recipients == ("here@council.example",)
        assert server.connections == 1
        assert "RSET" in server.verbs(1)


def test_the_envelope_is_clean_when_the_server_refuses_to_reset_it() -> None:
    refusals = (Step("rcpt", reply="450 4.2.1 Busy", times=1), Step("rset", hang_up=True, times=1))
    with ScriptedSmtp(*refusals) as server, sending_to(server, connections=1) as sender:
        answers = sender.send([an_email("busy@council.example"), an_email("here@council.example")])

        assert [one.outcome for one in answers] == [Outcome.TEMPORARY, Outcome.ACCEPTED]
        assert [one.recipients for one in server.accepted] == [("here@council.example",)]


def test_an_answer_that_is_no_smtp_is_temporary_and_ends_the_connection() -> None:
    with ScriptedSmtp(Step("rcpt", reply="what?", times=1)) as server, sending_to(server, connections=1) as sender:
        answers = sender.send([an_email(number=1), an_email(number=2)])

        assert [one.outcome for one in answers] == [Outcome.TEMPORARY, Outcome.ACCEPTED]
        assert server.connections == 2


def test_an_address_beyond_ascii_goes_out_when_the_server_offers_smtputf8() -> None:
    with ScriptedSmtp(offers=(*OFFERS, "SMTPUTF8")) as server, sending_to(server) as sender:
        (answer,) = sender.send([an_email("zoë@council.example")])

        assert answer.outcome is Outcome.ACCEPTED
        assert server.accepted[0].recipients == ("zoë@council.example",)
        assert any(line.endswith("SMTPUTF8") for _, line in server.commands)


def test_an_address_beyond_ascii_is_refused_when_the_server_lacks_smtputf8() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=1) as sender:
        answers = sender.send([an_email("zoë@council.example"), an_email()])

        assert [one.outcome for one in answers] == [Outcome.PERMANENT, Outcome.ACCEPTED]
        assert "SMTPUTF8" in answers[0].text


@pytest.mark.parametrize(
    ("offers", "outcome"), [(("8BITMIME",), Outcome.ACCEPTED), ((), Outcome.PERMANENT)], ids=["offered", "not offered"]
)
def test_eight_bit_bytes_cross_only_when_the_server_offers_to_take_them(
    offers: tuple[str, ...], outcome: Outcome
) -> None:
    with ScriptedSmtp(offers=offers) as server, sending_to(server) as sender:
        (answer,) = sender.send([an_email(body="Café at £5")])

        assert answer.outcome is outcome
        assert all("Café at £5".encode() in one.content for one in server.accepted)


def test_an_address_with_a_hidden_command_never_reaches_the_wire() -> None:
    with ScriptedSmtp() as server, sending_to(server) as sender:
        (answer,) = sender.send([an_email('"a\r\nRCPT TO:<evil@outside.example>"@council.example')])

        assert answer.outcome is Outcome.PERMANENT
        assert not any("evil" in line for _, line in server.commands)
