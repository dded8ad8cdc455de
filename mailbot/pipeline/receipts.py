"""One receipt for a reply, however many questions it answered, and what was not clear in the same mail. Pure."""

from collections.abc import Iterable, Sequence

from mailbot.procedure.decision import Notice
from mailbot.procedure.rules import Rules

RECEIPT, UNCLEAR = "receipt", "answer_unclear"


def one_receipt(notices: Iterable[Notice], rules: Rules) -> list[Notice]:
    """The notices, with the receipts that go to one person as one; the first question to be asked again carries them."""
    kept: list[Notice] = []
    carrier: dict[str, int] = {}
    receipts: dict[str, list[Notice]] = {}
    for notice in notices:
        who = notice.recipient
        if notice.template == RECEIPT:
            receipts.setdefault(who, []).append(notice)
        if notice.template == UNCLEAR and who in carrier and kept[carrier[who]].template == RECEIPT:
            kept[carrier[who]] = notice
        elif notice.template != RECEIPT or who not in carrier:
            if notice.template in {RECEIPT, UNCLEAR}:
                carrier.setdefault(who, len(kept))
            kept.append(notice)
    return [_carrying(one, receipts, rules) if carrier.get(one.recipient) == at else one for at, one in enumerate(kept)]


def _carrying(notice: Notice, receipts: dict[str, list[Notice]], rules: Rules) -> Notice:
    given = receipts.get(notice.recipient, [])
    if not given or given == [notice]:
        return notice
    said = [one for one in given if "recorded" in one.mentions]
    others = {name: value for one in given for name, value in one.mentions.items() if name in {"rating", "facts"}}
    own = notice.mentions if notice.template == UNCLEAR else {}
    return notice.but(mentions=others | _as_list(said, rules) | own)


def _as_list(given: Sequence[Notice], rules: Rules) -> dict[str, str]:
    """What was recorded under which key, and what had been recorded before: a line each, in the order of the answers."""
    if not given:
        return {}
    rows = {(_named(one, rules), _recorded(one)): one.mentions.get("already", "") for one in given}
    listed = {
        "answered": "\n".join(name for name, _ in rows),
        "recorded": "\n".join(recorded for _, recorded in rows),
    }
    return listed | ({"before": "\n".join(rows.values())} if any(rows.values()) else {})


def _named(notice: Notice, rules: Rules) -> str:
    rule = rules.procedure.find(notice.duty_kind or "")
    return notice.mentions.get("key") or (rule.title if rule else "")


def _recorded(notice: Notice) -> str:
    return notice.mentions.get("counted") or notice.mentions["recorded"]
