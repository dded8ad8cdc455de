"""The command that tries the council's own configuration: rehearse."""

from __future__ import annotations

import sys
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.context import FAILED, LONDON, Json, clock_of, settings_of
from mailbot.cli.output import heading, print_json, print_table

if TYPE_CHECKING:
    from mailbot.rehearsal import Outcome, Plan
    from mailbot.settings import Settings

LONGEST = 730
"""Days. Bank holidays are known for three years ahead, and the last ladders reach beyond the end."""


def register(commands: typer.Typer) -> None:
    """Adds this command."""
    commands.command()(rehearse)


def rehearse(  # noqa: PLR0917 -- typer takes them by name
    context: typer.Context,
    incidents: Annotated[int, typer.Option(envvar="MAILBOT_INCIDENTS", min=1, max=5_000, help="How many.")] = 25,
    days: Annotated[int, typer.Option(envvar="MAILBOT_DAYS", min=3, max=LONGEST, help="In how many days.")] = 90,
    seed: Annotated[int, typer.Option(envvar="MAILBOT_SEED", help="The same number, the same year.")] = 1,
    keep: Annotated[
        Path | None,
        typer.Option(
            envvar="MAILBOT_KEEP",
            file_okay=False,
            show_default=False,
            help="An empty folder that gets every mail (.eml) and every duty with its steps (duties.jsonl).",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Try the configuration on an invented year: people answer late, wrongly or never. Sends nothing, needs no servers."""
    from mailbot.rehearsal import Plan  # noqa: PLC0415 -- keeps `--help` quick

    if keep and keep.is_dir() and any(keep.iterdir()):
        raise typer.BadParameter(f"{keep} is not empty: name a new folder", param_hint="--keep")
    settings = settings_of(context, need_secrets=False)
    today = clock_of(context).now().astimezone(LONDON).date()
    begins = datetime.combine(today, time(0), tzinfo=LONDON)
    plan = Plan(incidents=incidents, days=days, seed=seed, begins=begins)
    outcome = _played(settings, plan, keep)
    if as_json:
        print_json(outcome.totals.model_dump())
    else:
        _tell(outcome, plan, keep)
    for fault in outcome.faults:
        typer.echo(f"mailbot: {fault}", err=True)
    if outcome.faults:
        raise typer.Exit(FAILED)


def _played(settings: Settings, plan: Plan, keep: Path | None) -> Outcome:
    """The rehearsal, with a bar that shows how far it has come where somebody is looking."""
    from mailbot.rehearsal import hush  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.rehearsal import rehearse as play  # noqa: PLC0415 -- keeps `--help` quick

    hush()
    if not sys.stderr.isatty():
        return play(settings, plan, keep=keep)
    with typer.progressbar(length=plan.days, label="Rehearsing", file=sys.stderr) as bar:

        def say(moment: datetime) -> None:
            bar.update((moment - plan.begins).days - bar.pos)

        return play(settings, plan, keep=keep, say=say)


def _tell(outcome: Outcome, plan: Plan, keep: Path | None) -> None:
    from mailbot.rehearsal.summary import opening, tables  # noqa: PLC0415 -- keeps `--help` quick

    typer.echo(opening(outcome, plan))
    for table in tables(outcome, plan):
        heading(table.title)
        print_table(table.headings, table.rows, table.empty)
    if keep:
        typer.echo(f"\nEvery mail and every duty lie in {keep}.")
