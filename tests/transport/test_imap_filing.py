"""Marking and moving handled mail on servers with few rights, few flags or few extensions."""

import pytest

from mailbot.errors import MailboxLostError, MailboxRefusedError
from mailbot.mail import Handling
from tests.servers.scripted_imap import cut, no, ok, opened
from tests.transport.imap_talk import KEY, talking


def test_a_folder_that_may_not_be_changed_is_refused_when_filing() -> None:
    with (
        talking({"SELECT": opened(mode="READ-ONLY")}) as (_, mailbox),
        pytest.raises(MailboxRefusedError, match="filing message 2"),
    ):
        mailbox.file(KEY, Handling.FLAG, "$Mailbot")


def test_a_flag_that_the_server_would_forget_is_refused_with_advice() -> None:
    answers = {"SELECT": opened("OK [PERMANENTFLAGS (\\Flagged \\Seen)] few")}
    with talking(answers) as (server, mailbox):
        with pytest.raises(MailboxRefusedError, match="handled_target"):
            mailbox.file(KEY, Handling.FLAG, "$Mailbot")
        mailbox.file(KEY, Handling.FLAG, "\\Flagged")

    assert server.count("UID STORE") == 1


@pytest.mark.parametrize("flag", ["\\Seen", "\\seen", "\\Deleted", "\\Answered"])
def test_a_flag_that_belongs_to_people_is_never_set(flag: str) -> None:
    with talking() as (server, mailbox), pytest.raises(ValueError, match="people"):
        mailbox.file(KEY, Handling.FLAG, flag)

    assert server.commands == []


COPIED = ("UID COPY", "UID STORE 2 +FLAGS.SILENT (\\Deleted)")


@pytest.mark.parametrize(
    ("capabilities", "flags", "expected"),
    [
        ("IMAP4rev1 MOVE UIDPLUS", "", ("UID MOVE",)),
        ("IMAP4rev1 UIDPLUS", "", (*COPIED, "UID EXPUNGE 2")),
        ("IMAP4rev1", "", COPIED),
        ("IMAP4rev1 UIDPLUS", "\\Deleted", ()),
    ],
)
def test_a_message_is_moved_by_what_the_server_offers(capabilities: str, flags: str, expected: tuple[str, ...]) -> None:
    answers = {"UID FETCH": ok(f"2 FETCH (UID 2 FLAGS ({flags}))")}
    with talking(answers, capabilities=capabilities) as (server, mailbox):
        mailbox.file(KEY, Handling.MOVE, "Handled")

    changes = [line for line in server.commands if line.split()[1:2] not in (["FETCH"], ["SEARCH"]) and "UID" in line]
    assert len(changes) == len(expected)
    assert all(line.startswith(start) for line, start in zip(changes, expected, strict=True))
    assert "EXPUNGE" not in server.commands


def test_a_move_refused_for_another_reason_than_a_missing_folder_is_said() -> None:
    answers = {
        "UID FETCH": ok("2 FETCH (UID 2 FLAGS ())"),
        "UID MOVE": no("[OVERQUOTA] no room"),
        "LIST": ok('LIST () "/" "Handled"'),
    }
    with talking(answers) as (server, mailbox), pytest.raises(MailboxRefusedError, match="make room"):
        mailbox.file(KEY, Handling.MOVE, "Handled")

    assert server.count("CREATE") == 0


def test_a_connection_cut_while_moving_is_lost() -> None:
    answers = {"UID FETCH": ok("2 FETCH (UID 2 FLAGS ())"), "UID MOVE": cut}
    with talking(answers) as (_, mailbox), pytest.raises(MailboxLostError, match="filing message 2"):
        mailbox.file(KEY, Handling.MOVE, "Handled")
