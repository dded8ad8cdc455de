"""Reads config/*.toml, staff.csv, ``.env`` and the environment into ``Settings``, or says everything that is wrong.

Nothing stops at the first problem: each file and each table is read as far as it goes, then all problems are raised
together in one ``SettingsError``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from mailbot import resources
from mailbot.errors import SettingsError, TemplateError
from mailbot.intake.rules import IntakeRules
from mailbot.letters.rules import ListRules
from mailbot.notify.templates import Templates
from mailbot.organisation import Organisation
from mailbot.parse.assessment_rules import AssessmentForm
from mailbot.parse.investigation_rules import InvestigationForm
from mailbot.parse.rules import FormRules
from mailbot.procedure.rules import ProcedureRules
from mailbot.settings import crosscheck, organisation, staff
from mailbot.settings.environment import PASSWORD, gather, overlay, overrides, secret
from mailbot.settings.files import read_policy, read_toml, validated
from mailbot.settings.letters import load_letters
from mailbot.settings.model import (
    AllKeys,
    KeySettings,
    MailbotFile,
    MailboxSettings,
    Settings,
    SmtpSettings,
    StoreSettings,
)
from mailbot.triage.classification import ClassificationRules
from mailbot.triage.rules import TriageRules
from mailbot.triage.severity_rules import SeverityRules
from mailbot.value import Value

SQLITE = "sqlite:///"
SEVERITY = "severity.toml"
BESIDE = ("classification", "severity")
"""What triage knows from files of its own."""


def load_settings(folder: Path | None, environ: Mapping[str, str], *, need_secrets: bool = True) -> Settings:
    """All settings from the folder that holds mailbot.toml (None: MAILBOT_HOME, else the files that came with the code).

    ``environ`` is the process's environment. With ``need_secrets`` false, keys and passwords may be missing: enough
    to read a message or preview a template. Raises ``SettingsError`` with every problem of every file.
    """
    config = resources.config_folder(folder, environ.get("MAILBOT_HOME", ""))
    env = gather(resources.home_of(config) / ".env", environ)
    problems: list[str] = []
    directory = load_organisation(config, problems)
    procedure = read_policy(config, "procedure.toml", ProcedureRules, problems)
    triage, form = _triage_rules(config, problems), read_policy(config, "form.toml", FormRules, problems)
    assessment = read_policy(config, "assessment_form.toml", AssessmentForm, problems)
    file, origins = _main_file(config, env, problems)
    parts = {
        "intake": _intake_rules(file, directory, procedure, origins, problems),
        "form": form,
        "investigation_form": read_policy(config, "investigation_form.toml", InvestigationForm, problems),
        "assessment_form": assessment,
        "triage": triage,
        "procedure": procedure,
        "list_rules": read_policy(config, "letter_list.toml", ListRules, problems),
        "templates": _templates(config, problems),
        "organisation": directory,
        "letters": load_letters(config, directory, problems),
    }
    if triage and form:
        problems += crosscheck.classification_problems(triage, form) + crosscheck.severity_problems(triage, form)
    if triage and assessment:
        problems += crosscheck.assessment_problems(triage, assessment)
    secrets = _secrets(file, env, problems, need_secrets=need_secrets) if file else None
    if file:
        problems += crosscheck.file_problems(file, directory)
    if problems or file is None or secrets is None:
        raise SettingsError(problems)
    return _settings(config, file, *secrets, parts)


def load_organisation(config: Path, problems: list[str]) -> Organisation | None:
    """The directory from organisation.toml and staff.csv of that folder; None, and the problems added, where it fails."""
    raw = read_toml(config / organisation.FILE, problems)
    file = validated(raw, organisation.OrganisationFile, organisation.FILE, problems)
    if file is None:
        return None
    entries, found = staff.read_staff(config / staff.FILE, file)
    found = organisation.organisation_problems(file) + found
    problems += found
    return None if found else organisation.build_organisation(file, entries)


def reread_organisation(settings: Settings) -> Settings:
    """The same settings with the directory read again; raises ``SettingsError`` and changes nothing where it fails."""
    problems: list[str] = []
    directory = load_organisation(settings.folder, problems)
    if directory is None:
        raise SettingsError(problems)
    return settings.but(organisation=directory, letters=settings.letters.but(organisation=directory))


def organisation_version(folder: Path) -> tuple[int, ...]:
    """Changes whenever organisation.toml or staff.csv is written (their times in nanoseconds; 0 for a missing file)."""
    paths = (folder / organisation.FILE, folder / staff.FILE)
    return tuple(path.stat().st_mtime_ns if path.is_file() else 0 for path in paths)


def _main_file(config: Path, env: Mapping[str, str], problems: list[str]) -> tuple[MailbotFile | None, dict[str, str]]:
    """mailbot.toml with the environment laid over it, and which variable each changed key came from."""
    changes = overrides(env, AllKeys, problems)
    origins = {key: name for name, (key, _) in changes.items()}
    raw = read_toml(config / resources.MAIN_FILE, problems)
    if raw is None:
        return None, origins
    return validated(overlay(raw, changes), MailbotFile, resources.MAIN_FILE, problems, origins=origins), origins


def _intake_rules(
    file: MailbotFile | None,
    directory: Organisation | None,
    procedure: ProcedureRules | None,
    origins: Mapping[str, str],
    problems: list[str],
) -> IntakeRules | None:
    """[intake] with what other files know already, so that no two files can disagree about it."""
    if file is None or directory is None or procedure is None:
        return None
    known = {
        "bot_address": file.bot.address,
        "domains": directory.domains,
        "desks": tuple(one for desk in directory.desks for one in (desk.address, *desk.members)),
        "reference_prefix": procedure.reference.prefix,
    }
    given = [
        f"{resources.MAIN_FILE}: intake.{key} is not set here, another file says it"
        for key in known.keys() & file.intake
    ]
    problems += sorted(given)
    return validated(file.intake | known, IntakeRules, resources.MAIN_FILE, problems, origins=origins, within="intake")


def _triage_rules(config: Path, problems: list[str]) -> TriageRules | None:
    """triage.toml with the closed lists of classification.toml and the rating of severity.toml beside it."""
    raw = read_toml(resources.policy_file(config, "triage.toml"), problems)
    problems += [f"triage.toml: {key} is not set here, {key}.toml says it" for key in BESIDE if key in (raw or {})]
    own = {key: value for key, value in raw.items() if key not in BESIDE} if raw is not None else None
    rules = validated(own, TriageRules, "triage.toml", problems)
    lists = read_policy(config, "classification.toml", ClassificationRules, problems)
    severity = _severity_rules(config, rules, problems)
    return rules.but(classification=lists, severity=severity) if rules and lists and severity else None


def _severity_rules(config: Path, triage: TriageRules | None, problems: list[str]) -> SeverityRules | None:
    """severity.toml, whose phrases may use the lists of words of triage.toml; not judged where those cannot be read."""
    raw = read_toml(resources.policy_file(config, SEVERITY), problems)
    if raw is None or triage is None:
        return None
    if "shared" in raw:
        problems.append(f"{SEVERITY}: shared is not set here, triage.toml says it in [words]")
    return validated(raw | {"shared": triage.words}, SeverityRules, SEVERITY, problems)


def _templates(config: Path, problems: list[str]) -> Templates | None:
    try:
        return Templates.from_sources(resources.template_sources(config))
    except TemplateError as error:
        problems += str(error).splitlines()
    except (OSError, UnicodeDecodeError) as reason:
        problems.append(f"templates: cannot be read: {reason}")
    return None


def _secrets(
    file: MailbotFile, env: Mapping[str, str], problems: list[str], *, need_secrets: bool
) -> tuple[KeySettings, dict[str, SecretStr]]:
    keys, passwords = _keys(env, problems), _passwords(file, env, problems)
    if need_secrets:
        problems += crosscheck.secret_problems(file, keys, passwords)
    return keys, passwords


def _settings(
    config: Path, file: MailbotFile, keys: KeySettings, passwords: Mapping[str, SecretStr], parts: Mapping[str, Any]
) -> Settings:
    home = Path.cwd() if resources.is_shipped(config) else resources.home_of(config)
    mailboxes = (
        MailboxSettings(**_resolved(one, home), name=name, password=passwords[name])
        for name, one in file.mailboxes.items()
    )
    return Settings(
        folder=config,
        bot=file.bot,
        mailboxes=tuple(mailboxes),
        smtp=SmtpSettings(**_resolved(file.smtp, home), password=passwords[""]),
        store=StoreSettings(url=_store_url(file.store.url, home)),
        keys=keys,
        reader=file.reader,
        schedule=file.schedule,
        limits=file.limits,
        digests=file.digests,
        shadow_to=file.shadow_to.lower(),
        heartbeat_url=file.heartbeat_url,
        heartbeat_file=str(home / file.heartbeat_file) if file.heartbeat_file else "",
        **parts,
    )


def _keys(env: Mapping[str, str], problems: list[str]) -> KeySettings:
    seal = [one.strip() for one in secret("MAILBOT_KEYS", env, problems).split(",") if one.strip()]
    return KeySettings(
        seal=tuple(SecretStr(one) for one in seal),
        token=SecretStr(secret("MAILBOT_TOKEN_KEY", env, problems)),
        blind=SecretStr(secret("MAILBOT_BLIND_KEY", env, problems)),
    )


def _passwords(file: MailbotFile, env: Mapping[str, str], problems: list[str]) -> dict[str, SecretStr]:
    """Mailbox name → password; the empty name stands for the SMTP server's."""
    problems += crosscheck.password_problems(file, env)
    found = {name: secret(PASSWORD + name.upper(), env, problems) for name in file.mailboxes}
    found[""] = secret("MAILBOT_SMTP_PASSWORD", env, problems)
    return {name: SecretStr(value) for name, value in found.items()}


def _resolved(table: Value, home: Path) -> dict[str, Any]:
    """A table's values; its file of certificates is looked for from the home folder."""
    values = {name: getattr(table, name) for name in type(table).model_fields}
    return values | ({"ca_file": home / values["ca_file"]} if values.get("ca_file") else {})


def _store_url(url: str, home: Path) -> str:
    """An SQLite file without a leading slash lies in the home folder, wherever the command was called from."""
    if not url.startswith(SQLITE) or url.startswith((SQLITE + "/", SQLITE + ":")) or url == SQLITE:
        return url
    return SQLITE + str(home / url.removeprefix(SQLITE))
