"""Every way to get the configuration wrong, and what is said of it."""

import re
from collections.abc import Callable

import pytest

from mailbot.errors import SettingsError
from mailbot.settings import load_settings
from tests.settings.conftest import Council

Spoil = Callable[[Council], object]


def toml(file: str, old: str, new: str) -> Spoil:
    return lambda council: council.replace(file, old, new)


def add(file: str, text: str) -> Spoil:
    return lambda council: council.append(file, text)


def env(**variables: str) -> Spoil:
    return lambda council: council.environ.update(variables)


def unset(name: str) -> Spoil:
    return lambda council: council.environ.pop(name)


BOT, ORG, STAFF = "mailbot.toml", "organisation.toml", "staff.csv"
INVESTIGATION = "investigation_form.toml"
TRIAGE, LISTS = "triage.toml", "classification.toml"

PROBLEMS: list[tuple[Spoil, str]] = [
    # files
    (lambda council: (council.config / ORG).unlink(), f"{ORG}: cannot be read from"),
    (lambda council: (council.config / STAFF).unlink(), f"{STAFF}: cannot be read (No such file or directory)"),
    (toml(BOT, "[smtp]", "[smtp"), f"{BOT}: is not valid TOML: Expected ']' at the end of a table declaration (at line"),
    (lambda council: (council.config / BOT).write_bytes(b"# a\n# \xff\n"), f"{BOT}: line 2 is not UTF-8"),
    (lambda council: (council.config / STAFF).write_bytes(b"address,name\n\xff"), f"{STAFF}: is not UTF-8"),
    # the closed lists and what they name in other files
    (toml(LISTS, "propose_from", "propose_form"), f"{LISTS}: propose_form is not a setting; did you mean propose_from?"),
    (toml(LISTS, 'category = "cyber"', 'category = "cyper"'), "category must be one of 'cyber' or 'non_cyber'"),
    (toml(LISTS, 'given = ["police_reference"]', 'given = ["police_ref"]'), "names no question of form.toml: police_ref; did you mean police_reference?"),
    (toml(LISTS, 'flags = ["health_or_social_care"]', 'flags = ["health"]'), "“health or care” names no flag of triage.toml: health"),
    (toml(TRIAGE, 'type = "Ransomware"', 'type = "Ransom"'), "is not in the list of classification.toml; did you mean Ransomware?"),
    (add(TRIAGE, "\n[classification]\n"), f"{TRIAGE}: classification is not set here, classification.toml says it"),
    # the investigation report
    (add(INVESTIGATION, "colour = 'red'\n"), f"{INVESTIGATION}: recommendations.colour is not a setting"),
    (toml(INVESTIGATION, "rows = 8", "rows = 5"), f"{INVESTIGATION}: recommendations.rows must be 6 or more"),
    (toml(INVESTIGATION, 'field = "cleared"', 'field = "checked"'), f"{INVESTIGATION} does not ask for cleared, which it must"),
    # keys and values of mailbot.toml
    (toml(BOT, "per_minute = 30", "per_minuet = 30"), f"{BOT}: smtp.per_minuet is not a setting; did you mean per_minute?"),
    (toml(BOT, "[smtp]", "[stmp]"), f"{BOT}: stmp is not a setting; did you mean smtp?"),
    (toml(BOT, "[smtp]", "[stmp]"), f"{BOT}: smtp is missing: add it"),
    (toml(BOT, "per_minute = 30", 'per_minute = "thirty"'), f"{BOT}: smtp.per_minute must be a whole number"),
    (toml(BOT, "per_minute = 30", "per_minute = 0"), f"{BOT}: smtp.per_minute must be 1 or more"),
    (toml(BOT, "port = 993", "port = 99300"), f"{BOT}: mailboxes.it.port must be 65535 or less"),
    (toml(BOT, 'desk = "it"', 'desk = "ict"'), f'{BOT}: mailboxes.it.desk must be "it", "ig" or "bot"'),
    (toml(BOT, 'security = "tls" ', 'security = "ssl" '), f"{BOT}: mailboxes.it.security must be one of 'tls', 'starttls' or 'plain'"),
    (toml(BOT, 'handled = "leave"', 'handled = "delete"'), f"{BOT}: mailboxes.it.handled must be one of 'leave', 'flag' or 'move'"),
    (toml(BOT, 'folders = ["INBOX", "Junk"] ', 'folders = "INBOX" '), f"{BOT}: mailboxes.it.folders must be a list"),
    (toml(BOT, 'folders = ["INBOX", "Junk"] ', "folders = [] "), f"{BOT}: mailboxes.it.folders must hold at least 1 item"),
    (toml(BOT, 'digest_at = "08:00"', 'digest_at = "8 am"'), f'{BOT}: schedule.digest_at must be a time such as "08:00"'),
    (toml(BOT, 'digest_at = "08:00"', 'digest_at = "01:30"'), f"{BOT}: schedule.digest_at lies between 1am and 2am"),
    (toml(BOT, 'address = "mailbot@council.example"', 'address = "mailbot"'), f"{BOT}: bot.address 'mailbot' is not an email address"),
    (toml(BOT, 'address = "mailbot@council.example"', 'address = "mailbot@else.example"'), "is in none of the council's domains"),
    (toml(BOT, 'address = "mailbot@', 'address = "data.protection@'), f"{BOT}: bot.address is a desk's shared address"),
    (toml(BOT, "plus_addresses = true", 'plus_addresses = "perhaps"'), f"{BOT}: bot.plus_addresses must be true or false"),
    (toml(BOT, 'shadow_to = ""', 'shadow_to = "nobody"'), f"{BOT}: shadow_to 'nobody' is not an email address"),
    (toml(BOT, 'heartbeat_url = ""', 'heartbeat_url = "monitor"'), f"{BOT}: heartbeat_url must begin with https://"),
    (toml(BOT, "sqlite:///mailbot.db", "mysql://x"), f"{BOT}: store.url must begin with sqlite:// or postgresql+psycopg://"),
    (toml(BOT, "authserv_ids =", "authserv_id ="), f"{BOT}: intake.authserv_id is not a setting; did you mean authserv_ids?"),
    (toml(BOT, "[intake]", '[intake]\ndomains = ["x.example"]'), f"{BOT}: intake.domains is not set here, another file says it"),
    (toml(BOT, "connections = 3", 'password = "x"'), f"{BOT}: smtp.password is a secret: it stands in the environment or in .env"),
    # mailboxes together
    (toml(BOT, 'desk = "bot"', 'desk = "ig"'), 'exactly one must have desk = "bot", the bot\'s own; 0 have'),
    (toml(BOT, "[mailboxes.it]", "[mailboxes.IT-Desk]"), f"{BOT}: mailboxes.IT-Desk: a mailbox's name is made of"),
    (toml(BOT, 'handled = "leave"', 'handled = "move"'), f"{BOT}: mailboxes.it.handled_target is missing: the folder"),
    (toml(BOT, 'handled = "leave"', 'handled = "flag"'), f"{BOT}: mailboxes.it.handled_target is missing: the flag"),
    (
        toml(BOT, 'handled = "leave"               # leave, flag or move: what is done to a report once it is safely recorded\nhandled_target = ""',
             'handled = "move"\nhandled_target = "Junk"'),
        f"{BOT}: mailboxes.it.folders: 'Junk' takes the handled mail",
    ),
    (toml(BOT, 'folders = ["INBOX", "Junk"] ', 'folders = ["INBOX", "INBOX"] '), f"{BOT}: mailboxes.it.folders names a folder twice"),
    (toml(BOT, 'username = "data.protection@', 'username = "itservicedesk@'), f"{BOT}: mailboxes.ig is the same account as mailboxes.it"),
    # environment and secrets
    (env(MAILBOT_SMTP__HOTS="x"), "environment: MAILBOT_SMTP__HOTS matches no setting; did you mean MAILBOT_SMTP__HOST?"),
    (env(MAILBOT_SMTP="x"), "environment: MAILBOT_SMTP matches no setting"),
    (env(MAILBOT_SMTP__PORT="many"), "environment: MAILBOT_SMTP__PORT must be a whole number"),
    (env(MAILBOT_PASSWORD_HR="x"), "environment: MAILBOT_PASSWORD_HR belongs to no mailbox"),
    (env(MAILBOT_KEYS="short"), "environment: MAILBOT_KEYS: key 1 is not a Fernet key"),
    (env(MAILBOT_TOKEN_KEY="short"), "environment: MAILBOT_TOKEN_KEY is shorter than 32 characters"),
    (env(MAILBOT_KEYS_FILE="/nowhere/keys"), "environment: MAILBOT_KEYS and MAILBOT_KEYS_FILE are both set"),
    (unset("MAILBOT_KEYS"), "environment: MAILBOT_KEYS is not set"),
    (unset("MAILBOT_BLIND_KEY"), "environment: MAILBOT_BLIND_KEY is not set"),
    (unset("MAILBOT_PASSWORD_IT"), "environment: MAILBOT_PASSWORD_IT is not set"),
    (unset("MAILBOT_SMTP_PASSWORD"), "environment: MAILBOT_SMTP_PASSWORD is not set"),
    (
        lambda council: (council.environ.pop("MAILBOT_PASSWORD_IT"), council.environ.update(MAILBOT_PASSWORD_IT_FILE="/nowhere/x")),
        "environment: MAILBOT_PASSWORD_IT_FILE names /nowhere/x, which cannot be read",
    ),
    # organisation.toml
    (toml(ORG, "siro =", "sirro ="), f"{ORG}: roles.sirro is not a setting; did you mean siro?"),
    (toml(ORG, "siro =", "sirro ="), f"{ORG}: roles.siro is missing: add it"),
    (toml(ORG, 'dpo = "priya.nand@council.example"', 'dpo = "priya@else.example"'), f"{ORG}: roles.dpo: priya@else.example is in none"),
    (toml(ORG, 'group_manager = "karl.demir@council.example"', 'group_manager = "karl@else.example"'),
     f"{ORG}: groups (Highways and Transport).group_manager: karl@else.example is in none of the council's domains"),
    (toml(ORG, 'group_manager = "karl.demir@council.example"', 'group_manager = "Karl Demir"'),
     f"{ORG}: directorates[3].groups[1].group_manager 'Karl Demir' is not an email address"),
    (toml(ORG, 'domains = ["council.example"]', 'domains = ["council"]'), f"{ORG}: domains: 'council' is not a domain"),
    (toml(ORG, 'aliases = ["Highways", "Transport"]', 'aliases = ["libraries"]'), "two groups are called 'Libraries'"),
    (toml(ORG, '"dev.lister@council.example" = "hanna.brook', '"dev.lister@council.example" = "dev.lister'), "is their own deputy"),
    (toml(ORG, "until_on = 2026-11-27", "until_on = 2026-11-01"), f"{ORG}: absences[1]: until_on 2026-11-01 lies before from_on 2026-11-16"),
    (toml(ORG, "until_on = 2026-11-27", 'until_on = "soon"'), f"{ORG}: absences[1].until_on must be a date such as"),
    (toml(ORG, "[desks.ig]", "[desks.igt]"), f"{ORG}: desks.igt is not a setting"),
    # staff.csv
    (toml(STAFF, "address,name", "adress,name"), f"{STAFF}: row 1: column 'adress' is not known; did you mean address?"),
    (toml(STAFF, "address,name", "adress,name"), f"{STAFF}: row 1: column address is missing"),
    (add(STAFF, "kim@else.example,Kim,,,\n"), f"{STAFF}: row 43: address kim@else.example is in none of the council's domains"),
    (add(STAFF, "kim@council.example,,,,\n"), f"{STAFF}: row 43: the name is empty"),
    (add(STAFF, "sam.porter@council.example,Sam Porter,,,\n"), f"{STAFF}: row 43: sam.porter@council.example is listed twice"),
    (add(STAFF, "kim@council.example,Kim,Librarys,,\n"), f"{STAFF}: row 43: group 'Librarys' is not in organisation.toml; did you mean Libraries?"),
    (add(STAFF, "kim@council.example,Kim,,kim@council.example,\n"), f"{STAFF}: row 43: kim@council.example is their own line manager"),
    (add(STAFF, "kim@council.example,Kim,,manager,\n"), f"{STAFF}: row 43: line_manager 'manager' is not an email address"),
    # templates and rules
    (add("procedure.toml", "\nnonsense = 1\n"), "procedure.toml:"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), PROBLEMS, ids=[expected[:60] for _, expected in PROBLEMS])
def test_a_problem_is_named_with_file_key_and_remedy(council: Council, spoil: Spoil, expected: str) -> None:
    spoil(council)

    with pytest.raises(SettingsError) as raised:
        load_settings(council.home, council.environ)

    assert [one for one in raised.value.problems if expected in one], raised.value.problems


def test_all_problems_of_all_files_are_told_at_once(council: Council) -> None:
    council.replace("mailbot.toml", "per_minute = 30", "per_minute = 0")
    council.replace("mailbot.toml", 'shadow_to = ""', "shadow_to = 7")
    council.replace("organisation.toml", "siro =", "sirro =")
    council.append("staff.csv", "kim,Kim,,,\n")
    council.environ |= {"MAILBOT_NONSENSE": "1"}

    with pytest.raises(SettingsError) as raised:
        load_settings(council.home, council.environ)

    told = "\n".join(raised.value.problems)
    assert all(part in told for part in ("smtp.per_minute", "shadow_to", "roles.sirro", "MAILBOT_NONSENSE"))
    assert str(raised.value).count("\n") == len(raised.value.problems)


def test_no_problem_ever_quotes_a_secret(council: Council) -> None:
    council.environ |= {name: "hunter2hunter2" for name in council.environ if not name.startswith("MAILBOT_PASSWORD")}

    with pytest.raises(SettingsError) as raised:
        load_settings(council.home, council.environ)

    assert "hunter2" not in str(raised.value)


def test_a_wrong_column_does_not_fill_the_screen_when_every_row_is_bad(council: Council) -> None:
    rows = "".join(f"person{number},Person,,,\n" for number in range(500))
    (council.config / "staff.csv").write_text("address,name,group,line_manager,phone\n" + rows, encoding="utf-8")

    with pytest.raises(SettingsError) as raised:
        load_settings(council.home, council.environ)

    assert len(raised.value.problems) == 21
    assert re.search(r"and 480 more problems", raised.value.problems[-1])
