"""The layering of the house: what may import what, and where the clock stands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mailbot"

STEPS = ("intake", "parse", "triage", "procedure", "notify", "letters", "report")
VOCABULARY = {
    "value",
    "terms",
    "assessment",
    "incident",
    "investigation",
    "letter",
    "notifications",
    "mail",
    "organisation",
    "errors",
}
EDGES = {
    "store": {"store", "intake", "parse", "notify", "procedure", *VOCABULARY},
    "press": {"press", "letters", "ports", *VOCABULARY},
    "transport": {"transport", "intake", "parse", "reader", "ports", *VOCABULARY},
}
OUTSIDE_WORLD = {
    "asyncio", "http", "imaplib", "multiprocessing", "os", "random", "requests", "secrets", "smtplib", "socket",
    "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib.request",
    "aiosmtplib", "alembic", "apscheduler", "imapclient", "sqlalchemy", "sqlmodel",
}  # fmt: skip


def modules(under: Path) -> Iterator[Path]:
    return (path for path in sorted(under.rglob("*.py")) if "migrations" not in path.parts)


def imported(path: Path) -> set[str]:
    """Every dotted name a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer they cross"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def reaches_outside(name: str) -> bool:
    """Whether a module's name is that of the outside world or something in it."""
    return any(name == world or name.startswith(f"{world}.") for world in OUTSIDE_WORLD)


def own_layers(path: Path) -> set[str]:
    """The parts of this package that a module imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("mailbot.")}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_knows_only_the_vocabulary_and_the_steps_before_it(step: str) -> None:
    allowed = VOCABULARY | set(STEPS[: STEPS.index(step) + 1])
    strangers = {str(path): own_layers(path) - allowed for path in modules(PACKAGE / step)}
    assert {path: names for path, names in strangers.items() if names} == {}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_touches_neither_network_nor_disk_nor_clock(step: str) -> None:
    for path in modules(PACKAGE / step):
        assert not {name for name in imported(path) if reaches_outside(name)}, path
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "open" not in calls, path


def test_the_vocabulary_knows_no_layer() -> None:
    for name in VOCABULARY:
        assert own_layers(PACKAGE / f"{name}.py") <= VOCABULARY


@pytest.mark.parametrize(("edge", "allowed"), EDGES.items())
def test_store_and_transport_know_neither_each_other_nor_the_jobs(edge: str, allowed: set[str]) -> None:
    for path in modules(PACKAGE / edge):
        assert own_layers(path) <= allowed, path


def test_the_pipeline_knows_the_steps_and_nothing_of_the_world() -> None:
    for path in modules(PACKAGE / "pipeline"):
        assert own_layers(path) <= VOCABULARY | set(STEPS) | {"pipeline"}, path
        assert not {one for one in imported(path) if reaches_outside(one)}, path


def test_only_the_app_and_the_demo_name_concrete_adapters() -> None:
    adapters = {"mailbot.transport.imap", "mailbot.transport.smtp", "mailbot.transport.sandbox"}
    allowed = {"app.py", "demo", "transport", "cli", "checks.py"}
    for path in modules(PACKAGE):
        if path.relative_to(PACKAGE).parts[0] not in allowed:
            named = {".".join(name.split(".")[:3]) for name in imported(path)}
            assert not named & adapters, path


def test_the_present_moment_is_asked_for_in_one_place() -> None:
    asking = [
        path.relative_to(PACKAGE).as_posix()
        for path in modules(PACKAGE)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
        and isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    ]  # fmt: skip
    assert asking == ["clock.py"]


def test_asyncio_stays_in_the_smtp_transport_and_the_demo_servers() -> None:
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in modules(PACKAGE)
        if "asyncio" in {name.split(".")[0] for name in imported(path)}
    ]
    assert [name for name in users if not name.startswith("demo/")] == ["transport/smtp.py"]


def test_no_module_bears_a_name_that_says_nothing() -> None:
    names = {path.stem for path in modules(PACKAGE)}
    assert not names & {"utils", "util", "helpers", "helper", "manager", "service", "services", "common", "misc"}
