from collections.abc import Callable
from pathlib import Path

import pytest

from mailbot.incident import FieldValue
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.settings import load_settings
from mailbot.triage.rules import TriageRules
from mailbot.triage.triage import Triage, triage

ROOT = Path(__file__).parents[2]
INSIDE = "sam.reporter@council.example"

Sort = Callable[..., Triage]


@pytest.fixture(scope="session")
def rules() -> TriageRules:
    return load_settings(None, {}, need_secrets=False).triage


def reading(story: str, sender: str = INSIDE, **answers: str) -> Reading:
    """A report whose mail tells a story, with a form that answers some questions."""
    fields = {
        name: FieldValue(value=answer, raw=answer, source="form.docx, table 1 row 1", confidence=1.0)
        for name, answer in answers.items()
    }
    email = InboundEmail(sender=Address(address=sender), subject="Urgent Data Incident", text=story, reply=story)
    return Reading(kind=Kind.REPORT, email=email, report=ReportedIncident(fields=fields))


@pytest.fixture(scope="session")
def sort(rules: TriageRules) -> Sort:
    def sorted_by_rules(story: str, sender: str = INSIDE, *, outside: bool = False, **answers: str) -> Triage:
        return triage(reading(story, sender, **answers), outside, rules)

    return sorted_by_rules
