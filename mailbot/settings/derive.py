"""Settings → the values that the steps are given, where one step's value takes from several files."""

from mailbot.assessment import Classification
from mailbot.notify.rules import Identity, NotifyRules
from mailbot.procedure.calendar import WorkingCalendar
from mailbot.procedure.rules import Rules
from mailbot.reader import ReadingRules
from mailbot.settings.model import Settings


def identity(settings: Settings) -> Identity:
    """Who the bot is in its mails."""
    return Identity(
        name=settings.bot.name,
        address=settings.bot.address,
        council=settings.organisation.council,
        plus_addresses=settings.bot.plus_addresses,
    )


def reading_rules(settings: Settings) -> ReadingRules:
    """Everything configured that the reader of mails and documents must know."""
    return ReadingRules(
        intake=settings.intake,
        form=settings.form,
        investigation=settings.investigation_form,
        assessment=settings.assessment_form,
    )


def procedure_rules(settings: Settings, calendar: WorkingCalendar) -> Rules:
    """Everything configured that the machine goes by, with the working days of the years it looks at."""
    return Rules(
        procedure=settings.procedure,
        calendar=calendar,
        organisation=settings.organisation,
        classification=settings.triage.classification,
        severity=settings.triage.severity,
        assessment_form=settings.assessment_form,
    )


def notify_rules(settings: Settings) -> NotifyRules:
    """Everything configured that a mail may say: duties' words, questions asked back, the lists an incident is counted under."""
    return NotifyRules.configured(
        identity=identity(settings),
        organisation=settings.organisation,
        templates=settings.templates,
        procedure=settings.procedure,
        form=settings.form,
        classifications=settings.triage.classification.known,
        rating_words=settings.triage.reason_words,
        assessment=settings.assessment_form,
        investigation=settings.investigation_form,
        lists={one: settings.triage.classification.values(one) for one in Classification},
    )
