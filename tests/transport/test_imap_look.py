"""What is learnt of messages without fetching them, from servers that answer oddly."""

import pytest

from mailbot.errors import MailboxRefusedError
from mailbot.mail import ARRIVAL_UNKNOWN
from tests.servers.scripted_imap import Talk, no, ok, opened
from tests.transport.imap_talk import HEADER, KEY, LONG, fetched, talking

PLAIN_PART = '("text" "plain" NIL NIL NIL "7bit" 5 1 NIL NIL NIL NIL)'


def looked_at(uid: int, structure: str = PLAIN_PART) -> str:
    listed = f"BODYSTRUCTURE {structure} " if structure else ""
    return fetched(uid, f"{listed}RFC822.SIZE 99 BODY[HEADER]<0> {{{len(HEADER)}}}\r\n{HEADER.decode()}")


@pytest.mark.parametrize("kind", ["BAD", "unclosed", "nil", "too long"])
def test_a_list_of_parts_that_cannot_be_read_costs_only_itself(kind: str) -> None:
    broken = {"unclosed": '("text" "plain"', "nil": "NIL", "too long": f'("text" "{"x" * 1_100_000}")'}

    def answer(talk: Talk, tag: str, arguments: str) -> None:
        uids, _, items = arguments.partition(" ")
        asked = [int(uid) for uid in uids.split(",")]
        if kind == "BAD" and "BODYSTRUCTURE" in items and 2 in asked:
            return no("cannot parse message", "BAD")(talk, tag, arguments)
        structure = "BODYSTRUCTURE" in items
        lists = {uid: (broken.get(kind, "") if uid == 2 else PLAIN_PART) if structure else "" for uid in asked}
        return ok(*(looked_at(uid, lists[uid]) for uid in asked))(talk, tag, arguments)

    with talking({"UID FETCH": answer}, answer_within=LONG) as (_, mailbox):
        heads = mailbox.heads("INBOX", [1, 2, 3])

    assert [(head.key.uid, len(head.parts)) for head in heads] == [(1, 1), (2, 0), (3, 1)]
    assert {(head.header, head.size, head.problem) for head in heads} == {(HEADER, 99, "")}


def test_a_message_whose_headers_cannot_be_had_says_so() -> None:
    def answer(talk: Talk, tag: str, arguments: str) -> None:
        (no("[SERVERBUG] corrupt") if "HEADER" in arguments else ok(fetched(2)))(talk, tag, arguments)

    with talking({"UID FETCH": answer}) as (_, mailbox):
        (head,) = mailbox.heads("INBOX", [2])

    assert "corrupt" in head.problem
    assert (head.header, head.parts) == (b"", ())


def test_a_message_of_which_the_server_tells_nothing_does_not_hide_the_others() -> None:
    def answer(talk: Talk, tag: str, arguments: str) -> None:
        asked = [int(uid) for uid in arguments.partition(" ")[0].split(",")]
        (no("[SERVERBUG] corrupt") if 2 in asked else ok(*map(looked_at, asked)))(talk, tag, arguments)

    with talking({"UID FETCH": answer}) as (_, mailbox):
        first, second, third = mailbox.heads("INBOX", [1, 2, 3])

    assert (first.problem, third.problem) == ("", "")
    assert (second.key.uid, second.received_at, second.header) == (2, ARRIVAL_UNKNOWN, b"")
    assert "corrupt" in second.problem


def test_unasked_news_of_other_messages_is_not_taken_for_an_answer() -> None:
    answer = ok("1 FETCH (FLAGS (\\Seen))", looked_at(2), "3 FETCH (UID 3 FLAGS (\\Flagged))")
    with talking({"UID FETCH": answer}) as (_, mailbox):
        assert [head.key.uid for head in mailbox.heads("INBOX", [1, 2, 3])] == [2]


def test_a_folder_without_uidvalidity_is_refused() -> None:
    with (
        talking({"EXAMINE": ok("3 EXISTS")}) as (_, mailbox),
        pytest.raises(MailboxRefusedError, match="UIDVALIDITY"),
    ):
        mailbox.open("INBOX")


def test_the_next_uid_is_worked_out_where_the_server_does_not_say_it() -> None:
    answers = {"EXAMINE": opened(uidnext=None), "UID SEARCH": ok("SEARCH 41")}
    with talking(answers) as (_, mailbox):
        assert mailbox.open("INBOX").uidnext == 42


def test_a_very_full_folder_is_searched_in_pieces() -> None:
    def answer(talk: Talk, tag: str, arguments: str) -> None:
        first = int(arguments.partition(":")[0])
        ok(f"SEARCH {first + 5} {first + 6}")(talk, tag, arguments)

    answers = {"EXAMINE": opened(messages=120_000), "UID SEARCH": answer}
    with talking(answers) as (server, mailbox):
        assert mailbox.uids("INBOX", 6) == (7, 50_006, 50_007, 100_006, 100_007)

    assert server.count("UID SEARCH") == 3


@pytest.mark.parametrize("section", ["", "1]", "HEADER", "1.", "1 BODY[]", "1\r\nA1 LOGOUT"])
def test_only_a_section_number_is_asked_for(section: str) -> None:
    with talking() as (_, mailbox), pytest.raises(ValueError, match="section"):
        mailbox.part(KEY, section)


@pytest.mark.parametrize("date", ["NIL", '"yesterday"'])
def test_a_message_without_a_date_of_arrival_says_so(date: str) -> None:
    answer = ok(f"2 FETCH (UID 2 INTERNALDATE {date})")
    with talking({"UID FETCH": answer}) as (_, mailbox):
        (head,) = mailbox.heads("INBOX", [2])

    assert "cannot be read" in head.problem
    assert head.received_at == ARRIVAL_UNKNOWN
