import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mailbot import resources
from mailbot.cli import commands
from mailbot.examples import AT, example_incident, example_mail
from mailbot.incident import AuditEntry
from mailbot.settings import Settings, load_settings
from mailbot.store import Keys, Store


class Shell:
    """Runs commands on a council's folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environ = {
            "MAILBOT_CONFIG": str(home),
            "MAILBOT_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
            "MAILBOT_TOKEN_KEY": "t" * 40,
            "MAILBOT_BLIND_KEY": "b" * 40,
            "MAILBOT_PASSWORD_IT": "it secret",
            "MAILBOT_PASSWORD_IG": "ig secret",
            "MAILBOT_PASSWORD_BOT": "bot secret",
            "MAILBOT_SMTP_PASSWORD": "smtp secret",
        }

    def run(self, *arguments: str) -> Result:
        return CliRunner(env=self.environ).invoke(commands, list(arguments))

    def settings(self) -> Settings:
        return load_settings(self.home, self.environ)

    def store(self) -> Store:
        settings = self.settings()
        return Store.connect(settings.store.url, Keys(seal=settings.keys.seal, blind=settings.keys.blind))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shutil.copytree(resources.shipped() / "config", tmp_path / "config")
    return Shell(tmp_path)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    """A council with one incident, one mail that waits and one that is held."""
    settings = shell.settings()
    incident = example_incident(settings)
    store = shell.store()
    store.migrate()
    with store.unit() as unit:
        unit.incidents.add(incident)
        unit.audit.append(
            incident.id, (AuditEntry(at=AT, action="opened", by="mailbot", details={"sender": "Ann Other"}),)
        )
        for number, name in enumerate(("acknowledgement", "dpo_notice"), 1):
            unit.outbox.add(example_mail(settings, name).email.but(id=f"{number:x}" * 32))
        unit.outbox.hold("2" * 32, "a value is missing")
    store.close()
    return shell
