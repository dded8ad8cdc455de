"""Mail written by others, where the corpus lies beside the project: all of it is read, and people are not taken for machines."""

import json
from pathlib import Path
from typing import Any

import pytest

from mailbot.intake.email import InboundEmail, Kind
from mailbot.intake.kinds import kind_of
from mailbot.intake.message import read_opened
from mailbot.intake.mime import open_message
from tests.intake.mails import RULES

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
    assert known >= 0.97 * len(machines)


def test_attachments_come_out_byte_for_byte() -> None:
    for row, content in cases("parse"):
        wanted = {one["sha256"] for one in row.get("attachments") or [] if one.get("sha256") and not one.get("textual")}
        assert wanted <= {one.sha256 for one in understood(content)[1].attachments}, row["id"]
