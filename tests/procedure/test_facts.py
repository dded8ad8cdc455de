"""Facts that arrive later: merged, and what follows from them."""

from datetime import timedelta

from mailbot.incident import Incident
from mailbot.procedure.clocks import DISCOVERY_DOUBTFUL, OCCURRENCE_UNKNOWN
from mailbot.procedure.decision import Answered, Decision, FactsArrived
from mailbot.procedure.machine import advance
from tests.procedure.conftest import DORA, GUY, RITA, RULES, a_report, fact, london, opened_at, recipients

FRIDAY = london("Fri 2026-11-20 18:50")
LATER = FRIDAY + timedelta(hours=1)


def opened(**changes: object) -> Incident:
    return opened_at(FRIDAY, report=a_report(**changes)).incident


def arrived(incident: Incident, missing: tuple[str, ...] = (), **changes: object) -> Decision:
    event = FactsArrived.model_validate({"facts": {}, "missing": missing, "by": RITA} | changes)
    return advance(incident, event, LATER, RULES)


def test_the_reporters_duty_ends_when_nothing_is_missing_any_more() -> None:
    decision = arrived(opened(missing=("subjects",)), facts={"subjects": fact("3")})
    duty = decision.incident.duty("complete_report")

    assert duty is not None
    assert duty.discharged is not None
    assert (duty.discharged.by, duty.discharged.how) == (RITA, "the missing facts arrived")


def test_the_reporters_duty_stays_when_something_is_still_missing() -> None:
    decision = arrived(opened(missing=("subjects", "medium")), missing=("medium",), facts={"subjects": fact("3")})

    assert decision.incident.missing == ("medium",)
    assert "complete_report" in {duty.kind for duty in decision.incident.open_duties}


def test_a_known_value_stays_when_the_new_one_is_empty_or_less_sure() -> None:
    incident = opened(fields={"subjects": fact("3", 0.9), "medium": fact("email", 0.5)})
    facts = {"subjects": fact("300", 0.4), "medium": fact("", 1.0)}

    assert arrived(incident, facts=facts).incident.facts == incident.facts


def test_a_known_value_is_corrected_when_the_new_one_is_as_sure() -> None:
    decision = arrived(opened(fields={"subjects": fact("3")}), facts={"subjects": fact("300")})

    assert decision.incident.fact("subjects") == "300"
    assert decision.audit[0].details["subjects"] == "300"


def test_an_earlier_discovery_moves_the_72_hours_forward_and_plans_anew() -> None:
    discovered = FRIDAY - timedelta(hours=30)
    decision = arrived(opened(), discovered_at=discovered)
    duty = decision.incident.duty("decide_ico")

    assert decision.incident.aware_at == discovered
    assert duty is not None
    assert (duty.due_at, duty.plan_version) == (discovered + timedelta(hours=72), 2)
    assert [one.late for one in decision.notices if one.recipient == DORA and one.duty_kind == "decide_ico"] == [
        ("24 hours",)
    ]


def test_a_later_discovery_never_gives_the_council_more_time() -> None:
    discovered = FRIDAY - timedelta(hours=30)
    decision = arrived(opened(discovered_at=discovered), discovered_at=FRIDAY - timedelta(hours=1))

    assert decision.incident.aware_at == discovered


def test_a_discovery_in_the_future_is_doubted_and_moves_nothing() -> None:
    decision = arrived(opened(), discovered_at=FRIDAY + timedelta(days=3))

    assert DISCOVERY_DOUBTFUL in decision.incident.doubts
    assert decision.incident.aware_at == FRIDAY


def test_facts_do_not_move_what_the_dpo_has_set() -> None:
    set_by_dpo = Answered(
        duty_kind="", key="aware", value="Friday, because I rang", by=DORA, moment=FRIDAY - timedelta(hours=2)
    )
    incident = advance(opened(), set_by_dpo, FRIDAY, RULES).incident

    decision = arrived(incident, discovered_at=FRIDAY - timedelta(hours=30))

    assert decision.incident.aware_at == FRIDAY - timedelta(hours=2)


def test_the_date_of_the_incident_starts_the_ten_days_when_it_becomes_known() -> None:
    decision = arrived(opened(), occurred_at=london("Wed 2026-11-18 11:00"))
    duty = decision.incident.duty("investigate")

    assert OCCURRENCE_UNKNOWN not in decision.incident.doubts
    assert duty is not None
    assert duty.due_at == london("Sat 2026-11-28 17:00")


def test_the_group_manager_is_told_when_the_group_becomes_known() -> None:
    incident = opened(fields={"group": fact("?", 0.2)})
    decision = arrived(incident, facts={"group": fact("Adult Care")})

    assert incident.group is None
    assert GUY in recipients(decision)
