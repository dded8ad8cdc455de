"""Commands before and beside the daily run: init, check, migrate, reseal."""

from __future__ import annotations

import secrets
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot import resources
from mailbot.cli.context import BAD_USAGE, FAILED, Json, built, clock_of, settings_of, wired
from mailbot.cli.output import print_json
from mailbot.errors import SettingsError

if TYPE_CHECKING:
    from mailbot.checks import Finding

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
MADE = ("MAILBOT_KEYS", "MAILBOT_TOKEN_KEY", "MAILBOT_BLIND_KEY")


def register(commands: typer.Typer) -> None:
    """Adds these commands."""
    for command in (init, check, migrate, reseal):
        commands.command()(command)


def init(
    folder: Annotated[Path, typer.Argument(help="Where config/ and .env are written.")] = Path(),
    with_templates: Annotated[
        bool,
        typer.Option("--with-templates", envvar="MAILBOT_WITH_TEMPLATES", help="Also copy the messages, to edit them."),
    ] = False,
) -> None:
    """Write a configuration to start from, with fresh keys. Nothing that is there is overwritten."""
    shipped = resources.shipped()
    wanted = {folder / "config" / one.name: one for one in sorted((shipped / "config").iterdir()) if one.is_file()}
    if with_templates:
        files = (one for one in sorted((shipped / "templates").rglob("*")) if one.is_file())
        wanted |= {folder / one.relative_to(shipped): one for one in files}
    env_file = folder / ".env"
    there = [str(one) for one in (*wanted, env_file) if one.exists()]
    if there:
        typer.echo(f"mailbot: nothing was written, for these are there already: {', '.join(there)}", err=True)
        raise typer.Exit(FAILED)
    for target, source in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    write_env_file(env_file)
    typer.echo(
        f"Written: {folder / 'config'} and {env_file} with fresh keys.\n"
        "Next: put your mailboxes into mailbot.toml, your council into organisation.toml and staff.csv, the passwords\n"
        f"into .env; then run `mailbot --config {folder} migrate` and `mailbot --config {folder} check`.\n"
        "Keep a copy of the keys in a safe place: without them nothing that the bot stored can be read."
    )


def write_env_file(path: Path) -> None:
    """Writes ``.env`` with fresh keys and empty passwords, readable by its owner alone."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 -- keeps `--help` quick

    values = (Fernet.generate_key().decode(), secrets.token_urlsafe(48), secrets.token_urlsafe(48))
    lines = [
        "# Secrets. Passwords: one for each [mailboxes.NAME] of mailbot.toml, and the SMTP server's.",
        *(f"{name}={value}" for name, value in zip(MADE, values, strict=True)),
        *(f"{name}=" for name in ("MAILBOT_PASSWORD_IT", "MAILBOT_PASSWORD_IG", "MAILBOT_PASSWORD_BOT")),
        "MAILBOT_SMTP_PASSWORD=",
    ]
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def migrate(context: typer.Context) -> None:
    """Bring the database to the revision this version needs. Safe to run at every start."""
    with built(context) as app:
        typer.echo(f"The database is at revision {app.store.migrate()}.")


def reseal(context: typer.Context) -> None:
    """Seal everything again with the newest of MAILBOT_KEYS, so that the older ones can go. The bot may run meanwhile.

    A bot that runs must have been restarted with the new key before: it seals with the keys it was started with.
    """
    with wired(context, writes=True) as app:
        if len(app.settings.keys.seal) == 1:
            typer.echo("MAILBOT_KEYS holds one key, and everything is sealed with it: nothing to do.")
            return
        done = 0
        for number in app.store.reseal():
            done += number
            if sys.stderr.isatty():
                typer.echo(f"\r{done} rows", nl=False, err=True)
    typer.echo(
        f"Sealed again: {done} rows. If every bot was restarted with the new key before this, take the older ones out"
        " of MAILBOT_KEYS and restart. Backups made before still need them."
    )


def check(
    context: typer.Context,
    max_age: Annotated[
        str,
        typer.Option(
            envvar="MAILBOT_MAX_AGE",
            metavar="LENGTH",
            show_default=False,
            help="For a monitor: only whether the bot did its rounds within this time (10m, 2h); asks no mail server.",
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Say of each layer whether it works, and what to do where it does not."""
    from mailbot.checks import Finding, check_alive, check_all  # noqa: PLC0415 -- keeps `--help` quick

    within = _read_length(max_age) if max_age else None
    try:
        settings = settings_of(context)
    except SettingsError as error:
        _report([Finding(layer="configuration", ok=False, text=one) for one in error.problems], as_json=as_json)
        raise typer.Exit(BAD_USAGE) from None
    clock = clock_of(context)
    findings = list(check_alive(settings, clock, within) if within else check_all(settings, clock))
    _report(findings, as_json=as_json)
    if not all(one.ok for one in findings):
        raise typer.Exit(FAILED)


def _report(findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        print_json([one.model_dump() for one in findings])
        return
    for one in findings:
        advice = f"\n{'':19}{one.advice}" if one.advice else ""
        typer.echo(f"{'OK' if one.ok else 'FAIL':<5}{one.layer:<14}{one.text}{advice}")


def _read_length(written: str) -> timedelta:
    number, unit = written[:-1], written[-1:]
    if not number.isdecimal() or unit not in UNITS or int(number) == 0:
        raise typer.BadParameter(f"{written!r} is not a length of time such as 30s, 10m, 2h or 1d")
    return timedelta(**{UNITS[unit]: int(number)})
