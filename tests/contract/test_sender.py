"""What every Sender promises: the double and the real one, against a mail server, pass the same tests."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

import pytest

from mailbot.errors import SenderError
from mailbot.mail import FrozenEmail, Outcome
from mailbot.ports import Sender
from mailbot.testing import RecordingSender
from mailbot.transport.smtp import SmtpAccess, SmtpSender
from tests.servers.scripted_smtp import ScriptedSmtp, Step, an_email

ACCEPTED, TEMPORARY, PERMANENT = Outcome.ACCEPTED, Outcome.TEMPORARY, Outcome.PERMANENT


class Scene(ABC):
    """A sender, and the mail server as the test wants it."""

    sender: Sender

    @abstractmethod
    def refuse(self, address: str, *, permanent: bool) -> None: ...

    @abstractmethod
    def go_down(self) -> None: ...

    @abstractmethod
    def accept_all(self) -> None: ...

    @abstractmethod
    def arrived(self) -> list[tuple[str, str, bytes]]:
        """Sender, recipient and bytes of every message that was accepted, in any order."""


class RecordingScene(Scene):
    def __init__(self) -> None:
        self.sender = self.double = RecordingSender()

    def refuse(self, address: str, *, permanent: bool) -> None:
        self.double.refuse(address, permanent=permanent)

    def go_down(self) -> None:
        self.double.go_down()

    def accept_all(self) -> None:
        self.double.accept_all()

    def arrived(self) -> list[tuple[str, str, bytes]]:
        return [(one.envelope_from, one.recipient, one.content) for one in self.double.sent]


class SmtpScene(Scene):
    def __init__(self, server: ScriptedSmtp) -> None:
        self.server = server
        self.sender = SmtpSender(SmtpAccess(host="127.0.0.1", port=server.port, security="plain"))

    def refuse(self, address: str, *, permanent: bool) -> None:
        self.server.add(Step("rcpt", reply="550 5.1.1 No such user" if permanent else "450 4.2.1 Busy", to=address))

    def go_down(self) -> None:
        self.server.add(Step("connect", hang_up=True))
        self.server.hang_up_all()

    def accept_all(self) -> None:
        self.server.forget()

    def arrived(self) -> list[tuple[str, str, bytes]]:
        return [(one.sender, one.recipients[0], one.content) for one in self.server.accepted]


@pytest.fixture(params=["recording", "smtp"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    if request.param == "recording":
        yield RecordingScene()
        return
    with ScriptedSmtp() as server:
        real = SmtpScene(server)
        yield real
        real.sender.close()


def outcomes(scene: Scene, *emails: FrozenEmail) -> list[Outcome]:
    return [answer.outcome for answer in scene.sender.send(emails)]


def test_nothing_is_answered_when_nothing_is_sent(scene: Scene) -> None:
    assert scene.sender.send([]) == ()


def test_exact_bytes_and_envelope_arrive_when_a_message_is_accepted(scene: Scene) -> None:
    email = an_email(body=".\r\n..a line that begins with dots\r\n\r\n\r\nthe end ")

    assert outcomes(scene, email) == [ACCEPTED]
    assert scene.arrived() == [(email.envelope_from, email.recipient, email.content)]


def test_each_message_gets_its_own_answer_in_order_when_some_are_refused(scene: Scene) -> None:
    scene.refuse("gone@council.example", permanent=True)
    scene.refuse("busy@council.example", permanent=False)
    names = ["a", "gone", "b", "busy", "c", "gone", "d"]

    answers = outcomes(scene, *(an_email(f"{name}@council.example") for name in names))

    assert answers == [ACCEPTED, PERMANENT, ACCEPTED, TEMPORARY, ACCEPTED, PERMANENT, ACCEPTED]
    assert {recipient for _, recipient, _ in scene.arrived()} == {f"{name}@council.example" for name in "abcd"}


def test_the_answer_has_the_servers_code_when_it_refuses(scene: Scene) -> None:
    scene.refuse("gone@council.example", permanent=True)
    scene.refuse("busy@council.example", permanent=False)

    gone, busy = scene.sender.send([an_email("gone@council.example"), an_email("busy@council.example")])

    assert (gone.code, busy.code) == (550, 450)
    assert "550" in gone.text
    assert "450" in busy.text


def test_the_same_message_goes_out_again_when_it_is_given_again(scene: Scene) -> None:
    email = an_email()

    assert outcomes(scene, email) + outcomes(scene, email) == [ACCEPTED, ACCEPTED]
    assert [content for _, _, content in scene.arrived()] == [email.content, email.content]


def test_every_message_waits_without_a_code_when_the_server_is_away(scene: Scene) -> None:
    scene.go_down()

    answers = scene.sender.send([an_email(number=1), an_email(number=2)])

    assert [(one.outcome, one.code) for one in answers] == [(TEMPORARY, 0)] * 2
    assert all(one.text for one in answers)
    assert scene.arrived() == []


def test_mail_flows_again_when_the_server_comes_back(scene: Scene) -> None:
    before = outcomes(scene, an_email(number=1))
    scene.go_down()
    away = outcomes(scene, an_email(number=2))
    scene.accept_all()
    after = outcomes(scene, an_email(number=2))

    assert before + away + after == [ACCEPTED, TEMPORARY, ACCEPTED]


def test_check_says_one_line_when_all_is_well_and_raises_when_the_server_is_away(scene: Scene) -> None:
    line = scene.sender.check()
    scene.go_down()

    assert line
    assert "\n" not in line
    with pytest.raises(SenderError):
        scene.sender.check()


def test_closing_twice_is_harmless_and_sending_after_it_works(scene: Scene) -> None:
    scene.sender.send([an_email(number=1)])
    scene.sender.close()
    scene.sender.close()

    assert outcomes(scene, an_email(number=2)) == [ACCEPTED]
