import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mailbot.letters.recipients import Circumstances, Listed, read
from mailbot.letters.rules import ListRules

ROOT = Path(__file__).parents[2]

HEADINGS = (
    "Name",
    "Addressed to",
    "Because",
    "Date of birth",
    "Child",
    "Address",
    "Postcode",
    "Email",
    "How",
    "Which data",
    "Confirmed by",
    "Confirmed on",
    "Source",
    "Told on",
    "Told by",
    "Needs",
)
ROSA = {
    "Name": "Rosa Lindqvist",
    "Address": "12 Invented Street, Newtown",
    "Postcode": "NE1 4XX",
    "Confirmed by": "Petra Quill",
    "Confirmed on": "2026-11-21",
    "Source": "Council Tax record",
}
GIVEN = Circumstances(
    on=date(2026, 11, 22),
    happened_on=date(2026, 11, 20),
    at_fault=("Liquid Logic", "Mosaic"),
    own_addresses=("data.protection@council.example",),
)

Rows = list[tuple[int, tuple[str, ...]]]
ReadPeople = Callable[..., Listed]


def rows(*people: dict[str, str], headings: tuple[str, ...] = HEADINGS) -> Rows:
    """The rows of a list: headings in row 1, a person in each row below."""
    return [
        (1, headings),
        *((at, tuple(one.get(heading, "") for heading in headings)) for at, one in enumerate(people, start=2)),
    ]


@pytest.fixture(scope="session")
def rules() -> ListRules:
    tables = tomllib.loads((ROOT / "config" / "letter_list.toml").read_text(encoding="utf-8"))
    return ListRules.model_validate(tables)


@pytest.fixture
def people(rules: ListRules) -> ReadPeople:
    """Reads Rosa's row with some cells changed, one row for each dictionary given."""

    def read_people(*changes: dict[str, str], given: Circumstances = GIVEN) -> Listed:
        return read(rows(*(ROSA | one for one in changes)), rules, given)

    return read_people
