"""What every Mailbox promises: the double and IMAP on a real server, in clear and encrypted, pass the same tests."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mailbot.errors import MailboxRefusedError, MessageGoneError
from mailbot.mail import Handling, MessageHead, MessageKey
from tests.contract.mailbox_worlds import DovecotWorld, MemoryWorld, World

FRIDAY_NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
SHORT = timedelta(milliseconds=200)
LONG = timedelta(seconds=5)

PLAIN = b"From: Ann Lee <ann.lee@council.example>\r\nSubject: Urgent Data Incident\r\n\r\nIt went wrong.\r\n"

WITH_FORM = b"""\
From: ann.lee@council.example
Subject: Urgent Data Incident
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

It went wrong =E2=80=93 again.
--inner
Content-Type: text/html

<p>It went wrong.</p>
--inner--
--outer
Content-Type: application/pdf; name="=?utf-8?q?Report_=C3=A9.pdf?="
Content-Disposition: attachment
Content-Transfer-Encoding: BASE64

JVBERi0xLjQK
--outer
Content-Type: application/octet-stream
Content-Disposition: attachment;
 filename*0*=utf-8''incident%20;
 filename*1*=f%C3%B6rm.docx
Content-Transfer-Encoding: base64

UEsDBA==
--outer--
""".replace(b"\n", b"\r\n")

FORWARDED = b"""\
From: it@council.example
Subject: FW: Urgent Data Incident
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: text/plain

See below.
--outer
Content-Type: message/rfc822
Content-Disposition: attachment; filename="original.eml"

From: ann.lee@council.example
Subject: Urgent Data Incident
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=within

--within
Content-Type: text/plain

It went wrong.
--within
Content-Type: application/pdf; name=form.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--within--

--outer
Content-Type: message/rfc822

From: ann.lee@council.example
Subject: a message of one part

Only text.
--outer--
""".replace(b"\n", b"\r\n")


@pytest.fixture(params=["memory", "plain", "starttls", "tls"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    scene: World = (
        MemoryWorld() if request.param == "memory" else DovecotWorld(request.getfixturevalue("dovecot"), request.param)
    )
    yield scene
    scene.mailbox.close()


def head_of(world: World, uid: int, folder: str = "INBOX") -> MessageHead:
    (head,) = world.mailbox.heads(folder, [uid])
    return head


def test_a_folder_says_its_numbering_and_the_next_uid(world: World) -> None:
    assert world.mailbox.name == "ig"
    before = world.mailbox.open("INBOX")
    uid = world.deliver(PLAIN, FRIDAY_NIGHT)

    after = world.mailbox.open("INBOX")

    assert after.uidvalidity == before.uidvalidity > 0
    assert after.uidnext == uid + 1 > before.uidnext


def test_an_empty_folder_has_no_uids(world: World) -> None:
    assert world.mailbox.uids("INBOX", 0) == ()


def test_only_the_uids_above_are_named_in_ascending_order(world: World) -> None:
    first, second, third = (world.deliver(PLAIN, FRIDAY_NIGHT) for _ in range(3))

    assert world.mailbox.uids("INBOX", 0) == (first, second, third)
    assert world.mailbox.uids("INBOX", first) == (second, third)
    assert world.mailbox.uids("INBOX", third) == ()


def test_mail_that_comes_while_connected_is_found(world: World) -> None:
    assert world.mailbox.uids("INBOX", 0) == ()
    uid = world.deliver(PLAIN, FRIDAY_NIGHT)

    assert world.mailbox.uids("INBOX", 0) == (uid,)


def test_uids_are_limited_to_a_day_and_later_when_asked_since(world: World) -> None:
    world.deliver(PLAIN, FRIDAY_NIGHT - timedelta(days=1))
    same_day = world.deliver(PLAIN, FRIDAY_NIGHT - timedelta(hours=20))
    later = world.deliver(PLAIN, FRIDAY_NIGHT + timedelta(days=2))

    assert world.mailbox.uids("INBOX", 0, received_since=FRIDAY_NIGHT) == (same_day, later)


def test_a_head_tells_arrival_size_and_headers_of_a_message(world: World) -> None:
    arrival = datetime(2026, 6, 5, 1, 2, 3, tzinfo=timezone(timedelta(hours=1)))
    head = head_of(world, world.deliver(PLAIN, arrival))

    assert head.received_at == arrival
    assert head.received_at.tzinfo is UTC
    assert head.size == len(PLAIN)
    assert head.header == PLAIN.removesuffix(b"It went wrong.\r\n")
    assert [(one.section, one.content_type, one.name) for one in head.parts] == [("1", "text/plain", "")]
    assert head.problem == ""


def test_a_head_lists_the_parts_with_decoded_names(world: World) -> None:
    head = head_of(world, world.deliver(WITH_FORM, FRIDAY_NIGHT))

    assert [(one.section, one.content_type, one.name, one.encoding) for one in head.parts] == [
        ("1.1", "text/plain", "", "quoted-printable"),
        ("1.2", "text/html", "", "7bit"),
        ("2", "application/pdf", "Report é.pdf", "base64"),
        ("3", "application/octet-stream", "incident förm.docx", "base64"),
    ]


def test_a_head_lists_the_parts_of_forwarded_messages_too(world: World) -> None:
    head = head_of(world, world.deliver(FORWARDED, FRIDAY_NIGHT))

    assert [(one.section, one.content_type, one.name) for one in head.parts] == [
        ("1", "text/plain", ""),
        ("2", "message/rfc822", "original.eml"),
        ("2.1", "text/plain", ""),
        ("2.2", "application/pdf", "form.pdf"),
        ("3", "message/rfc822", ""),
        ("3.1", "text/plain", ""),
    ]


def test_heads_of_many_messages_come_in_the_order_asked_for(world: World) -> None:
    uids = [world.deliver(PLAIN + b"%d\r\n" % number, FRIDAY_NIGHT) for number in range(3)]

    assert [head.key.uid for head in world.mailbox.heads("INBOX", uids[::-1])] == uids[::-1]


def test_a_vanished_message_has_no_head_and_leaves_the_others_theirs(world: World) -> None:
    first, second = (world.deliver(PLAIN, FRIDAY_NIGHT) for _ in range(2))
    world.mailbox.uids("INBOX", 0)
    world.remove(first)

    assert [head.key.uid for head in world.mailbox.heads("INBOX", [first, second])] == [second]
    assert world.mailbox.heads("INBOX", []) == ()


@pytest.mark.parametrize("section", ["2", "2.2", "3.1", "1"])
def test_a_part_comes_as_it_is_encoded_and_as_long_as_listed(world: World, section: str) -> None:
    head = head_of(world, world.deliver(FORWARDED, FRIDAY_NIGHT))
    (listed,) = [one for one in head.parts if one.section == section]

    part = world.mailbox.part(head.key, section)

    assert part.rstrip() in FORWARDED
    assert listed.size == len(part) > 0


def test_a_part_that_the_message_does_not_have_is_empty(world: World) -> None:
    assert world.mailbox.part(head_of(world, world.deliver(PLAIN, FRIDAY_NIGHT)).key, "7.1") == b""


@pytest.mark.parametrize("content", [PLAIN, WITH_FORM, FORWARDED, b"\r\n", b"\x80\xff no mail at all\r\n"])
def test_a_message_is_fetched_byte_for_byte(world: World, content: bytes) -> None:
    key = head_of(world, world.deliver(content, FRIDAY_NIGHT)).key

    raw = world.mailbox.fetch(key)

    assert (raw.content, raw.received_at, raw.key) == (content, FRIDAY_NIGHT, key)


def test_looking_at_messages_and_fetching_them_sets_no_flag(world: World) -> None:
    uid = world.deliver(WITH_FORM, FRIDAY_NIGHT)
    head = head_of(world, uid)
    world.mailbox.part(head.key, "2")
    world.mailbox.fetch(head.key)

    assert world.flags(uid) == frozenset()


def test_what_a_person_removed_is_said_to_be_gone(world: World) -> None:
    key = head_of(world, world.deliver(PLAIN, FRIDAY_NIGHT)).key
    world.remove(key.uid)

    with pytest.raises(MessageGoneError, match="INBOX"):
        world.mailbox.fetch(key)
    with pytest.raises(MessageGoneError, match="INBOX"):
        world.mailbox.part(key, "1")


def test_a_flag_is_added_once_and_no_other_is_touched(world: World) -> None:
    ours, theirs = (world.deliver(PLAIN, FRIDAY_NIGHT) for _ in range(2))
    key = head_of(world, ours).key

    world.mailbox.file(key, Handling.FLAG, "$Mailbot")
    world.mailbox.file(key, Handling.FLAG, "$Mailbot")

    assert world.flags(ours) == {"$Mailbot"}
    assert world.flags(theirs) == frozenset()


def test_a_message_is_moved_into_a_folder_that_is_made_when_missing(world: World) -> None:
    ours, theirs = world.deliver(PLAIN, FRIDAY_NIGHT), world.deliver(WITH_FORM, FRIDAY_NIGHT)
    key = head_of(world, ours).key

    world.mailbox.file(key, Handling.MOVE, "Handled – Überblick")
    world.mailbox.file(key, Handling.MOVE, "Handled – Überblick")

    assert world.mailbox.uids("INBOX", 0) == (theirs,)
    (moved,) = world.mailbox.uids("Handled – Überblick", 0)
    assert head_of(world, moved, "Handled – Überblick").header in PLAIN


def test_a_message_stays_as_it_is_when_handled_mail_is_left(world: World) -> None:
    uid = world.deliver(PLAIN, FRIDAY_NIGHT)
    world.mailbox.file(head_of(world, uid).key, Handling.LEAVE, "")

    assert world.contents() == (PLAIN,)
    assert world.flags(uid) == frozenset()


@pytest.mark.parametrize("handling", [Handling.FLAG, Handling.MOVE])
def test_filing_a_vanished_message_is_no_error(world: World, handling: Handling) -> None:
    key = head_of(world, world.deliver(PLAIN, FRIDAY_NIGHT)).key
    world.remove(key.uid)

    world.mailbox.file(key, handling, "Handled")

    assert world.contents("Handled") == ()


def test_work_goes_on_after_a_message_was_filed(world: World) -> None:
    first, second = (world.deliver(PLAIN, FRIDAY_NIGHT) for _ in range(2))
    heads = world.mailbox.heads("INBOX", [first, second])
    for head in heads:
        world.mailbox.fetch(head.key)
        world.mailbox.file(head.key, Handling.MOVE, "Handled")

    assert world.mailbox.uids("INBOX", 0) == ()
    assert world.contents("Handled") == (PLAIN, PLAIN)


def test_a_folder_made_anew_has_another_numbering_and_old_keys_mean_nothing(world: World) -> None:
    world.deliver(PLAIN, FRIDAY_NIGHT, "Desk")
    old = head_of(world, world.mailbox.uids("Desk", 0)[0], "Desk").key
    world.mailbox.open("INBOX")
    world.make_anew("Desk")
    uid = world.deliver(WITH_FORM, FRIDAY_NIGHT, "Desk")
    assert uid == old.uid

    assert world.mailbox.open("Desk").uidvalidity != old.uidvalidity
    with pytest.raises(MessageGoneError):
        world.mailbox.fetch(old)
    world.mailbox.file(old, Handling.FLAG, "$Mailbot")
    world.mailbox.file(old, Handling.MOVE, "Handled")
    assert world.contents("Desk") == (WITH_FORM,)
    assert world.flags(uid, "Desk") == frozenset()


def test_a_folder_that_is_not_there_is_refused_with_its_name(world: World) -> None:
    with pytest.raises(MailboxRefusedError, match="Nowhere"):
        world.mailbox.open("Nowhere")
    with pytest.raises(MailboxRefusedError, match="Nowhere"):
        world.mailbox.fetch(MessageKey(mailbox="ig", folder="Nowhere", uidvalidity=1, uid=1))
    assert world.mailbox.uids("INBOX", 0) == ()


def test_waiting_ends_without_news_when_nothing_comes(world: World) -> None:
    world.deliver(PLAIN, FRIDAY_NIGHT)
    world.mailbox.uids("INBOX", 0)

    assert world.mailbox.wait("INBOX", SHORT) is False


def test_waiting_ends_at_once_when_mail_came_since_the_last_look(world: World) -> None:
    world.mailbox.uids("INBOX", 0)
    world.deliver(PLAIN, FRIDAY_NIGHT)

    assert world.mailbox.wait("INBOX", LONG) is True


def test_mail_that_came_while_looking_into_another_folder_is_news(world: World) -> None:
    world.deliver(PLAIN, FRIDAY_NIGHT, "Junk")
    world.mailbox.uids("INBOX", 0)
    world.deliver(PLAIN, FRIDAY_NIGHT)
    world.mailbox.uids("Junk", 0)

    assert world.mailbox.wait("INBOX", LONG) is True


def test_a_closed_mailbox_opens_again_when_it_is_used(world: World) -> None:
    uid = world.deliver(PLAIN, FRIDAY_NIGHT)
    world.mailbox.uids("INBOX", 0)
    world.mailbox.close()
    world.mailbox.close()

    assert world.mailbox.uids("INBOX", 0) == (uid,)
