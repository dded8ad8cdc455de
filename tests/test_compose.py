"""The container files: Debian's docker-compose accepts them, and they agree with the settings."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mailbot.settings.environment import gather, overrides, secret
from mailbot.settings.load import load_settings
from mailbot.settings.model import MailbotFile

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")

needs_compose = pytest.mark.skipif(
    shutil.which("docker-compose") is None and not os.environ.get("CI"),
    reason="docker-compose is not installed: `apt-get install docker-compose`",
)


@needs_compose
@pytest.mark.parametrize("profile", [(), ("--profile", "try")], ids=["real", "try"])
def test_docker_compose_accepts_the_file(profile: tuple[str, ...]) -> None:
    command = ["docker-compose", "--file", "docker-compose.yml", *profile, "config", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_variable_in_the_container_files_is_a_setting() -> None:
    values = dict(re.findall(r"^ +(MAILBOT_\w+): \"?([^\"\n]*)\"?$", COMPOSE, re.MULTILINE))
    values |= dict(re.findall(r"(MAILBOT_\w+)=(\S+)", DOCKERFILE))
    problems: list[str] = []

    found = overrides(gather(ROOT / "no.env", values), MailbotFile, problems)

    assert problems == []
    assert found["MAILBOT_STORE__URL"] == ("store.url", "sqlite:////data/mailbot.db")


def test_each_secret_is_a_file_that_the_bot_or_the_database_is_given() -> None:
    declared = set(re.findall(r"^  (\w+): \{file: \./secrets/\1\}$", COMPOSE, re.MULTILINE))
    used = set(re.findall(r"/run/secrets/(\w+)$", COMPOSE, re.MULTILINE))

    assert declared == used
    assert len(declared) == COMPOSE.count("./secrets/")


def test_the_image_installs_the_lock_by_hash_and_does_not_run_as_root() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]

    assert "--require-hashes -r /build/requirements.lock" in DOCKERFILE
    assert re.search(r"^USER mailbot$", last_stage, re.MULTILINE)
    assert (
        'HEALTHCHECK --interval=2m --timeout=30s --start-period=2m --retries=3 CMD ["mailbot", "check", "--max-age"'
        in last_stage
    )


def test_the_builder_is_sent_only_what_the_image_copies() -> None:
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    copied = re.findall(r"^COPY (\w[\w.-]*) ", DOCKERFILE, re.MULTILINE)

    assert sorted(allowed) == sorted(copied)


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    subprocess.run([ROOT / ".ci" / "prepare-docker", tmp_path], check=True, capture_output=True)
    return tmp_path


def test_prepare_writes_secrets_that_the_settings_accept(prepared: Path) -> None:
    for name in ("it", "ig", "bot"):
        (prepared / "secrets" / f"password_{name}").write_text("as the mailbox has it\n")
    (prepared / "secrets" / "smtp_password").write_text("as the mailbox has it\n")
    names = re.findall(r"^ +(MAILBOT_\w+_FILE): /run/secrets/(\w+)$", COMPOSE, re.MULTILINE)
    environ = {variable: str(prepared / "secrets" / name) for variable, name in names}

    settings = load_settings(prepared / "council", environ)

    assert len(settings.keys.seal) == 1
    assert {one.password.get_secret_value() for one in settings.mailboxes} == {"as the mailbox has it"}


def test_prepare_writes_one_password_for_both_ends_of_the_database(prepared: Path) -> None:
    password = (prepared / "secrets" / "database_password").read_text()

    assert len(password) == 32
    assert f"password={password}\n" in (prepared / "secrets" / "database_service").read_text()


def test_prepare_leaves_everything_as_it_is_when_it_runs_again(prepared: Path) -> None:
    before = {path: path.read_bytes() for path in prepared.rglob("*") if path.is_file()}

    subprocess.run([ROOT / ".ci" / "prepare-docker", prepared], check=True, capture_output=True)

    assert {path: path.read_bytes() for path in prepared.rglob("*") if path.is_file()} == before


def test_the_secrets_are_closed_to_other_users_of_the_machine(prepared: Path) -> None:
    assert (prepared / "secrets").stat().st_mode & 0o777 == 0o700


def test_a_fresh_key_differs_each_time(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    another = tmp_path_factory.mktemp("another")
    subprocess.run([ROOT / ".ci" / "prepare-docker", another], check=True, capture_output=True)
    problems: list[str] = []

    keys = [
        secret("MAILBOT_KEYS", {"MAILBOT_KEYS_FILE": str(folder / "secrets" / "keys")}, problems)
        for folder in (prepared, another)
    ]

    assert keys[0] != keys[1]
    assert problems == []
