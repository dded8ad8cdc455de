"""One file of the configuration at a time: read, validated, and every problem said in a sentence that names the file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from mailbot import resources
from mailbot.settings.problems import problems_of
from mailbot.value import Value

Kind = TypeVar("Kind", bound=Value)


def read_policy(config: Path, name: str, model: type[Kind], problems: list[str]) -> Kind | None:
    """A file of rules, the council's own or else the shipped one; None, and the problems added, where it fails."""
    return validated(read_toml(resources.policy_file(config, name), problems), model, name, problems)


def read_toml(path: Path, problems: list[str]) -> dict[str, Any] | None:
    """A file's tables; None, and the problem added, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as reason:
        problems.append(f"{path.name}: is not valid TOML: {reason}")
    except UnicodeDecodeError as reason:
        line = path.read_bytes()[: reason.start].count(b"\n") + 1
        problems.append(f"{path.name}: line {line} is not UTF-8: save the file as UTF-8")
    except OSError as reason:
        problems.append(f"{path.name}: cannot be read from {path.parent} ({reason.strerror})")
    return None


def validated(
    raw: Mapping[str, Any] | None,
    model: type[Kind],
    file: str,
    problems: list[str],
    *,
    origins: Mapping[str, str] | None = None,
    within: str = "",
) -> Kind | None:
    """The model made of what a file says; None, and the problems added, where it does not fit.

    ``origins`` and ``within`` are as for ``problems_of``.
    """
    if raw is None:
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems += problems_of(error, model, file, origins, within)
        return None
