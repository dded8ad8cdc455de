"""Bringing a database to the revision that the code expects; the migrations ship beside this file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from mailbot.errors import StoreError
from mailbot.store.engine import make_engine

MIGRATIONS = Path(__file__).parent / "migrations"

# Two bots that start together migrate one after the other: any fixed number, the same in all of them.
ADVISORY_LOCK = 720_031


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file; ``connection`` is the one that the migrations run on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def upgrade(url: URL) -> str:
    """Runs every migration that is missing, all in one transaction, and says the revision reached.

    Raises ``StoreError`` for a database that a newer version of the bot has migrated.
    """
    engine = make_engine(url, migrating=True)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK})
        _refuse_newer(connection)
        command.upgrade(configuration(connection), "head")
    return code_revision()


def _refuse_newer(connection: Connection) -> None:
    found = database_revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"the database is at revision {found}, which this version does not know: install the newer one"
        )


def code_revision() -> str:
    """The newest revision that the code knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def database_revision(connection: Connection) -> str | None:
    """The revision a database is at, None where it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()
