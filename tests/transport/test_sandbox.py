"""The readers that die here are real processes: a module in their place that does what a hostile document might bring about."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.intake.email import Kind
from mailbot.reader import PAIRING, ReadingRules
from mailbot.transport import reader_worker
from mailbot.transport.frames import HEAD, Question, pack_question, unpack_question
from mailbot.transport.reader_worker import ReaderLimits
from mailbot.transport.sandbox import TOO_MANY, Sandbox
from tests.intake.mails import mail, mail_with
from tests.test_reader import FORM_TEXT, RULES_ALL

AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

HOSTILE = """
import os, sys, time
import mailbot.reader as reader
from mailbot.transport import reader_process

honest = reader.read_document

def read_document(document, rules, recogniser):
    if document.content.startswith(b"sleep"):
        time.sleep(60)
    if document.content.startswith(b"spin"):
        while True:
            pass
    if document.content.startswith(b"grow"):
        hoard = []
        while True:
            hoard.append(bytearray(1 << 24))
    if document.content.startswith(b"crash"):
        os.abort()
    if document.content.startswith(b"print"):
        print("noise on standard output", flush=True)
    if document.content.startswith(b"write"):
        with open(__file__ + ".written", "wb") as file:
            file.write(b"x")
    return honest(document, rules, recogniser)

def read_opened(message, *rest):
    if message["X-Odd"] == "die":
        os.abort()
    return honest_opened(message, *rest)

def read_headers(message, *rest):
    if message["X-Odder"] == "die":
        os.abort()
    return honest_headers(message, *rest)

honest_opened, honest_headers = reader.read_opened, reader.read_headers
reader.read_document, reader.read_opened, reader.read_headers = read_document, read_opened, read_headers
reader_process.HEAVY = ()
reader_process.main(int(sys.argv[1]))
"""

Make = Callable[..., Sandbox]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def one(limits: ReaderLimits | None = None, workers: int = 1) -> Sandbox:
            sandbox = Sandbox(RULES_ALL, limits, workers)
            stack.callback(sandbox.close)
            sandbox.start()
            return sandbox

        yield one


@pytest.fixture
def make_hostile(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Sandboxes whose processes do what the documents tell them: sleep, spin, grow, crash."""
    (tmp_path / "hostile_reader.py").write_text(HOSTILE, "utf-8")
    real = subprocess.Popen

    def popen(command: list[str], **options: object) -> "subprocess.Popen[bytes]":
        environment = options["env"]
        assert isinstance(environment, dict)
        options["env"] = environment | {"PYTHONPATH": os.pathsep.join([str(tmp_path), environment["PYTHONPATH"]])}
        changed = ["hostile_reader" if word == reader_worker.PROCESS else word for word in command]
        return real(changed, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr(subprocess, "Popen", popen)
    return make


def test_mail_and_form_are_read_in_another_process(make: Make) -> None:
    sandbox = make()
    reading = sandbox.read(mail_with(("form.txt", FORM_TEXT)), AT)
    assert reading.kind is Kind.REPORT
    assert reading.report.fields["description"].value == "a letter went to a wrong house"
    assert sandbox.is_report_form(FORM_TEXT)
    assert not sandbox.is_report_form(b"Minutes of a meeting")


@pytest.mark.parametrize(
    ("poison", "seconds", "because"),
    [
        (b"sleep", 2, "it took too long"),
        (b"spin", 2, "it took too long"),
        (b"grow", 60, "memory"),
        (b"crash", 60, "it broke off"),
        (b"write", 60, "damaged (OSError)"),
    ],
)
def test_document_that_kills_its_reader_costs_itself_and_not_the_mail(
    make_hostile: Make, poison: bytes, seconds: int, because: str
) -> None:
    sandbox = make_hostile(ReaderLimits(seconds=seconds, memory_mb=512))
    reading = sandbox.read(mail_with(("bad.txt", poison), ("form.txt", FORM_TEXT)), AT)

    assert reading.kind is Kind.REPORT
    assert reading.report.fields["description"].value == "a letter went to a wrong house"
    assert because in reading.email.attachments[0].outcome
    assert [one for one in reading.problems if "bad.txt" in one]
    assert reading.email.attachments[1].outcome.startswith("read: ")
    assert sandbox.read(mail(), AT).problems == ()


def test_every_document_that_kills_its_reader_is_named(make_hostile: Make) -> None:
    reading = make_hostile(ReaderLimits()).read(mail_with(("one.txt", b"crash"), ("two.txt", b"crash")), AT)
    assert [one.outcome for one in reading.email.attachments] == ["not read: it broke off"] * 2


def test_too_many_deadly_documents_cost_all_documents_and_not_the_mail(make_hostile: Make) -> None:
    deadly = ((f"{number}.txt", b"crash") for number in range(9))
    reading = make_hostile().read(mail_with(*deadly, body="What happened: my phone was taken"), AT)
    assert reading.report.fields["description"].value == "my phone was taken"
    outcomes = [one.outcome for one in reading.email.attachments]
    assert outcomes[:4] == ["not read: it broke off"] * 4
    assert outcomes[5:] == [f"not read: {TOO_MANY}"] * 4


def test_headers_are_read_when_the_mail_itself_kills_its_reader(make_hostile: Make) -> None:
    reading = make_hostile().read(mail(X_Odd="die"), AT)
    assert reading.kind is Kind.REPORT
    assert reading.email.sender.address == "sam.reporter@council.example"
    assert "it broke off" in reading.problems[0]


def test_report_stands_when_even_its_headers_kill_the_reader(make_hostile: Make) -> None:
    reading = make_hostile().read(mail(X_Odd="die", X_Odder="die"), AT)
    assert (reading.kind, reading.email.sender.address, reading.email.automatic) == (Kind.REPORT, "", True)
    assert "A person must open the original" in reading.problems[0]


def test_headers_are_read_when_the_answer_is_larger_than_allowed(make: Make) -> None:
    reading = make(ReaderLimits(output_mb=1)).read(mail("\u20ac" * 190_000), AT)
    assert (reading.email.subject, reading.email.text) == ("Urgent Data Incident", "")
    assert "there is too much in it" in reading.problems[0]


def test_what_a_library_prints_does_not_disturb_the_answer(make_hostile: Make) -> None:
    assert make_hostile().read(mail_with(("a.txt", b"print me")), AT).problems == ()


def test_process_is_replaced_when_it_was_killed_between_two_mails(make: Make) -> None:
    sandbox = make()
    sandbox.read(mail(), AT)
    first = sandbox.pids[0]
    os.kill(first, 9)
    assert sandbox.read(mail(), AT).problems == ()
    assert sandbox.pids[0] != first


def test_process_is_replaced_when_it_served_long_enough(make: Make) -> None:
    sandbox = make(ReaderLimits(recycle_after=2))
    pids = []
    for _ in range(4):
        pids.append(sandbox.pids[0])
        assert sandbox.read(mail(), AT).problems == ()
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_threads_may_share_a_sandbox(make: Make) -> None:
    sandbox = make(workers=2)
    read: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: read.append(sandbox.read(mail(f"Place: room {n}"), AT).email.text))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == [f"Place: room {n}" for n in range(8)]


def test_no_process_is_started_before_there_is_something_to_read() -> None:
    sandbox = Sandbox(RULES_ALL)
    assert sandbox.pids == ()
    sandbox.close()


def test_closing_ends_the_processes_and_may_be_done_twice(make: Make) -> None:
    sandbox = make()
    (pid,) = sandbox.pids
    sandbox.close()
    sandbox.close()
    assert sandbox.pids == ()
    assert not Path(f"/proc/{pid}").exists()


def test_reader_process_sees_no_secret_and_no_open_file_of_its_parent(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILBOT_SMTP_PASSWORD", "a secret")
    with (ROOT / "pyproject.toml").open("rb") as held:
        os.set_inheritable(held.fileno(), True)
        sandbox = make()
        sandbox.read(mail(), AT)
        process = Path(f"/proc/{sandbox.pids[0]}")
        assert b"secret" not in (process / "environ").read_bytes()
        assert not [one for one in (process / "fd").iterdir() if one.readlink().name == "pyproject.toml"]


def test_reader_process_imports_no_database_no_network_and_no_other_part_of_the_bot() -> None:
    code = "import sys, mailbot.transport.reader_process as p, importlib; [importlib.import_module(m) for m in p.HEAVY]; print(*sys.modules)"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout.split()
    )
    assert not loaded & {
        "sqlmodel",
        "sqlalchemy",
        "imapclient",
        "aiosmtplib",
        "jinja2",
        "apscheduler",
        "asyncio",
        "pickle",
    }
    layers = {name.split(".")[1] for name in loaded if name.startswith("mailbot.")}
    vocabulary = {"value", "terms", "assessment", "investigation", "notifications", "incident", "errors"}
    assert layers <= {*vocabulary, "intake", "parse", "reader", "transport"}


def test_question_and_bytes_come_out_of_a_frame_as_they_went_in() -> None:
    question = Question(received_at=AT, skip={0: "it took too long", PAIRING: "x"}, cpu_seconds=3)
    assert unpack_question(pack_question(question, b"\x00\xff")[HEAD.size :]) == (question, b"\x00\xff")
    assert ReadingRules.model_validate_json(RULES_ALL.model_dump_json()) == RULES_ALL
