"""Plain text tables that fit a hundred columns, and JSON."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

import typer

from mailbot.notify.words import LONDON

WIDTH = 100
GAP = 2
NARROWEST = 8


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], empty: str, notes: Sequence[str] = ()) -> None:
    """Columns as wide as their widest cell; the widest gives way until a row fits. Prints ``empty`` without rows.

    ``notes`` holds a sentence for each row, which is printed whole below it; an empty one is not.
    """
    cells = [[_one_line(cell) for cell in row] for row in rows]
    if not cells:
        typer.echo(empty)
        return
    widths = _widths([list(headings), *cells])
    for row, note in zip_longest((headings, *cells), ("", *notes), fillvalue=""):
        typer.echo((" " * GAP).join(_fit(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if note:
            typer.echo(f"{'':{GAP}}{_one_line(note)}")


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Label and value, one a line; facts without a value are left out."""
    shown = [(label, _one_line(value)) for label, value in facts if value]
    width = max((len(label) for label, _ in shown), default=0)
    for label, value in shown:
        typer.echo(f"{label + ':':<{width + 1}} {value}")


def print_line(text: str) -> None:
    """One line as it is spaced, whatever a stranger wrote into it."""
    typer.echo("".join(one if one.isprintable() else " " for one in text))


def print_json(value: Any) -> None:
    """One JSON value on one line; times are ISO 8601 with an offset."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def short(at: datetime) -> str:
    """A moment for a narrow column, in London: ``20 Nov 2026 19:30``."""
    return f"{at.astimezone(LONDON):%d %b %Y %H:%M}"


def heading(text: str) -> None:
    """A heading with an empty line before it."""
    typer.echo(f"\n{text}\n{'-' * len(text)}")


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    while sum(widths) + GAP * (len(widths) - 1) > WIDTH and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _fit(cell: str, width: int) -> str:
    return f"{cell:<{width}}" if len(cell) <= width else cell[: width - 1] + "…"


def _one_line(text: str) -> str:
    """No cell can break its row or move the cursor: a stranger may have written it."""
    return "".join(one if one.isprintable() else " " for one in " ".join(text.split()))
