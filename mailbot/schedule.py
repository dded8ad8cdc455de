"""The heartbeat: when which job is called. What is due is never remembered here, it is asked of the store."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from mailbot.app import App
from mailbot.errors import MailbotError
from mailbot.jobs.digests import send_digests
from mailbot.jobs.follow import follow_duties
from mailbot.jobs.health import beat
from mailbot.jobs.poll import poll_mailbox
from mailbot.jobs.send import send_outbox
from mailbot.transport.backoff import retry_after

log = logging.getLogger(__name__)

IDLE_FOR = timedelta(minutes=5)
"""Exchange forgets an IDLE after about half an hour and some networks after ten minutes; ask anew well before."""


class Heartbeat:
    """Calls the jobs at their intervals, and at once when a mailbox has news, until it is told to stop.

    Every job runs in one thread at a time; a job that is running when the stop comes finishes the item in hand.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._stopping = app.stopping
        self._nudged: set[str] = set()
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
        times = self._app.settings.schedule
        for name in self._app.mailboxes:
            self._every(times.poll_seconds, f"poll {name}", partial(self._poll, name))
        self._every(times.send_seconds, "send", lambda: send_outbox(self._app))
        self._every(times.tick_seconds, "tick", self._tick)
        self._scheduler.add_listener(self._report, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        self._scheduler.start()
        for watcher in self._watchers:
            watcher.start()

    def stop(self) -> None:
        """Lets every running job finish its item, then lets go of connections and workers."""
        self._stopping.set()
        self._app.stopping.set()
        self._scheduler.shutdown(wait=True)
        for watcher in self._watchers:
            watcher.join(timeout=5)
        self._app.close()

    def _every(self, seconds: int, name: str, job: Callable[[], object]) -> None:
        self._scheduler.add_job(self._until_quiet, "interval", (name, job), seconds=seconds, id=name, name=name)
        self._nudge(name)

    def _nudge(self, name: str) -> None:
        """Calls a job now instead of at its next interval; one that is running goes round once more."""
        self._nudged.add(name)
        self._scheduler.modify_job(name, next_run_time=self._app.clock.now())

    def _until_quiet(self, name: str, job: Callable[[], object]) -> None:
        self._nudged.discard(name)
        job()
        while name in self._nudged and not self._stopping.is_set():
            self._nudged.discard(name)
            job()

    def _poll(self, name: str) -> None:
        if poll_mailbox(self._app, name).taken_in:
            self._nudge("send")

    def _tick(self) -> None:
        if follow_duties(self._app) + send_digests(self._app):
            self._nudge("send")
        beat(self._app)

    def _watch(self, name: str) -> None:
        """Waits for news of one mailbox (IDLE) and nudges its poll. The poll alone decides what there is."""
        watcher, failures = self._app.watchers[name], 0
        folder = self._app.settings.mailbox(name).folders[0]
        while not self._stopping.is_set():
            try:
                if watcher.wait(folder, IDLE_FOR):
                    self._nudge(f"poll {name}")
                failures = 0
            except MailbotError as error:
                failures += 1
                log.info("%s; watching it again in a moment", error)
                watcher.close()
                self._stopping.wait(retry_after(failures).total_seconds())

    def _report(self, event: JobExecutionEvent) -> None:
        log.error("job %s failed", event.job_id, exc_info=event.exception)


def run(app: App) -> None:
    """Runs until SIGTERM or SIGINT, then stops cleanly: the item in hand is finished, nothing is left half done."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heartbeat = Heartbeat(app)
    heartbeat.start()
    log.info("mailbot runs; %d mailboxes", len(app.mailboxes))
    stop.wait()
    log.info("mailbot stops; the items in hand are finished")
    heartbeat.stop()
