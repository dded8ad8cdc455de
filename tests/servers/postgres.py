"""A private PostgreSQL for the tests: Debian's own binaries in a temporary folder, reached by a socket only."""

import atexit
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

HOW_TO_GET_IT = "PostgreSQL's server was not found: install it with `apt-get install postgresql` (no cluster needed)"
STARTS_WITHIN_SECONDS = 30


@dataclass
class PostgresServer:
    """A running server; each database it makes is the test's own."""

    folder: Path
    process: subprocess.Popen[bytes]
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        return f"postgresql://mailbot@/{database}?host={self.folder}"

    def create_database(self, template: str = "template0") -> str:
        """Makes a database, as a copy of another where one is named; returns its name."""
        name = f"{'t' if template == 'template0' else template}_{next(self.numbers)}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop_database(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def empty(self, name: str, *, keep: str) -> None:
        """Takes every row out of a database but those of one table, whoever is still connected to it."""
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s"
        with self._connect(name) as connection:
            connection.execute(others, (name,))
            tables = [sql.Identifier(table) for (table,) in connection.execute(listed, (keep,))]
            if tables:
                connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(sql.SQL(", ").join(tables)))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, statement: sql.Composed) -> None:
        with self._connect("postgres") as connection:
            connection.execute(statement)

    def _connect(self, database: str) -> "psycopg.Connection[tuple[str, ...]]":
        return psycopg.connect(host=str(self.folder), user="mailbot", dbname=database, autocommit=True)


def find_binaries() -> Path | None:
    """The folder of PostgreSQL's server programs: Debian's newest version, else wherever PATH has them."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None


@functools.cache
def running_server() -> PostgresServer:
    """The server of this test run, started when first asked for; skips, or fails in CI, where there is none."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail(HOW_TO_GET_IT)
        pytest.skip(HOW_TO_GET_IT)
    # A socket's path must be short, so not pytest's own temporary folder.
    folder = Path(tempfile.mkdtemp(prefix="mailbot-pg-", dir="/tmp"))
    user = _unprivileged_user()
    if user:
        shutil.chown(folder, user)
    server = PostgresServer(folder, _start(binaries, folder, user))
    atexit.register(server.stop)
    _wait_until_ready(server)
    return server


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: the account it runs as then."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"


def _start(binaries: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    data = folder / "data"
    prepare = ["initdb", "-D", str(data), "-U", "mailbot", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
    subprocess.run([binaries / prepare[0], *prepare[1:]], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    # Nothing here needs to survive a power cut; a test wants to be quick.
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "16MB",
        "max_connections": "60",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", str(data), *options], user=user, cwd=folder, stdout=log, stderr=log
        )


def _wait_until_ready(server: PostgresServer) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(host=str(server.folder), user="mailbot", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > give_up_at:
                log = (server.folder / "log").read_text()
                pytest.fail(f"PostgreSQL did not start:\n{log[-2000:]}")
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    return running_server()
