"""Where a letter goes: the lines of a postal address as the post takes them, and an email address. Pure.

The rules for lines are GOV.UK Notify's own for letters, so that a council can hand its letters on to it unchanged.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

from mailbot.letters.cells import folded
from mailbot.letters.names import is_near
from mailbot.letters.rules import AddressRules, DomainRules

Fault = tuple[str, str]
"""What is wrong, and what to do."""

_POSTCODE = re.compile(
    r"(?:GIR ?0AA|(?:[A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRVWXY]?) ?[0-9][ABD-HJLNP-UW-Z]{2})"
)
_ENDS_WITH_ONE = re.compile(rf"(.*\S)[ ,]+({_POSTCODE.pattern})$", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,\s]\s*\S*@|@.*@")
_DOTS = ".,; "
_LONGEST_POSTCODE = 16
"""Characters, with room for spaces and full stops that do not belong."""
_PLAIN = re.compile(r"([A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*)@([A-Za-z0-9.-]+)")
_LONGEST_NAME, _LONGEST_EMAIL = 64, 254
"""Characters before the @ and in all (RFC 5321, 4.5.3.1)."""


class Postal(NamedTuple):
    """An address ready for the envelope, or what is wrong with it."""

    lines: tuple[str, ...] = ()
    fault: Fault | None = None


def postcode_of(text: str) -> str:
    """A UK postcode as the post writes it (“ne1 4xx” → “NE1 4XX”); empty for anything else."""
    if len(text) > _LONGEST_POSTCODE:
        return ""
    bare = "".join(text.upper().split()).strip(_DOTS)
    spaced = f"{bare[:-3]} {bare[-3:]}"
    return spaced if _POSTCODE.fullmatch(spaced) else ""


def split_cell(cell: str) -> tuple[str, ...]:
    """A whole address in one cell: a line for each of its lines, or for each comma where it is all on one."""
    return tuple(cell.split("\n") if "\n" in cell else cell.split(","))


def postal(written: Sequence[str], above: str, rules: AddressRules) -> Postal:
    """The address of the lines as they were written, without empty and repeated ones; ``above`` is the name over it."""
    lines = _tidied(written, above, rules)
    if any(folded(line) in rules.folded_homeless for line in lines):
        return Postal(
            fault=(
                "says that there is no fixed address",
                "Choose email, or telephone, or an address where they collect post.",
            )
        )
    if not lines:
        return Postal(fault=("is empty", "Fill in the address, or write “telephone” where nothing may be posted."))
    for line in (above, *lines):
        if line[0] in rules.beginnings:
            return Postal(
                fault=(f"has a line that begins with “{line[0]}”", "Begin the line with a letter or a figure.")
            )
    return _counted(lines, rules)


def _counted(lines: tuple[str, ...], rules: AddressRules) -> Postal:
    postcodes = {code for line in lines if (code := postcode_of(line))}
    if len(postcodes) > 1:
        return Postal(fault=("has two different postcodes", "Leave the right one."))
    is_home = bool(postcode_of(lines[-1]))
    if not is_home and folded(lines[-1]) not in rules.folded_countries:
        return Postal(
            fault=(
                "does not end with a UK postcode or a country",
                "Look for a letter O for a nought or an I for a one; put the postcode last, or the country of an address abroad.",
            )
        )
    standing = len(lines) + 1
    if standing < rules.fewest_lines:
        return Postal(
            fault=(
                f"is too short: with the name it has {standing} lines, and needs {rules.fewest_lines}",
                "Fill in the whole address.",
            )
        )
    if standing > rules.most_lines:
        return Postal(
            fault=(
                f"is too long: with the name it has {standing} lines, and an envelope shows {rules.most_lines}",
                "Join lines with a comma.",
            )
        )
    return Postal((*lines[:-1], postcode_of(lines[-1]) or rules.folded_countries[folded(lines[-1])]))


def _tidied(written: Sequence[str], above: str, rules: AddressRules) -> tuple[str, ...]:
    lines = [bare for line in written for one in line.split("\n") if (bare := one.strip().rstrip(_DOTS))]
    if lines and folded(lines[0]) == folded(above):
        lines = lines[1:]
    lines = [line for at, line in enumerate(lines) if at == 0 or _key(line) != _key(lines[at - 1])]
    if len(lines) > 1 and folded(lines[-1]) in rules.folded_home:
        lines = lines[:-1]
    ending = _ENDS_WITH_ONE.match(lines[-1]) if lines else None
    if ending:
        lines[-1:] = [ending[1].rstrip(_DOTS), ending[2]]
    if len(lines) > 1 and postcode_of(lines[-1]) and _key(lines[-1]) == _key(lines[-2]):
        lines = lines[:-1]
    return tuple(lines)


def _key(line: str) -> str:
    return postcode_of(line) or folded(line)


class Mail(NamedTuple):
    """An email address as it is written to, or what is wrong with it."""

    address: str = ""
    fault: Fault | None = None


def email_of(text: str, own: frozenset[str]) -> Mail:
    """The one address of a cell; ``own``: the council's own mailboxes in lower case. No server is asked."""
    if _SEVERAL.search(text):
        return Mail(fault=("holds more than one email address", "Leave the one that only this person reads."))
    address = _checked(text)
    if not address:
        return Mail(fault=("is not an email address", "Write it as name@place.example, with nothing beside it."))
    if address.casefold() in own:
        return Mail(fault=("is a mailbox of the council", "Write the person's own address, or choose post."))
    return Mail(address)


def _checked(text: str) -> str:
    """The address as it is written to; empty where it is none. A plain name needs no more than a domain that is one."""
    plain = _PLAIN.fullmatch(text)
    if plain and len(plain[1]) <= _LONGEST_NAME and len(text) <= _LONGEST_EMAIL:
        domain = _domain_of(plain[2])
        return f"{plain[1]}@{domain}" if domain else ""
    return _validated(text)


@lru_cache(maxsize=4096)
def _domain_of(written: str) -> str:
    return _validated(f"a@{written}").rpartition("@")[2]


def _validated(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return ""


def domain_meant(domain: str, rules: DomainRules) -> str:
    """The provider that a domain seems to be a misspelling of; empty where it is none."""
    if domain in rules.known:
        return ""
    return rules.meant.get(domain) or next((one for one in rules.known if is_near(domain, one)), "")
