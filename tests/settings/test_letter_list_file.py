"""Mistakes in letter_list.toml are named with the file, the place and what to do."""

import pytest

from mailbot.errors import SettingsError
from mailbot.letters.rules import Column
from mailbot.settings import load_settings
from tests.settings.conftest import Council

MISTAKES = [
    ('"Post code"', '"Surname"', r"letter_list\.toml .*columns\.postcode and columns\.last are both known by “Surname”"),
    ("[columns.county]", "[columns.colour]", r"letter_list\.toml: columns\.colour"),
    ("[columns.county]\nwords", "[domains.x]\nwords", r"letter_list\.toml"),
    ("fewest_lines = 3", "fewest_line = 3", r"letter_list\.toml: addresses\.fewest_line is not a setting; did you mean fewest_lines\?"),
    ("doubts = 200", "doubts = 0", r"letter_list\.toml: lists\.doubts must be 1 or more"),
    ("[lists]", "[list]", r"letter_list\.toml: list is not a setting; did you mean lists\?"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "problem"), MISTAKES)
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, problem: str, council: Council) -> None:
    council.replace("letter_list.toml", right, wrong)

    with pytest.raises(SettingsError, match=problem):
        load_settings(council.home, council.environ)


def test_a_column_that_is_left_out_is_named(council: Council) -> None:
    path = council.config / "letter_list.toml"
    before, _, after = path.read_text(encoding="utf-8").partition("[columns.county]")
    path.write_text(before + after[after.index("[columns.postcode]") :], encoding="utf-8")

    with pytest.raises(SettingsError, match=r"letter_list\.toml columns has no table for: county"):
        load_settings(council.home, council.environ)


def test_a_councils_own_heading_is_known(council: Council) -> None:
    council.replace("letter_list.toml", '"Post code"', '"Post code", "Ort"')

    assert load_settings(council.home, council.environ).list_rules.column_of("ORT") is Column.POSTCODE


def test_the_shipped_rules_are_used_when_a_council_keeps_none_of_its_own(council: Council) -> None:
    (council.config / "letter_list.toml").unlink()

    assert load_settings(council.home, council.environ).list_rules.columns
