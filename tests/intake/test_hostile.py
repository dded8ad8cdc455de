"""Mails built to tire the reader: what is looked at is counted, so that the time it takes is bounded on any machine."""

import email.message
from collections import Counter
from typing import Any

import pytest

from mailbot.intake import bounce as bounces
from mailbot.intake import html_text
from mailbot.intake.addresses import MOST
from mailbot.intake.bounce import LONGEST_TEXT, MOST_RECIPIENTS, read_bounce
from mailbot.intake.email import Kind
from mailbot.intake.headers import MOST_FIELDS
from mailbot.intake.kinds import kind_of
from mailbot.intake.message import read_message, read_opened
from mailbot.intake.mime import MOST_SEPARATORS, open_message
from tests.intake.mails import PDF, RULES, mail

LIMITS = RULES.limits
MIXED = 'multipart/mixed; boundary="b"'


def parts(number: int, part: str = "Content-Type: text/plain\n\npart") -> str:
    return "".join(f"--b\n{part} {n}\n" for n in range(number))


@pytest.mark.parametrize(
    "part", ["Content-Type: text/plain\n\npart", "Content-Type: message/rfc822\n\nSubject: x\n\nbody"]
)
def test_ten_thousand_parts_are_cut_and_said_so(part: str) -> None:
    found, _ = read_message(mail(parts(10_000, part), Content_Type=MIXED), RULES)
    assert len(found.attachments) <= LIMITS.attachments
    assert len(found.text) < 10 * LIMITS.parts + 1000 * LIMITS.attachments
    assert any("more parts" in one for one in found.problems)


def test_attachments_beyond_the_limit_are_neither_listed_nor_handed_on() -> None:
    pdf = PDF.decode().strip()
    found, documents = read_message(
        mail(parts(250, f"Content-Type: application/pdf; name=a.pdf\n\n{pdf}"), Content_Type=MIXED), RULES
    )
    assert len(found.attachments) == len(documents) == LIMITS.attachments
    assert any("250 attachments" in one for one in found.problems)


def test_message_is_cut_before_it_is_parsed_when_its_separators_are_countless() -> None:
    content = mail("--b\n\n" * (MOST_SEPARATORS + 1000), Content_Type=MIXED)
    message, problems = open_message(content)
    payload = message.get_payload()
    assert len(payload) <= MOST_SEPARATORS
    assert "20,000 parts" in problems[0]
    assert open_message(mail("--b\n\nx\n" * 100, Content_Type=MIXED))[1] == ()


def test_header_fields_are_looked_at_up_to_a_number_when_there_are_countless(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: Counter[str] = Counter()
    honest = email.message.Message.raw_items

    def counted(message: Any) -> Any:
        for item in honest(message):
            seen["fields"] += 1
            yield item

    monkeypatch.setattr(email.message.Message, "raw_items", counted)
    flood = "X-A: 1\r\n" * 50_000
    found, _ = read_message(mail(X_First=f"x\r\n{flood}X-Last: x"), RULES)

    assert found.subject == "Urgent Data Incident"
    assert seen["fields"] <= 60 * (MOST_FIELDS + 1)
    assert any("header fields" in one for one in found.problems)


@pytest.mark.parametrize("line", [",", "\r\nTo: "])
def test_addresses_are_listed_up_to_a_number_when_there_are_a_hundred_thousand(line: str) -> None:
    everybody = line.join(f"a{n}@b.example" for n in range(100_000))
    found, _ = read_message(mail(To=everybody), RULES)
    assert len(found.to) == MOST


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("x" * 5_000_000, {}),
        ("> " * 2_000_000, {}),
        ("a\n" * 1_000_000, {}),
        ("=3D=\n" * 500_000, {"Content_Transfer_Encoding": "quoted-printable"}),
        ("=" * 2_000_000, {"Content_Transfer_Encoding": "quoted-printable"}),
        ("<p>x" * 400_000, {"Content_Type": "text/html"}),
        ("a-" * 500_000, {"Content_Type": "text/plain; charset=punycode"}),
    ],
)
def test_text_is_cut_when_it_is_endless(body: str, headers: dict[str, str]) -> None:
    found, _ = read_message(mail(body, **headers), RULES)
    assert len(found.text) <= LIMITS.text_length
    assert len(found.reply) <= LIMITS.text_length
    assert any("longer than" in one for one in found.problems)


def test_html_is_read_up_to_a_size_in_all_when_it_comes_in_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    honest = html_text.html_to_text

    def counted(html: str) -> tuple[str, str]:
        read.append(len(html))
        return honest(html)

    monkeypatch.setattr("mailbot.intake.text.html_to_text", counted)
    filler = "<!-- " + "x" * 100_000 + " -->"
    read_message(mail(parts(100, f"Content-Type: text/html\n\n<p>{filler}"), Content_Type=MIXED), RULES)
    assert 0 < sum(read) <= LIMITS.html_size + 110_000


def test_heuristics_see_the_beginning_only_when_a_robots_mail_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    honest = bounces._beginning

    def counted(message: Any) -> Any:
        short = honest(message)
        seen.append(len(short.as_bytes()))
        return short

    monkeypatch.setattr(bounces, "_beginning", counted)
    content = mail("<gone@x.example>:\n" * 100_000, From="mailer-daemon@x.example", Subject="Returned mail")
    message, _ = open_message(content)
    found, _ = read_opened(message, RULES)

    assert kind_of(message, found, RULES) is Kind.BOUNCE
    assert 0 < max(seen) <= LONGEST_TEXT + 1000


def test_failed_recipients_are_listed_up_to_a_number_when_a_report_names_thousands() -> None:
    fields = "".join(f"Final-Recipient: rfc822; a{n}@x.example\nAction: failed\n\n" for n in range(3_000))
    report = f"--b\nContent-Type: message/delivery-status\n\n{fields}--b--\n"
    message, _ = open_message(mail(report, Content_Type='multipart/report; report-type=delivery-status; boundary="b"'))
    found = read_bounce(message, read_opened(message, RULES)[0])
    assert len(found.recipients) == MOST_RECIPIENTS
    assert found.recipients[0] == "a0@x.example"
