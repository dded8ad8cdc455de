"""Commands about the letters to people affected: drafts to look at, and an example."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.context import FAILED, clock_of, settings_of
from mailbot.notify.words import LONDON, counted

if TYPE_CHECKING:
    from mailbot.letter import Letter
    from mailbot.press.drafts import Drafted
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
    example: Annotated[  # noqa: ARG001 -- says that the people are invented; without it there is nobody to write to
        bool, typer.Option("--example", envvar="MAILBOT_EXAMPLE", help="To invented people.")
    ],
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

    settings = settings_of(context, need_secrets=False)
    said = load_wording(wording) if wording else example_wording(settings.folder)
    on = clock_of(context).now().astimezone(LONDON).date()
    press = typst_press(settings)
    try:
        drafts = Drafts(out, settings.letters, press, batch=batch, duplex=duplex)
        _report(drafts.write(example_letters(said, on)), out)
    finally:
        press.close()


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
