"""config/*.toml, staff.csv, ``.env`` and the environment → frozen ``Settings``, or one error that lists every problem."""

from mailbot.settings.derive import identity, notify_rules, procedure_rules, reading_rules
from mailbot.settings.letters import example_wording, load_wording
from mailbot.settings.load import load_settings, organisation_version, reread_organisation
from mailbot.settings.model import MailboxSettings, Settings, SmtpSettings

__all__ = [
    "MailboxSettings",
    "Settings",
    "SmtpSettings",
    "example_wording",
    "identity",
    "load_settings",
    "load_wording",
    "notify_rules",
    "organisation_version",
    "procedure_rules",
    "reading_rules",
    "reread_organisation",
]
