"""Settings → the values that the steps are given, where one step's value takes from several files."""

from mailbot.notify.rules import Identity, NotifyRules
from mailbot.settings.model import Settings


def identity(settings: Settings) -> Identity:
    """Who the bot is in its mails."""
    return Identity(
        name=settings.bot.name,
        address=settings.bot.address,
        council=settings.organisation.council,
        plus_addresses=settings.bot.plus_addresses,
    )


def notify_rules(settings: Settings) -> NotifyRules:
    """Everything configured that a mail may say: duties' words, questions asked back, names of incident types."""
    return NotifyRules.configured(
        identity=identity(settings),
        organisation=settings.organisation,
        templates=settings.templates,
        procedure=settings.procedure,
        form=settings.form,
        incident_types=settings.triage.incident_types,
    )
