"""The locks: they cover what the project asks for, agree with each other, and name no place to fetch from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


def pins(lock: str) -> dict[str, set[str]]:
    """Package → its pinned versions (more than one where a marker tells them apart)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE):
        found.setdefault(plain(name), set()).add(version)
    return found


def test_the_runtime_lock_pins_everything_that_an_installation_needs() -> None:
    wanted = {plain(one) for one in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["postgres"]}

    assert wanted - pins("requirements.lock").keys() == set()


def test_the_development_lock_pins_everything() -> None:
    extras = [one for group in PROJECT["optional-dependencies"].values() for one in group]

    assert {plain(one) for one in PROJECT["dependencies"] + extras} - pins("requirements-dev.lock").keys() == set()


def test_what_is_tested_is_what_is_installed() -> None:
    tested = pins("requirements-dev.lock")

    assert {name: found for name, found in pins("requirements.lock").items() if tested.get(name) != found} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes_and_no_line_names_a_place_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())

    assert [one.split()[0] for one in entries if "--hash=sha256:" not in one] == []
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links|--trusted-host", text)
