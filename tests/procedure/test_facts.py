"""Facts that arrive later: merged, and what follows from them."""

from datetime import timedelta

import pytest

from mailbot.assessment import Classification, Classified
from mailbot.incident import Incident
from mailbot.procedure.decision import Answered, Decision, FactsArrived, TimePassed
from mailbot.procedure.doubts import DISCOVERY_DOUBTFUL, OCCURRENCE_DOUBTFUL, OCCURRENCE_UNKNOWN
from mailbot.procedure.facts import CHAIN_NAMED
from mailbot.procedure.machine import advance
from mailbot.terms import Severity
from tests.procedure.conftest import (
    DAN,
    DORA,
    GUY,
    IG_DESK,
    IGOR,
    RITA,
    ROTA,
    RULES,
    a_report,
    a_triage,
    fact,
    london,
    opened_at,
    recipients,
)

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


# ---------------------------------------------------------------- doubtful dates


@pytest.mark.parametrize("field", ["discovered_at", "discovered_date"])
def test_a_doubtful_discovery_by_reply_is_doubted_and_moves_no_clock(field: str) -> None:
    decision = arrived(opened(), discovered_at=FRIDAY - timedelta(hours=30), doubtful=(field,))

    assert DISCOVERY_DOUBTFUL in decision.incident.doubts
    assert decision.incident.aware_at == FRIDAY


def test_a_doubtful_date_replaces_no_known_one_and_lifts_no_doubt() -> None:
    known = FRIDAY - timedelta(hours=5)
    incident = opened(discovered_at=known, occurred_at=known, doubtful=("occurred_date",))
    earlier = FRIDAY - timedelta(hours=30)
    decision = arrived(
        incident,
        discovered_at=earlier,
        occurred_at=earlier,
        doubtful=("discovered_date", "occurred_date"),
    )

    assert (decision.incident.discovered_at, decision.incident.occurred_at) == (known, known)
    assert OCCURRENCE_DOUBTFUL in decision.incident.doubts
    assert decision.incident.aware_at == incident.aware_at


def test_a_doubt_is_lifted_when_a_sure_date_comes() -> None:
    incident = opened(discovered_at=FRIDAY - timedelta(hours=30), doubtful=("discovered_date",))
    decision = arrived(incident, discovered_at=FRIDAY - timedelta(hours=20))

    assert DISCOVERY_DOUBTFUL in incident.doubts
    assert DISCOVERY_DOUBTFUL not in decision.incident.doubts
    assert decision.incident.aware_at == FRIDAY - timedelta(hours=20)


# ---------------------------------------------------------------- what later words raise


def test_who_tells_more_gets_a_receipt() -> None:
    decision = arrived(opened(missing=("subjects",)), facts={"subjects": fact("3")})

    (receipt,) = [one for one in decision.notices if one.template == "receipt"]
    assert (receipt.recipient, receipt.mentions) == (RITA, {"facts": "1"})


def test_a_danger_that_later_words_show_wakes_the_rota_and_tells_the_reporter_what_to_do() -> None:
    found = a_triage(safety=("address disclosed",), severity=Severity.HIGH)
    decision = arrived(opened(), found=found)
    told = {one.recipient: one.template for one in decision.notices}

    assert decision.incident.safety == ("address disclosed",)
    assert decision.incident.severity is Severity.HIGH
    assert (told[ROTA[0]], told[RITA]) == ("on_call_notice", "acknowledgement_safety")
    assert "receipt" not in told.values()


def test_an_incident_is_the_dpos_alone_when_later_words_ask_for_confidence() -> None:
    decision = arrived(opened(), found=a_triage(restricted=("confidentiality asked for",)))
    told = {one.recipient: one.template for one in decision.notices}
    after = advance(decision.incident, TimePassed(), LATER + timedelta(days=5), RULES)

    assert told[DORA] == "restricted_notice"
    assert {duty.person for duty in decision.incident.open_duties} == {DORA}
    assert set(recipients(after)) <= {DORA, DAN, *ROTA}


def test_an_incident_is_restricted_when_somebody_who_would_handle_it_is_named_later() -> None:
    decision = arrived(opened(), facts={"involved": fact("Igor Iggs sent it")})

    assert decision.incident.restricted == (CHAIN_NAMED,)
    assert IG_DESK not in recipients(decision)


def test_a_released_incident_stays_released_when_facts_come_that_name_nobody_anew() -> None:
    incident = opened(fields={"involved": fact("Igor Iggs")})
    release = Answered(duty_kind="", key="restricted", value="released, because it was not him", by=DORA)
    released = advance(incident, release, LATER, RULES).incident
    decision = arrived(released, facts={"subjects": fact("3")})

    assert incident.restricted
    assert decision.incident.restricted == ()


def test_whoever_was_asked_before_may_not_answer_any_more_when_it_is_restricted() -> None:
    incident = arrived(opened(), found=a_triage(restricted=("confidentiality asked for",))).incident
    given = Answered(duty_kind="triage", key="queue", value="confirmed", by=IGOR)
    decision = advance(incident, given, LATER, RULES)

    assert not decision.incident.queue_confirmed


def test_later_words_lower_nothing_and_overrule_nobody() -> None:
    rated = Answered(duty_kind="assess", key="severity", value="low, because one person is affected", by=IGOR)
    incident = opened_at(FRIDAY, triage=a_triage(safety=("adoption",), stolen=True)).incident
    incident = advance(incident, rated, FRIDAY, RULES).incident
    decision = arrived(incident, found=a_triage(severity=Severity.VERY_HIGH, personal_data=None))
    after = decision.incident

    assert (after.safety, after.stolen, after.personal_data) == (("adoption",), True, True)
    assert after.severity is Severity.LOW


def test_a_provisional_rating_is_never_lowered_by_later_words() -> None:
    incident = opened_at(FRIDAY, triage=a_triage(severity=Severity.HIGH)).incident

    assert arrived(incident, found=a_triage(severity=Severity.LOW)).incident.severity is Severity.HIGH


def test_the_theft_is_chased_when_later_words_tell_of_it() -> None:
    decision = arrived(opened(), found=a_triage(stolen=True))

    assert "police_reference" in {duty.kind for duty in decision.incident.open_duties}


MEDIUM = Classification.MEDIUM
LETTER, SEVERAL = {MEDIUM: Classified(value="Letter")}, {MEDIUM: Classified(value="Multiple")}


def test_a_proposal_is_made_more_exact_by_later_facts_and_the_history_says_so() -> None:
    incident = opened_at(FRIDAY, triage=a_triage(classified=LETTER, data_types=("Health data",))).incident
    decision = arrived(incident, found=a_triage(classified=SEVERAL, data_types=("Location data",)))

    assert decision.incident.classified == {MEDIUM: Classified(value="Multiple", at=LATER)}
    assert decision.incident.data_types == ("Health data", "Location data")
    assert decision.audit[0].details["proposed"] == "medium: Letter → Multiple"


def test_a_proposal_stays_when_later_facts_say_nothing_of_it() -> None:
    decision = arrived(opened_at(FRIDAY, triage=a_triage(classified=LETTER)).incident, found=a_triage(classified={}))

    assert decision.incident.classified == LETTER
    assert decision.audit[0].details["proposed"] == ""


def test_what_a_person_said_it_is_counted_under_stays_whatever_facts_come() -> None:
    said = {MEDIUM: Classified(value="Letter", by=IGOR, at=FRIDAY)}
    incident = opened_at(FRIDAY, triage=a_triage()).incident.but(classified=said)

    assert arrived(incident, found=a_triage(classified=SEVERAL)).incident.classified == said
