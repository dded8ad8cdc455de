"""Commands that show and change nothing: how mail would be read, how a message will look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.assessment import AXES, Assessment, Classification
from mailbot.cli.context import FAILED, Json, clock_of, read_moment, settings_of
from mailbot.cli.lettering import Form, preview_letter
from mailbot.cli.output import heading, print_facts, print_json, print_line
from mailbot.notify.templates import LETTER
from mailbot.notify.words import moment

if TYPE_CHECKING:
    from mailbot.parse.reading import Reading
    from mailbot.settings import Settings
    from mailbot.triage.severity_rules import SeverityRules
    from mailbot.triage.triage import Triage

MAIL = frozenset({"msg", "message"})
TYPED = frozenset({"text", "other"})
"""Content that does not say whether it is a mail: the name decides."""
BARE = (".docx", ".docm", ".dotx", ".doc", ".odt", ".pdf", ".rtf", ".xlsx", ".csv", ".html", ".zip", ".rpmsg", ".p7m")
TITLE = "Urgent Data Incident"


def register(commands: typer.Typer) -> None:
    """Adds these commands."""
    for command in (read, preview):
        commands.command()(command)


def read(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Mail (.eml, .msg) or bare forms.")],
    received: Annotated[
        datetime | None,
        typer.Option(
            envvar="MAILBOT_RECEIVED",
            parser=read_moment,
            metavar="MOMENT",
            show_default=False,
            help="When the mail arrived; its own Date where not given.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show how the bot would read mail or a bare form. Changes nothing, sends nothing."""
    settings = settings_of(context, need_secrets=False)
    now = clock_of(context).now()
    for path, reading, triage in _read_all(settings, files, received, now):
        if as_json:
            print_json(as_object(str(path), reading, triage))
        else:
            _summarise(path, reading, triage, settings.triage.severity)


def preview(
    context: typer.Context,
    template: Annotated[str, typer.Argument(help="The message's name, such as acknowledgement.")],
    html: Annotated[
        Path | None,
        typer.Option(
            envvar="MAILBOT_HTML", dir_okay=False, show_default=False, help="Also write its HTML to this file."
        ),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", envvar="MAILBOT_FORMAT", help="For the letter: how it is shown.")
    ] = Form.TEXT,
    out: Annotated[
        Path | None,
        typer.Option(
            envvar="MAILBOT_OUT", dir_okay=False, show_default=False, help="For the letter: write it to this file."
        ),
    ] = None,
) -> None:
    """Show a message, or `letter`, the letter to people affected, with invented values, as its reader would get it."""
    if template.removesuffix(".md") == LETTER:
        preview_letter(settings_of(context, need_secrets=False), Form.HTML if html else form, html or out)
        return
    from mailbot.examples import example_mail  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.notify.render import render  # noqa: PLC0415 -- keeps `--help` quick

    settings = settings_of(context, need_secrets=False)
    mail = example_mail(settings, template.removesuffix(".md"))
    rendered = render(mail.email, settings.templates, mail.reply_to, mail.email.created_at)
    typer.echo(f"Subject: {rendered.subject}\n\n{rendered.text}")
    if html and not rendered.html:
        typer.echo(f"mailbot: {template} is sent as plain text only, nothing was written to {html}", err=True)
        raise typer.Exit(FAILED)
    if html:
        html.write_text(rendered.html, encoding="utf-8")
        typer.echo(f"\nIts HTML is in {html}.")


def as_object(file: str, reading: Reading, triage: Triage) -> dict[str, Any]:
    """What was understood of one file, as the accuracy of reading is measured: every key is always there."""
    email = reading.email
    return {
        "file": file,
        "kind": reading.kind.value,
        "from": email.sender.model_dump(),
        "to": [one.address for one in email.to],
        "cc": [one.address for one in email.cc],
        "subject": email.subject,
        "date": email.date.isoformat() if email.date else None,
        "message_id": email.message_id,
        "in_reply_to": email.in_reply_to,
        "text": email.text,
        "reply": email.reply,
        "attachments": [one.model_dump() for one in email.attachments],
        "form": {name: value.model_dump(exclude={"by"}) for name, value in reading.report.fields.items()},
        "triage": {
            "queue": triage.queue.value,
            "also_tell": [one.value for one in triage.also_tell],
            **{one.value: triage.counted_under(one) for one in Classification},
            "severity": triage.severity.value,
            "confidence": triage.confidence,
            "reasons": [*triage.reasons, *triage.severity_reasons],
            "assessment": triage.assessment.model_dump(mode="json") if triage.assessment else None,
        },
        "bounce": reading.bounce.model_dump() if reading.bounce else None,
        "problems": list(dict.fromkeys((*email.problems, *reading.problems))),
    }


def is_bare(path: Path) -> bool:
    """Whether a file is an attachment without its mail: told from its content, and only where that says nothing from its name."""
    from mailbot.intake.filetypes import type_of  # noqa: PLC0415 -- keeps `--help` quick

    kind = type_of(path.read_bytes())
    return path.suffix.lower() in BARE if kind in TYPED else kind not in MAIL


def as_mail(form: Path) -> bytes:
    """A bare form as the attachment of an otherwise empty report."""
    message = EmailMessage()
    message["Subject"] = TITLE
    message.set_content("")
    message.add_attachment(form.read_bytes(), maintype="application", subtype="octet-stream", filename=form.name)
    return message.as_bytes()


def arrival(content: bytes, now: datetime) -> datetime:
    """When a mail says it was written, as the stand-in for its arrival; ``now`` where it says nothing usable."""
    written = BytesHeaderParser().parsebytes(content[:65536]).get("Date")
    try:
        at = parsedate_to_datetime(str(written))
    except (TypeError, ValueError, IndexError, OverflowError):
        return now
    return at if at.tzinfo else now


def _read_all(
    settings: Settings, files: list[Path], received: datetime | None, now: datetime
) -> Iterator[tuple[Path, Reading, Triage]]:
    from mailbot.settings import reading_rules  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.transport.reader_worker import ReaderLimits  # noqa: PLC0415
    from mailbot.transport.sandbox import Sandbox  # noqa: PLC0415
    from mailbot.triage.triage import triage  # noqa: PLC0415 -- keeps `--help` quick

    rules = reading_rules(settings)
    reader = Sandbox(rules, ReaderLimits(**settings.reader.model_dump()))
    try:
        for path in files:
            is_form = is_bare(path)
            content = as_mail(path) if is_form else path.read_bytes()
            reading = reader.read(content, received or (now if is_form else arrival(content, now)))
            outside = not is_form and not settings.organisation.is_inside(reading.email.sender.address)
            yield path, reading, triage(reading, outside, settings.triage)
    finally:
        reader.close()


def _summarise(path: Path, reading: Reading, triage: Triage, rating: SeverityRules | None) -> None:
    email = reading.email
    heading(str(path))
    print_facts(
        [
            ("Kind", reading.kind.value.replace("_", " ")),
            ("From", f"{email.sender.name} <{email.sender.address}>".strip() if email.sender.address else ""),
            ("Subject", email.subject),
            ("Written", moment(email.date) if email.date else ""),
            ("Desk", f"{triage.queue.desk} ({triage.confidence:.0%} sure)"),
            ("Also told", ", ".join(one.desk for one in triage.also_tell)),
            *((one.words.capitalize(), triage.counted_under(one)) for one in Classification),
            ("Severity", f"{triage.severity.words} (provisional)"),
            ("Because", "; ".join((*triage.reasons, *triage.severity_reasons))),
            *(_worked_out(triage.assessment, rating) if triage.assessment and rating else ()),
            ("Missing", ", ".join(name.replace("_", " ") for name in reading.report.missing)),
        ]
    )
    for attachment in email.attachments:
        print_line(f"Attachment: {attachment.name} ({attachment.type}, {attachment.size:,} bytes) {attachment.outcome}")
    if reading.report.fields:
        typer.echo()
        print_facts(
            (name.replace("_", " "), f"{one.value}  [{one.source}]") for name, one in reading.report.fields.items()
        )
    for problem in dict.fromkeys((*email.problems, *reading.problems)):
        print_line(f"Problem: {problem}")


def _worked_out(assessment: Assessment, rating: SeverityRules) -> Iterator[tuple[str, str]]:
    """How the severity was worked out, one line for each part of it."""
    scored = (one for one in assessment.factors if one.points and one.name not in AXES)
    yield "ENISA score", f"{assessment.score:g} ({', '.join(f'{one.name} {one.points:g}' for one in scored)})"
    yield "Beside it", "; ".join(assessment.beside)
    if grid := assessment.grid:
        outcome = rating.grid.outcomes[grid.outcome]
        yield "NHS grid", f"likelihood {grid.likelihood}, impact {grid.impact}: {outcome}"
    yield "Not known", "; ".join(one.words for one in assessment.factors if not one.known and one.name not in AXES)
    yield "Would change it", "; ".join(one.words for one in assessment.would_change)
