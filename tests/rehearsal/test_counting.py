"""The recount finds what is planted, and finds nothing where nothing is wrong."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot import resources
from mailbot.incident import Duty
from mailbot.procedure.calendar import build_calendar
from mailbot.procedure.clocks import limit_after
from mailbot.procedure.ladder import planned_steps
from mailbot.procedure.rows import DutyRule
from mailbot.rehearsal.books import Books, DutyRecord, MailRecord, StepRecord
from mailbot.rehearsal.counting import Recount
from mailbot.rehearsal.ladders import OfficeDays, owed_steps
from mailbot.rehearsal.seen import Seen
from mailbot.settings import load_settings

PROCEDURE = load_settings(resources.shipped() / "config", {}, need_secrets=False).procedure
CALENDAR = build_calendar(PROCEDURE.calendar, range(2026, 2030))
DAYS = OfficeDays(CALENDAR.opens, CALENDAR.closes, CALENDAR.shut_on)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


class TestBooks(Books):
    """Books whose pages a test writes."""

    __test__ = False

    def __init__(self, duties: Sequence[DutyRecord], mails: Sequence[MailRecord]) -> None:
        self._duties, self._mails = duties, mails

    def duties(self, *, only_open: bool = False) -> list[DutyRecord]:
        return [one for one in self._duties if not (only_open and one.discharged_at)]

    def mails(self) -> Iterator[MailRecord]:
        return iter(self._mails)


def step(name: str, at: datetime, occurrence: int = 0) -> StepRecord:
    return StepRecord(plan_version=1, step=name, occurrence=occurrence, reader="reader", at=at, late=False)


ASKED, REMINDED = step("asked", MONDAY), step("reminder", MONDAY + 23 * HOUR)


def contain(*steps: StepRecord, next_step_at: datetime | None = MONDAY) -> DutyRecord:
    """A duty without a deadline: asked on Monday at ten, reminded on each working day when the office opens."""
    times: tuple[datetime, datetime, None] = (MONDAY, MONDAY, None)
    names = ("duty", "incident", "DB2026001", "contain", "responsible_line_manager")
    return DutyRecord(*names, *times, 1, next_step_at, None, None, steps)


def mail(number: int, of: StepRecord) -> MailRecord:
    return MailRecord(str(number), "incident", "duty", of.step, "group_manager", of.reader, of.at, "sent")


def recount(duty: DutyRecord, *mails: MailRecord, left: Sequence[str] | None = None) -> Recount:
    """Counted on Monday at noon, then through to the end; all mails left unless ``left`` says which."""
    counted = Recount(PROCEDURE, DAYS, TestBooks([duty], mails), lambda _incident, _conditions: True)
    for number in [one.id for one in mails] if left is None else left:
        seen = Seen(
            message_id=f"<db2026001.contain.{number}.code@x.example>", subject="", reply_to="", text="", plain=""
        )
        counted.delivered(MONDAY, "jo.fenn@council.example", seen)
    counted.count_again(MONDAY + 2 * HOUR)
    counted.finish()
    return counted


def test_a_duty_that_was_asked_for_and_mailed_once_is_in_order() -> None:
    counted = recount(contain(ASKED), mail(1, ASKED))

    assert (list(counted.forgotten), list(counted.doubled)) == ([], [])


def test_a_dropped_step_is_found() -> None:
    assert "step “asked” 0 of 23 Nov 2026 10:00 was not sent" in next(iter(recount(contain()).forgotten))


def test_a_step_is_owed_from_its_moment_on_and_not_before() -> None:
    counted = Recount(PROCEDURE, DAYS, TestBooks([contain(ASKED)], []), lambda _incident, _conditions: True)

    counted.count_again(MONDAY + 23 * HOUR - timedelta(seconds=1))
    assert not counted.forgotten
    counted.count_again(MONDAY + 23 * HOUR)
    assert "“reminder” 0" in next(iter(counted.forgotten))


def test_a_ladder_that_nothing_will_go_on_with_is_found() -> None:
    counted = recount(contain(ASKED, next_step_at=None), mail(1, ASKED))

    assert list(counted.forgotten) == ["DB2026001 contain: steps are still to come, and nothing will send them"]


def test_a_step_that_is_recorded_and_was_never_mailed_is_found() -> None:
    assert "is recorded, and no mail says so" in next(iter(recount(contain(ASKED)).forgotten))


def test_a_doubled_mail_is_found() -> None:
    counted = recount(contain(ASKED), mail(1, ASKED), mail(2, ASKED))

    assert list(counted.doubled) == ["DB2026001 contain: step “asked” was mailed once too often, 23 Nov 2026 10:00"]


def test_a_step_is_sent_when_the_digest_left_that_took_its_mails_place() -> None:
    gathered = mail(1, ASKED)._replace(state="gathered", gathered_into="9")
    counted = recount(contain(ASKED), gathered, left=["9"])

    assert (list(counted.forgotten), list(counted.doubled)) == ([], [])
    assert counted.finish().left_as(gathered) == counted.left[0]


def test_a_doubled_mail_is_found_in_a_digest() -> None:
    gathered = [mail(number, ASKED)._replace(state="gathered", gathered_into="9") for number in (1, 2)]

    assert "was mailed once too often" in next(iter(recount(contain(ASKED), *gathered, left=["9"]).doubled))


def test_a_mail_that_was_withdrawn_from_its_digest_did_not_leave_in_it() -> None:
    withdrawn = mail(1, ASKED)._replace(state="withdrawn", gathered_into="9")

    assert recount(contain(ASKED), withdrawn, left=["9"]).finish().left_as(withdrawn) is None


def test_a_mail_that_was_delivered_twice_is_found() -> None:
    assert "left 2 times" in next(iter(recount(contain(ASKED), mail(1, ASKED), left=["1", "1"]).doubled))


def test_a_step_that_is_recorded_twice_is_found() -> None:
    again = ASKED._replace(at=MONDAY + HOUR)
    counted = recount(contain(ASKED, again), mail(1, ASKED), mail(2, again))

    assert list(counted.doubled) == ["DB2026001 contain: step “asked” 0 is recorded 2 times"]


def test_a_mail_for_a_step_that_was_never_recorded_is_found() -> None:
    counted = recount(contain(ASKED), mail(1, ASKED), mail(2, REMINDED))

    assert "“reminder” was mailed once too often" in next(iter(counted.doubled))


def test_what_a_new_plan_takes_over_counts_once() -> None:
    taken_over = ASKED._replace(plan_version=2)
    duty = contain(ASKED, taken_over)._replace(plan_version=2)
    counted = recount(duty, mail(1, ASKED))

    assert (list(counted.forgotten), list(counted.doubled)) == ([], [])


@pytest.mark.parametrize("rule", PROCEDURE.duties, ids=lambda rule: rule.kind)
@given(start=st.integers(0, 900_000).map(lambda minutes: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)))
def test_the_ladders_worked_out_again_are_those_of_the_bot(rule: DutyRule, start: datetime) -> None:
    due_at = limit_after(rule.limit, start, CALENDAR) if rule.limit else None
    duty = Duty(
        id="duty",
        kind=rule.kind,
        para=rule.para,
        holder=rule.holder,
        person=None,
        anchored_at=start,
        started_at=start,
        due_at=due_at,
    )

    theirs = {(one.rule.name, one.occurrence): one.at for one in planned_steps(rule, duty, CALENDAR)}
    ours = {(one.step, one.occurrence): one.at for one in owed_steps(rule, start, start, due_at, DAYS)}

    assert ours == theirs
