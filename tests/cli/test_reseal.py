"""An old key goes: everything is sealed again with the new one, and opens with that alone."""

from tests.cli.conftest import Shell

OLD = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
NEW = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="


def with_keys(shell: Shell, keys: str) -> Shell:
    shell.environ = shell.environ | {"MAILBOT_KEYS": keys}
    return shell


def test_everything_opens_with_the_new_key_alone_once_it_was_sealed_again(filled: Shell) -> None:
    before = filled.run("show", "DB2026014", "--report", "--json").stdout

    done = with_keys(filled, f"{NEW},{OLD}").run("reseal")

    assert done.exit_code == 0, done.output
    assert "Sealed again: " in done.stdout
    assert with_keys(filled, NEW).run("show", "DB2026014", "--report", "--json").stdout == before
    assert with_keys(filled, OLD).run("show", "DB2026014").exit_code == 1


def test_with_one_key_there_is_nothing_to_seal_again(filled: Shell) -> None:
    done = filled.run("reseal")

    assert done.exit_code == 0, done.output
    assert "nothing to do" in done.stdout
