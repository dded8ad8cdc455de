"""Mistakes in severity.toml are named with the file, the place and what to do."""

import pytest

from mailbot.errors import SettingsError
from mailbot.settings import load_settings
from tests.settings.conftest import Council

MISTAKES = [
    ("very_high_from = 4.0", "very_hihg_from = 4.0", r"severity\.toml: bands\.very_hihg_from is not a setting; did you mean very_high_from\?"),
    ("very_high_from = 4.0", "very_high_from = 2.5", r"severity\.toml: bands .*must go upwards"),
    ('phrases = ["$devices"]', 'phrases = ["$devises"]', r"severity\.toml .*no list of words called devises"),
    ('flags = ["stolen"]', 'flags = ["stollen"]', r"severity\.toml: .* names no flag of triage\.toml: stollen; did you mean stolen\?"),
    ('field = "encrypted"', 'field = "encripted"', r"severity\.toml: 'encripted' is no question of form\.toml; did you mean encrypted\?"),
    ("answers = { cyber = ", "answers = { ciber = ", r"severity\.toml: .* names no question of form\.toml: ciber; did you mean cyber\?"),
    ('needs = ["encrypted", "device"]', 'needs = ["encripted", "device"]', r"severity\.toml .*names a sign that is not in \[signs\]: encripted"),
    ('name = "confidentiality"', 'name = "secrecy"', r"severity\.toml .*must be called confidentiality"),
    ("points = 0.75", "points = 1.75", r"severity\.toml: ease\.levels\[3\]\.points must be 1\.0 or less"),
    ('no_impact = "no harm has come of it"', "", r"severity\.toml: grid .*outcomes must have words for each of"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "problem"), MISTAKES)
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, problem: str, council: Council) -> None:
    council.replace("severity.toml", right, wrong)

    with pytest.raises(SettingsError, match=problem):
        load_settings(council.home, council.environ)


def test_the_old_table_in_triage_toml_is_refused_with_where_it_stands_now(council: Council) -> None:
    council.append("triage.toml", "\n[severity]\nmedium_from = 2.0\n")

    with pytest.raises(SettingsError, match=r"triage\.toml: severity is not set here, severity\.toml says it"):
        load_settings(council.home, council.environ)


def test_lists_of_words_are_shared_by_triage_toml_alone(council: Council) -> None:
    council.append("severity.toml", '\n[shared]\ngone = ["lost"]\n')

    with pytest.raises(SettingsError, match=r"severity\.toml: shared is not set here, triage\.toml says it"):
        load_settings(council.home, council.environ)


def test_a_councils_own_bands_count(council: Council) -> None:
    council.replace("severity.toml", "medium_from = 2.0", "medium_from = 1.0")

    severity = load_settings(council.home, council.environ).triage.severity

    assert severity is not None
    assert severity.bands.of(1.0).value == "medium"


def test_the_shipped_rating_is_used_when_a_council_keeps_none_of_its_own(council: Council) -> None:
    (council.config / "severity.toml").unlink()

    assert load_settings(council.home, council.environ).triage.severity is not None
