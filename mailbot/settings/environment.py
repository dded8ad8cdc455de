"""What the environment and ``.env`` say: overrides of single keys, and the secrets, which stand nowhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import BaseModel

from mailbot.settings.problems import model_at, nearest, takes_list

PREFIX = "MAILBOT_"
SECRETS = ("MAILBOT_KEYS", "MAILBOT_TOKEN_KEY", "MAILBOT_BLIND_KEY", "MAILBOT_SMTP_PASSWORD")
PASSWORD = "MAILBOT_PASSWORD_"  # noqa: S105 -- the beginning of a variable's name
COMMAND_VARIABLES = frozenset({
    "MAILBOT_ALL", "MAILBOT_BATCH", "MAILBOT_BECAUSE", "MAILBOT_CONFIG", "MAILBOT_DEBUG", "MAILBOT_DEMO_FOLDER", "MAILBOT_DONE",
    "MAILBOT_DUPLEX", "MAILBOT_EXAMPLE", "MAILBOT_FORMAT", "MAILBOT_HOME", "MAILBOT_HTML", "MAILBOT_INCIDENT",
    "MAILBOT_DAYS", "MAILBOT_INCIDENTS", "MAILBOT_KEEP", "MAILBOT_SEED",
    "MAILBOT_JSON", "MAILBOT_LIMIT", "MAILBOT_MAILBOX", "MAILBOT_MAX_AGE", "MAILBOT_NOW", "MAILBOT_OUT", "MAILBOT_QUEUE",
    "MAILBOT_RECEIVED", "MAILBOT_RECIPIENTS", "MAILBOT_REPORT", "MAILBOT_SAVE", "MAILBOT_SINCE", "MAILBOT_STATE", "MAILBOT_WITH_TEMPLATES", "MAILBOT_WORDING",
})  # fmt: skip
"""Variables that options of commands read themselves (tests/cli holds this list to the commands)."""


def gather(env_file: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The ``MAILBOT_`` variables of ``.env``, with those of the environment before them. Values are taken literally."""
    written = dotenv_values(env_file, interpolate=False) if env_file.is_file() else {}
    merged = {name: value or "" for name, value in written.items()} | dict(environ)
    return {name: value for name, value in merged.items() if name.startswith(PREFIX)}


def secret(name: str, env: Mapping[str, str], problems: list[str]) -> str:
    """The secret's value, from ``NAME`` or from the file that ``NAME_FILE`` names; empty where neither is set."""
    given, file = env.get(name, ""), env.get(f"{name}_FILE", "")
    if given and file:
        problems.append(f"environment: {name} and {name}_FILE are both set: keep one")
    if given or not file:
        return given
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as reason:
        problems.append(f"environment: {name}_FILE names {file}, which cannot be read ({reason.__class__.__name__})")
        return ""


def overrides(env: Mapping[str, str], model: type[BaseModel], problems: list[str]) -> dict[str, tuple[str, Any]]:
    """Variable → (dotted key, value) for each variable that stands for a key of ``model``; others are problems.

    ``MAILBOT_SMTP__PER_MINUTE`` is the key ``smtp.per_minute``; a key that takes a list takes it with commas.
    """
    found = {}
    for name, value in sorted(env.items()):
        if _is_for_others(name):
            continue
        path = name.removeprefix(PREFIX).lower().split("__")
        holder = model_at(model, path[:-1])
        field = holder.model_fields.get(path[-1]) if holder else None
        if field is None or model_at(model, path):
            problems.append(f"environment: {name} matches no setting{nearest(name, variables_of(model))}")
            continue
        listed = takes_list(field.annotation)
        found[name] = (".".join(path), [one.strip() for one in value.split(",") if one.strip()] if listed else value)
    return found


def overlay(raw: dict[str, Any], changes: Mapping[str, tuple[str, Any]]) -> dict[str, Any]:
    """A copy of a TOML table with those keys changed."""
    merged = {name: dict(part) if isinstance(part, dict) else part for name, part in raw.items()}
    for key, value in changes.values():
        *tables, last = key.split(".")
        place = merged
        for table in tables:
            place[table] = dict(place.get(table, {}))
            place = place[table]
        place[last] = value
    return merged


def variables_of(model: type[BaseModel], before: tuple[str, ...] = ()) -> list[str]:
    """The variable of every single key of a model (those of a table keyed by name stand with ``NAME``)."""
    names = []
    for field in model.model_fields:
        inner = model_at(model, (field,))
        keyed = model_at(model, (field, "name"))
        if inner:
            names += variables_of(inner, (*before, field))
        elif keyed:
            names += variables_of(keyed, (*before, field, "name"))
        else:
            names.append(PREFIX + "__".join((*before, field)).upper())
    return names


def _is_for_others(name: str) -> bool:
    plain = name.removesuffix("_FILE")
    return name in COMMAND_VARIABLES or plain in SECRETS or plain.startswith(PASSWORD)
