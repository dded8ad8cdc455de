"""Mail written by others, where the corpus lies beside the project: all of it is read, and people are not taken for machines."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mailbot.intake.bounce import read_bounce
from mailbot.intake.email import InboundEmail, Kind
from mailbot.intake.kinds import kind_of
from mailbot.intake.message import read_message, read_opened
from mailbot.intake.mime import open_message
from tests.intake.mails import RULES, mail

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of mail by others does not lie beside the project"
)


def cases(name: str) -> list[tuple[dict[str, Any], bytes]]:
    rows = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    return [(row, (CORPUS / row["file"]).read_bytes()) for row in rows if row.get("file")]


def understood(content: bytes) -> tuple[Kind, InboundEmail]:
    message, _ = open_message(content)
    email, _ = read_opened(message, RULES)
    return kind_of(message, email, RULES), email


def test_every_odd_mail_is_read_without_foul_letters() -> None:
    for row, content in cases("robust"):
        _, email = understood(content)
        written = email.model_dump_json()
        assert "\\u0000" not in written, row["id"]
        assert len(email.digest) == 64, row["id"]


def test_people_are_never_taken_for_machines() -> None:
    people = [(row, content) for row, content in cases("mailclass") if row["cls"] == "human"]
    assert people
    assert [row["id"] for row, content in people if understood(content)[0].is_machine] == []


def test_machines_are_known_as_such_nearly_always() -> None:
    machines = [content for row, content in cases("mailclass") if row["cls"] != "human"]
    known = sum(understood(content)[0].is_machine for content in machines)
    assert known >= 0.99 * len(machines)


def test_failed_recipients_are_found_nearly_always() -> None:
    bounces = [
        (row, content) for row, content in cases("mailclass") if row["cls"] == "bounce" and row.get("recipients")
    ]
    found = 0
    for row, content in bounces:
        message, _ = open_message(content)
        named = set(read_bounce(message, read_opened(message, RULES)[0]).recipients)
        found += {one.lower() for one in row["recipients"]} <= named
    assert found >= 0.97 * len(bounces)


def test_the_senders_own_words_are_found_nearly_always() -> None:
    rows = [json.loads(line) for line in (CORPUS / "replies.jsonl").read_text("utf-8").splitlines()]
    assert sum(is_right(row) for row in rows) >= 0.9 * len(rows)


def is_right(row: dict[str, Any]) -> bool:
    """As the corpus counts: the words wanted and at most a short signature after them, or all and none of some words."""
    content_type = "text/html" if row.get("format") == "html" else "text/plain"
    email, _ = read_message(mail(row["body"], Subject="Re: x", Content_Type=f"{content_type}; charset=utf-8"), RULES)
    if row["match"] == "contains":
        text = " ".join(email.reply.split())
        wanted, unwanted = ([" ".join(one.split()) for one in row[key]] for key in ("must_contain", "must_not_contain"))
        return all(one in text for one in wanted) and not any(one in text for one in unwanted)
    wanted, found = (re.findall(r"[^\W_]+", text.lower()) for text in (row["expected_reply"], email.reply))
    return found[: len(wanted)] == wanted and (row["match"] == "starts" or len(found) - len(wanted) <= 15)


def test_attachments_come_out_byte_for_byte() -> None:
    for row, content in cases("parse"):
        wanted = {one["sha256"] for one in row.get("attachments") or [] if one.get("sha256") and not one.get("textual")}
        assert wanted <= {one.sha256 for one in understood(content)[1].attachments}, row["id"]
