import json
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from mailbot.cli.reading import arrival
from tests.cli.conftest import Shell

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
KEYS = {
    "file", "kind", "from", "to", "cc", "subject", "date", "message_id", "in_reply_to", "text", "reply", "attachments",
    "form", "triage", "bounce", "problems",
}  # fmt: skip


@pytest.fixture
def report(tmp_path: Path) -> Path:
    message = EmailMessage()
    message["From"] = "Sam Porter <sam.porter@council.example>"
    message["To"] = "itservicedesk@council.example"
    message["Subject"] = "Urgent Data Incident"
    message["Date"] = format_datetime(datetime(2026, 11, 20, 19, 30, tzinfo=UTC))
    message["Message-ID"] = "<1@council.example>"
    message.set_content("My work laptop was stolen from my car last night.\n")
    path = tmp_path / "report.eml"
    path.write_bytes(message.as_bytes())
    return path


def test_read_prints_one_object_a_file_with_every_key(shell: Shell, report: Path) -> None:
    done = shell.run("read", "--json", str(report), str(report))

    assert done.exit_code == 0, done.output
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(one) for one in objects] == [KEYS, KEYS]
    assert objects[0]["kind"] == "report"
    assert objects[0]["from"] == {"address": "sam.porter@council.example", "name": "Sam Porter"}
    assert objects[0]["date"] == "2026-11-20T19:30:00+00:00"
    assert objects[0]["triage"]["queue"] == "it"


def test_read_says_the_same_in_words(shell: Shell, report: Path) -> None:
    done = shell.run("read", str(report))

    assert done.exit_code == 0, done.output
    assert "Desk:" in done.stdout
    assert "IT Service Desk" in done.stdout
    assert "20 November 2026, 7:30pm" in done.stdout


def test_read_says_how_the_severity_was_worked_out(shell: Shell, report: Path) -> None:
    done = shell.run("read", str(report))

    lines = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
    assert lines["ENISA score"].split()[0] == "2.5"
    assert "how many people are affected is not known" in lines["Not known"]
    assert "If it was encrypted and the key is safe: low" in lines["Would change it"]


def test_read_gives_every_factor_of_the_severity_as_json(shell: Shell, report: Path) -> None:
    done = shell.run("read", "--json", str(report))

    found = json.loads(done.stdout)["triage"]["assessment"]
    assert (found["severity"], found["score"]) == ("medium", 2.5)
    assert {one["name"] for one in found["factors"]} >= {"data", "ease of identification", "malicious intent"}


def test_read_needs_no_secret(shell: Shell, report: Path) -> None:
    shell.environ = {"MAILBOT_CONFIG": str(shell.home)}

    assert shell.run("read", str(report)).exit_code == 0


def test_read_takes_a_bare_form_as_if_it_were_attached(shell: Shell, tmp_path: Path) -> None:
    form = tmp_path / "broken.docx"
    form.write_bytes(b"this is no form")

    done = shell.run("read", "--json", str(form))

    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["kind"] == "report"
    assert [one["name"] for one in answer["attachments"]] == ["broken.docx"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Date: Fri, 20 Nov 2026 19:30:00 +0000", datetime(2026, 11, 20, 19, 30, tzinfo=UTC)),
        (b"Date: Fri, 20 Nov 2026 19:30:00", NOW),
        (b"Date: soon", NOW),
        (b"Date: Fri, 99 Nov 99999 19:30:00 +0000", NOW),
        (b"Subject: none", NOW),
        (b"", NOW),
    ],
)
def test_the_arrival_is_the_mails_own_date_where_it_has_a_usable_one(header: bytes, expected: datetime) -> None:
    assert arrival(header + b"\r\n\r\nbody", NOW) == expected


def test_preview_shows_a_message_with_invented_values(shell: Shell, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    done = shell.run("preview", "acknowledgement", "--html", str(page))

    assert done.exit_code == 0, done.output
    assert "Subject: We have your report DB2026014" in done.stdout
    assert "DB2026014" in page.read_text(encoding="utf-8")


def test_preview_of_an_unknown_message_lists_the_known_ones(shell: Shell) -> None:
    done = shell.run("preview", "aknowledgement")

    assert done.exit_code == 1
    assert "acknowledgement" in done.stderr
