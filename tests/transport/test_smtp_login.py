"""Encryption and login of the sender, and what it says when either fails."""

import threading
from datetime import timedelta

import pytest
from pydantic import SecretStr, ValidationError

from mailbot.errors import SenderError
from mailbot.mail import Outcome
from mailbot.transport.credentials import Credential, Token
from mailbot.transport.smtp import SmtpAccess
from tests.servers.certificates import Certificates, make_certificates
from tests.servers.scripted_smtp import ScriptedSmtp, Step, an_email
from tests.transport.sending import SECRET, SHORT, password, sending_to


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_login_and_message_cross_encrypted_when_security_asks_for_it(security: str, certificates: Certificates) -> None:
    tls = certificates.server_context()
    with (
        ScriptedSmtp(users={"mailbot": SECRET}, tls=tls, tls_from_start=security == "tls") as server,
        sending_to(server, password, security=security, username="mailbot", ca_file=certificates.ca_file) as sender,
    ):
        (answer,) = sender.send([an_email()])

        assert answer.outcome is Outcome.ACCEPTED
        assert (server.accepted[0].encrypted, server.accepted[0].user) == (True, "mailbot")
        assert "encrypted with TLSv1" in sender.check()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_nothing_is_said_to_a_server_whose_certificate_is_not_trusted(
    security: str, certificates: Certificates
) -> None:
    with (
        ScriptedSmtp(
            users={"mailbot": SECRET}, tls=certificates.server_context(), tls_from_start=security == "tls"
        ) as server,
        sending_to(server, password, security=security, username="mailbot") as sender,
    ):
        (answer,) = sender.send([an_email()])

        assert answer.outcome is Outcome.TEMPORARY
        assert "its certificate is not trusted" in answer.text
        assert not {"AUTH", "MAIL"} & {line.split(" ")[0] for _, line in server.commands}


def test_nothing_crosses_in_clear_when_the_server_does_not_offer_starttls() -> None:
    with (
        ScriptedSmtp(users={"mailbot": SECRET}) as server,
        sending_to(server, password, security="starttls", username="mailbot") as sender,
    ):
        (answer,) = sender.send([an_email()])

        assert answer.outcome is Outcome.TEMPORARY
        assert "STARTTLS" in answer.text
        assert server.verbs(1) == ("EHLO",)


def test_a_missing_ca_file_is_named_when_the_connection_is_made() -> None:
    with ScriptedSmtp() as server, sending_to(server, security="tls", ca_file="no/such/ca.pem") as sender:
        (answer,) = sender.send([an_email()])

        assert answer.outcome is Outcome.TEMPORARY
        assert "ca_file" in answer.text
        assert server.connections == 0


def test_a_token_logs_in_when_the_credential_gives_one() -> None:
    asked = []

    def credential() -> Token:
        asked.append(threading.current_thread())
        return Token(value=SecretStr("tok-en"))

    with (
        ScriptedSmtp(tokens={"mailbot": "tok-en"}) as server,
        sending_to(server, credential, username="mailbot", connections=1) as sender,
    ):
        answers = sender.send([an_email(number=1), an_email(number=2)])

        assert [one.outcome for one in answers] == [Outcome.ACCEPTED] * 2
        assert server.accepted[0].user == "mailbot"
        assert len(asked) == 1


@pytest.mark.parametrize(
    ("credential", "users", "tokens"),
    [
        (password, {"mailbot": "another"}, {}),
        (lambda: Token(value=SecretStr(SECRET)), {}, {"mailbot": "another"}),
        (lambda: Token(value=SecretStr(SECRET)), {"mailbot": SECRET}, {}),
        (password, {}, {}),
        (None, {"mailbot": SECRET}, {}),
    ],
    ids=["wrong password", "wrong token", "server takes no tokens", "server takes no login", "no password set"],
)
def test_a_failed_login_is_temporary_and_shows_no_secret(
    credential: Credential | None, users: dict[str, str], tokens: dict[str, str]
) -> None:
    with (
        ScriptedSmtp(users=users, tokens=tokens) as server,
        sending_to(server, credential, username="mailbot", connections=1) as sender,
    ):
        (answer,) = sender.send([an_email()])

        assert answer.outcome is Outcome.TEMPORARY
        assert "[smtp] username and its password" in answer.text
        assert SECRET not in answer.text
        assert "AG1haWxib3Q" not in answer.text
        assert server.accepted == ()


def test_a_wrong_password_is_tried_once_for_many_messages_on_several_connections() -> None:
    with (
        ScriptedSmtp(users={"mailbot": "another"}) as server,
        sending_to(server, password, username="mailbot", connections=3) as sender,
    ):
        answers = sender.send([an_email(number=number) for number in range(9)])

        assert {(one.outcome, one.code) for one in answers} == {(Outcome.TEMPORARY, 0)}
        assert [line.split(" ")[0] for _, line in server.commands].count("AUTH") == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_falls_silent_can_be_left_when_the_connection_is_encrypted(
    security: str, certificates: Certificates
) -> None:
    tls = certificates.server_context()
    with (
        ScriptedSmtp(Step("dot", stall=True), tls=tls, tls_from_start=security == "tls") as server,
        sending_to(server, security=security, ca_file=certificates.ca_file, answer_within=SHORT) as sender,
    ):
        (answer,) = sender.send([an_email()])
        sender.close()

        assert "no answer in time" in answer.text


def test_check_says_what_was_found_and_sends_nothing() -> None:
    with (
        ScriptedSmtp(users={"mailbot": SECRET}) as server,
        sending_to(server, password, username="mailbot") as sender,
    ):
        assert sender.check() == f"127.0.0.1:{server.port} answers, not encrypted, logged in as mailbot"
        assert "MAIL" not in server.verbs(1)


def test_check_logs_in_afresh_when_a_connection_is_open_already() -> None:
    with ScriptedSmtp() as server, sending_to(server, connections=1) as sender:
        sender.send([an_email()])
        server.add(Step("connect", reply="554 No mail service here", hang_up=True))

        with pytest.raises(SenderError, match="turned the bot away: 554"):
            sender.check()


@pytest.mark.parametrize(
    "wrong", [{"security": "auto"}, {"port": 0}, {"connections": 0}, {"host": ""}, {"answer_within": timedelta(0)}]
)
def test_an_access_is_refused_when_a_value_makes_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SmtpAccess.model_validate({"host": "mail.council.example", "port": 587, "security": "starttls"} | wrong)
