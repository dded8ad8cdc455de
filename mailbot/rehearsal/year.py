"""Plays the year: moves the clock from one moment that matters to the next and lets the bot do its real work at each.

The clock never ticks through quiet time. A moment matters when a mail arrives, a step is due, a mail waits to be sent,
a digest is to be written, an outage ends, or the recount is made.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, time
from itertools import count
from typing import Protocol

from mailbot.jobs.digests import next_digest_at, send_digests
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.poll import poll_mailbox, poll_mailboxes
from mailbot.jobs.send import send_outbox
from mailbot.mail import FrozenEmail, MessageKey
from mailbot.procedure.calendar import at_time, day_of
from mailbot.rehearsal.books import Books
from mailbot.rehearsal.habits import Habits
from mailbot.rehearsal.letters import written
from mailbot.rehearsal.people import People
from mailbot.rehearsal.plan import DAY, MINUTE, Outage, Outages, Plan
from mailbot.rehearsal.reports import Report
from mailbot.rehearsal.seen import Seen, see
from mailbot.rehearsal.wiring import Stage

NOON = time(12)
"""London time, each day: the office is open then, so whatever was planned before is owed."""


class Witness(Protocol):
    """Who watches the year: told of every mail that left, and asked to count each day."""

    def delivered(self, at: datetime, email: FrozenEmail, mail: Seen) -> None:
        """A mail left, and this is what its reader sees of it."""

    def count_again(self, now: datetime) -> None:
        """It is the moment of the day at which what is owed is counted; the bot has just done its round."""


class Year:
    """The year as it happens. ``say`` is told how far it has come."""

    def __init__(  # noqa: PLR0917 -- everything that a year is made of
        self,
        plan: Plan,
        stage: Stage,
        outages: Outages,
        people: People,
        habits: Habits,
        gateway: str,
        witness: Witness,
        books: Books,
    ) -> None:
        self._plan, self._stage, self._outages = plan, stage, outages
        self._people, self._habits, self._witness, self._books = people, habits, witness, books
        self._gateway = gateway
        self._numbers = count()
        self._coming: list[tuple[datetime, int, str, bytes]] = []
        self._lying: dict[str, list[MessageKey]] = {}
        settings = stage.app.settings
        self._own = next((one.name for one in settings.mailboxes if one.desk is None), settings.mailboxes[0].name)
        self._boxes = {one.desk.value: one.name for one in settings.mailboxes if one.desk}
        self._digest_at = plan.begins
        self._recount_at = self._next_recount(plan.begins)

    def expect(self, reports: list[Report]) -> None:
        """These reports will arrive."""
        for report in reports:
            box = self._boxes.get(report.to, self._own)
            self._expect(report.letter.at, box, written(report.letter, self._gateway))

    def run(self, say: Callable[[datetime], None]) -> None:
        """From the beginning to the end."""
        poll_mailboxes(self._stage.app)
        moment = self._plan.begins
        while moment <= self._plan.ends:
            self._stop_at(moment)
            say(moment)
            moment = self._up_again(max(self._next_moment(), moment + MINUTE))
        self._stop_at(self._plan.ends)
        self._witness.count_again(self._plan.ends)

    # --- one moment ---

    def _stop_at(self, moment: datetime) -> None:
        self._stage.clock.set(moment)
        self._arrive(moment)
        app = self._stage.app
        if self._digest_at <= moment:
            poll_mailboxes(app)
            self._digest_at = next_digest_at(moment, app.rules.calendar, app.settings.schedule.digest_at)
        retry_at = self._books.next_retry_at()
        for name in app.mailboxes if retry_at and retry_at <= moment else list(self._lying):
            poll_mailbox(app, name)
        self._tidy()
        follow_duties(app)
        send_digests(app)
        self._post(moment)
        if self._recount_at <= moment:
            self._witness.count_again(moment)
            self._recount_at = self._next_recount(moment)

    def _arrive(self, moment: datetime) -> None:
        """What came by now lies in its mailbox, with the moment at which it came, however long the bot was down."""
        while self._coming and self._coming[0][0] <= moment:
            at, _, box, content = heapq.heappop(self._coming)
            self._lying.setdefault(box, []).append(self._stage.mailboxes[box].deliver(content, at))

    def _tidy(self) -> None:
        """People clear away what was looked at, else every look would go through the mail of the whole year."""
        for box, keys in self._lying.items():
            for key in keys:
                self._stage.mailboxes[box].remove(key)
        self._lying.clear()

    def _post(self, moment: datetime) -> None:
        sender = self._stage.sender
        sender.accept_all()
        if any(one.covers(moment) for one in self._outages.smtp):
            sender.go_down()
        for address, leaver in self._habits.leavers.items():
            if leaver.refused and leaver.at <= moment:
                sender.refuse(address)
        send_outbox(self._stage.app)
        accepted = list(sender.sent)
        sender.sent.clear()
        sender.offered.clear()
        for email in accepted:
            mail = see(email.content)
            self._witness.delivered(moment, email, mail)
            for arrival in self._people.receive(mail, email.recipient, moment):
                self._expect(arrival.at, self._own, arrival.content)

    # --- the clock ---

    def _expect(self, at: datetime, box: str, content: bytes) -> None:
        heapq.heappush(self._coming, (at, next(self._numbers), box, content))

    def _next_moment(self) -> datetime:
        coming = [at for at, *_ in self._coming[:1]]
        asked = (self._books.next_step_at(), self._books.next_mail_at(), self._books.next_retry_at())
        return min(one for one in (*coming, *asked, self._digest_at, self._recount_at) if one)

    def _up_again(self, moment: datetime) -> datetime:
        """That moment, or the end of the outage in which the bot is down then."""
        down: Outage | None = next((one for one in self._outages.bot if one.covers(moment)), None)
        return down.ends if down else moment

    @staticmethod
    def _next_recount(after: datetime) -> datetime:
        noon = at_time(day_of(after), NOON)
        return noon if noon > after else at_time(day_of(after + DAY), NOON)
