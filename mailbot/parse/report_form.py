"""What a mail and its documents report, field by field: documents first, then the labelled lines of the mail, then its words."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from mailbot.incident import FieldValue
from mailbot.intake.email import InboundEmail
from mailbot.parse.answer_text import LONGEST_ANSWER, clean_answer
from mailbot.parse.dates import LONDON, UnderstoodDate, understand_date, understand_time
from mailbot.parse.labels import SURE, pair_lines
from mailbot.parse.lines import Line
from mailbot.parse.reading import DocumentReading, ReportedIncident, Row
from mailbot.parse.rules import FieldKind, FormRules

OTHER = "other"
"""The field that keeps, label and all, what a form asks and the bot has no name for."""

DATE_ONLY, UNSURE_DATE, NOT_UNDERSTOOD, OWN_WORDS = 0.9, 0.6, 0.3, 0.5
"""How far an answer may be relied on: a day without a time, a date with a choice, a date not understood, a story without labels."""


def read_report(
    email: InboundEmail, documents: Sequence[DocumentReading], received_at: datetime, rules: FormRules
) -> ReportedIncident:
    """The report as a whole.

    ``received_at`` (aware) anchors relative dates; where a report was passed on, the moment it was first sent does. What stands in a form outweighs what stands in the mail; where both
    name different dates the field is doubtful. Nothing is dropped: answers to unknown questions are kept in ``other``.
    """
    received_at = _written_at(email, received_at)
    rows = [row for document in documents for row in document.rows] + _mail_rows(email, rules)
    fields, doubtful = _collect(rows, received_at, rules)
    _meet_in_occurred_at(fields, doubtful, received_at)
    if "description" not in fields:
        story = _story(email, documents)
        if story:
            fields["description"] = story
    return ReportedIncident(
        fields=fields,
        missing=_missing(fields, email, rules),
        doubtful=tuple(sorted(doubtful)),
        occurred_at=_moment(fields, "occurred_at"),
        discovered_at=_moment(fields, "discovered_at"),
    )


def _written_at(email: InboundEmail, received_at: datetime) -> datetime:
    """When "last night" was written. A date after the arrival is the clock of a wrong computer."""
    first = email.forwarded.date if email.forwarded else None
    return min(first, received_at) if first else received_at


def _mail_rows(email: InboundEmail, rules: FormRules) -> list[Row]:
    """The labelled lines of the sender's own words; of the whole text where a first mail was forwarded or quoted."""
    rows = _body_rows(email.reply, rules)
    if email.forwarded:
        return _body_rows(email.forwarded.text, rules) + rows
    if not rows and not email.in_reply_to:
        rows = _body_rows(email.text, rules)
    return rows


def _body_rows(text: str, rules: FormRules) -> list[Row]:
    lines = [Line(text=line, source=f"mail, line {number}") for number, line in enumerate(text.splitlines(), start=1)]
    pairing = pair_lines(lines, rules, is_form=False)
    return [row.but(answer=clean_answer(row.answer, rules.folded_placeholders)) for row in pairing.rows]


def _collect(rows: Iterable[Row], received_at: datetime, rules: FormRules) -> tuple[dict[str, FieldValue], set[str]]:
    """The surest answer to each question, and the fields that leave a doubt."""
    fields: dict[str, FieldValue] = {}
    doubtful: set[str] = set()
    others: list[Row] = []
    for row in rows:
        if not row.answer:
            continue
        if not row.field:
            others.append(row)
            continue
        value, is_sure = _understood(row, received_at, rules)
        known = fields.get(row.field)
        if known is None or value.confidence > known.confidence:
            fields[row.field] = value
            doubtful = doubtful - {row.field} if is_sure else doubtful | {row.field}
        if known is not None and known.value != value.value:
            others.append(row)
            doubtful |= {row.field} if rules.kind_of(row.field).is_moment else set()
    if others:
        fields[OTHER] = _kept(others)
    return fields, doubtful


def _kept(rows: Sequence[Row]) -> FieldValue:
    text = "\n".join(f"{row.label.rstrip(': ')}: {row.answer}" for row in rows)[:LONGEST_ANSWER]
    return FieldValue(value=text, raw=text, source=rows[0].source, confidence=OWN_WORDS)


def _understood(row: Row, received_at: datetime, rules: FormRules) -> tuple[FieldValue, bool]:
    """An answer as a value, and whether it leaves no doubt."""
    value, trust = row.answer, 1.0
    kind = rules.kind_of(row.field)
    if kind in {FieldKind.DATE, FieldKind.DATETIME}:
        value, trust = _dated(row.answer, received_at, kind)
    elif kind is FieldKind.TIME:
        told = understand_time(row.answer)
        value, trust = (told.isoformat("minutes"), 1.0) if told else (row.answer, NOT_UNDERSTOOD)
    elif kind is FieldKind.PERSON and not _may_be_a_name(row.answer):
        trust = UNSURE_DATE
    confidence = round(min(row.confidence, 1.0) * trust, 2)
    return FieldValue(
        value=value, raw=row.answer, source=row.source, confidence=confidence
    ), row.confidence >= SURE and trust >= DATE_ONLY


def _dated(answer: str, received_at: datetime, kind: FieldKind) -> tuple[str, float]:
    found = understand_date(answer, received_at)
    if found.at is None:
        return answer, NOT_UNDERSTOOD
    value = found.at.astimezone(LONDON).date().isoformat() if kind is FieldKind.DATE else found.iso
    return value, UNSURE_DATE if found.doubtful else DATE_ONLY if found.date_only else 1.0


def _may_be_a_name(answer: str) -> bool:
    """A name is short, has letters and is no sentence."""
    return len(answer) <= 120 and len(answer.split()) <= 12 and any(sign.isalpha() for sign in answer)  # noqa: PLR2004


def _meet_in_occurred_at(fields: dict[str, FieldValue], doubtful: set[str], received_at: datetime) -> None:
    """A date and a time asked for separately become one moment, from which the ten days of para 51 run."""
    on, at = fields.get("occurred_date"), fields.get("occurred_time")
    if on is None or "occurred_at" in fields:
        return
    found = understand_date(f"{on.raw} {at.value}" if at and _has_no_time(on, received_at) else on.raw, received_at)
    if found.at is None:
        doubtful.add("occurred_at")
        return
    fields["occurred_at"] = _met(found, on, at)
    if found.doubtful or "occurred_date" in doubtful:
        doubtful.add("occurred_at")


def _has_no_time(on: FieldValue, received_at: datetime) -> bool:
    return understand_date(on.raw, received_at).date_only


def _met(found: UnderstoodDate, on: FieldValue, at: FieldValue | None) -> FieldValue:
    parts = [part for part in (on, at) if part is not None]
    trust = UNSURE_DATE if found.doubtful else DATE_ONLY if found.date_only else 1.0
    return FieldValue(
        value=found.iso,
        raw=" ".join(part.raw for part in parts),
        source=" and ".join(dict.fromkeys(part.source for part in parts)),
        confidence=round(min(trust, *(part.confidence for part in parts)), 2)
        if len(parts) > 1
        else round(min(trust, on.confidence), 2),
    )


def _story(email: InboundEmail, documents: Sequence[DocumentReading]) -> FieldValue | None:
    """What happened, told without labels: in a document that asks nothing, else in the mail itself, else in a picture."""
    silent = [one for one in documents if not any(row.field for row in one.rows) and one.loose.strip()]
    typed = [(one.loose, one.name) for one in silent if not one.by_looks]
    passed_on = email.forwarded.text if email.forwarded else ""
    mail = [(text, "mail") for text in (passed_on, email.reply, email.text)]
    seen = [(one.loose, one.name) for one in silent if one.by_looks]
    for text, name in (*typed, *mail, *seen):
        if text.strip():
            story = text.strip()[:LONGEST_ANSWER]
            return FieldValue(value=story, raw=story, source=f"{name}, whole text", confidence=OWN_WORDS)
    return None


def _missing(fields: dict[str, FieldValue], email: InboundEmail, rules: FormRules) -> tuple[str, ...]:
    """The required questions without an answer; who reports is known where the mail names its sender."""
    known = set(fields) | ({"reporter"} if (email.forwarded or email).sender.name else set())
    return tuple(
        name
        for name, field in rules.fields.items()
        if field.required and name not in known and not known & set(field.instead)
    )


def _moment(fields: dict[str, FieldValue], name: str) -> datetime | None:
    """The understood moment of a field; None where it was left as written."""
    try:
        moment = datetime.fromisoformat(fields[name].value) if name in fields else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
