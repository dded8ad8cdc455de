"""What can be asked before going live and while running: one finding per layer, OK or not, with advice.

No check raises for what it finds, and none sends a mail or changes anything in a mailbox.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from mailbot.app import App, build, typst_press
from mailbot.errors import MailbotError
from mailbot.examples import example_mails
from mailbot.jobs.marks import FAILING, PAUSED, POLLED, TICKED
from mailbot.letters.example import example_letters
from mailbot.letters.parts import template_problems
from mailbot.letters.writing import letterhead, write
from mailbot.notify.render import render
from mailbot.notify.words import counted, day, length, moment
from mailbot.ports import Clock
from mailbot.settings import MailboxSettings, Settings, example_wording
from mailbot.store import Mark, OutboxState
from mailbot.transport.ocr import tesseract
from mailbot.value import Value

HORIZON = timedelta(days=365)
LONGEST_WAIT = timedelta(hours=1)
MOST_NAMED = 10


class Finding(Value):
    """What one layer said. ``advice`` is empty where nothing needs doing."""

    layer: str
    ok: bool
    text: str
    advice: str = ""


def check_all(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Every layer in turn, from the files to the wire; the database's own checks only where it is as expected."""
    yield _configuration(settings)
    yield _templates(settings)
    yield _asked("letters", partial(_letters, settings))
    yield _pictures()
    app = build(settings, clock)
    try:
        yield _calendar(app)
        database = _asked("database", partial(_database, app))
        yield database
        for mailbox in settings.mailboxes:
            yield _asked(f"mailbox {mailbox.name}", partial(_mailbox, app, mailbox))
        yield _asked("smtp", partial(_smtp, app))
        if database.ok:
            yield _asked("audit chain", partial(_audit, app))
            yield _asked("open duties", partial(_open_duties, app))
            yield _asked("sending", partial(_sending, app))
            yield from _rounds(app, None)
    finally:
        app.close()


def check_alive(settings: Settings, clock: Clock, within: timedelta) -> Iterator[Finding]:
    """For a monitor: database, sending, and whether each mailbox was read ``within`` that time. No server is asked."""
    app = build(settings, clock)
    try:
        database = _asked("database", partial(_database, app))
        yield database
        if database.ok:
            yield _asked("sending", partial(_sending, app))
            yield from _rounds(app, within)
    finally:
        app.close()


def _asked(layer: str, question: Callable[[], Finding]) -> Finding:
    """The finding, or the error as one."""
    try:
        return question()
    except MailbotError as error:
        return Finding(layer=layer, ok=False, text=str(error).removeprefix(f"{layer}: "))


def _configuration(settings: Settings) -> Finding:
    directory = settings.organisation
    said = f"{settings.folder}: {directory.council}, {len(directory.groups)} groups, {len(directory.people)} people"
    shadow = f"; all mail goes to {settings.shadow_to}" if settings.shadow_to else ""
    return Finding(layer="configuration", ok=True, text=said + shadow)


def _templates(settings: Settings) -> Finding:
    try:
        mails = example_mails(settings)
        for one in mails:
            render(one.email, settings.templates, one.reply_to, one.email.created_at)
    except MailbotError as error:
        return Finding(layer="templates", ok=False, text=str(error), advice="`mailbot preview NAME` shows one message")
    return Finding(layer="templates", ok=True, text=f"all {len(mails)} messages can be written")


def _letters(settings: Settings) -> Finding:
    """Whether the letter says all it must, and can be printed with the council's own page."""
    letter = example_letters(example_wording(settings.folder))[0]
    problems = template_problems(letter, settings.letters)
    if problems:
        return Finding(layer="letters", ok=False, text="; ".join(problems), advice="docs/letters.md tells how")
    press = typst_press(settings)
    try:
        sheet = write(letter, settings.letters).sheet(letterhead(settings.letters))
        pages = press.press([sheet]).pages[0]
    finally:
        press.close()
    said = (
        f"the letter says all {len(settings.letters.file.parts)} parts, and its example takes {counted(pages, 'page')}"
    )
    return Finding(layer="letters", ok=True, text=said)


def _calendar(app: App) -> Finding:
    until = app.rules.calendar.known_until
    ok = until - app.clock.now().date() >= HORIZON
    advice = "" if ok else "install a newer version of the package holidays, or restart the bot"
    return Finding(layer="calendar", ok=ok, text=f"bank holidays are known until {day(until)}", advice=advice)


def _pictures() -> Finding:
    """Not a fault where it is missing: people then open scans and photographs themselves, and the notices say so."""
    if tesseract():
        return Finding(layer="pictures", ok=True, text="writing in scans and photographs is read (tesseract)")
    advice = "Debian's package tesseract-ocr reads them"
    return Finding(layer="pictures", ok=True, text="people must open scans and photographs", advice=advice)


def _database(app: App) -> Finding:
    found, expected = app.store.revision()
    if found == expected:
        rehearsal = " (a rehearsal's)" if app.store.is_rehearsal() else ""
        return Finding(layer="database", ok=True, text=f"revision {found}{rehearsal}")
    said = f"revision {found or 'none'}, this version needs {expected}"
    return Finding(layer="database", ok=False, text=said, advice="run `mailbot migrate`")


def _mailbox(app: App, mailbox: MailboxSettings) -> Finding:
    opened = app.mailboxes[mailbox.name]
    for folder in mailbox.folders:
        opened.open(folder)
    plain = mailbox.security == "plain"
    return Finding(
        layer=f"mailbox {mailbox.name}",
        ok=True,
        text=f"{mailbox.username} at {mailbox.host}: {', '.join(mailbox.folders)} can be opened",
        advice="the connection is not encrypted: use tls or starttls outside a test" if plain else "",
    )


def _smtp(app: App) -> Finding:
    return Finding(layer="smtp", ok=True, text=app.sender.check())


def _audit(app: App) -> Finding:
    with app.store.reading() as unit:
        problems = unit.audit.verify()
    if problems:
        advice = "somebody changed the history outside the bot: keep the database as it is and tell the DPO"
        return Finding(layer="audit chain", ok=False, text="; ".join(problems), advice=advice)
    return Finding(layer="audit chain", ok=True, text="unbroken")


def _open_duties(app: App) -> Finding:
    """Whether procedure.toml still has a rule for every duty that is open: nobody is chased without one."""
    with app.store.reading() as unit:
        open_duties = [(one.reference, duty.kind) for one in unit.incidents.open() for duty in one.open_duties]
    orphans = sorted({f"{kind} ({reference})" for reference, kind in open_duties if not app.rules.procedure.find(kind)})
    if orphans:
        said = f"no rule in procedure.toml for {', '.join(orphans[:MOST_NAMED])}"
        return Finding(layer="open duties", ok=False, text=said, advice="put the kind back until these duties are done")
    return Finding(layer="open duties", ok=True, text=f"{len(open_duties)}, each with its rule")


def _sending(app: App) -> Finding:
    now = app.clock.now()
    with app.store.reading() as unit:
        paused, counts, oldest = unit.marks.get(PAUSED), unit.outbox.counts(), unit.outbox.oldest_waiting()
    stuck = sum(counts.get(state, 0) for state in (OutboxState.HELD, OutboxState.GIVEN_UP))
    waits = f", the oldest for {length(now - oldest)}" if oldest else ""
    said = f"{counts.get(OutboxState.WAITING, 0)} waiting{waits}; {stuck} held or given up"
    if paused:
        return Finding(
            layer="sending", ok=False, text=f"paused since {moment(paused.at)}; {said}", advice="`mailbot resume`"
        )
    late = oldest is not None and now - oldest > LONGEST_WAIT
    advice = "`mailbot outbox` says why" if late else "`mailbot held` lists what waits for a person" if stuck else ""
    return Finding(layer="sending", ok=not late, text=said, advice=advice)


def _rounds(app: App, within: timedelta | None) -> Iterator[Finding]:
    """When the duties were last looked over and each mailbox last read; too long ago only where a limit is given."""
    with app.store.reading() as unit:
        ticked = unit.marks.get(TICKED)
        polled = {name: unit.marks.get(POLLED + name) for name in app.mailboxes}
        failing = {name: unit.marks.get(FAILING + name) for name in app.mailboxes}
    now = app.clock.now()
    yield _round("duties", ticked, now, within)
    for name, mark in polled.items():
        reason = failing[name]
        yield _round(f"rounds {name}", mark, now, within, f"; it fails since then: {reason.value}" if reason else "")


def _round(layer: str, mark: Mark | None, now: datetime, within: timedelta | None, why: str = "") -> Finding:
    if mark is None:
        return Finding(
            layer=layer, ok=within is None and not why, text=f"never yet{why}", advice="`mailbot run` does it"
        )
    ok = not why and (within is None or now - mark.at <= within)
    advice = "" if ok else "is `mailbot run` running? its log says what is wrong"
    return Finding(layer=layer, ok=ok, text=f"last done {length(now - mark.at)} ago{why}", advice=advice)
