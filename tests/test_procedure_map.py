"""docs/procedure.md maps every paragraph of the procedure, and names nothing that is not there."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailbot.notify.templates import KEYS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "mailbot"
CONFIG = ROOT / "config"

PAGE = (ROOT / "docs" / "procedure.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
PROCEDURE: dict[str, Any] = tomllib.loads((CONFIG / "procedure.toml").read_text(encoding="utf-8"))

LAST_PARAGRAPH = 87
KINDS = {"duty": "duty", "duties": "duty", "answers": "answer", "told": "told"}
"""The words before names in the configuration column, and what each says that the names are."""


def section(title: str) -> list[list[str]]:
    """The rows of the table under a heading, each as its cells."""
    text = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def paragraphs(words: str) -> list[int]:
    """The numbers in "12, 36–38"."""
    spans = [re.split("[–-]", part.strip()) for part in words.split(",")]
    return [number for span in spans for number in range(int(span[0]), int(span[-1]) + 1)]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def said_of(cell: str) -> set[tuple[str, str]]:
    """Each name in the configuration column that is said to be a duty, an answer or a notice: what, and which."""
    clauses = [clause.strip().partition(" ") for clause in cell.split(";")]
    return {(KINDS[word], name) for word, _, rest in clauses if word in KINDS for name in named(rest)}


MAP = section("The map")
NOTHING = section("Paragraphs that demand nothing of a bot")
NOT_YET = section("Not yet carried out")
SAID = {int(row[0]): said_of(row[2]) for row in MAP}
CODE = sorted({path for row in MAP for path in named(row[3])})
TESTS = sorted({test for row in MAP for test in named(row[4])})


def carried_out() -> Iterator[tuple[str, str, int]]:
    """What procedure.toml does for which paragraph: duty or notice, its name, the paragraph."""
    rows = [("duty", duty["kind"], duty["para"]) for duty in PROCEDURE["duties"]]
    rows += [("answer", one["key"], duty["para"]) for duty in PROCEDURE["duties"] for one in duty.get("answers", ())]
    rows += [("told", told["template"], told["para"]) for told in PROCEDURE["told"]]
    return ((what, name, number) for what, name, para in dict.fromkeys(rows) for number in paragraphs(para))


@cache
def collected_from(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def keys_of(values: Any) -> Iterator[str]:
    """Every key of a policy file, at whatever depth."""
    if isinstance(values, dict):
        yield from values
    inner = values.values() if isinstance(values, dict) else values if isinstance(values, list) else ()
    for one in inner:
        yield from keys_of(one)


@cache
def known_names() -> frozenset[str]:
    """Whatever a row may name besides duties, answers and notices: policy files, their keys, settings, templates."""
    files = sorted(CONFIG.glob("*.toml"))
    keys = {key for path in files for key in keys_of(tomllib.loads(path.read_text(encoding="utf-8")))}
    settings = re.findall(r"^\| `([a-zA-Z_.]+)` \|", CONFIGURATION, re.MULTILINE)
    templates = {path.stem for path in (ROOT / "templates").glob("*.md")}
    return frozenset([*(path.name for path in files), *keys, *settings, *templates, *KEYS])


def test_every_paragraph_is_mapped_or_said_to_demand_nothing_or_to_be_missing() -> None:
    listed = [number for row in (*MAP, *NOTHING, *NOT_YET) for number in paragraphs(row[0])]

    assert set(listed) == set(range(1, LAST_PARAGRAPH + 1))


def test_a_paragraph_has_one_row_and_does_not_demand_nothing_besides() -> None:
    mapped = [int(row[0]) for row in MAP]
    nothing = [number for row in NOTHING for number in paragraphs(row[0])]
    missing = [number for row in NOT_YET for number in paragraphs(row[0])]

    assert mapped == sorted(set(mapped))
    assert nothing == sorted(set(nothing))
    assert missing == sorted(set(missing))
    assert set(nothing) & {*mapped, *missing} == set()


def test_what_is_carried_out_in_part_stands_in_the_map_too() -> None:
    partly = {number for row in NOT_YET for number in paragraphs(row[0]) if not row[1].startswith("all of it")}

    assert partly - SAID.keys() == set()


def test_every_row_says_what_where_and_by_which_tests() -> None:
    for row in MAP:
        assert len(row) == 5, row
        assert all((row[1], named(row[2]), named(row[3]), named(row[4]))), row
    for row in (*NOTHING, *NOT_YET):
        assert len(row) == 2, row
        assert row[1], row


@pytest.mark.parametrize(("what", "name", "para"), sorted(carried_out()))
def test_what_the_configuration_does_for_a_paragraph_stands_in_its_row(what: str, name: str, para: int) -> None:
    assert (what, name) in SAID[para]


def test_every_answer_about_the_incident_stands_in_some_row() -> None:
    keys = {("answer", answer["key"]) for answer in PROCEDURE["answers"]}

    assert keys - set().union(*SAID.values()) == set()


def test_the_update_of_the_severity_stands_in_the_row_of_each_of_its_paragraphs() -> None:
    rows = {int(row[0]): named(row[2]) for row in MAP}

    for para in paragraphs(PROCEDURE["severity_changed"]["para"]):
        assert "severity_changed" in rows[para], para


@pytest.mark.parametrize("row", MAP, ids=lambda row: row[0])
def test_a_row_names_no_configuration_that_is_not_there(row: list[str]) -> None:
    every = [*PROCEDURE["duties"], *PROCEDURE["answers"]]
    answers = {one["key"] for duty in every for one in (*duty.get("answers", ()), duty) if "key" in one}
    there = {("duty", duty["kind"]) for duty in PROCEDURE["duties"]}
    there |= {("answer", key) for key in answers} | {("told", told["template"]) for told in PROCEDURE["told"]}

    said = said_of(row[2])

    assert said - there == set()
    assert set(named(row[2])) - {name for _, name in said} - known_names() == set()


@pytest.mark.parametrize("path", CODE)
def test_the_code_of_a_row_exists(path: str) -> None:
    assert (PACKAGE / path).exists()


@pytest.mark.parametrize("test", TESTS)
def test_the_test_of_a_row_exists(test: str) -> None:
    path, _, name = test.partition("::")

    assert re.fullmatch(r"test_\w+", name), test
    assert (ROOT / path).is_file()
    assert name in collected_from(path)
