import json
from pathlib import Path

from dotenv import dotenv_values

from mailbot.settings import load_settings
from tests.cli.conftest import Shell


def test_init_writes_a_configuration_that_only_lacks_passwords(shell: Shell, tmp_path: Path) -> None:
    done = shell.run("init", str(tmp_path / "new"))

    assert done.exit_code == 0, done.output
    passwords = {name: "x" for name in dotenv_values(tmp_path / "new" / ".env") if "PASSWORD" in name}
    assert load_settings(tmp_path / "new", passwords).keys.seal


def test_init_makes_other_keys_each_time(shell: Shell, tmp_path: Path) -> None:
    for name in ("one", "two"):
        shell.run("init", str(tmp_path / name))

    one, two = (dotenv_values(tmp_path / name / ".env") for name in ("one", "two"))
    assert one["MAILBOT_KEYS"] != two["MAILBOT_KEYS"]
    assert one["MAILBOT_TOKEN_KEY"] != one["MAILBOT_BLIND_KEY"]


def test_init_copies_the_messages_when_asked(shell: Shell, tmp_path: Path) -> None:
    shell.run("init", str(tmp_path / "new"), "--with-templates")

    assert (tmp_path / "new" / "templates" / "acknowledgement.md").is_file()


def test_init_overwrites_nothing(shell: Shell) -> None:
    before = (shell.home / "config" / "mailbot.toml").stat().st_mtime_ns

    done = shell.run("init", str(shell.home))

    assert done.exit_code == 1
    assert "nothing was written" in done.stderr
    assert (shell.home / "config" / "mailbot.toml").stat().st_mtime_ns == before
    assert not (shell.home / ".env").exists()


def test_a_configuration_with_problems_ends_with_code_2_and_names_them(shell: Shell) -> None:
    shell.environ |= {"MAILBOT_SMTP__PORT": "many", "MAILBOT_NONSENSE": "1"}

    done = shell.run("list")

    assert done.exit_code == 2
    assert "MAILBOT_SMTP__PORT must be a whole number" in done.stderr
    assert "MAILBOT_NONSENSE matches no setting" in done.stderr
    assert "Traceback" not in done.output


def test_check_reports_problems_of_the_configuration_as_findings(shell: Shell) -> None:
    shell.environ["MAILBOT_SMTP__PORT"] = "many"

    done = shell.run("check", "--json")

    assert done.exit_code == 2
    assert [one["layer"] for one in json.loads(done.stdout)] == ["configuration"]


def test_a_length_of_time_that_is_none_is_bad_usage(shell: Shell) -> None:
    done = shell.run("check", "--max-age", "soon")

    assert done.exit_code == 2
    assert "30s, 10m, 2h or 1d" in done.stderr


def test_a_moment_that_is_none_is_bad_usage(shell: Shell) -> None:
    done = shell.run("--now", "tomorrow", "list")

    assert done.exit_code == 2
    assert "2026-11-23T08:00" in done.stderr
