"""Commands that only look: list and show. No name of anybody affected appears in a list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.assessment import Classification, explained
from mailbot.cli.context import FAILED, Json, wired
from mailbot.cli.output import heading, print_facts, print_json, print_line, print_table, short
from mailbot.cli.withheld import without_words
from mailbot.notify.words import day, moment, time_left

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mailbot.incident import AuditEntry, Duty, Incident, Rating

NEVER = datetime.max.replace(tzinfo=UTC)


def register(commands: typer.Typer) -> None:
    """Adds these commands."""
    commands.command(name="list")(list_incidents)
    commands.command()(show)


def list_incidents(
    context: typer.Context,
    closed: Annotated[bool, typer.Option("--all", envvar="MAILBOT_ALL", help="Closed incidents too.")] = False,
    queue: Annotated[
        str, typer.Option(envvar="MAILBOT_QUEUE", help="Only one desk's: it or ig.", show_default=False)
    ] = "",
    as_json: Json = False,
) -> None:
    """List incidents, the one with the least time left first."""
    if queue not in {"", "it", "ig"}:
        raise typer.BadParameter('the desks are "it" and "ig"')
    with wired(context, writes=False) as app, app.store.reading() as unit:
        found = unit.incidents.list(limit=None) if closed else unit.incidents.open()
        now = app.clock.now()
    ordered = sorted((one for one in found if not queue or one.queue == queue), key=_by_time_left)
    if as_json:
        print_json([_in_list(one) for one in ordered])
        return
    headings = ("Reference", "Received", "Desk", "Severity", "Group", "Next due")
    print_table(headings, [_cells(one, now) for one in ordered], "No incidents.")


def show(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(help="The incident's reference, such as DB2026014.")],
    report: Annotated[
        bool,
        typer.Option(
            "--report", envvar="MAILBOT_REPORT", help="Also what was reported, which may name people affected."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show one incident: its times, its duties and its history."""
    with wired(context, writes=False) as app, app.store.reading() as unit:
        incident = unit.incidents.by_reference(reference.upper())
        history = unit.audit.of_incident(incident.id) if incident else ()
        now = app.clock.now()
    if incident is None:
        typer.echo(f"mailbot: there is no incident {reference.upper()}; `mailbot list --all` lists them", err=True)
        raise typer.Exit(FAILED)
    if as_json:
        shown = incident if report else without_words(incident)
        left_out = set() if report else {"facts", "investigation"}
        print_json(
            {
                "incident": shown.model_dump(mode="json", exclude=left_out),
                "history": [_line(one, report) for one in history],
            }
        )
        return
    _print_incident(incident if report else without_words(incident))
    _print_duties(incident, now)
    _print_history(history, details=report)
    if report:
        heading("What was reported")
        print_facts((name.replace("_", " "), fact.value) for name, fact in incident.facts.items())


def _print_incident(incident: Incident) -> None:
    rating = f"{incident.severity.words}{' (provisional)' if incident.severity_is_provisional else ''}"
    print_facts(
        [
            ("Reference", incident.reference),
            ("Desk", incident.queue.desk + ("" if incident.queue_confirmed else " (not confirmed)")),
            ("Because", "; ".join(incident.queue_reasons)),
            ("Severity", rating),
            ("Rated so", "; ".join(_rated(incident.ratings[-1]))),
            *_counted(incident),
            ("Stage", incident.stage.value),
            ("Group", incident.group or "not known"),
            ("Occurred", moment(incident.occurred_at) if incident.occurred_at else "not known"),
            ("Discovered", moment(incident.discovered_at) if incident.discovered_at else "not known"),
            ("Received", moment(incident.received_at)),
            ("Council aware", f"{moment(incident.aware_at)} ({incident.aware_because})"),
            ("Safety", "; ".join(incident.safety)),
            ("Restricted", "; ".join(incident.restricted)),
            ("Still missing", ", ".join(one.replace("_", " ") for one in incident.missing)),
            ("Doubtful", "; ".join(incident.doubts)),
            ("Lies in", "; ".join(f"{one.mailbox}/{one.folder}, UID {one.uid}" for one in incident.originals)),
            ("Reads like", "; ".join(f"{one.reference} ({one.because})" for one in incident.alike)),
            ("Before this", "; ".join(_before(incident))),
            ("Closed", moment(incident.closed_at) if incident.closed_at else ""),
        ]
    )


def _rated(rating: Rating) -> Iterator[str]:
    """Why it is rated so: the factors with the passages they rest on, else the reasons as they were given."""
    factors = rating.assessment.factors if rating.assessment else ()
    if not factors:
        yield from rating.reasons
    for one in factors:
        unknown = "" if one.known else " (not known: the careful value)"
        yield explained(one.words, one.quote) + unknown


def _counted(incident: Incident) -> Iterator[tuple[str, str]]:
    """What it is counted under, each with why, and whether a person has said so."""
    for one in Classification:
        found = incident.classified.get(one)
        if found and found.value:
            why = "confirmed" if found.is_confirmed else "; ".join(["proposed", *(one.text for one in found.reasons)])
            yield one.words.capitalize(), f"{found.value} ({why})"


def _before(incident: Incident) -> Iterator[str]:
    """The earlier incidents it repeats (para 54), each with why and the day, then how many there are in all."""
    for one in incident.repeats:
        yield f"{one.reference} of {day(one.received_at)} ({', '.join(one.words)})"
    for count in incident.repeat_counts:
        yield f"{count.words} since {day(count.since)}, the newest {', '.join(count.newest)}"


def _print_duties(incident: Incident, now: datetime) -> None:
    heading("Duties")
    rows = [
        (duty.kind.replace("_", " "), duty.para, duty.person or duty.holder.words, _due(duty, now))
        for duty in incident.duties
    ]
    print_table(("Duty", "Para", "Who", "Due"), rows, "None.")


def _print_history(history: Sequence[AuditEntry], *, details: bool) -> None:
    heading("History")
    for entry in history:
        said = "; ".join(f"{key}: {value}" for key, value in entry.details.items()) if details else ""
        print_line(f"{moment(entry.at):<28} {entry.action}, by {entry.by}{f' ({said})' if said else ''}")


def _due(duty: Duty, now: datetime) -> str:
    if duty.discharged:
        late = " (late)" if duty.discharged.met is False else ""
        return f"{duty.discharged.how}, {moment(duty.discharged.at)}{late}"
    return f"{moment(duty.due_at)}: {time_left(duty.due_at, now)}" if duty.due_at else "without undue delay"


def _cells(incident: Incident, now: datetime) -> tuple[str, ...]:
    due = min((duty for duty in incident.open_duties if duty.due_at), key=lambda one: one.due_at or now, default=None)
    waits = f"{due.kind.replace('_', ' ')}: {time_left(due.due_at, now)}" if due and due.due_at else ""
    return (
        incident.reference,
        short(incident.received_at),
        incident.queue.value.upper(),
        incident.severity.words + ("?" if incident.severity_is_provisional else ""),
        incident.group or "",
        "closed" if incident.closed_at else waits,
    )


def _by_time_left(incident: Incident) -> tuple[bool, datetime]:
    return incident.closed_at is not None, _next_due(incident) or NEVER


def _next_due(incident: Incident) -> datetime | None:
    return min((duty.due_at for duty in incident.open_duties if duty.due_at), default=None)


def _in_list(incident: Incident) -> dict[str, object]:
    due = _next_due(incident)
    return {
        "reference": incident.reference,
        "queue": incident.queue,
        "severity": incident.severity,
        "severity_is_provisional": incident.severity_is_provisional,
        "stage": incident.stage,
        "group": incident.group,
        "received_at": incident.received_at.isoformat(),
        "aware_at": incident.aware_at.isoformat(),
        "next_due_at": due.isoformat() if due else None,
        "closed_at": incident.closed_at.isoformat() if incident.closed_at else None,
        "open_duties": [duty.kind for duty in incident.open_duties],
    }


def _line(entry: AuditEntry, report: bool) -> dict[str, object]:
    return entry.model_dump(mode="json", exclude=set() if report else {"details"})
