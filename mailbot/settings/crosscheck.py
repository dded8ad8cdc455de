"""What no single key can tell: settings that contradict each other, and secrets that are missing or malformed."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import time

from pydantic import SecretStr

from mailbot.assessment import Classification
from mailbot.mail import Handling
from mailbot.organisation import Organisation
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.parse.rules import FormRules
from mailbot.settings.environment import PASSWORD
from mailbot.settings.model import KeySettings, MailbotFile, read_address
from mailbot.settings.problems import nearest
from mailbot.triage.rules import TriageRules
from mailbot.triage.severity_facts import DANGER

FILE = "mailbot.toml"
DATA, EASE = "data", "ease of identification"
SHORTEST_KEY = 32
SEAL_BYTES = 32
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_STORES = ("sqlite://", "postgresql+psycopg://")
_NO_DIGEST = (time(1, 0), time(2, 0))


def file_problems(file: MailbotFile, directory: Organisation | None) -> list[str]:
    """Every contradiction within mailbot.toml, and between it and the council's directory."""
    problems = _mailbox_problems(file)
    problems += _bot_problems(file, directory) if directory else []
    if file.shadow_to:
        try:
            read_address(file.shadow_to)
        except ValueError as problem:
            problems.append(f"{FILE}: shadow_to {problem}")
    if not file.store.url.startswith(_STORES):
        problems.append(f"{FILE}: store.url must begin with {' or '.join(_STORES)}")
    if file.heartbeat_url and not file.heartbeat_url.startswith(("https://", "http://")):
        problems.append(f"{FILE}: heartbeat_url must begin with https://")
    if _NO_DIGEST[0] <= file.schedule.digest_at < _NO_DIGEST[1]:
        problems.append(
            f"{FILE}: schedule.digest_at lies between 1am and 2am, which comes twice or never on two Sundays a year"
        )
    return problems


def classification_problems(triage: TriageRules, form: FormRules) -> list[str]:
    """What classification.toml and triage.toml say of each other, and of the form, that is not so."""
    lists = triage.classification
    types = lists.values(Classification.INCIDENT_TYPE)
    flags, fields = [flag.name for flag in triage.flags], list(form.fields)
    problems = [
        f"triage.toml: rule “{rule.name}”: type {rule.type!r} is not in the list of classification.toml{nearest(rule.type, types)}"
        for rule in triage.rules
        if rule.type and rule.type not in types
    ]
    for clue in lists.clues():
        unknown = [f"flag of triage.toml: {flag}{nearest(flag, flags)}" for flag in clue.flags if flag not in flags]
        asked = (*clue.answers, *clue.given)
        unknown += [f"question of form.toml: {one}{nearest(one, fields)}" for one in asked if one not in fields]
        problems += [f"classification.toml: “{clue.words}” names no {one}" for one in unknown]
    return problems


def severity_problems(triage: TriageRules, form: FormRules) -> list[str]:
    """Flags of triage.toml and questions of form.toml that severity.toml names and that are not there."""
    flags, fields = [*(flag.name for flag in triage.flags), DANGER], list(form.fields)
    rows = triage.severity.all_signs if triage.severity else ()
    asked = triage.severity.asked if triage.severity else ()
    problems = []
    for row in rows:
        unknown = [f"flag of triage.toml: {one}{nearest(one, flags)}" for one in row.flags if one not in flags]
        unknown += [f"question of form.toml: {one}{nearest(one, fields)}" for one in row.answers if one not in fields]
        problems += [f"severity.toml: “{row.words}” names no {one}" for one in unknown]
    unasked = (one for one in dict.fromkeys(asked) if one not in fields)
    return problems + [f"severity.toml: {one!r} is no question of form.toml{nearest(one, fields)}" for one in unasked]


def assessment_problems(triage: TriageRules, form: AssessmentForm) -> list[str]:
    """Factors of severity.toml that the assessment form does not ask for, and the other way round."""
    if triage.severity is None:
        return []
    rated = [DATA, EASE, *(one.name for one in triage.severity.circumstances)]
    asked = [one.factor for one in form.factors]
    problems = [f"assessment_form.toml: does not ask for the factor {name!r}" for name in rated if name not in asked]
    return problems + [
        f"assessment_form.toml: the factor {name!r} is none of severity.toml{nearest(name, rated)}"
        for name in asked
        if name not in rated
    ]


def secret_problems(file: MailbotFile, keys: KeySettings, passwords: Mapping[str, SecretStr]) -> list[str]:
    """Each key or password that is missing or cannot be one. The values themselves are never part of a sentence."""
    problems = [] if keys.seal else [_unset("MAILBOT_KEYS")]
    problems += [
        f"environment: MAILBOT_KEYS: key {number} is not a Fernet key (44 characters); `mailbot init` makes one"
        for number, key in enumerate(keys.seal, 1)
        if not _is_seal_key(key.get_secret_value())
    ]
    for name, key in (("MAILBOT_TOKEN_KEY", keys.token), ("MAILBOT_BLIND_KEY", keys.blind)):
        if not key.get_secret_value():
            problems.append(_unset(name))
        elif len(key.get_secret_value()) < SHORTEST_KEY:
            problems.append(f"environment: {name} is shorter than {SHORTEST_KEY} characters; `mailbot init` makes one")
    problems += [_unset(PASSWORD + name.upper()) for name in file.mailboxes if not passwords[name].get_secret_value()]
    if file.smtp.username and not passwords[""].get_secret_value():
        problems.append(_unset("MAILBOT_SMTP_PASSWORD"))
    return problems


def password_problems(file: MailbotFile, env: Mapping[str, str]) -> list[str]:
    """Passwords of mailboxes that do not exist."""
    known = [PASSWORD + name.upper() for name in file.mailboxes]
    return [
        f"environment: {name} belongs to no mailbox{nearest(name.removesuffix('_FILE'), known)}"
        for name in sorted(env)
        if name.startswith(PASSWORD) and name.removesuffix("_FILE") not in known
    ]


def _mailbox_problems(file: MailbotFile) -> list[str]:
    problems = []
    desks = [one.desk for one in file.mailboxes.values()]
    if desks.count(None) != 1:
        problems.append(
            f'{FILE}: mailboxes: exactly one must have desk = "bot", the bot\'s own; {desks.count(None)} have'
        )
    if not any(desks):
        problems.append(f'{FILE}: mailboxes: none has desk = "it" or desk = "ig": no report would be read')
    accounts: dict[tuple[str, str], str] = {}
    for name, one in file.mailboxes.items():
        where = f"{FILE}: mailboxes.{name}"
        if not _NAME.fullmatch(name) or "__" in name:
            problems.append(f"{where}: a mailbox's name is made of lower-case letters, digits and single underscores")
        if one.handled is not Handling.LEAVE and not one.handled_target:
            problems.append(f"{where}.handled_target is missing: the {_target_of(one.handled)} for handled mail")
        if one.handled is Handling.MOVE and one.handled_target in one.folders:
            problems.append(
                f"{where}.folders: {one.handled_target!r} takes the handled mail and must not be read again"
            )
        if len(set(one.folders)) != len(one.folders):
            problems.append(f"{where}.folders names a folder twice")
        account = (one.host.lower(), one.username.lower())
        if account in accounts:
            problems.append(f"{where} is the same account as mailboxes.{accounts[account]}")
        accounts.setdefault(account, name)
    return problems


def _bot_problems(file: MailbotFile, directory: Organisation) -> list[str]:
    address, problems = file.bot.address, []
    if address in {desk.address for desk in directory.desks}:
        problems.append(f"{FILE}: bot.address is a desk's shared address: the bot needs a mailbox of its own")
    if not directory.is_inside(address):
        problems.append(f"{FILE}: bot.address {address} is in none of the council's domains")
    return problems


def _target_of(handled: Handling) -> str:
    return "folder" if handled is Handling.MOVE else "flag"


def _unset(name: str) -> str:
    return f"environment: {name} is not set: put it (or {name}_FILE) into the environment or .env; see .env.example"


def _is_seal_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key.encode())) == SEAL_BYTES
    except (binascii.Error, ValueError):
        return False
