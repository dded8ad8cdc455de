"""config/staff.csv: the nightly export of who works here and who their line manager is."""

import csv
from pathlib import Path

from mailbot.organisation import StaffEntry
from mailbot.settings.model import read_address
from mailbot.settings.organisation import OrganisationFile, group_names, is_inside, unknown_group
from mailbot.settings.problems import nearest

FILE = "staff.csv"
COLUMNS = ("address", "name", "group", "line_manager", "phone")
REQUIRED = ("address", "name")
SHOWN = 20
"""So many problems of one export are listed; a wrong column would otherwise fill the screen with each row."""


def read_staff(path: Path, file: OrganisationFile) -> tuple[dict[str, StaffEntry], list[str]]:
    """Address → entry, and the problems row by row (row 1 is the heading). Never raises."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return {}, [f"{FILE}: is not UTF-8: export it again as “CSV UTF-8”"]
    except OSError as reason:
        return {}, [f"{FILE}: cannot be read ({reason.strerror}): it belongs beside organisation.toml"]
    rows = csv.reader(text.splitlines())
    heading = [column.strip().lower() for column in next(rows, [])]
    problems = _heading_problems(heading)
    if problems:
        return {}, problems
    return _entries(
        [(number, dict(zip(heading, row, strict=False))) for number, row in enumerate(rows, 2) if any(row)], file
    )


def _heading_problems(heading: list[str]) -> list[str]:
    missing = [f"{FILE}: row 1: column {name} is missing" for name in REQUIRED if name not in heading]
    unknown = [
        f"{FILE}: row 1: column {name!r} is not known{nearest(name, COLUMNS)}"
        for name in heading
        if name not in COLUMNS
    ]
    return missing + unknown


def _entries(rows: list[tuple[int, dict[str, str]]], file: OrganisationFile) -> tuple[dict[str, StaffEntry], list[str]]:
    entries: dict[str, StaffEntry] = {}
    problems: list[str] = []
    groups = group_names(file)
    for number, row in rows:
        cells = {name: value.strip() for name, value in row.items()}
        found = _row_problems(cells, file, groups)
        address = cells.get("address", "").lower()
        if address in entries:
            found.append(f"{address} is listed twice")
        problems += [f"{FILE}: row {number}: {one}" for one in found]
        if not found:
            cells |= {"address": address, "line_manager": cells.get("line_manager", "").lower()}
            entries[address] = StaffEntry(**cells)
    if len(problems) > SHOWN:
        problems = [*problems[:SHOWN], f"{FILE}: and {len(problems) - SHOWN:,} more problems of the kind above"]
    return entries, problems


def _row_problems(cells: dict[str, str], file: OrganisationFile, groups: tuple[str, ...]) -> list[str]:
    problems = [] if cells.get("name") else ["the name is empty"]
    for column in ("address", "line_manager"):
        written = cells.get(column, "")
        if written or column == "address":
            problems += _address_problems(column, written, file)
    if cells.get("line_manager") and cells["line_manager"].lower() == cells.get("address", "").lower():
        problems.append(f"{cells['address']} is their own line manager: leave the column empty")
    if cells.get("group"):
        problems += [one for one in [unknown_group(cells["group"], groups)] if one]
    return problems


def _address_problems(column: str, written: str, file: OrganisationFile) -> list[str]:
    try:
        read_address(written)
    except ValueError as problem:
        return [f"{column} {problem}"]
    return [] if is_inside(written, file.domains) else [f"{column} {written} is in none of the council's domains"]
