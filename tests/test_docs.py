"""The documentation names every command, option, setting, variable and template, and nothing that is not there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

from mailbot.cli import commands
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.parse.investigation_rules import InvestigationForm
from mailbot.parse.rules import FormRules
from mailbot.procedure.lengths import Length, Offset
from mailbot.procedure.rules import ProcedureRules
from mailbot.settings.environment import COMMAND_VARIABLES, SECRETS
from mailbot.settings.model import AllKeys
from mailbot.settings.organisation import OrganisationFile
from mailbot.settings.problems import model_at
from mailbot.triage.classification import ClassificationRules
from mailbot.triage.rules import TriageRules
from mailbot.triage.severity_rules import SeverityRules

ROOT = Path(__file__).parent.parent
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

COMMAND: Any = typer.main.get_command(commands)
NOT_SPELT_OUT = ("intake.bot_address", "intake.domains", "intake.desks", "intake.reference_prefix")
"""Taken from other files; a file that sets them is refused."""

POLICIES: dict[str, type[BaseModel]] = {
    "organisation.toml": OrganisationFile,
    "procedure.toml": ProcedureRules,
    "triage.toml": TriageRules,
    "classification.toml": ClassificationRules,
    "severity.toml": SeverityRules,
    "form.toml": FormRules,
    "assessment_form.toml": AssessmentForm,
    "investigation_form.toml": InvestigationForm,
}
WRITTEN_AS_WORDS = {Length, Offset, SeverityRules, ClassificationRules}
"""What a file holds as words ("5 working days"), or another file says (``FROM_ELSEWHERE``)."""
FROM_ELSEWHERE = {"triage.toml": {"severity", "classification"}, "severity.toml": {"shared"}}


def keys_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name in model.model_fields:
        inner, keyed = model_at(model, (name,)), model_at(model, (name, "NAME"))
        if inner and name != "limits":
            yield from keys_of(inner, f"{before}{name}.")
        elif inner and not before:
            yield from keys_of(inner, f"{name}.")
        elif keyed:
            yield from keys_of(keyed, f"{before}{name}.NAME.")
        else:
            yield f"{before}{name}"


def of(group: Any) -> dict[str, Any]:
    """The commands within a command, such as `letters draft`; none in most."""
    return getattr(group, "commands", {})


def options() -> Iterator[tuple[str, Any]]:
    """Command name (empty for all) and each of its options."""
    inner = [(f"{name} {sub}", one) for name, group in COMMAND.commands.items() for sub, one in of(group).items()]
    for name, command in [("", COMMAND), *COMMAND.commands.items(), *inner]:
        yield from ((name, one) for one in command.params if one.name != "help")


@pytest.mark.parametrize("key", [key for key in keys_of(AllKeys) if key not in NOT_SPELT_OUT])
def test_every_setting_is_explained(key: str) -> None:
    assert f"`{key}`" in CONFIGURATION


def test_no_setting_is_explained_that_is_not_there() -> None:
    explained = set(re.findall(r"^\| `([a-z_]+(?:\.[a-zA-Z_]+)+)` \|", CONFIGURATION, re.MULTILINE))

    assert explained - set(keys_of(AllKeys)) == set()
    assert len(explained) > 40


def test_every_table_of_the_directory_is_explained() -> None:
    for name in OrganisationFile.model_fields:
        assert name in CONFIGURATION.partition("## organisation.toml")[2], name


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field may hold, in whatever they are wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def names_in(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    """Every name that may stand in a file of that model, at whatever depth."""
    for name, field in model.model_fields.items():
        yield name
        for inner in models_in(field.annotation):
            if inner not in seen and inner not in WRITTEN_AS_WORDS:
                seen.add(inner)
                yield from names_in(inner, seen)


def section_of(file: str) -> str:
    """What the page says of a file, under all its headings."""
    parts = re.split(r"^## ", CONFIGURATION, flags=re.MULTILINE)
    return "\n".join(one for one in parts if one.startswith(file))


@pytest.mark.parametrize(("file", "model"), POLICIES.items())
def test_every_key_of_every_file_is_explained(file: str, model: type[BaseModel]) -> None:
    quoted = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", section_of(file)))))

    assert set(names_in(model, {model})) - quoted - FROM_ELSEWHERE.get(file, set()) == set()


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_is_explained_and_stands_in_the_example(name: str) -> None:
    assert f"`{name}`" in CONFIGURATION
    assert f"\n{name}=\n" in (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMAND.commands)
def test_every_command_is_explained(name: str) -> None:
    assert re.search(rf"^\| `mailbot {name}\b", COMMANDS, re.MULTILINE)


def test_every_command_within_a_command_is_explained() -> None:
    inner = [f"{name} {sub}" for name, group in COMMAND.commands.items() for sub in of(group)]

    assert [name for name in inner if f"| `mailbot {name} " not in COMMANDS] == []
    assert inner


def test_no_command_is_explained_that_is_not_there() -> None:
    texts = [COMMANDS, CONFIGURATION, (ROOT / "README.md").read_text(encoding="utf-8")]
    named = {name for text in texts for name in re.findall(r"`mailbot(?: --\w+ \S+)? ([a-z]+)\b", text)}

    assert named - set(COMMAND.commands) == set()


def test_every_option_is_explained() -> None:
    for command, option in options():
        for flag in (flag for flag in option.opts if flag.startswith("--") and flag != "--version"):
            assert flag in COMMANDS, f"{command} {flag}"


def test_every_option_has_a_variable_and_every_variable_an_option() -> None:
    variables = {option.envvar for _, option in options() if option.envvar}
    without = [
        f"{command} {option.name}"
        for command, option in options()
        if option.param_type_name == "option" and not option.envvar and option.name != "version"
    ]

    assert without == []
    assert variables | {"MAILBOT_HOME"} == COMMAND_VARIABLES


def test_every_picture_is_there_and_shown() -> None:
    pages = (page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    shown = {name for page in pages for name in re.findall(r"\]\((pictures/[^)]+)\)", page)}

    assert shown == {f"pictures/{one.name}" for one in (ROOT / "docs" / "pictures").iterdir()}
