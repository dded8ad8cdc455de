"""The command that writes the council's own report form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.context import FAILED, settings_of, wired

if TYPE_CHECKING:
    from mailbot.notify.forms.form import Form
    from mailbot.settings import Settings


def register(commands: typer.Typer) -> None:
    """Adds this command."""
    commands.command()(form)


def form(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write it (.docx).")],
    incident: Annotated[
        str,
        typer.Option(
            envvar="MAILBOT_INCIDENT",
            metavar="REF",
            show_default=False,
            help="Fill in what was told of this incident. Such a form may name people affected: keep it with the desk.",
        ),
    ] = "",
) -> None:
    """Write the council's own report form, blank or filled in: a Word file that the bot reads back exactly."""
    from mailbot.notify.forms.docx import docx_of  # noqa: PLC0415 -- keeps `--help` quick

    made = _filled(context, incident.upper()) if incident else _blank(settings_of(context, need_secrets=False))
    if made is None:
        raise typer.Exit(FAILED)
    file.write_bytes(docx_of(made))
    typer.echo(f"The {'filled' if incident else 'blank'} form is in {file}.")


def _blank(settings: Settings) -> Form | None:
    from mailbot.notify.forms.report_form import blank_report_form  # noqa: PLC0415 -- keeps `--help` quick

    own = settings.form.own
    if own is None:
        _says_no_form()
        return None
    return blank_report_form(settings.form, own, settings.organisation.council)


def _filled(context: typer.Context, reference: str) -> Form | None:
    from mailbot.notify.forms.report_form import filled_report_form  # noqa: PLC0415 -- keeps `--help` quick

    with wired(context, writes=False) as app, app.store.reading() as unit:
        known, rules, council = (
            unit.incidents.by_reference(reference),
            app.settings.form,
            app.settings.organisation.council,
        )
    if known is None:
        typer.echo(f"mailbot: there is no incident {reference}; `mailbot list --all` lists them", err=True)
        return None
    if rules.own is None:
        _says_no_form()
        return None
    return filled_report_form(
        rules, rules.own, council, reference=known.reference, facts=known.facts, missing=known.missing
    )


def _says_no_form() -> None:
    typer.echo("mailbot: form.toml describes no form of the council's own: add a table [own]", err=True)
