"""Commands about the letters to people affected: drafts to look at, and an example."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.context import FAILED, clock_of, settings_of, wired
from mailbot.notify.words import LONDON, counted

if TYPE_CHECKING:
    from datetime import date

    from mailbot.incident import Incident
    from mailbot.letter import Letter, Wording
    from mailbot.letters.recipients import Reading
    from mailbot.press.drafts import Drafted, Drafts
    from mailbot.settings import Settings


class Form(StrEnum):
    """How a letter can be shown."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"


letters = typer.Typer(
    name="letters",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Letters to the people affected: drafts to look at. Nothing is sent.",
)


def register(commands: typer.Typer) -> None:
    """Adds these commands."""
    commands.add_typer(letters)


@letters.callback()
def _group() -> None:
    """Letters to the people affected: drafts to look at. Nothing is sent."""


@letters.command()
def draft(  # noqa: PLR0917 -- typer gives each option by its name
    context: typer.Context,
    out: Annotated[Path, typer.Option(envvar="MAILBOT_OUT", file_okay=False, help="A new folder for the letters.")],
    reference: Annotated[str, typer.Argument(help="The incident, such as DB2026014.", show_default=False)] = "",
    recipients: Annotated[
        Path | None,
        typer.Option(
            envvar="MAILBOT_RECIPIENTS", exists=True, dir_okay=False, show_default=False,
            help="The list of the people affected: .xlsx or CSV.",
        ),
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", envvar="MAILBOT_EXAMPLE", help="To invented people, without an incident.")
    ] = False,
    wording: Annotated[
        Path | None,
        typer.Option(
            envvar="MAILBOT_WORDING", exists=True, dir_okay=False, show_default=False,
            help="What the letters say; the example's own where not given.",
        ),
    ] = None,
    batch: Annotated[
        bool, typer.Option("--batch", envvar="MAILBOT_BATCH", help="Letters for the post together, a file per hundred.")
    ] = False,
    duplex: Annotated[
        bool, typer.Option("--duplex", envvar="MAILBOT_DUPLEX", help="In a batch, begin each letter on the front of a leaf.")
    ] = False,
) -> None:  # fmt: skip
    """Write letters as drafts, with a list of them and of those that cannot be written."""
    from mailbot.app import typst_press  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.letters.example import example_letters  # noqa: PLC0415
    from mailbot.press.drafts import Drafts  # noqa: PLC0415
    from mailbot.settings import example_wording, load_wording  # noqa: PLC0415

    _refuse_unclear(reference, recipients, wording, example=example)
    settings = settings_of(context, need_secrets=not example)
    said = load_wording(wording) if wording else example_wording(settings.folder)
    on = clock_of(context).now().astimezone(LONDON).date()
    press = typst_press(settings)
    try:
        drafts = Drafts(out, settings.letters, press, batch=batch, duplex=duplex)
        if recipients:
            done = _drafted_to_list(drafts, settings, recipients, _incident(context, reference), said, on)
        else:
            done = drafts.write(example_letters(said, on))
    finally:
        press.close()
    _report(done, out)


def _drafted_to_list(  # noqa: PLR0917  where to, to whom, about what
    drafts: Drafts, settings: Settings, path: Path, incident: Incident, said: Wording, on: date
) -> Drafted:
    """Drafts to everybody on a list, and what a person must look at in it. Raises ``ListError``."""
    from mailbot.letters.merge import letters_for  # noqa: PLC0415 -- keeps `--help` quick

    reading = _reading(settings, path, incident, on)
    done = drafts.write(letters_for(reading, said, incident.reference, on))
    _tell_doubts(reading)
    return done


def _refuse_unclear(reference: str, recipients: Path | None, wording: Path | None, *, example: bool) -> None:
    """Either an example, or an incident with its list and its wording. Raises ``BadParameter``."""
    if example and (reference or recipients):
        raise typer.BadParameter("letters to invented people belong to no incident: leave out REF and --recipients")
    if not example and not (reference and recipients and wording):
        raise typer.BadParameter("say whose letters: REF --recipients FILE --wording FILE, or --example")


def _incident(context: typer.Context, reference: str) -> Incident:
    with wired(context, writes=False) as app, app.store.reading() as unit:
        incident = unit.incidents.by_reference(reference.upper())
    if incident is None:
        raise typer.BadParameter(f"there is no incident {reference}", param_hint="REF")
    return incident


def _reading(settings: Settings, path: Path, incident: Incident, on: date) -> Reading:
    """The list, ready to be read row by row. Raises ``ListError``."""
    from mailbot.letters.recipients import Circumstances, Reading  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.letters.table import rows_of  # noqa: PLC0415

    rules, organisation = settings.list_rules, settings.organisation
    happened = incident.occurred_at
    given = Circumstances(
        on=on,
        happened_on=happened.astimezone(LONDON).date() if happened else None,
        own_addresses=(settings.bot.address, *(desk.address for desk in organisation.desks)),
    )
    return Reading(rows_of(path.read_bytes(), path.name, rules.is_heading), rules, given)


def _tell_doubts(reading: Reading) -> None:
    """What a person must look at before anything of it is sent."""
    for column in reading.ignored:
        typer.echo(f"The column “{column}” is not read.", err=True)
    for said in (*reading.notes, *(one.problem for one in reading.doubts)):
        typer.echo(f"Please look: {said}", err=True)


def preview_letter(settings: Settings, form: Form, out: Path | None) -> None:
    """Shows the letter with invented values, or writes it to a file."""
    from mailbot.letters.example import example_letters  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.letters.writing import write  # noqa: PLC0415
    from mailbot.settings import example_wording  # noqa: PLC0415

    letter = example_letters(example_wording(settings.folder))[0]
    if form is Form.PDF:
        content = _printed(settings, letter)
    else:
        written = write(letter, settings.letters)
        content = (written.html() if form is Form.HTML else written.text()).encode()
    if out:
        out.write_bytes(content)
        typer.echo(f"The letter is in {out}.")
    elif form is Form.PDF:
        typer.echo("mailbot: say where the PDF goes: --out FILE", err=True)
        raise typer.Exit(FAILED)
    else:
        typer.echo(content.decode())


def _printed(settings: Settings, letter: Letter) -> bytes:
    from mailbot.app import typst_press  # noqa: PLC0415 -- keeps `--help` quick
    from mailbot.letters.writing import letterhead, write  # noqa: PLC0415

    press = typst_press(settings)
    try:
        return press.press([write(letter, settings.letters).sheet(letterhead(settings.letters))]).content
    finally:
        press.close()


def _report(done: Drafted, out: Path) -> None:
    """What was written, and what to look at first. Some held are a success: their reasons are in a list."""
    typer.echo(
        f"{counted(done.letters, 'letter')} in {counted(done.files, 'file')}, {counted(done.pages, 'page')} on paper: "
        f"{out / 'manifest.csv'} lists them. Each is marked as a draft; nothing was sent."
    )
    if done.held:
        typer.echo(f"{counted(done.held, 'letter')} cannot be written: {out / 'refused.csv'} says why.", err=True)
    if not done.letters:
        raise typer.Exit(FAILED)
