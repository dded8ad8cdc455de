"""Whether the council's own gateway vouches for the sender: Authentication-Results (RFC 8601) or Exchange's own mark.

Only what the configured gateway wrote counts, and of that only the newest line; anything else in the mail may have
been written by the sender. Microsoft 365 writes the line without the gateway's name: see ``IntakeRules``. Pure.
"""

import re

from mailbot.intake.addresses import domain_of
from mailbot.intake.email import Address
from mailbot.intake.headers import Mail, raw_values
from mailbot.intake.rules import IntakeRules

_PROPERTY = re.compile(r"([\w.-]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s;\"]+)")


def is_authenticated(message: Mail, sender: Address, rules: IntakeRules) -> bool:
    """Whether the mail surely comes from the domain of its one From address."""
    domain = domain_of(sender.address)
    if not domain or len(raw_values(message, "From")) != 1:
        return False
    return _is_internal(message, sender, rules) or _passed_dmarc(message, domain, rules)


def read_results(line: str) -> tuple[str, tuple[dict[str, str], ...]]:
    """One Authentication-Results line: the gateway's name (empty where it wrote none) and each result's properties.

    The first property of a result is its method: ``{"dmarc": "pass", "header.from": "council.example"}``.
    """
    pieces = _pieces(line)
    gateway = ""
    if pieces and pieces[0] and "=" not in pieces[0]:
        gateway = pieces.pop(0).split()[0].strip('"').lower()
    results = ({name.lower(): value.strip('"').lower() for name, value in _PROPERTY.findall(one)} for one in pieces)
    return gateway, tuple(one for one in results if one)


def _passed_dmarc(message: Mail, domain: str, rules: IntakeRules) -> bool:
    trusted = {name.lower() for name in rules.authserv_ids}
    for number, line in enumerate(raw_values(message, "Authentication-Results")):
        gateway, results = read_results(line)
        if gateway not in trusted or (not gateway and number > 0):
            continue
        dmarc = [one for one in results if next(iter(one)) == "dmarc"]
        return bool(dmarc) and all(one["dmarc"] == "pass" and one.get("header.from") == domain for one in dmarc)
    return False


def _is_internal(message: Mail, sender: Address, rules: IntakeRules) -> bool:
    if rules.internal_header is None or not rules.is_inside(sender.address):
        return False
    name, wanted = rules.internal_header
    values = raw_values(message, name)
    return bool(values) and all(value.strip().lower() == wanted.lower() for value in values)


def _pieces(line: str) -> list[str]:
    """The line cut at its semicolons, without comments. What stands in quotes was written by the sender: it cuts nothing."""
    pieces, depth, quoted, escaped = [""], 0, False, False
    for letter in line:
        plain = not quoted and not escaped
        if letter == '"' and depth == 0 and not escaped:
            quoted = not quoted
        if plain and letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
        elif plain and letter == ";" and depth == 0:
            pieces.append("")
        elif depth == 0:
            pieces[-1] += letter
        escaped = letter == "\\" and not escaped
    return [piece.strip() for piece in pieces]
