"""What a rehearsal leaves behind for whoever wants to count again: every mail, and every duty with its steps."""

import json
from datetime import datetime
from pathlib import Path

from mailbot.mail import FrozenEmail
from mailbot.rehearsal.books import Books, DutyRecord, StepRecord
from mailbot.rehearsal.counting import Recount
from mailbot.rehearsal.matching import Matching, fresh_steps

MAILS = "mails"
DUTIES = "duties.jsonl"


class Keeper:
    """Writes into a folder. ``keep`` is called with every mail as it leaves, ``keep_duties`` once at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        (folder / MAILS).mkdir(parents=True, exist_ok=True)

    def keep(self, email: FrozenEmail) -> None:
        """One file for each mail that left, in order, its bytes as they left."""
        self._number += 1
        (self._folder / MAILS / f"{self._number:06}.eml").write_bytes(email.content)

    def keep_duties(self, books: Books, recount: Recount, matching: Matching) -> None:
        """One line of JSON for each duty, in the order of incidents."""
        lines = (json.dumps(duty_as_object(one, recount, matching), ensure_ascii=False) for one in books.duties())
        (self._folder / DUTIES).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def duty_as_object(duty: DutyRecord, recount: Recount, matching: Matching) -> dict[str, object]:
    """A duty for JSON: times are ISO 8601 in UTC, ``due`` of a step is when the present plan has it."""
    planned = {(one.step, one.occurrence): one.at for one in recount.ladder(duty)}
    return {
        "incident": duty.incident,
        "duty": duty.kind,
        "id": duty.id,
        "holder": duty.holder,
        "plan_version": duty.plan_version,
        "started": duty.started_at.isoformat(),
        "due": _written(duty.due_at),
        "discharged": _written(duty.discharged_at),
        "met": duty.met,
        "steps": [_step(one, duty, planned, matching) for one in fresh_steps(duty)],
    }


def _step(
    step: StepRecord, duty: DutyRecord, planned: dict[tuple[str, int], datetime], matching: Matching
) -> dict[str, object]:
    mail = matching.mail_of(duty, step)
    left = matching.left_as(mail) if mail else None
    is_present = step.plan_version == duty.plan_version
    return {
        "plan_version": step.plan_version,
        "step": step.step,
        "occurrence": step.occurrence,
        "due": _written(planned.get((step.step, step.occurrence))) if is_present else None,
        "decided": step.at.isoformat(),
        "late": step.late,
        "sent": _written(left.at) if left else None,
        "recipient": left.recipient if left else matching.readers.get(step.reader),
        "message_id": left.message_id if left else None,
        "mail": ("sent" if left and mail.leaves_as != mail.id else mail.state) if mail else None,
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
