"""Plays a story: moves the clock from event to event and lets the bot do its real work at each of them."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from itertools import count
from textwrap import shorten

from mailbot.app import App
from mailbot.demo.glance import Glance
from mailbot.demo.history import Historian
from mailbot.demo.letterbox import Letterbox
from mailbot.demo.letters import ADDRESSES, answering, arriving, bounce, out_of_office
from mailbot.demo.record import Arrived
from mailbot.demo.script import Answer, Automatic, Mail, Script
from mailbot.demo.servers import DemoError, MailServers
from mailbot.jobs.digests import next_digest_at, send_digests
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.poll import PollReport, poll_mailbox, poll_mailboxes
from mailbot.jobs.send import send_outbox
from mailbot.notify.words import LONDON
from mailbot.testing import FixedClock

MINUTE = timedelta(minutes=1)
MOST_STOPS = 3_000
"""More stops than that in one story would mean that something goes in circles."""

LONGEST_LINE = 100
WORTH_A_LINE = frozenset(
    {"incident opened", "duty ended", "answer unclear", "answer held", "not reached", "told instead"}
)
NAMES = {address: name for name, address in ADDRESSES.items()}
Event = Callable[[datetime], None]


class Play:
    """A story as it happens. ``arrived`` lists all mail that came; ``say`` gets one line for each thing worth it."""

    def __init__(  # noqa: PLR0917 -- everything that a story is played with
        self,
        script: Script,
        app: App,
        clock: FixedClock,
        servers: MailServers,
        glance: Glance,
        say: Callable[[str], None],
    ) -> None:
        self._script, self._app, self._clock, self._servers = script, app, clock, servers
        self._glance, self._say = glance, say
        self._historian = Historian(app.settings)
        self._numbers = count(1)
        self._events: list[tuple[datetime, int, Event]] = []
        self._letterbox = Letterbox()
        self._lying: set[str] = set()
        self._away: set[str] = set()
        self._told: dict[str, int] = {}
        self._digest_at = script.begins
        self.arrived: list[Arrived] = []
        for mail in script.mails:
            self._plan(mail.at, self._arrival(mail))
        for answer in script.answers:
            self._plan(answer.at, self._answer(answer))

    def run(self) -> None:
        """From the beginning to the end of the story. Raises ``DemoError`` where the bot or the story gets stuck."""
        self._servers.prepare()
        moment = self._script.begins
        for _ in range(MOST_STOPS):
            self._stop_at(moment)
            moment = self._script.up_again(max(self._next_moment(), moment + MINUTE))
            if moment > self._script.ends:
                self._clock.set(self._script.ends)
                return
        raise DemoError(f"the story does not end: it has come to {moment:%A %H:%M}")

    # --- the clock ---

    def _stop_at(self, moment: datetime) -> None:
        self._clock.set(moment)
        self._happen_until(moment)
        for report in self._poll(moment):
            if report.problem:
                raise DemoError(f"mailbox {report.mailbox} cannot be read: {report.problem}")
        follow_duties(self._app)
        send_digests(self._app)
        send_outbox(self._app)
        self._tell_what_changed()
        self._deliver()

    def _poll(self, moment: datetime) -> tuple[PollReport, ...]:
        """Looks where something has come, and everywhere before a digest, which says when each mailbox was read."""
        lying, self._lying = [name for name in self._app.mailboxes if name in self._lying], set()
        if moment < self._digest_at:
            return tuple(poll_mailbox(self._app, name) for name in lying)
        self._digest_at = next_digest_at(moment, self._app.rules.calendar, self._app.settings.schedule.digest_at)
        return poll_mailboxes(self._app)

    def _next_moment(self) -> datetime:
        return min([at for at, _, _ in self._events[:1]] + self._glance.next_moments() + [self._digest_at])

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
            content = answering(answer, self._letterbox.asked(answer), self._name())
            self._put("bot", content, at, answer.shows)

        return happen

    def _deliver(self) -> None:
        """The council's mail server hands on what the bot sent; machines answer, and shared mailboxes get their copy."""
        now = self._clock.now()
        for recipient, content in self._servers.take_delivered():
            machine = self._script.machine_at(recipient, now)
            if machine is None or machine.kind != "bounce":
                self._letterbox.keep(recipient, content)
            if recipient in NAMES:
                self._put(NAMES[recipient], content, now, "A mail of the bot itself, in a mailbox that people share.")
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
        self._lying.add(mailbox)
        message = message_from_bytes(content)
        sender, subject = (str(message[name] or "") for name in ("From", "Subject"))
        self.arrived.append(
            Arrived(mailbox=mailbox, uid=uid, at=at, sender=sender, subject=subject, content=content, shows=shows)
        )

    def _name(self) -> str:
        return f"mail-{next(self._numbers):04}"

    # --- what there is to say ---

    def _tell_what_changed(self) -> None:
        """One line for each thing that a person did or that went wrong."""
        for incident_id, length in self._glance.histories().items():
            told = self._told.get(incident_id, 0)
            if length > told:
                self._tell_history(incident_id, told)
                self._told[incident_id] = length

    def _tell_history(self, incident_id: str, told: int) -> None:
        with self._app.store.reading() as unit:
            named, history = unit.incidents.named(incident_id), unit.audit.of_incident(incident_id)
        for entry in history[told:]:
            if entry.action in WORTH_A_LINE and (sentence := self._historian.brief(entry)):
                at = self._clock.now().astimezone(LONDON)
                reference = named.reference if named else ""
                said = shorten(sentence, LONGEST_LINE, placeholder=" …")
                self._say(f"  {at:%a %d %b %H:%M}  {reference}  {said}")
