"""Which desk acts, and why: the two columns of para 28 as data (config/triage.toml)."""

from collections.abc import Sequence

from mailbot.assessment import Classification, Classified
from mailbot.parse.reading import Reading
from mailbot.terms import Queue, Severity
from mailbot.triage.evidence import Evidence, Finding
from mailbot.triage.rules import QueueRule, Sign, TriageRules
from mailbot.triage.severity import rate
from mailbot.value import Value

MORE_PASSAGES = 0.25
"""Each further passage for the same row adds this share of its weight, up to twice."""
ENOUGH = 4.0
"""The weight at which a lone column is as sure as it gets: one row that says it outright."""
OUTSIDE = "reported from outside the council (para 34)"


class Triage(Value):
    """A proposal with its reasons in the procedure's own words; a person may overrule it (para 29).

    ``confidence`` lies between 0 and 1; below the configured bound both desks are told and asked to confirm.
    ``reasons`` quote the report and are for the handling desk only; ``severity_reasons``,
    ``safety`` and ``restricted`` hold nothing but words of the configuration.
    """

    queue: Queue
    also_tell: tuple[Queue, ...] = ()
    classified: dict[Classification, Classified] = {}
    severity: Severity = Severity.MEDIUM
    severity_reasons: tuple[str, ...] = ()
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    personal_data: bool | None = None
    health_or_social_care: bool = False
    stolen: bool = False
    allegation: bool = False
    safety: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()

    @property
    def incident_type(self) -> str:
        """The regulator's type of incident, empty where nothing tells."""
        proposed = self.classified.get(Classification.INCIDENT_TYPE)
        return proposed.value if proposed else ""


class _Weighed(Value):
    """The two columns weighed against each other."""

    queue: Queue
    weights: dict[Queue, float]
    findings: tuple[Finding, ...]
    confidence: float


def triage(reading: Reading, outside: bool, rules: TriageRules) -> Triage:  # noqa: FBT001 - the word says what it is
    """The desk, the reasons and the provisional severity of a report.

    ``outside``: the sender's address is in none of the council's domains. Reports from outside go to IG first, whatever
    they say (34). Never raises on what a report says.
    """
    evidence = Evidence(reading, rules)
    flags = {sign.name for sign in rules.flags if evidence.find(sign, evidence.told)}
    weighed = _weigh(evidence, outside=outside, rules=rules)
    personal_data = _personal_data(flags)
    safety, restricted = _found(evidence, rules.safety), _found(evidence, rules.restricted)
    rated = rate(evidence, flags, bool(safety), rules.severity)
    return Triage(
        queue=weighed.queue,
        also_tell=_also_tell(weighed, personal_data, rules),
        classified=_classified(weighed),
        severity=rated.severity,
        severity_reasons=rated.reasons,
        confidence=weighed.confidence,
        reasons=_reasons(weighed, outside=outside) + tuple(finding.words for finding in (*safety, *restricted)),
        personal_data=personal_data,
        health_or_social_care="health_or_social_care" in flags,
        stolen="stolen" in flags,
        allegation=outside and not _is_partner(reading.email.sender.address, flags, rules),
        safety=tuple(finding.sign.words for finding in safety),
        restricted=tuple(finding.sign.words for finding in restricted),
    )


def _weigh(evidence: Evidence, *, outside: bool, rules: TriageRules) -> _Weighed:
    found = [finding for rule in rules.rules if (finding := evidence.find(rule, evidence.told))]
    weights = {queue: sum(_weight(finding) for finding in found if _rule(finding).queue is queue) for queue in Queue}
    ahead = max(Queue, key=lambda queue: (weights[queue], queue is rules.otherwise))
    queue = Queue.IG if outside else ahead
    findings = tuple(sorted(found, key=lambda finding: -_weight(finding)))
    return _Weighed(queue=queue, weights=weights, findings=findings, confidence=_confidence(weights, outside=outside))


def _rule(finding: Finding) -> QueueRule:
    if not isinstance(finding.sign, QueueRule):
        raise TypeError("only rows of the two columns are weighed")
    return finding.sign


def _weight(finding: Finding) -> float:
    return _rule(finding).weight * (1 + MORE_PASSAGES * min(2, len(finding.quotes) - 1))


def _confidence(weights: dict[Queue, float], *, outside: bool) -> float:
    """How clearly one column is ahead, and how much was found at all; para 34 leaves no choice from outside."""
    if outside:
        return 1.0
    total, ahead = sum(weights.values()), max(weights.values())
    if not total:
        return 0.0
    return round(ahead / total * min(1.0, 0.5 + ahead / (2 * ENOUGH)), 2)


def _also_tell(weighed: _Weighed, personal_data: bool | None, rules: TriageRules) -> tuple[Queue, ...]:  # noqa: FBT001
    """The other desk where both columns apply, where a cyber incident involves personal data (23), and in doubt."""
    other = Queue.IG if weighed.queue is Queue.IT else Queue.IT
    own = weighed.weights[weighed.queue]
    both_apply = weighed.weights[other] > 0 and weighed.weights[other] >= rules.both_from * own
    is_cyber = any(_rule(finding).cyber for finding in weighed.findings)
    cyber_with_data = is_cyber and (personal_data is True or other is Queue.IT)
    return (other,) if both_apply or cyber_with_data or weighed.confidence < rules.sure_from else ()


def _classified(weighed: _Weighed) -> dict[Classification, Classified]:
    incident_type = _type(weighed)
    return {Classification.INCIDENT_TYPE: Classified(value=incident_type)} if incident_type else {}


def _type(weighed: _Weighed) -> str:
    """The kind of incident that the weightiest row of the acting desk names, else of any."""
    rows = [_rule(finding) for finding in weighed.findings]
    named = [row for row in sorted(rows, key=lambda row: row.queue is not weighed.queue) if row.type]
    finer = [row for row in named[1:] if row.refines == named[0].name]
    return (finer or named)[0].type if named else ""


def _reasons(weighed: _Weighed, *, outside: bool) -> tuple[str, ...]:
    plain = [finding for finding in weighed.findings if not _rule(finding).hint]
    said = tuple(
        f"{finding.sign.words} (para {_rule(finding).para}), because: “{finding.quotes[0]}”"
        for finding in plain or weighed.findings
    )
    if outside:
        return (OUTSIDE, *said)
    return said or ("nothing in the report tells which desk it is for, so both are asked (para 29)",)


def _personal_data(flags: set[str]) -> bool | None:
    """True, False where the report says outright that there is none, None where it does not say."""
    if "personal_data" in flags:
        return True
    return False if "no_personal_data" in flags else None


def _found(evidence: Evidence, signs: Sequence[Sign]) -> tuple[Finding, ...]:
    return tuple(finding for sign in signs if (finding := evidence.find(sign, evidence.whole)))


def _is_partner(address: str, flags: set[str], rules: TriageRules) -> bool:
    """Suppliers and information sharing partners (15, 34) report incidents; only the public makes allegations (40)."""
    domain = address.rpartition("@")[2].lower()
    known = any(domain == partner or domain.endswith(f".{partner}") for partner in rules.partner_domains)
    return known or "supplier_or_partner" in flags
