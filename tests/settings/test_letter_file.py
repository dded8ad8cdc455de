"""Mistakes in letter.toml, in its templates and in the council's address are named with file and place."""

from pathlib import Path

import pytest

from mailbot import resources
from mailbot.errors import SettingsError
from mailbot.settings import load_settings, reread_organisation
from tests.settings.conftest import Council

MISTAKES = [
    ("letter.toml", "pages = 10", "pages = 0", r"letter\.toml: limits\.pages must be 1 or more"),
    ("letter.toml", "batch = 100", "batch = 2000", r"letter\.toml: limits\.batch must be 200 or less"),
    ("letter.toml", 'name = "what"', 'name = "waht"', r"letter\.toml .*no value called waht"),
    ("letter.toml", 'kind = "health"', 'kind = "contact"', r"letter\.toml .*look at contact, health"),
    ("letter.toml", 'kind = "health"', 'kind = "illness"', r"letter\.toml: advice\[5\]\.kind must be one of"),
    ("organisation.toml", 'email = "complaints@council.example"', 'email = "complaints@elsewhere.example"', r"complaints\.email: .* in none of the council's domains"),
    ("organisation.toml", 'phone = "01632 960 350"', "", r"organisation\.toml: complaints\.phone is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "right", "wrong", "problem"), MISTAKES)
def test_a_mistake_is_named_with_its_place(file: str, right: str, wrong: str, problem: str, council: Council) -> None:
    council.replace(file, right, wrong)

    with pytest.raises(SettingsError, match=problem):
        load_settings(council.home, council.environ)


def own_template(council: Council, name: str, text: str) -> None:
    folder = council.home / "templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def shipped(name: str) -> str:
    return Path(resources.shipped() / "templates" / name).read_text("utf-8")


def test_a_letter_that_is_for_somebody_else_is_refused(council: Council) -> None:
    own_template(council, "letter.md", shipped("letter.md").replace("audience: letter", "audience: desk"))

    with pytest.raises(SettingsError, match=r"templates/letter\.md: audience must be one of letter"):
        load_settings(council.home, council.environ)


def test_the_councils_own_letter_and_page_are_used(council: Council) -> None:
    own_template(council, "letter.md", shipped("letter.md") + "\nOurs.\n")
    own_template(council, "letter.typ", shipped("letter.typ") + "// ours\n")

    letters = load_settings(council.home, council.environ).letters

    assert letters.templates.message("letter").body.endswith("Ours.\n")
    assert letters.layout.endswith("// ours\n")


def test_the_letter_is_no_message_of_the_bot(council: Council) -> None:
    templates = load_settings(council.home, council.environ).templates

    assert "letter" not in templates.messages
    assert not [name for name in templates.parts if name.startswith("_letter")]


def test_a_council_without_complaints_team_can_still_run_the_bot(council: Council) -> None:
    path = council.config / "organisation.toml"
    before, _, rest = path.read_text("utf-8").partition("[complaints]")
    path.write_text(before + "[desks.it]" + rest.partition("[desks.it]")[2], "utf-8")

    assert load_settings(council.home, council.environ).organisation.complaints is None


def test_a_changed_directory_changes_the_letters_too(council: Council) -> None:
    settings = load_settings(council.home, council.environ)
    council.replace("organisation.toml", "Exampleshire County Council", "Sampleford Borough Council")

    assert reread_organisation(settings).letters.organisation.council == "Sampleford Borough Council"
