"""What the store knows that bears on one message, gathered before it is decided on."""

from mailbot.app import App
from mailbot.errors import ConflictError
from mailbot.incident import Incident
from mailbot.intake.digest import same_mail
from mailbot.intake.email import InboundEmail
from mailbot.jobs.likenesses import compare, to_compare
from mailbot.jobs.listed import listed, listed_by, proves_its_reader
from mailbot.mail import RawEmail
from mailbot.notify.email import OutgoingEmail
from mailbot.parse.likeness import Gist, gist_of
from mailbot.parse.reading import Reading
from mailbot.pipeline.decide import opens_incident, reports, reports_anew
from mailbot.pipeline.outcome import Known
from mailbot.procedure.calendar import day_of
from mailbot.store import Unit
from mailbot.terms import Reference, references_in

MOST_MENTIONED = 5


def recall(app: App, unit: Unit, raw: RawEmail, reading: Reading) -> Known:
    """Twin, incident and mail of ours that a message belongs to; takes a number only where it opens an incident.

    Raises ``ConflictError`` where the same report came in elsewhere while this one waited for its number.
    """
    seen_in, twin_id = _seen(unit, reading.email)
    ours = _returned(unit, reading)
    digest = listed_by(app, unit, reading, ours)
    if digest and ours is None and proves_its_reader(app, reading, digest):
        ours = digest
    known = Known(
        seen_in=seen_in,
        twin=unit.incidents.get(twin_id) if twin_id else None,
        incident=_answered(app, unit, reading, ours),
        ours=ours,
        listed=listed(unit, digest) if digest else None,
        incident_id=app.ids.new(),
        mentioned=_mentioned(app, unit, reading),
    )
    if reports_anew(reading) and _is_only_named(app, unit, reading, ours):
        known = known.but(incident=None, named=known.incident)
    gist = gist_of(reading, raw.received_at)
    candidates = to_compare(unit, gist) if reports(reading) and not seen_in else ()
    again, alike = compare(unit, gist, candidates)
    known = known.but(again=again, alike=alike)
    if not opens_incident(reading, known):
        return known
    reference = _next_reference(app, unit, raw)
    # Whoever takes a number waits for whoever took the one before: only then is it certain that nobody was quicker.
    if _was_taken_in_meanwhile(unit, reading, gist, seen_in, candidates):
        raise ConflictError("the same report was taken in from another mailbox: decide again")
    return known.but(reference=reference)


def _mentioned(app: App, unit: Unit, reading: Reading) -> tuple[Reference, ...]:
    """The incidents that an answer names, "Duplicate of: DB2026014", as far as they exist and anybody may name them."""
    if not reading.answers:
        return ()
    named = references_in(reading.email.reply, app.rules.procedure.reference.prefix)[:MOST_MENTIONED]
    found = (unit.incidents.by_reference(one) for one in named)
    return tuple(one.reference for one in found if one and not one.restricted)


def _was_taken_in_meanwhile(
    unit: Unit, reading: Reading, gist: Gist, seen_in: tuple[str, ...], compared: tuple[str, ...]
) -> bool:
    if _seen(unit, reading.email)[0] != seen_in:
        return True
    new = tuple(one for one in to_compare(unit, gist) if one not in compared)
    return compare(unit, gist, new)[0] is not None


def _seen(unit: Unit, email: InboundEmail) -> tuple[tuple[str, ...], str | None]:
    """The mailboxes in which the very same mail was taken in, and its incident; a gateway may have written into a copy."""
    mailboxes = unit.emails.mailboxes_of_digest(email.digest)
    if mailboxes:
        return mailboxes, unit.emails.incident_of_digest(email.digest)
    copies = [one for one in unit.emails.of_message_id(email.message_id) if same_mail(one.reading.email, email)]
    incident_id = next((one.incident_id for one in copies if one.incident_id), None)
    return tuple(sorted({one.key.mailbox for one in copies})), incident_id


def _next_reference(app: App, unit: Unit, raw: RawEmail) -> Reference:
    rules = app.rules.procedure.reference
    # A mailbox whose clock is wrong must not begin another year.
    received_at = min(raw.received_at, app.clock.now())
    return unit.incidents.next_reference(rules.prefix, day_of(received_at).year, rules.first_number)


def _returned(unit: Unit, reading: Reading) -> OutgoingEmail | None:
    """The mail of ours that a machine's message is about: named in a bounce, or answered by an automatic reply."""
    email = reading.email
    named = reading.bounce.original_message_id if reading.bounce else ""
    for message_id in (named, email.in_reply_to, *reversed(email.references)):
        row = unit.outbox.by_message_id(message_id) if message_id else None
        if row:
            return row.email
    return None


def _is_only_named(app: App, unit: Unit, reading: Reading, ours: OutgoingEmail | None) -> bool:
    """Whether nothing but a number in the subject links a mail to an incident: no code, no form of ours, no thread."""
    email = reading.email
    on_form = references_in(reading.reference, app.rules.procedure.reference.prefix)
    if ours or on_form or app.tokens.find(email, reading.reference):
        return False
    return not any(unit.emails.incident_of_message_id(one) for one in (email.in_reply_to, *email.references) if one)


def _answered(app: App, unit: Unit, reading: Reading, ours: OutgoingEmail | None) -> Incident | None:
    """The incident that a mail is about: by its codes, the mail of ours it returns, its subject or form, or its thread.

    None of these proves anything: what may be changed by the mail is asked afterwards (``proof``).
    """
    if ours and ours.incident_id:
        return unit.incidents.get(ours.incident_id)
    for carrier in app.tokens.find(reading.email, reading.reference):
        incident = unit.incidents.by_reference(carrier.reference) if carrier.reference else None
        if incident:
            return incident
    named = f"{reading.email.subject}\n{reading.reference}"
    for reference in references_in(named, app.rules.procedure.reference.prefix):
        incident = unit.incidents.by_reference(reference)
        if incident:
            return incident
    for message_id in (reading.email.in_reply_to, *reversed(reading.email.references)):
        incident_id = unit.emails.incident_of_message_id(message_id) if message_id else None
        if incident_id:
            return unit.incidents.get(incident_id)
    return None
