"""Mistakes in assessment_form.toml, and in what procedure.toml says of ratings, are named with the file and what to do."""

import pytest

from mailbot.errors import SettingsError
from mailbot.settings import load_settings
from tests.settings.conftest import Council

FORM, PROCEDURE = "assessment_form.toml", "procedure.toml"


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        (FORM, 'factor = "integrity"', 'factor = "integrty"', "does not ask for the factor 'integrity'"),
        (FORM, 'factor = "integrity"', 'factor = "integrty"', "the factor 'integrty' is none of severity.toml; did you mean integrity?"),
        (FORM, 'field = "because"', 'field = "reason"', "the field reason means nothing"),
        (FORM, 'question = "Medium"', 'question = "Root cause"', "asks “root cause” twice"),
        (FORM, 'group = "Group where it happened"', 'colour = "Colour"', "tells colour, which it cannot"),
        (FORM, 'version = "1"', 'version = ""', "version"),
        (FORM, 'version = "1"', 'verson = "1"', "verson is not a setting; did you mean version?"),
        (PROCEDURE, 'no_impact = "low"', 'no_impact = "none"', "rated_by_grid.no_impact"),
        (PROCEDURE, 'no_impact = "low"', "", "does not say what no_impact is"),
        (PROCEDURE, 'counts_as = "medium"', "", "what it classifies is said by “counts_as”"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file(council: Council, file: str, right: str, wrong: str, said: str) -> None:
    council.replace(file, right, wrong)

    with pytest.raises(SettingsError) as found:
        load_settings(council.home, council.environ)

    assert any(one.startswith(file) and said in one for one in found.value.problems), found.value.problems


def test_the_form_that_came_with_the_bot_is_taken_where_the_council_has_none(council: Council) -> None:
    (council.config / FORM).unlink()
    assert load_settings(council.home, council.environ).assessment_form.title == "Severity assessment"
