"""A mail that cannot be written is held and shown; it stops no other (DESIGN §10)."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from mailbot.jobs import send as sending
from mailbot.jobs.send import send_outbox
from mailbot.notify.render import render
from mailbot.notify.templates import Templates
from mailbot.settings import Settings
from mailbot.store import OutboxState
from tests.e2e.conftest import MakeHouse
from tests.e2e.conversation import mail_of
from tests.e2e.mails import WRONG_CARE_HOME
from tests.house import DPO, IG_DESK, SAM, House, report, text_of

MINUTE = timedelta(minutes=1)


def broken(settings: Settings) -> Settings:
    messages = dict(settings.templates.messages)
    messages["dpo_notice"] = messages["dpo_notice"].but(body="{{ nobody_knows_this }}")
    templates: Templates = settings.templates.but(messages=messages, version="broken")
    return settings.but(templates=templates)


def test_a_mail_is_held_with_its_reason_when_its_template_is_broken(new_house: MakeHouse) -> None:
    house = new_house(change=broken)
    house.deliver(report(WRONG_CARE_HOME))

    house.round()

    (row,) = house.rows_to(DPO)
    assert row.state is OutboxState.HELD
    assert "dpo_notice.md" in row.because
    assert {one.state for one in house.outbox() if one.email.recipient != DPO} == {OutboxState.SENT}


def test_one_alarm_an_hour_is_raised_when_many_mails_of_one_template_cannot_be_written(new_house: MakeHouse) -> None:
    house = new_house(change=broken)
    for number in range(3):
        house.deliver(report(f"Letter {number} was lost.", message_id=f"<{number}@mail.council.example>"))

    house.round()

    assert house.templates_to(IG_DESK).count("alarm") == 1
    assert "dpo_notice" in text_of(mail_of(house, IG_DESK, "alarm"))


def test_follow_ups_reach_the_desk_when_it_got_many_other_mails_within_the_hour(new_house: MakeHouse) -> None:
    house = new_house(change=lambda settings: settings.but(limits=settings.limits.but(per_address_per_hour=2)))
    for number in range(3):
        house.deliver(report(f"Letter {number} was lost.", message_id=f"<{number}@mail.council.example>"))
    house.round()
    house.deliver(report("One more thing.", subject="About DB2026001", message_id="<f@x.example>"), "bot")

    house.round()

    rows = [row for row in house.outbox() if row.email.template == "follow_up_notice"]
    assert [row.state for row in rows] == [OutboxState.SENT]


def test_the_others_leave_when_one_mail_cannot_be_written_at_all(
    waiting: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = render

    def failing(email: Any, *rest: Any) -> Any:
        if email.recipient == DPO:
            raise ZeroDivisionError("a secret of the report")
        return write(email, *rest)

    monkeypatch.setattr(sending, "render", failing)

    send_outbox(waiting.app)

    (row,) = waiting.rows_to(DPO)
    assert (row.state, row.because) == (OutboxState.HELD, "it could not be written (ZeroDivisionError)")
    assert waiting.rows_to(SAM)[0].state is OutboxState.SENT


def test_a_held_mail_leaves_when_a_person_releases_it(new_house: MakeHouse) -> None:
    house = new_house(change=broken)
    house.deliver(report(WRONG_CARE_HOME))
    house.round()
    mended = house.app.settings.but(templates=new_house().app.settings.templates)
    house.app.writing = dataclasses.replace(house.app.writing, settings=mended)
    (row,) = house.rows_to(DPO)
    with house.app.store.unit() as unit:
        assert unit.outbox.release(row.email.id)

    send_outbox(house.app)

    assert house.rows_to(DPO)[0].state is OutboxState.SENT
