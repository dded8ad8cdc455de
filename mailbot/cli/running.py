"""Commands that do the bot's work: run, poll, tick, digest, demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.context import FAILED, Json, read_moment, wired
from mailbot.cli.logs import log_to_stderr
from mailbot.cli.output import print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailbot.jobs.poll import PollReport


def register(commands: typer.Typer) -> None:
    """Adds these commands."""
    for command in (run, poll, tick, digest, demo):
        commands.command()(command)


def run(context: typer.Context) -> None:
    """Run until stopped: poll, follow the duties, send. SIGTERM finishes the item in hand."""
    from mailbot.schedule import run as run_forever  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.schedule import stop_on_signals  # noqa: PLC0415
    from mailbot.triage.triage import compile_rules  # noqa: PLC0415

    if context.obj.at:
        raise typer.BadParameter("`run` goes by the real time; --now is for single jobs")
    log_to_stderr(debug=context.obj.debug)
    stop = stop_on_signals()
    with wired(context, writes=True) as app:
        # The rules are compiled when they are first used: not while the first report waits.
        compile_rules(app.settings.triage)
        run_forever(app, stop)


def poll(
    context: typer.Context,
    mailbox: Annotated[
        str, typer.Option(envvar="MAILBOT_MAILBOX", help="Only the mailbox of this name.", show_default=False)
    ] = "",
    since: Annotated[
        datetime | None,
        typer.Option(
            envvar="MAILBOT_SINCE",
            parser=read_moment,
            metavar="MOMENT",
            show_default=False,
            help="Also answer reports that lay there before the bot first looked, from this moment on.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look into the mailboxes once and take in what is ours."""
    from mailbot.jobs.poll import poll_mailbox, poll_mailboxes  # noqa: PLC0415 -- keeps `--help` quick

    log_to_stderr(debug=context.obj.debug)
    with wired(context, writes=True) as app:
        if mailbox and mailbox not in app.mailboxes:
            raise typer.BadParameter(f"there is no mailbox {mailbox!r}; there are: {', '.join(app.mailboxes)}")
        reports = (poll_mailbox(app, mailbox, since),) if mailbox else poll_mailboxes(app, since)
    _print_reports(reports, as_json=as_json)
    if any(report.problem for report in reports):
        raise typer.Exit(FAILED)


def _print_reports(reports: Sequence[PollReport], *, as_json: bool) -> None:
    if as_json:
        print_json([report.model_dump(mode="json") for report in reports])
        return
    rows = [(one.mailbox, str(one.looked_at), str(one.taken_in)) for one in reports]
    print_table(
        ("Mailbox", "Looked at", "Taken in"), rows, "No mailbox is configured.", [one.problem for one in reports]
    )


def tick(context: typer.Context, as_json: Json = False) -> None:
    """Do once what is due: follow the duties, write digests, send the outbox."""
    from mailbot.jobs.digests import send_digests  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.jobs.follow import follow_duties  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.jobs.health import beat  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.jobs.send import send_outbox  # noqa: PLC0415 -- keeps `--help` quick

    log_to_stderr(debug=context.obj.debug)
    with wired(context, writes=True) as app:
        done = {"incidents_followed": follow_duties(app), "digests": send_digests(app), "sent": send_outbox(app)}
        beat(app)
    if as_json:
        print_json(done)
    else:
        typer.echo(
            f"{done['incidents_followed']} incidents followed, {done['digests']} digests, {done['sent']} mails sent."
        )


def digest(context: typer.Context) -> None:
    """Send the triage digest now, whatever the time."""
    from mailbot.jobs.digests import send_digests  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.jobs.send import send_outbox  # noqa: PLC0415 -- keeps `--help` quick

    log_to_stderr(debug=context.obj.debug)
    with wired(context, writes=True) as app:
        written = send_digests(app, force=True)
        sent = send_outbox(app)
    typer.echo(f"{written} digests written, {sent} mails sent.")


def demo(
    folder: Annotated[
        Path, typer.Argument(envvar="MAILBOT_DEMO_FOLDER", help="Where the browsable result is written.")
    ] = Path("demo-weekend"),
) -> None:
    """Try it in a minute: three stories of invented reports through real servers inside this process."""
    from mailbot.demo import run_demo  # noqa: PLC0415 -- keeps `--help` quick

    run_demo(folder)
