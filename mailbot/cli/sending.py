"""Commands about what leaves: outbox, held, release, pause, resume."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.context import FAILED, Json, wired
from mailbot.cli.dealing import deal_with, number_of, stuck
from mailbot.cli.output import heading, print_json, print_line, print_table, short
from mailbot.cli.saving import save_waiting
from mailbot.cli.withheld import mail_without_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailbot.store import OutboxRow

SHOWN_ID = 8
STATES = ("waiting", "claimed", "gathered", "sent", "withdrawn", "held", "given_up")


def register(commands: typer.Typer) -> None:
    """Adds these commands."""
    for command in (outbox, held, release, pause, resume):
        commands.command()(command)


def outbox(
    context: typer.Context,
    state: Annotated[
        str,
        typer.Option(
            envvar="MAILBOT_STATE", help=f"Only mails in this state: {', '.join(STATES)}.", show_default=False
        ),
    ] = "",
    limit: Annotated[int, typer.Option(envvar="MAILBOT_LIMIT", min=1, help="So many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """Show what leaves: to whom, in which state, and why not yet."""
    from mailbot.store.values import OutboxState  # noqa: PLC0415 -- keeps `--help` quick

    if state and state not in STATES:
        raise typer.BadParameter(f"{state!r} is not a state; known are: {', '.join(STATES)}")
    with wired(context, writes=False) as app, app.store.reading() as unit:
        rows = unit.outbox.list(OutboxState(state) if state else None, limit)
        counts = {str(name): number for name, number in unit.outbox.counts().items()}
    if as_json:
        print_json({"counts": counts, "mails": [_as_json(row) for row in rows]})
        return
    typer.echo(
        ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(counts.items())) or "Nothing yet."
    )
    _print_rows(rows, "No mail in that state.")


def held(
    context: typer.Context,
    save: Annotated[
        Path | None,
        typer.Option(
            envvar="MAILBOT_SAVE",
            file_okay=False,
            metavar="FOLDER",
            show_default=False,
            help="Also write the received ones, as they came, into this folder. They may name people affected.",
        ),
    ] = None,
    done: Annotated[
        str,
        typer.Option(
            envvar="MAILBOT_DONE",
            metavar="NUMBER",
            show_default=False,
            help="Say that a person has dealt with this one: it is listed and counted no more.",
        ),
    ] = "",
    because: Annotated[
        str,
        typer.Option(envvar="MAILBOT_BECAUSE", show_default=False, help="What was done about it; goes with --done."),
    ] = "",
) -> None:
    """Show what waits for a person: held and given-up mails, and received ones that could not be handled."""
    if bool(done) is not bool(because.strip()):
        raise typer.BadParameter("--done NUMBER and --because WORDS go together")
    if done:
        _deal_with(context, done, because.strip())
        return
    with wired(context, writes=False) as app, app.store.reading() as unit:
        rows = stuck(unit)
        entries = unit.ledger.waiting()
        saved = save_waiting(unit, entries, save) if save else ()
    heading("Mails that were not sent")
    _print_rows(rows, "None.")
    heading("Mails that were not handled")
    lines = [(number_of(one.key), short(one.received_at)) for one in entries]
    print_table(("Number", "Received"), lines, "None.", [one.because for one in entries])
    for line in saved:
        print_line(line)


def _deal_with(context: typer.Context, number: str, because: str) -> None:
    with wired(context, writes=True) as app, app.store.unit() as unit:
        deal_with(unit, number, because, app.clock.now())
    typer.echo(f"{number} is dealt with: it is listed and counted no more.")


def release(
    context: typer.Context,
    mail: Annotated[str, typer.Argument(help="The mail's number as `mailbot held` shows it; its beginning will do.")],
) -> None:
    """Let a held or given-up mail go out after all."""
    with wired(context, writes=True) as app, app.store.unit() as unit:
        found = [row.email.id for row in stuck(unit) if row.email.id.startswith(mail)]
        if len(found) == 1:
            unit.outbox.release(found[0])
    if len(found) != 1:
        typer.echo(f"mailbot: {len(found)} held mails begin with {mail!r}; `mailbot held` lists them", err=True)
        raise typer.Exit(FAILED)
    typer.echo("Released: it goes out with the next round.")


def pause(context: typer.Context) -> None:
    """Stop sending until `resume`. Mail is still read and every clock runs on."""
    from mailbot.jobs.marks import PAUSED  # noqa: PLC0415 -- keeps `--help` quick

    with wired(context, writes=True) as app, app.store.unit() as unit:
        unit.marks.put(PAUSED, "yes", app.clock.now())
    typer.echo(
        "Sending is paused. Reports are still read and every clock runs on: nobody is told until `mailbot resume`."
    )


def resume(context: typer.Context) -> None:
    """Send again after `pause`; what came due meanwhile goes out now."""
    from mailbot.jobs.marks import PAUSED  # noqa: PLC0415 -- keeps `--help` quick

    with wired(context, writes=True) as app, app.store.unit() as unit:
        unit.marks.clear(PAUSED)
    typer.echo("Sending goes on.")


def _print_rows(rows: Sequence[OutboxRow], empty: str) -> None:
    headings = ("Number", "State", "Incident", "Mail", "To", "Written")
    print_table(headings, [_cells(row) for row in rows], empty, [_why(row) for row in rows])


def _cells(row: OutboxRow) -> tuple[str, ...]:
    email = row.email
    state, mail = row.state.replace("_", " "), email.template.replace("_", " ")
    return email.id[:SHOWN_ID], state, email.reference or "", mail, email.recipient, short(email.created_at)


def _why(row: OutboxRow) -> str:
    """Why it has not gone out, or not arrived; or in which mail it went."""
    if row.state == "gathered" and row.gathered_into:
        return f"it goes in the digest {row.gathered_into[:SHOWN_ID]}"
    return row.because or (row.delivery.text if row.delivery and row.state != "sent" else "")


def _as_json(row: OutboxRow) -> dict[str, object]:
    """A mail without what it tells: that belongs to its reader."""
    return mail_without_words(row.email) | {
        "state": row.state,
        "tries": row.tries,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "delivery": row.delivery.model_dump(mode="json") if row.delivery else None,
        "because": row.because,
        "gathered_into": row.gathered_into,
    }
