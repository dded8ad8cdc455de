from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.intake.recognise import Recognition, Verdict, names_ours, recognise
from mailbot.mail import MessageHead, MessageKey, PartHead
from tests.intake.mails import RULES, mail

OURS = "DB2026014.contain.0f1e2d.abcdef@council.example"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def is_ours(message_id: str) -> bool:
    return message_id == OURS


def part(name: str = "", content_type: str = DOCX, size: int = 20_000, section: str = "2") -> PartHead:
    return PartHead(section=section, content_type=content_type, name=name, size=size, encoding="base64")


def look(*parts: PartHead, own: bool = False, **headers: str) -> Recognition:
    header = mail("", **({"Subject": "Lunch?"} | headers))
    key = MessageKey(mailbox="it", folder="INBOX", uidvalidity=1, uid=7)
    head = MessageHead(
        key=key, received_at=datetime(2026, 11, 20, 19, 30, tzinfo=UTC), size=1000, header=header, parts=parts
    )
    return recognise(head, RULES, own, is_ours)


@pytest.mark.parametrize(
    "found",
    [
        look(Subject="RE: urgent data incident"),
        look(own=True),
        look(In_Reply_To=f"<{OURS}>"),
        look(References=f"<a@b.example> <{OURS}>"),
        look(Subject="Re: [DB2026014 k7f3q2] x"),
        look(To="mailbot+db2026014-x@council.example"),
        look(X_Original_To="mailbot+db2026014-x@council.example"),
        look(part("DataIncident_Report-Form (2).docx")),
        look(part("Breach reporting form v3.pdf", "application/octet-stream")),
        look(part("Urgent Data Incident.eml", "message/rfc822")),
        look(Subject="Incident call log", From="itservicedesk@council.example"),
        look(From="mailbot@council.example", Subject="Urgent Data Incident"),
    ],
)
def test_mail_is_ours_when_title_form_answer_or_call_log_say_so(found: Recognition) -> None:
    assert found.verdict is Verdict.OURS
    assert found.because


@pytest.mark.parametrize(
    "found",
    [
        look(),
        look(In_Reply_To="<DB2026014.contain.0.forged@council.example>"),
        look(To="mailbot@council.example"),
        look(Subject="Incident call log", From="stranger@else.example"),
        look(part("photo.png", "image/png")),
        look(part("minutes.docx", size=50_000_000)),
    ],
)
def test_mail_is_left_alone_when_nothing_makes_it_ours(found: Recognition) -> None:
    assert found.verdict is Verdict.NOT_OURS


@pytest.mark.parametrize(
    "found",
    [
        look(Subject="Data breach at a supplier"),
        look(Subject="stolen laptop"),
        look(part("security incident.png", "image/png")),
        look(Content_Type="multipart/mixed; boundary=b"),
    ],
)
def test_mail_is_a_near_miss_when_it_only_speaks_of_a_breach_or_hides_its_parts(found: Recognition) -> None:
    assert found.verdict is Verdict.NEAR_MISS


def test_content_is_asked_for_when_a_document_might_be_a_form() -> None:
    found = look(
        part("scan0001.pdf", "application/pdf", section="2"),
        part("logo.png", "image/png", section="3"),
        part("x.docx", section="4"),
    )
    assert (found.verdict, found.sections, found.near_miss) == (Verdict.ASK_CONTENT, ("2", "4"), False)
    assert look(part("x.docx"), Subject="data breach").near_miss


def test_content_is_asked_for_when_a_returned_message_may_be_ours() -> None:
    found = look(part("", "text/rfc822-headers", 900, "3"), Subject="Undeliverable")
    assert (found.verdict, found.sections) == (Verdict.ASK_CONTENT, ("3",))
    assert names_ours(f"From: x\r\nMessage-ID: <{OURS}>\r\n".encode(), is_ours)
    assert not names_ours(b"Message-ID: <other@x.example>", is_ours)


def test_own_mail_is_known_only_when_its_id_is_truly_ours() -> None:
    assert (
        look(From="mailbot@council.example", Message_ID=f"<{OURS}>", Subject="Urgent Data Incident").verdict
        is Verdict.OWN_MAIL
    )
    assert look(From="mailbot@council.example", Message_ID=f"<{OURS}>", own=True).verdict is Verdict.OWN_MAIL
    assert look(From="sam@council.example", Message_ID=f"<{OURS}>").verdict is Verdict.NOT_OURS


@given(st.binary(max_size=300), st.text(max_size=30))
def test_nothing_raises_when_headers_and_names_are_noise(noise: bytes, name: str) -> None:
    key = MessageKey(mailbox="it", folder="INBOX", uidvalidity=1, uid=7)
    head = MessageHead(
        key=key,
        received_at=datetime(2026, 11, 20, tzinfo=UTC),
        size=1,
        header=b"Subject: " + noise,
        parts=(part(name, name),),
    )
    assert recognise(head, RULES, False, is_ours).because
