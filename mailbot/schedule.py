"""The heartbeat: when which job is called. What is due is never remembered here, it is asked of the store."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from mailbot.app import App
from mailbot.errors import MailbotError
from mailbot.jobs.digests import send_digests
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.health import beat
from mailbot.jobs.poll import poll_mailbox
from mailbot.jobs.send import send_outbox
from mailbot.mail import FolderState
from mailbot.ports import Mailbox
from mailbot.transport.backoff import retry_after

log = logging.getLogger(__name__)

IDLE_FOR = timedelta(minutes=5)
"""Exchange forgets an IDLE after about half an hour and some networks after ten minutes; ask anew well before."""

NO_WAIT = 1.0
"""A wait for news that ends within so many seconds without any was none: the server has no IDLE."""


class Heartbeat:
    """Calls the jobs at their intervals, and at once when a mailbox has news, until it is told to stop.

    Every job runs in one thread at a time; a job that is running when the stop comes finishes the item in hand.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopping = app.stopping
        self._nudged: set[str] = set()
        self._at_work: set[str] = set()
        self._turn = threading.Lock()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(len(app.mailboxes) + 4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._watchers = [
            threading.Thread(target=self._watch, args=(name,), name=f"watch {name}", daemon=True)
            for name in app.watchers
        ]

    def start(self) -> None:
        """Starts the heartbeat; every job is called once straight away."""
        self._app.reader.start()
        times = self._app.settings.schedule
        for name in self._app.mailboxes:
            self._every(times.poll_seconds, f"poll {name}", partial(self._poll, name))
        self._every(times.send_seconds, "send", lambda: send_outbox(self._app))
        self._every(times.tick_seconds, "tick", self._tick)
        self._scheduler.add_listener(self._ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._scheduler.start()
        for watcher in self._watchers:
            watcher.start()

    def stop(self) -> None:
        """Lets every running job finish its item, then lets go of connections and workers."""
        with self._turn:
            self._stopping.set()
        self._scheduler.shutdown(wait=True)
        for watcher in self._watchers:
            watcher.join(timeout=5)
        self._app.close()

    def _every(self, seconds: int, name: str, job: Callable[[], object]) -> None:
        self._scheduler.add_job(self._work, "interval", (name, job), seconds=seconds, id=name, name=name)
        self._nudge(name)

    def _nudge(self, name: str) -> None:
        """Calls a job now instead of at its next interval; one that is at work is called once more when it has ended."""
        with self._turn:
            self._nudged.add(name)
            is_at_work = name in self._at_work
            self._at_work.add(name)
        if not is_at_work:
            self._call_now(name)

    def _call_now(self, name: str) -> None:
        with self._turn:
            # A scheduler that is being shut down waits for its jobs, and would have whoever changes one wait for it.
            if not self._stopping.is_set():
                self._scheduler.modify_job(name, next_run_time=self._app.clock.now())

    def _work(self, name: str, job: Callable[[], object]) -> None:
        with self._turn:
            self._at_work.add(name)
            self._nudged.discard(name)
        if not self._stopping.is_set():
            job()

    def _ended(self, event: JobExecutionEvent) -> None:
        """The scheduler would refuse a job that is still at work, so what was asked for meanwhile is asked for now."""
        with self._turn:
            self._at_work.discard(event.job_id)
            is_nudged = event.job_id in self._nudged
        if event.exception:
            log.error("job %s failed; it is called again at its next interval", event.job_id, exc_info=event.exception)
        if is_nudged:
            self._call_now(event.job_id)

    def _poll(self, name: str) -> None:
        if poll_mailbox(self._app, name).taken_in:
            self._nudge("send")

    def _tick(self) -> None:
        if follow_duties(self._app) + send_digests(self._app):
            self._nudge("send")
        beat(self._app)

    def _watch(self, name: str) -> None:
        """Waits for news of one mailbox (IDLE) and nudges its poll. The poll alone decides what there is."""
        watcher, failures, seen = self._app.watchers[name], 0, None
        while not self._stopping.is_set():
            try:
                seen = self._hear(name, watcher, seen)
                failures = 0
            except MailbotError as error:
                failures += 1
                log.info("%s; watching it again in a moment", error)
            except Exception:
                failures += 1
                log.exception("mailbox %s cannot be watched; watching it again in a moment", name)
            if failures:
                watcher.close()
                self._stopping.wait(retry_after(failures).total_seconds())

    def _hear(self, name: str, watcher: Mailbox, seen: FolderState | None) -> FolderState:
        """One wait. The folder is opened afresh before it: what came while nobody waited shows in its state."""
        settings = self._app.settings
        folder = settings.mailbox(name).folders[0]
        state = watcher.open(folder)
        if state != seen:
            self._nudge(f"poll {name}")
        begun = time.monotonic()
        if watcher.wait(folder, IDLE_FOR):
            self._nudge(f"poll {name}")
        elif time.monotonic() - begun < NO_WAIT:
            self._stopping.wait(settings.schedule.poll_seconds)
        return state


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set from now on. Called first of all, so that a stop never cuts a start in two."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run(app: App, stop: threading.Event) -> None:
    """Runs until the event is set, then stops cleanly: the item in hand is finished, nothing is left half done."""
    heartbeat = Heartbeat(app)
    heartbeat.start()
    log.info("mailbot runs; %d mailboxes", len(app.mailboxes))
    stop.wait()
    log.info("mailbot stops; the items in hand are finished")
    heartbeat.stop()
