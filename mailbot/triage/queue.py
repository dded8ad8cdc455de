"""The two columns of para 28 weighed against each other: the desk that acts, the desk that is told too, and why. Pure."""

from mailbot.assessment import explained
from mailbot.terms import Queue
from mailbot.triage.evidence import Evidence, Finding
from mailbot.triage.rules import QueueRule, TriageRules
from mailbot.value import Value

MORE_PASSAGES = 0.25
"""Each further passage for the same row adds this share of its weight, up to twice."""
ENOUGH = 4.0
"""The weight at which a lone column is as sure as it gets: one row that says it outright."""
OUTSIDE = "reported from outside the council (para 34)"
ALLEGATION = "reported by a member of the public, so an allegation until somebody here finds evidence for it (para 40)"
NOTHING = "nothing in the report tells which desk it is for, so both are asked (para 29)"
DOUBTFUL = "it is not clear which desk acts, so both are told: please confirm or refer it (para 29)"
BOTH_APPLY = "{} is told too: both columns of para 28 apply"
CYBER = "{} is told too: a cyber incident that involves personal data (para 23)"


class Weighed(Value):
    """What speaks for each desk, the weightiest first, and which one acts.

    ``confidence`` lies between 0 and 1: how clearly one column is ahead, and how much was found at all.
    """

    queue: Queue
    weights: dict[Queue, float]
    findings: tuple[Finding, ...]
    confidence: float

    @property
    def other(self) -> Queue:
        """The desk that does not act."""
        return Queue.IG if self.queue is Queue.IT else Queue.IT


def weigh(evidence: Evidence, *, outside: bool, rules: TriageRules) -> Weighed:
    """The desk with the weightier column; from outside it is the IG Team, whatever the report says (34)."""
    found = [finding for rule in rules.rules if (finding := evidence.find(rule, evidence.told))]
    weights = {queue: sum(weight(finding) for finding in found if row_of(finding).queue is queue) for queue in Queue}
    ahead = max(Queue, key=lambda queue: (weights[queue], queue is rules.otherwise))
    findings = tuple(sorted(found, key=lambda finding: -weight(finding)))
    confidence = 1.0 if outside else _confidence(findings, weights, ahead)
    return Weighed(queue=Queue.IG if outside else ahead, weights=weights, findings=findings, confidence=confidence)


def row_of(finding: Finding) -> QueueRule:
    """The row of para 28 that was found; ``TypeError`` for a sign that is none."""
    if not isinstance(finding.sign, QueueRule):
        raise TypeError("only rows of the two columns are weighed")
    return finding.sign


def weight(finding: Finding) -> float:
    """What a row found counts: its own weight, and a little for each further passage."""
    return row_of(finding).weight * (1 + MORE_PASSAGES * min(2, len(finding.quotes) - 1))


def _confidence(findings: tuple[Finding, ...], weights: dict[Queue, float], ahead: Queue) -> float:
    """How clearly one column is ahead, and how much was found for it: habits of speech make nobody sure."""
    total = sum(weights.values())
    if not total:
        return 0.0
    said = sum(weight(finding) for finding in findings if row_of(finding).queue is ahead and not row_of(finding).hint)
    return round(weights[ahead] / total * min(1.0, 0.5 + said / (2 * ENOUGH)), 2)


def why_also(weighed: Weighed, personal_data: bool | None, rules: TriageRules) -> str:  # noqa: FBT001
    """Why the other desk is told too; empty where it is not.

    It is where both columns apply (28, 29), where a cyber incident involves personal data (23), and in doubt (29).
    """
    name = _NAMES[weighed.other]
    if any(row_of(finding).both for finding in weighed.findings) or _both_apply(weighed, rules):
        return BOTH_APPLY.format(name)
    is_cyber = any(row_of(finding).cyber for finding in weighed.findings)
    if is_cyber and (personal_data is True or weighed.other is Queue.IT):
        return CYBER.format(name)
    if weighed.confidence < rules.sure_from:
        return DOUBTFUL if weighed.findings else NOTHING
    return ""


def _both_apply(weighed: Weighed, rules: TriageRules) -> bool:
    """Whether the other desk's rows weigh enough beside the acting one's; habits of speech alone are no row."""
    own, others = weighed.weights[weighed.queue], weighed.weights[weighed.other]
    is_said = any(row_of(finding).queue is weighed.other and not row_of(finding).hint for finding in weighed.findings)
    return is_said and others >= rules.both_from * own


_NAMES = {Queue.IT: "the IT Service Desk", Queue.IG: "the Information Governance Team"}


def reasons(weighed: Weighed, why_other: str, *, outside: bool, allegation: bool) -> tuple[str, ...]:
    """Every reason for the handling desk: where it comes from, the rows found with a passage each, who is told too."""
    plain = [finding for finding in weighed.findings if not row_of(finding).hint]
    said = tuple(
        explained(f"{finding.sign.words} (para {row_of(finding).para})", finding.quotes[0])
        for finding in plain or weighed.findings
    )
    origin = (OUTSIDE, ALLEGATION)[: 1 + allegation] if outside else ()
    return (*origin, *said, *([why_other] if why_other else []))
