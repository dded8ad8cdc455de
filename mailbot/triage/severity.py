"""The provisional rating of para 40 by the ENISA method: value of the data × ease of identification + circumstances.

Every figure and every word stands in ``config/severity.toml``; here is only the arithmetic. People correct it (43).
"""

from collections.abc import Collection, Iterator

from mailbot.assessment import AXES, Assessment, Change, Factor
from mailbot.terms import Severity
from mailbot.triage.evidence import Evidence
from mailbot.triage.severity_facts import DANGER, Chosen, Facts, Signs, facts_of
from mailbot.triage.severity_grid import grid_of
from mailbot.triage.severity_rows import Askable, Level, Protection
from mailbot.triage.severity_rules import CONFIDENTIALITY, SeverityRules, not_known, with_points

DATA = "data"
Questions = tuple[tuple[Protection, Askable], ...]


def assess(evidence: Evidence, flags: Collection[str], is_safety: bool, rules: SeverityRules) -> Assessment:  # noqa: FBT001
    """How grave an incident looks, with every factor; what is not known counts as the worse plausible value (25).

    ``flags`` are names of the flags of triage.toml that were found; ``is_safety``: somebody may be in danger.
    """
    signs = Signs(evidence, {*flags, DANGER} if is_safety else flags, rules)
    facts = facts_of(evidence, signs, is_safety, rules)
    open_questions = tuple(_open_questions(facts, signs, rules))
    grid, axes = grid_of(facts, signs, rules.grid)
    return Assessment(
        severity=severity_of(facts, rules),
        score=score_of(facts),
        factors=(*_factors(facts), *_unknown_factors(facts, open_questions, rules), *axes),
        beside=tuple(_beside(facts, rules)),
        grid=grid,
        would_change=_would_change(facts, open_questions, rules),
    )


def score_of(facts: Facts) -> float:
    """ENISA's score, to two places. It rates breaches of personal data: without any it is nothing."""
    if not facts.data.level.points:
        return 0.0
    total = facts.data.level.points * _ease(facts) + sum(_points(one, facts) for one in facts.circumstances)
    return round(total, 2)


def severity_of(facts: Facts, rules: SeverityRules) -> Severity:
    """The band of the score, raised where somebody may be in danger or many people are affected and nothing protects them."""
    least = [rules.bands.of(score_of(facts))]
    least += [rules.danger.at_least] if facts.in_danger else []
    least += [rules.people.at_least] if _are_many_exposed(facts) else []
    return max(least, key=lambda severity: severity.rank)


def reasons_for(assessment: Assessment, rules: SeverityRules) -> tuple[str, ...]:
    """Why the rating is what it is, in words of the configuration: danger first, then what weighs most."""
    enisa = [one for one in assessment.factors if one.name not in AXES]
    weighty = sorted((one for one in enisa if one.known or one.points), key=lambda one: -one.points)
    first = [one for one in assessment.factors if one.name == DATA or one.name.startswith("data: ")]
    said = [with_points(one.words, one.points) for one in first]
    danger = [rules.danger.words] if rules.danger.words in assessment.beside else []
    many = [rules.people.words] if rules.people.words in assessment.beside else []
    return tuple(dict.fromkeys((*danger, *said, *many, *(one.words for one in weighty if one not in first))))


def _are_many_exposed(facts: Facts) -> bool:
    return facts.many is True and facts.protection is None and facts.data.level.points > 0


def _ease(facts: Facts) -> float:
    own = facts.ease.level.points
    return min(own, facts.protection.ease_at_most) if facts.protection else own


def _points(circumstance: Chosen, facts: Facts) -> float:
    own = circumstance.level.points
    held = facts.protection if circumstance.name == CONFIDENTIALITY else None
    return min(own, held.confidentiality_at_most) if held else own


def _factors(facts: Facts) -> Iterator[Factor]:
    yield _factor(facts.data, facts.data.level.points)
    if not facts.data.level.points:
        return
    protection = facts.protection
    if protection and protection.ease_at_most <= facts.ease.level.points:
        yield Factor(
            name=facts.ease.name,
            points=protection.ease_at_most,
            words=protection.words,
            source=protection.source,
            quote=facts.protected_by,
        )
    else:
        yield _factor(facts.ease, facts.ease.level.points)
    for one in facts.circumstances:
        if one.is_known or not protection:
            yield _factor(one, _points(one, facts))


def _factor(chosen: Chosen, points: float) -> Factor:
    level = chosen.level
    return Factor(
        name=chosen.name,
        points=points,
        words=level.words,
        source=level.source,
        quote=chosen.quote,
        known=chosen.is_known,
        field=chosen.field,
    )


def _beside(facts: Facts, rules: SeverityRules) -> Iterator[str]:
    if facts.in_danger:
        yield rules.danger.words
    if facts.many and facts.data.level.points:
        yield rules.people.words
    if facts.protection and facts.protection.beside and facts.data.level.points:
        yield facts.protection.beside


def _open_questions(facts: Facts, signs: Signs, rules: SeverityRules) -> Iterator[tuple[Protection, Askable]]:
    """Each protection that only one unanswered question keeps from counting, with that question."""
    if not facts.data.level.points:
        return
    for one in rules.protections:
        if one is facts.protection:
            return
        missing = [rules.signs[name] for name in one.needs if signs.stated(name) is None]
        blocked = any(signs.has(name) for name in one.unless)
        wanted = any(signs.has(name) for name in one.asks_when)
        if len(missing) == 1 and wanted and not blocked and missing[0].field and not signs.speak_against(missing[0]):
            yield one, missing[0]


def _unknown_factors(facts: Facts, open_questions: Questions, rules: SeverityRules) -> Iterator[Factor]:
    """What is not known and adds nothing, but would change something if it were."""
    for protection, sign in open_questions:
        words = not_known(sign.if_words)
        yield Factor(
            name=protection.name, points=0, words=words, source=protection.source, known=False, field=sign.field
        )
    if facts.many is None and facts.data.level.points:
        people = rules.people
        yield Factor(
            name="people", points=0, words=people.unknown_words, source=people.source, known=False, field=people.field
        )


def _would_change(facts: Facts, open_questions: Questions, rules: SeverityRules) -> tuple[Change, ...]:
    """Every answer still missing with which the same arithmetic comes to another rating; the first of those alike."""
    now, found = severity_of(facts, rules), dict[tuple[str, Severity], Change]()
    for field, if_words, answered in _answered(facts, open_questions, rules):
        severity = severity_of(answered, rules)
        if severity is not now:
            change = Change(field=field, words=f"If {if_words}: {severity.words}", severity=severity)
            found.setdefault((f"{field} {if_words}" if answered.protection else field, severity), change)
    return tuple(found.values())


def _answered(facts: Facts, open_questions: Questions, rules: SeverityRules) -> Iterator[tuple[str, str, Facts]]:
    """The question, its possible answer in words, and the facts as they would then be."""
    for protection, sign in open_questions:
        yield sign.field, sign.if_words, facts._replace(protection=protection)
    if not facts.data.is_known:
        for level in (*rules.data.levels, rules.data.none):
            if level.if_words:
                yield facts.data.field, level.if_words, facts._replace(data=Chosen(DATA, level))
    if not facts.data.level.points:
        return
    if not facts.ease.is_known:
        for step in _offered(rules.ease.levels):
            yield facts.ease.field, step.if_words, facts._replace(ease=Chosen(facts.ease.name, step))
    yield from _other_circumstances(facts, rules)
    if facts.many is None:
        yield rules.people.field, rules.people.if_words, facts._replace(many=True)


def _other_circumstances(facts: Facts, rules: SeverityRules) -> Iterator[tuple[str, str, Facts]]:
    for number, one in enumerate(facts.circumstances):
        if one.is_known:
            continue
        row = next(row for row in rules.circumstances if row.name == one.name)
        for step in _offered(row.levels):
            others = list(facts.circumstances)
            others[number] = Chosen(one.name, step)
            yield one.field, step.if_words, facts._replace(circumstances=tuple(others))


def _offered(levels: tuple[Level, ...]) -> Iterator[Level]:
    return (level for level in levels if level.if_words)
