"""The commands. Each says what it did in plain words, or one JSON value with ``--json``.

Exit codes: 0 done, 1 failed, 2 bad usage or configuration. What an operator can act on is one message without a
traceback; ``--debug`` shows the traceback.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mailbot import __version__
from mailbot.cli import forms, lettering, looking, reading, rehearsing, running, sending, setting_up
from mailbot.cli.context import Commands, Options, read_moment

commands = typer.Typer(
    name="mailbot",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Reads urgent data incident reports out of hours, starts every clock, and chases each duty by mail.",
)
for part in (setting_up, running, looking, sending, reading, forms, lettering, rehearsing):
    part.register(commands)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"mailbot {__version__}")
        raise typer.Exit


@commands.callback()
def mailbot(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(envvar="MAILBOT_CONFIG", show_default=False, help="The folder that holds mailbot.toml."),
    ] = None,
    now: Annotated[
        datetime | None,
        typer.Option(
            envvar="MAILBOT_NOW",
            parser=read_moment,
            metavar="MOMENT",
            show_default=False,
            help="Do it as if it were then (2026-11-23T08:00, London). What writes needs a rehearsal's database.",
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", envvar="MAILBOT_DEBUG", help="Show tracebacks.")] = False,
    version: Annotated[  # noqa: ARG001 -- its callback answers
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Keeps what every command needs to know."""
    context.obj = Options(config=config, at=now, debug=debug, environ=dict(os.environ))


def main() -> None:
    """The console command."""
    commands()
