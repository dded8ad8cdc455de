"""Which desk acts, and why: the two columns of para 28 as data (config/triage.toml)."""

from collections.abc import Sequence

from mailbot.assessment import Assessment, Classification, Classified, Reason
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.parse.reading import Reading, ReportedIncident
from mailbot.terms import Queue, Severity
from mailbot.triage.classify import NamedByRow, classify
from mailbot.triage.evidence import Evidence, Finding
from mailbot.triage.queue import Weighed, reasons, row_of, weigh, weight, why_also
from mailbot.triage.rules import Sign, TriageRules
from mailbot.triage.severity import assess, reasons_for
from mailbot.value import Value


class Triage(Value):
    """A proposal with its reasons in the procedure's own words; a person may overrule it (para 29).

    ``confidence`` lies between 0 and 1; below the configured bound both desks are told and asked to confirm.
    ``reasons`` quote the report and are for the handling desk only; ``severity_reasons``,
    ``safety`` and ``restricted`` hold nothing but words of the configuration.
    """

    queue: Queue
    also_tell: tuple[Queue, ...] = ()
    classified: dict[Classification, Classified] = {}
    data_types: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()
    severity: Severity = Severity.MEDIUM
    severity_reasons: tuple[str, ...] = ()
    assessment: Assessment | None = None
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
        return self.counted_under(Classification.INCIDENT_TYPE)

    def counted_under(self, classification: Classification) -> str:
        """What is proposed, empty where nothing tells."""
        proposed = self.classified.get(classification)
        return proposed.value if proposed else ""


def compile_rules(rules: TriageRules) -> None:
    """Has every phrase of the rules compiled, which takes most of a second, by looking at a mail that says nothing."""
    nothing = Reading(kind=Kind.OTHER, email=InboundEmail(sender=Address(address="")), report=ReportedIncident())
    triage(nothing, False, rules)  # noqa: FBT003  from inside the council


def triage(reading: Reading, outside: bool, rules: TriageRules) -> Triage:  # noqa: FBT001 - the word says what it is
    """The desk, the reasons and the provisional severity of a report.

    ``outside``: the sender's address is in none of the council's domains. Reports from outside go to IG first, whatever
    they say (34). Never raises on what a report says.
    """
    evidence = Evidence(reading, rules)
    flags = {sign.name for sign in rules.flags if evidence.find(sign, evidence.told)}
    weighed = weigh(evidence, outside=outside, rules=rules)
    personal_data = _personal_data(flags)
    allegation = outside and _is_public(reading.email.sender.address, flags, rules)
    why_other = why_also(weighed, personal_data, rules)
    safety, restricted = _found(evidence, rules.safety), _found(evidence, rules.restricted)
    counted = classify(evidence, flags, _named(weighed), rules.classification)
    assessment = assess(evidence, flags, bool(safety), rules.severity) if rules.severity else None
    return Triage(
        queue=weighed.queue,
        also_tell=(weighed.other,) if why_other else (),
        classified=counted.classified,
        data_types=counted.data_types,
        subject_types=counted.subject_types,
        severity=assessment.severity if assessment else Severity.MEDIUM,
        severity_reasons=reasons_for(assessment, rules.severity) if assessment and rules.severity else (),
        assessment=assessment,
        confidence=weighed.confidence,
        reasons=(
            *reasons(weighed, why_other, outside=outside, allegation=allegation),
            *(finding.words for finding in (*safety, *restricted)),
        ),
        personal_data=personal_data,
        health_or_social_care="health_or_social_care" in flags,
        stolen="stolen" in flags,
        allegation=allegation,
        safety=tuple(finding.sign.words for finding in safety),
        restricted=tuple(finding.sign.words for finding in restricted),
    )


def _named(weighed: Weighed) -> NamedByRow | None:
    """The kind of incident that the weightiest row of the acting desk names, else of any; mere habits of speech name none."""
    plain = [finding for finding in weighed.findings if row_of(finding).type and not row_of(finding).hint]
    named = sorted(plain, key=lambda finding: row_of(finding).queue is not weighed.queue)
    finer = [finding for finding in named[1:] if row_of(finding).refines == row_of(named[0]).name]
    best = next(iter(finer or named), None)
    if best is None:
        return None
    return NamedByRow(row_of(best).type, weight(best), Reason(words=best.sign.words, quote=best.quotes[0]))


def _personal_data(flags: set[str]) -> bool | None:
    """True, False where the report says outright that there is none, None where it does not say."""
    if "personal_data" in flags:
        return True
    return False if "no_personal_data" in flags else None


def _found(evidence: Evidence, signs: Sequence[Sign]) -> tuple[Finding, ...]:
    return tuple(finding for sign in signs if (finding := evidence.find(sign, evidence.whole)))


def _is_public(address: str, flags: set[str], rules: TriageRules) -> bool:
    """Only the public makes allegations (40): suppliers and partners report (15, 34), and so do the council's own people.

    Somebody who was sent what was meant for another is of the public too: the IG Team confirms by one reply.
    """
    domain = address.rpartition("@")[2].lower()
    known = any(domain == partner or domain.endswith(f".{partner}") for partner in rules.partner_domains)
    return not known and not flags & {"supplier_or_partner", "own_people"}
