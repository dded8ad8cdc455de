"""Effects of answers about those outside: the regulator, the people affected, controllers (paras 12, 16, 41, 70–75)."""

import re
from collections.abc import Callable

from mailbot.incident import Incident
from mailbot.notifications import Exit, ExitKind, IcoDecision, Processing, SubjectsDecision
from mailbot.procedure.given import Given
from mailbot.procedure.grammar import Problem
from mailbot.procedure.rules import Rules
from mailbot.terms import references_in

_ICO_NUMBER = re.compile(r"\bIC[-–\s]?[A-Z0-9][A-Z0-9-]*\d[A-Z0-9-]*", re.IGNORECASE)
TOLD_TO_THE_REGULATOR = (
    "description",
    "subjects",
    "records",
    "data_categories",
    "special_categories",
    "contained",
    "actions",
)
"""The answers that its form asks for: what changes in them is to be told as well (Article 33(4))."""

_EXCEPTION = re.compile(r"34\s*\(3\)\s*\(?([abc])\)?|exception\s*\(?([abc])\b", re.IGNORECASE)


def ico_reported(incident: Incident, given: Given, _rules: Rules) -> Incident:
    """The DPO told the regulator: when, under which number (70, 71). What changes later is to be told too (57).

    What is said of it once more adds to what is known; it is no second report, and reopens nothing.
    """
    before = incident.ico if incident.ico and incident.ico.reported else None
    reference = ico_number(given.whole) or (before.reference if before else "")
    if before is not None:
        exact = {"at": given.moment, "at_assumed": False} if given.moment else {}
        return incident.but(ico=before.but(reference=reference, **exact))
    decision = IcoDecision(
        reported=True,
        by=given.by,
        at=given.done_at,
        at_assumed=given.moment is None,
        reference=reference,
        reason=given.words,
    )
    return incident.but(ico=decision)


def ico_number(words: str) -> str:
    """The regulator's own number where one is named, such as ``IC-123456-A1B2``; empty otherwise."""
    number = _ICO_NUMBER.search(words)
    return number.group().upper().replace("–", "-") if number else ""


def ico_not_required(incident: Incident, given: Given, _rules: Rules) -> Incident:
    """The DPO decided that the regulator need not be told, and why (13, 41)."""
    return incident.but(ico=IcoDecision(reported=False, by=given.by, at=given.done_at, reason=given.words))


def ico_undecided(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    """Nothing is decided on the regulator; where that corrects an earlier answer, the question is open again (12, 70)."""
    return incident.but(ico=None)


def data_subjects_undecided(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    """Nothing is decided on the people affected; where that corrects an earlier answer, the question is open again (72)."""
    return incident.but(data_subjects=None)


def ico_updated(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """The regulator was told what changed (43, 57, 70)."""
    if incident.ico is None or not incident.ico.reported:
        return Problem.NOT_REPORTED
    return incident.but(ico=incident.ico.but(needs_update=False, updated_at=given.done_at))


def ico_final(incident: Incident, given: Given, _rules: Rules) -> Incident | Problem:
    """The final status with the regulator was recorded (62)."""
    if incident.ico is None or not incident.ico.reported:
        return Problem.NOT_REPORTED
    return incident.but(ico=incident.ico.but(needs_update=False, final=True, updated_at=given.done_at))


def noted_for_the_regulator(before: Incident, after: Incident) -> Incident:
    """The incident with the note that the regulator is to be told what changed since it was told (43, 57, 70)."""
    ico = after.ico
    if (
        ico is None
        or not ico.reported
        or ico.final
        or ico.needs_update
        or before.ico is None
        or not before.ico.reported
    ):
        return after
    changed = before.severity is not after.severity or before.data_subjects != after.data_subjects
    changed = changed or any(before.fact(name) != after.fact(name) for name in TOLD_TO_THE_REGULATOR)
    return after.but(ico=ico.but(needs_update=True)) if changed else after


def decide_data_subjects(*, notify: bool) -> Callable[[Incident, Given, Rules], Incident]:
    """The DPO's decision on the people affected (41, 44, 72); the exception of Article 34(3) where one is named."""

    def decide(incident: Incident, given: Given, _rules: Rules) -> Incident:
        found = _EXCEPTION.search(given.whole)
        exception = "" if notify or not found else f"34(3)({(found[1] or found[2]).lower()})"
        decision = SubjectsDecision(
            notify=notify, by=given.by, at=given.done_at, reason=given.words, exception=exception
        )
        return incident.but(data_subjects=decision)

    return decide


def recommend_data_subjects(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    """Somebody entitled recommends telling the people affected, whatever the rating (44)."""
    return incident.but(subjects_recommended=True)


def for_a_controller(incident: Incident, given: Given, _rules: Rules) -> Incident:
    """The Council only processes the data, for the organisation named (16, 74)."""
    return incident.but(processing=Processing(controller=given.words, by=given.by, at=given.done_at))


def for_itself(incident: Incident, given: Given, _rules: Rules) -> Incident:
    """The data is the Council's own."""
    return incident.but(processing=Processing(by=given.by, at=given.done_at))


def escalate(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    """The DPO takes the matter to the SIRO and the Caldicott Guardian (80)."""
    return incident.but(escalated=True)


def step_in(incident: Incident, _given: Given, _rules: Rules) -> Incident:
    """The SIRO has seen to it (80); should it stand still again, the DPO escalates once more."""
    return incident.but(escalated=False)


def leave(kind: ExitKind) -> Callable[[Incident, Given, Rules], Incident | Problem]:
    """The incident ends early by a person's word; its number is kept, and for a duplicate or part the parent's duties go on."""

    def end(incident: Incident, given: Given, rules: Rules) -> Incident | Problem:
        parent = None
        if kind in {ExitKind.DUPLICATE, ExitKind.PART}:
            named = references_in(given.whole, rules.procedure.reference.prefix)
            parents = [one for one in named if one in given.known_references and one != incident.reference]
            if len(parents) != 1:
                return Problem.PARENT_UNKNOWN
            parent = parents[0]
        leaving = Exit(kind=kind, by=given.by, at=given.now, reason=given.words, parent=parent)
        return incident.but(exit=leaving, closed_at=incident.closed_at or given.now)

    return end


def reopen(incident: Incident, _given: Given, _rules: Rules) -> Incident | Problem:
    """What was ended or closed goes on, by a person's word and with a reason; its duties start anew."""
    return incident.but(exit=None, closed_at=None) if incident.closed_at else Problem.NOT_CLOSED
