"""Forms filled in by others, where they are at hand."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailbot.intake.email import Address, InboundEmail
from mailbot.parse.document import read_document
from mailbot.parse.report_form import read_report
from mailbot.parse.rules import FormRules
from tests.parse.papers import paper

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
INDEX = CORPUS / "forms.jsonl"

pytestmark = pytest.mark.skipif(not INDEX.exists(), reason="the corpus of forms is not at hand")


def test_at_least_nineteen_of_twenty_answers_are_read_under_the_right_name(rules: FormRules) -> None:
    asked = right = 0
    for line in INDEX.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        path = CORPUS / case["file"]
        document = read_document(paper(path.read_bytes(), path.suffix[1:], path.name), rules)
        fields = read_report(
            InboundEmail(sender=Address(address="")), [document], datetime(2026, 11, 20, tzinfo=UTC), rules
        ).fields
        asked += len(case["fields"])
        right += sum(
            1
            for name, answer in case["fields"].items()
            if name in fields and fields[name].raw.split() == answer.split()
        )
        assert document.is_form
        assert bool(fields) == bool(case["fields"])

    assert right / asked >= 0.95
