from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e_servers.bot import Bot, make_bot
from tests.servers.dovecot import Dovecot, dovecot, running_dovecot
from tests.servers.postgres import running_server
from tests.servers.scripted_smtp import ScriptedSmtp

__all__ = ["dovecot"]

MakeBot = Callable[..., Bot]


@pytest.fixture
def mortal_dovecot() -> Iterator[Dovecot]:
    """A server of the test's own, which it may stop."""
    with running_dovecot() as server:
        yield server


@pytest.fixture
def smtp() -> Iterator[ScriptedSmtp]:
    with ScriptedSmtp() as server:
        yield server


@pytest.fixture
def bot(tmp_path: Path, dovecot: Dovecot, smtp: ScriptedSmtp) -> Bot:
    return make_bot(tmp_path, dovecot, smtp)


@pytest.fixture(params=("sqlite", "postgresql"))
def bot_on_either(
    request: pytest.FixtureRequest, tmp_path: Path, dovecot: Dovecot, smtp: ScriptedSmtp
) -> Iterator[Bot]:
    """The same bot once on each database."""
    if request.param == "sqlite":
        yield make_bot(tmp_path, dovecot, smtp)
        return
    server = running_server()
    name = server.create_database()
    yield make_bot(tmp_path, dovecot, smtp, server.url(name))
    server.drop_database(name)
