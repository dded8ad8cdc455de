"""Para 69: no personal data of the people affected reaches anybody but the desk that handles the incident."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from mailbot.assessment import Classification, Classified, Reason
from mailbot.incident import FieldValue, Incident, Original, Rating, Reporter
from mailbot.notify.audiences import VIEWS
from mailbot.notify.compose import compose
from mailbot.notify.digest import compose_digest, triage_digest
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.known import Known
from mailbot.notify.looks import LOOKS
from mailbot.notify.message import freeze
from mailbot.notify.render import Rendered
from mailbot.notify.rules import Identity, NotifyRules
from mailbot.notify.tokens import Tokens
from mailbot.notify.views import DeskView
from mailbot.procedure.decision import Notice
from mailbot.terms import Role, Severity
from tests.notify.examples import MENTIONS

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
MARK = "Qxmarkz"
HANDLING = {"desk", "review"}
SEALED = tuple(name for name in VIEWS if name not in {*HANDLING, "operator"})
CLEARED = {
    "signing": [
        "SigningView.recommendations: RecommendationView.text",
        "SigningView.recommendations: RecommendationView.reason",
    ]
}
"""Words that may be shown once the support officer has said that they tell nothing of the people affected (para 69)."""


def marked(incident: Incident) -> Incident:
    """The same incident with a mark in every text that a report, a sender or a file name could have filled."""
    said = FieldValue(value=f"{MARK}-value", raw=f"{MARK}-raw", source=f"{MARK}.docx, row 3", confidence=0.4)
    at = incident.received_at
    return incident.but(
        classified={
            Classification.INCIDENT_TYPE: Classified(
                value=f"{MARK} type", reasons=(Reason(words=MARK, quote=MARK),), by=MARK
            ),
        },
        queue_reasons=(f"because: '{MARK}'",),
        ratings=(Rating(severity=Severity.HIGH, at=at, by=f"{MARK}", provisional=True, reasons=(MARK,)),),
        aware_because=MARK,
        reporter=Reporter(address=f"{MARK}@council.example".lower(), name=f"{MARK} Name"),
        group=f"{MARK} group",
        line_manager=f"{MARK}.boss@council.example".lower(),
        responsible_line_manager=f"{MARK}.other@council.example".lower(),
        safety=(f"{MARK} safety",),
        facts=dict.fromkeys((*incident.facts, "subjects", f"{MARK}_field"), said),
        missing=(*incident.missing, f"{MARK}_missing"),
        doubts=(f"{MARK} doubt",),
        originals=(
            Original(mailbox="ig", folder=f"{MARK} folder", uid=1, sender=f"{MARK}@elsewhere.example", received_at=at),
        ),
        duties=tuple(duty.but(person=f"{MARK}@council.example") for duty in incident.duties),
    )


def notices(rules: NotifyRules) -> Iterator[Notice]:
    for name, template in rules.templates.messages.items():
        if template.audience in LOOKS and template.audience not in HANDLING:
            kind = template.duty or "decide_ico"
            yield Notice(
                template=name,
                recipient="lin.manager@council.example",
                role=Role.LINE_MANAGER,
                why="you are told of every incident",
                duty_kind=kind,
                mentions=MENTIONS | {"because": MARK, "recorded": f"{MARK} words"},
            )


def test_nothing_of_a_report_is_in_any_mail_outside_the_desk(
    incident: Incident,
    rules: NotifyRules,
    identity: Identity,
    tokens: Tokens,
    write: Callable[[OutgoingEmail], Rendered],
) -> None:
    for restricted in ((), (f"{MARK} restricted",)):
        told = marked(incident).but(restricted=restricted)
        emails = compose(tuple(notices(rules)), told, rules, NOW, lambda: "a" * 32)
        assert len(emails) >= 15
        for email in emails:
            rendered = write(email)
            kept = email.model_dump_json()
            content = freeze(email, rendered, identity, tokens, NOW).content.decode()
            for shown in (rendered.subject, rendered.text, rendered.html, content, kept):
                assert MARK.lower() not in shown.lower(), email.template


def test_nothing_of_a_report_is_in_a_digest(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    view = triage_digest((marked(incident),), rules, NOW, NOW)

    for urgent in (False, True):
        email = compose_digest(view, "data.protection@council.example", rules, NOW, "a" * 32, urgent=urgent)
        rendered = write(email)
        assert "DB2026014" in rendered.text
        assert MARK.lower() not in (rendered.subject + rendered.text + rendered.html + email.model_dump_json()).lower()


def test_the_desk_may_read_the_report(
    incident: Incident, rules: NotifyRules, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    notice = next(notices(rules)).but(template="queue_notice")
    rendered = write(compose((notice,), marked(incident), rules, NOW, lambda: "a" * 32)[0])

    for shown in (rendered.text, rendered.html):
        assert f"{MARK}-raw" in shown
        assert "please check: the reader was not sure" in " ".join(shown.split())


def texts(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> Iterator[str]:
    """Every field, at any depth, that could take any text whatever."""
    seen = seen if seen is not None else set()
    seen.add(model)
    for name, field in model.model_fields.items():
        known = bool(field.metadata and get_args(Known)[1] in field.metadata)
        for part in [field.annotation] if not known else []:
            yield from (f"{model.__name__}.{name}{one}" for one in _free(part, seen))


def _free(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[str]:
    if annotation == Known or getattr(annotation, "__name__", "") == "Reference":
        return
    if annotation is str:
        yield ""
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            yield from (f": {one}" for one in texts(annotation, seen))
    elif not (isinstance(annotation, type) and issubclass(annotation, Enum)):
        for part in get_args(annotation):
            yield from _free(part, seen)


@pytest.mark.parametrize("audience", SEALED)
def test_a_view_outside_the_desk_has_no_field_for_free_text(audience: str) -> None:
    assert list(texts(VIEWS[audience])) == CLEARED.get(audience, [])


def test_the_check_of_fields_sees_free_text_where_there_is_some() -> None:
    assert "DeskView.reporter_address" in list(texts(DeskView))
    assert any("FactView.value" in one for one in texts(DeskView))


def test_an_outside_reporter_learns_the_reference_and_nothing_of_the_report(rules: NotifyRules) -> None:
    assert set(VIEWS["outside"].model_fields) == {"reference", "council", "received_at", "contact"}


def test_an_urgent_address_learns_a_reference_and_a_number_to_ring() -> None:
    assert set(VIEWS["on_call"].model_fields) == {"reference", "phone"}
