"""Every test of the store runs on both engines, each on a migrated database with nothing in it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailbot.store import Keys, Store
from tests.servers.postgres import running_server

KEYS = Keys(
    seal=(SecretStr("bWFpbGJvdC10ZXN0cy1vbmx5LWtleS1udW1iZXItMSE="),),
    blind=SecretStr("a blind key for tests only"),
)
ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_database() -> str:
    server = running_server()
    name = server.create_database()
    _migrate(server.url(name))
    return name


def _migrate(url: str) -> None:
    store = Store.connect(url, KEYS)
    store.migrate()
    store.close()


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "store.sqlite")
        yield f"sqlite:///{tmp_path}/store.sqlite"
    else:
        server, name = running_server(), request.getfixturevalue("postgres_database")
        # Emptying takes a tenth of the time that a database for each test would.
        server.empty(name, keep="alembic_version")
        yield server.url(name)


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.sqlite"
    else:
        server = running_server()
        name = server.create_database()
        yield server.url(name)
        server.drop_database(name)


@pytest.fixture
def connect() -> Iterator[Callable[..., Store]]:
    opened: list[Store] = []

    def open_store(url: str, keys: Keys = KEYS) -> Store:
        opened.append(Store.connect(url, keys))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(url: str, connect: Callable[..., Store]) -> Store:
    return connect(url)
