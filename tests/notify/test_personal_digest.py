"""What one person is asked, in one mail: ordered by the time left, each with its own code, nothing of the people affected."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.incident import Duty, Incident, SentStep
from mailbot.notify.compose import compose
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.gathered_receipts import receipts
from mailbot.notify.gathered_views import PersonalDigestView
from mailbot.notify.gathering import gathered, kinds_asked, may_be_gathered
from mailbot.notify.personal_digest import MOST_AWAITED, personal_digest
from mailbot.notify.render import Rendered
from mailbot.notify.rules import NotifyRules
from mailbot.notify.tokens import Tokens
from mailbot.procedure.decision import Notice, Priority
from mailbot.terms import Reference, Role
from tests.notify.test_views import MARK, marked

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LIN = "lin.manager@council.example"
HOUR = timedelta(hours=1)


def another(incident: Incident, number: int) -> Incident:
    """A second incident like the first, with duties of its own."""
    duties = tuple(duty.but(id=f"{number}{duty.id[1:]}") for duty in incident.duties)
    return incident.but(id=f"{number:032x}", reference=Reference(f"DB20260{number}"), duties=duties)


def duty_of(incident: Incident, kind: str) -> Duty:
    duty = incident.duty(kind)
    assert duty
    return duty


def with_duty(incident: Incident, kind: str, **changes: object) -> Incident:
    duty = duty_of(incident, kind)
    return incident.but(duties=tuple(one.but(**changes) if one == duty else one for one in incident.duties))


def asking(incident: Incident, rules: NotifyRules, kind: str = "contain", **changes: object) -> OutgoingEmail:
    duty = duty_of(incident, kind)
    notice = Notice(
        template="reminder",
        recipient=LIN,
        role=duty.holder,
        why="you are asked",
        duty_id=duty.id,
        duty_kind=kind,
        asks=(kind,),
        priority=Priority.CLOCK,
    ).but(**changes)
    return compose((notice,), incident, rules, NOW, lambda: "a" * 32)[0]


@pytest.fixture
def digest(rules: NotifyRules, tokens: Tokens) -> Callable[..., PersonalDigestView]:
    def of(*asked: tuple[Incident, OutgoingEmail], also: tuple[Incident, ...] = ()) -> PersonalDigestView:
        incidents = {incident.id: incident for incident, _ in asked}
        return personal_digest([email for _, email in asked], incidents, also, rules, tokens, NOW)

    return of


def test_the_first_has_the_least_time_left_and_what_has_no_deadline_comes_last(
    incident: Incident, rules: NotifyRules, digest: Callable[..., PersonalDigestView]
) -> None:
    lengths = {15: 5 * HOUR, 16: -2 * HOUR, 17: None, 18: timedelta(0)}
    asked = []
    for number, length in lengths.items():
        due_at = NOW + length if length is not None else None
        one = with_duty(another(incident, number), "contain", due_at=due_at)
        asked.append((one, asking(one, rules)))

    view = digest(*asked)

    assert [one.reference for one in view.requests] == ["DB2026016", "DB2026018", "DB2026015", "DB2026017"]
    assert view.overdue == 2
    assert view.several


def test_each_request_carries_the_code_of_its_own_duty(
    incident: Incident, rules: NotifyRules, tokens: Tokens, digest: Callable[..., PersonalDigestView]
) -> None:
    other = another(incident, 15)
    view = digest((incident, asking(incident, rules)), (other, asking(other, rules, "triage")))

    for one, kind in zip(sorted(view.requests, key=lambda found: found.reference), ("contain", "triage"), strict=True):
        assert one.reply.address == tokens.reply_address(one.reference, kind, LIN)
        assert tokens.subject_code(one.reference, kind, LIN) in one.reply.subject


def test_what_is_done_is_not_asked_and_what_is_open_besides_is_named(
    incident: Incident, rules: NotifyRules, digest: Callable[..., PersonalDigestView]
) -> None:
    elsewhere = with_duty(another(incident, 16), "triage", person=LIN)
    secret = with_duty(another(incident, 17), "triage", person=LIN).but(restricted=("named as involved",))
    view = digest((incident, asking(incident, rules)), also=(elsewhere, secret))

    assert [(one.reference, one.title) for one in view.also_open] == [("DB2026016", "Confirm the queue")]


def test_what_others_owe_is_named_and_never_at_length(
    incident: Incident, rules: NotifyRules, digest: Callable[..., PersonalDigestView]
) -> None:
    view = digest((incident, asking(incident, rules)))

    awaited = view.awaited[0]
    assert len(awaited.duties) == MOST_AWAITED
    assert awaited.more == len(incident.open_duties) - 1 - MOST_AWAITED
    assert "Stop the incident from getting worse" not in {one.title for one in awaited.duties}


def test_a_request_says_whether_it_was_made_before_and_whether_it_is_late(
    incident: Incident, rules: NotifyRules, digest: Callable[..., PersonalDigestView]
) -> None:
    step = SentStep(plan_version=1, step="asked", occurrence=0, recipient=LIN, at=NOW)
    once = with_duty(incident, "contain", sent=(step,))
    twice = with_duty(another(incident, 15), "contain", sent=(step, step.but(step="reminder")))
    view = digest((once, asking(once, rules)), (twice, asking(twice, rules, late=("reminder",))))

    assert {one.reference: (one.again, one.late) for one in view.requests} == {
        "DB2026014": (False, False),
        "DB2026015": (True, True),
    }


def test_who_may_not_answer_is_offered_no_words(
    incident: Incident, rules: NotifyRules, tokens: Tokens, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    only = asking(incident, rules, template="escalation", role=Role.GROUP_MANAGER, mentions={"only": "Group Manager"})
    view = personal_digest([only], {incident.id: incident}, (), rules, tokens, NOW)
    email = gathered("digest", [only], rules, NOW, "b" * 32).but(values=view.model_dump(mode="json"))

    rendered = write(email)

    assert "was asked and has not answered" in " ".join(rendered.text.split())
    assert "Contained" not in rendered.text


def test_nothing_of_a_report_is_in_a_list_of_requests_or_receipts(
    incident: Incident, rules: NotifyRules, tokens: Tokens, write: Callable[[OutgoingEmail], Rendered]
) -> None:
    told = marked(incident)
    other = another(told, 15)
    asked = [asking(told, rules, why="you are asked"), asking(other, rules)]
    said = [asking(one, rules, template="receipt", mentions={"recorded": f"{MARK} words"}) for one in (told, other)]
    views = {
        "digest": personal_digest(asked, {one.id: one for one in (told, other)}, (told, other), rules, tokens, NOW),
        "receipts": receipts(said, (told, other), rules, tokens),
    }

    for template, view in views.items():
        email = gathered(template, asked, rules, NOW, "b" * 32).but(values=view.model_dump(mode="json"))
        rendered = write(email)
        assert "DB2026014" in rendered.text
        assert MARK.lower() not in (rendered.subject + rendered.text + rendered.html + email.model_dump_json()).lower()


def test_nothing_urgent_private_or_with_a_form_stands_in_a_list(incident: Incident, rules: NotifyRules) -> None:
    email = asking(incident, rules)
    alone = rules.but(duties=rules.duties | {"contain": rules.duty("contain").but(alone=True)})

    assert may_be_gathered(email, incident, rules)
    assert not may_be_gathered(email.but(priority=Priority.URGENT), incident, rules)
    assert not may_be_gathered(email, incident.but(safety=("an address given away",)), rules)
    assert not may_be_gathered(email, incident.but(restricted=("asked for",)), rules)
    assert not may_be_gathered(email, incident, alone)
    assert not may_be_gathered(email, None, rules)


def test_a_mail_that_also_asks_for_what_stands_alone_stands_alone(incident: Incident, rules: NotifyRules) -> None:
    email = asking(incident, rules, asks=("contain", "decide_ico"))
    alone = rules.but(duties=rules.duties | {"decide_ico": rules.duty("decide_ico").but(alone=True)})

    assert set(kinds_asked(email)) == {"contain", "decide_ico"}
    assert not may_be_gathered(email, incident, alone)


def test_a_digest_is_as_urgent_as_the_most_urgent_in_it(incident: Incident, rules: NotifyRules) -> None:
    emails = [asking(incident, rules, priority=one) for one in (Priority.NOTICE, Priority.CLOCK)]

    digest = gathered("digest", emails, rules, NOW, f"{123:032x}")

    assert (digest.priority, digest.reference, digest.incident_id) == (Priority.CLOCK, "DIGEST0000000123", None)


def test_what_was_not_recorded_stands_first(incident: Incident, rules: NotifyRules, tokens: Tokens) -> None:
    other = another(incident, 15)
    said = [asking(incident, rules, template="receipt"), asking(other, rules, template="answer_unclear")]

    view = receipts(said, (incident, other), rules, tokens)

    assert [(one.reference, one.unclear) for one in view.receipts] == [("DB2026015", True), ("DB2026014", False)]
    assert view.unclear == 1
    assert all(one.words for one in view.receipts)
