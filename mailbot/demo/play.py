"""Plays the weekend: moves the clock from event to event and lets the bot do its real work at each of them."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import parseaddr
from itertools import count

from mailbot.app import App
from mailbot.demo.history import Historian
from mailbot.demo.letters import ADDRESSES, answering, arriving, bounce, out_of_office
from mailbot.demo.record import Arrived
from mailbot.demo.servers import DemoError, MailServers
from mailbot.demo.weekend import Answer, Automatic, Mail, Weekend
from mailbot.jobs.digests import next_digest_at, send_digests
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.poll import poll_mailboxes
from mailbot.jobs.send import send_outbox
from mailbot.notify.words import LONDON, counted
from mailbot.store import OutboxState
from mailbot.testing import FixedClock

MINUTE = timedelta(minutes=1)
MOST_STOPS = 3_000
"""More stops than that in one weekend would mean that something goes in circles."""

WORTH_A_LINE = frozenset(
    {
        "incident opened",
        "reported again",
        "facts arrived",
        "duty ended",
        "answer unclear",
        "answer held",
        "not reached",
        "told instead",
    }
)
NAMES = {address: name for name, address in ADDRESSES.items()}
Event = Callable[[datetime], None]


class Play:
    """The weekend as it happens. ``arrived`` lists all mail that came; ``say`` gets one line for each event."""

    def __init__(
        self, weekend: Weekend, app: App, clock: FixedClock, servers: MailServers, say: Callable[[str], None]
    ) -> None:
        self._weekend = weekend
        self._app = app
        self._clock = clock
        self._servers = servers
        self._say = say
        self._historian = Historian(app.settings)
        self._numbers = count(1)
        self._events: list[tuple[datetime, int, Event]] = []
        self._letterbox: list[tuple[str, bytes]] = []
        self._away: set[str] = set()
        self._told: dict[str, int] = {}
        self.arrived: list[Arrived] = []
        for mail in weekend.mails:
            self._plan(mail.at, self._arrival(mail))
        for answer in weekend.answers:
            self._plan(answer.at, self._answer(answer))

    def run(self) -> None:
        """From the beginning to the end of the weekend. Raises ``DemoError`` where the bot or the story gets stuck."""
        self._servers.prepare()
        self._happen_until(self._weekend.begins)
        moment = self._weekend.begins
        for _ in range(MOST_STOPS):
            self._stop_at(moment)
            moment = max(self._next_moment(), moment + MINUTE)
            if moment > self._weekend.ends:
                return
        raise DemoError(f"the weekend does not end: it has come to {moment:%A %H:%M}")

    # --- the clock ---

    def _stop_at(self, moment: datetime) -> None:
        self._clock.set(moment)
        self._happen_until(moment)
        for report in poll_mailboxes(self._app):
            if report.problem:
                raise DemoError(f"mailbox {report.mailbox} cannot be read: {report.problem}")
        follow_duties(self._app)
        send_digests(self._app)
        send_outbox(self._app)
        self._tell_what_changed()
        self._deliver()

    def _next_moment(self) -> datetime:
        now = self._clock.now()
        digest = next_digest_at(now, self._app.rules.calendar, self._app.settings.schedule.digest_at)
        with self._app.store.reading() as unit:
            steps = [one.next_step_at for one in unit.incidents.open()]
            ready = [one.ready_at for one in unit.outbox.list(OutboxState.WAITING)]
        planned = [at for at, _, _ in self._events[:1]]
        return min(at for at in (*planned, *steps, *ready, digest) if at)

    def _plan(self, at: datetime, event: Event) -> None:
        heapq.heappush(self._events, (at, next(self._numbers), event))

    def _happen_until(self, moment: datetime) -> None:
        while self._events and self._events[0][0] <= moment:
            at, _, event = heapq.heappop(self._events)
            event(at)

    # --- the world outside the bot ---

    def _arrival(self, mail: Mail) -> Event:
        def happen(at: datetime) -> None:
            content = arriving(mail, self._name())
            for mailbox in mail.to:
                self._put(mailbox, content, at, mail.shows)

        return happen

    def _answer(self, answer: Answer) -> Event:
        def happen(at: datetime) -> None:
            content = answering(answer, self._asked(answer), self._name())
            self._put("bot", content, at, f"{answer.by} answers a mail of the bot.")

        return happen

    def _asked(self, answer: Answer) -> bytes:
        """The newest mail of the bot in somebody's letterbox about that incident and duty."""
        begins = f"<{answer.about}.{answer.duty}.".lower()
        for recipient, content in reversed(self._letterbox):
            if recipient == answer.read_by and str(message_from_bytes(content)["Message-ID"]).startswith(begins):
                return content
        raise DemoError(f"{answer.read_by} never got a mail about {answer.about} and {answer.duty} to answer")

    def _deliver(self) -> None:
        """The council's mail server hands on what the bot sent; machines answer, and shared mailboxes get their copy."""
        now = self._clock.now()
        for recipient, content in self._servers.take_delivered():
            self._letterbox.append((recipient, content))
            if recipient in NAMES:
                self._put(NAMES[recipient], content, now, "A mail of the bot itself, in a mailbox that people share.")
            machine = self._weekend.machine_at(recipient)
            if machine and recipient not in self._away:
                self._plan(now + MINUTE, self._machine(machine, content))

    def _machine(self, machine: Automatic, received: bytes) -> Event:
        def happen(at: datetime) -> None:
            if machine.kind == "bounce":
                content, shows = bounce(machine, received, at, self._name()), "A mail of the bot comes back."
            else:
                self._away.add(machine.address)
                content = out_of_office(machine, received, at, self._name())
                shows = "An automatic reply: somebody is away."
            self._put("bot", content, at, shows)

        return happen

    def _put(self, mailbox: str, content: bytes, at: datetime, shows: str) -> None:
        uid = self._servers.put(ADDRESSES[mailbox], content, at)
        message = message_from_bytes(content)
        sender, subject = (str(message[name] or "") for name in ("From", "Subject"))
        self.arrived.append(
            Arrived(mailbox=mailbox, uid=uid, at=at, sender=sender, subject=subject, content=content, shows=shows)
        )
        if parseaddr(sender)[1] != ADDRESSES["bot"]:
            self._tell(at, f"{parseaddr(sender)[0] or sender} writes to {ADDRESSES[mailbox]}: {subject}")

    def _name(self) -> str:
        return f"mail-{next(self._numbers):04}"

    # --- what there is to say ---

    def _tell_what_changed(self) -> None:
        with self._app.store.reading() as unit:
            for incident in sorted(unit.incidents.list(limit=None), key=lambda one: one.reference):
                history = unit.audit.of_incident(incident.id)
                for entry in history[self._told.get(incident.id, 0) :]:
                    if entry.action in WORTH_A_LINE and (sentence := self._historian.sentence(entry)):
                        self._tell(self._clock.now(), sentence, incident.reference)
                self._told[incident.id] = len(history)
        if number := len(self._servers.delivered):
            self._tell(self._clock.now(), f"{counted(number, 'mail')} sent")

    def _tell(self, at: datetime, words: str, reference: str = "") -> None:
        self._say(f"{at.astimezone(LONDON):%a %d %b %H:%M}  {reference:<9}  {words}")
