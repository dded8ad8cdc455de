"""What every command shares: the global options, the settings, the wired bot, and how an error ends a command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from typer.core import TyperGroup

from mailbot.clock import SystemClock
from mailbot.errors import MailbotError, SettingsError, StoreError

if TYPE_CHECKING:
    from mailbot.app import App
    from mailbot.ports import Clock
    from mailbot.settings import Settings

FAILED = 1
BAD_USAGE = 2
LONDON = ZoneInfo("Europe/London")

Json = Annotated[bool, typer.Option("--json", envvar="MAILBOT_JSON", help="Print JSON instead of text.")]


@dataclass(frozen=True)
class Options:
    """The global options. ``at`` is the moment of ``--now``, None for the real time."""

    config: Path | None = None
    at: datetime | None = None
    debug: bool = False
    environ: Mapping[str, str] = field(default_factory=dict)


class Commands(TyperGroup):
    """The group of all commands: turns an error the operator can act on into one message and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; exit code 2 for the configuration, 1 for anything else of ours."""
        try:
            return super().invoke(ctx)
        except MailbotError as error:
            if ctx.params.get("debug"):
                raise
            typer.echo(f"mailbot: {error}", err=True)
            raise typer.Exit(BAD_USAGE if isinstance(error, SettingsError) else FAILED) from None


def read_moment(written: str) -> datetime:
    """``2026-11-23T08:00`` (London), or with an offset of its own; raises ``BadParameter``."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"{written!r} is not a moment such as 2026-11-23T08:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def settings_of(context: typer.Context, *, need_secrets: bool = True) -> Settings:
    """The settings of the chosen folder; raises ``SettingsError`` with all their problems."""
    from mailbot.settings import load_settings  # noqa: PLC0415 -- keeps `--help` quick

    options: Options = context.obj
    return load_settings(options.config, options.environ, need_secrets=need_secrets)


def clock_of(context: typer.Context) -> Clock:
    """The machine's clock, or one that stands at ``--now``."""
    from mailbot.testing import FixedClock  # noqa: PLC0415 -- keeps `--help` quick

    options: Options = context.obj
    return FixedClock(options.at) if options.at else SystemClock()


@contextmanager
def built(context: typer.Context) -> Iterator[App]:
    """The bot, wired up and let go of afterwards, whatever revision its database is at."""
    from mailbot.app import build  # noqa: PLC0415 -- keeps `--help` quick

    app = build(settings_of(context), clock_of(context))
    try:
        yield app
    finally:
        app.close()


@contextmanager
def wired(context: typer.Context, *, writes: bool) -> Iterator[App]:
    """The bot, ready to work.

    Raises ``StoreError`` when the database is not at this version's revision, and for a command that ``writes``
    under ``--now`` when the database is not a rehearsal's.
    """
    from mailbot.jobs.takeover import take_over  # noqa: PLC0415 -- keeps `--help` quick

    with built(context) as app:
        found, expected = app.store.revision()
        if found != expected:
            raise StoreError(
                f"the database is at revision {found or 'none'}, this version needs {expected}: run `mailbot migrate`"
            )
        if writes and context.obj.at and not app.store.is_rehearsal():
            raise StoreError("--now is refused: this database is not a rehearsal's, its clocks would be set wrong")
        if writes:
            take_over(app)
        yield app
