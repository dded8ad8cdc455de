from datetime import time
from pathlib import Path

import pytest

from mailbot.errors import SettingsError
from mailbot.settings import load_settings, organisation_version, reread_organisation
from mailbot.terms import Queue, Role
from tests.settings.conftest import Council


def test_the_shipped_configuration_is_complete_when_the_secrets_are_set(council: Council) -> None:
    settings = load_settings(council.home, council.environ)

    assert [one.name for one in settings.mailboxes] == ["it", "ig", "bot"]
    assert [one.desk for one in settings.mailboxes] == [Queue.IT, Queue.IG, None]
    assert settings.mailbox("ig").password.get_secret_value() == "ig secret"
    assert settings.smtp.password.get_secret_value() == "smtp secret"
    assert settings.schedule.digest_at == time(8, 0)
    assert settings.organisation.council == "Exampleshire County Council"


def test_intake_learns_address_domains_and_prefix_from_the_files_that_say_them(council: Council) -> None:
    settings = load_settings(council.home, council.environ)

    assert settings.intake.bot_address == settings.bot.address
    assert settings.intake.domains == settings.organisation.domains
    assert settings.intake.reference_prefix == settings.procedure.reference.prefix


def test_no_secret_shows_when_settings_are_printed(council: Council) -> None:
    settings = load_settings(council.home, council.environ)

    shown = f"{settings!r} {settings} {settings.model_dump_json()}"
    assert not [value for value in council.environ.values() if value in shown]


def test_secrets_are_not_needed_when_only_reading(council: Council) -> None:
    settings = load_settings(council.home, {}, need_secrets=False)

    assert settings.keys.seal == ()


def test_a_key_is_taken_from_the_environment_when_its_variable_is_set(council: Council) -> None:
    council.environ |= {
        "MAILBOT_SMTP__PER_MINUTE": "12",
        "MAILBOT_MAILBOXES__IT__HOST": "mail.council.example",
        "MAILBOT_MAILBOXES__IT__FOLDERS": "INBOX, Out of hours",
        "MAILBOT_BOT__PLUS_ADDRESSES": "false",
        "MAILBOT_SHADOW_TO": "Rehearsal@council.example",
        "MAILBOT_INTAKE__AUTHSERV_IDS": "mx1.council.example,mx2.council.example",
    }

    settings = load_settings(council.home, council.environ)

    assert settings.smtp.per_minute == 12
    assert settings.mailbox("it").host == "mail.council.example"
    assert settings.mailbox("it").folders == ("INBOX", "Out of hours")
    assert not settings.bot.plus_addresses
    assert settings.shadow_to == "rehearsal@council.example"
    assert settings.intake.authserv_ids == ("mx1.council.example", "mx2.council.example")


def test_the_environment_wins_over_env_file_and_the_env_file_over_toml(council: Council) -> None:
    (council.home / ".env").write_text("MAILBOT_SMTP__HOST=from-file\nMAILBOT_SMTP__PORT=2525\n", encoding="utf-8")
    council.environ["MAILBOT_SMTP__HOST"] = "from-environment"

    settings = load_settings(council.home, council.environ)

    assert (settings.smtp.host, settings.smtp.port) == ("from-environment", 2525)


def test_an_env_file_is_taken_literally_when_a_password_holds_a_dollar(council: Council) -> None:
    del council.environ["MAILBOT_SMTP_PASSWORD"]
    (council.home / ".env").write_text("MAILBOT_SMTP_PASSWORD='a${HOME}b$c'\nOTHER=1\n", encoding="utf-8")

    settings = load_settings(council.home, council.environ)

    assert settings.smtp.password.get_secret_value() == "a${HOME}b$c"


def test_a_secret_is_read_from_a_file_when_its_file_variable_is_set(council: Council) -> None:
    secret = council.home / "it-password"
    secret.write_text("from a file\n", encoding="utf-8")
    del council.environ["MAILBOT_PASSWORD_IT"]
    council.environ["MAILBOT_PASSWORD_IT_FILE"] = str(secret)

    settings = load_settings(council.home, council.environ)

    assert settings.mailbox("it").password.get_secret_value() == "from a file"


def test_keys_are_kept_in_order_when_there_are_several(council: Council) -> None:
    old, new = council.environ["MAILBOT_KEYS"], "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
    council.environ["MAILBOT_KEYS"] = f"{new}, {old}"

    settings = load_settings(council.home, council.environ)

    assert [one.get_secret_value() for one in settings.keys.seal] == [new, old]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///mailbot.db", "sqlite:///{home}/mailbot.db"),
        ("sqlite:////var/lib/mailbot/bot.db", "sqlite:////var/lib/mailbot/bot.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://bot@db.council.example/bot", "postgresql+psycopg://bot@db.council.example/bot"),
    ],
)
def test_a_relative_database_lies_in_the_home_folder(council: Council, url: str, expected: str) -> None:
    council.environ["MAILBOT_STORE__URL"] = url

    settings = load_settings(council.home, council.environ)

    assert settings.store.url == expected.format(home=council.home)


def test_rules_that_came_with_the_code_are_used_when_a_council_keeps_none_of_its_own(council: Council) -> None:
    for name in ("procedure.toml", "triage.toml", "classification.toml", "form.toml", "investigation_form.toml"):
        (council.config / name).unlink()

    settings = load_settings(council.home, council.environ)

    assert settings.procedure.duties
    assert settings.triage.classification.incident_type
    assert settings.form.fields


def test_a_councils_own_template_is_used_when_it_has_one(council: Council) -> None:
    own = council.home / "templates" / "acknowledgement.md"
    own.parent.mkdir()
    own.write_text("---\nsubject: Ours\naudience: reporter\n---\nThank you.\n", encoding="utf-8")

    settings = load_settings(council.home, council.environ)

    assert settings.templates.message("acknowledgement").subject == "Ours"
    assert settings.templates.message("receipt").body


def test_a_group_has_its_directorates_service_director_unless_it_names_its_own(council: Council) -> None:
    council.replace(
        "organisation.toml",
        'aliases = ["Libraries", "Archives"]',
        'aliases = ["Libraries", "Archives"]\nservice_director = "miles.okoro@council.example"',
    )

    organisation = load_settings(council.home, council.environ).organisation

    libraries, highways = organisation.group("archives"), organisation.group("Highways")
    assert libraries is not None
    assert highways is not None
    assert libraries.service_director == "miles.okoro@council.example"
    assert highways.service_director == "joan.pellow@council.example"


def test_a_group_overrides_its_directorates_health_and_social_care(council: Council) -> None:
    organisation = load_settings(council.home, council.environ).organisation

    schools, care = organisation.group("School Admissions"), organisation.group("LAC Team")
    assert schools is not None
    assert care is not None
    assert (schools.health_or_social_care, care.health_or_social_care) == (False, True)


def test_people_are_found_by_address_in_any_letter_case(council: Council) -> None:
    council.append("staff.csv", "Kim.Ash@Council.Example,Kim Ash,Libraries,Miles.Okoro@council.example,\n")

    organisation = load_settings(council.home, council.environ).organisation

    assert organisation.line_manager_of("kim.ash@council.example") == "miles.okoro@council.example"
    assert organisation.line_manager_of("harriet.loome@council.example") == organisation.whom_instead
    assert organisation.roles[Role.DPO] == "priya.nand@council.example"


def test_the_directory_is_read_again_when_staff_csv_changed(council: Council) -> None:
    settings = load_settings(council.home, council.environ)
    before = organisation_version(settings.folder)
    council.append("staff.csv", "kim.ash@council.example,Kim Ash,Libraries,,\n")

    assert organisation_version(settings.folder) != before
    assert reread_organisation(settings).organisation.staff("kim.ash@council.example")


def test_the_directory_in_use_is_kept_when_the_new_one_has_problems(council: Council) -> None:
    settings = load_settings(council.home, council.environ)
    council.append("staff.csv", "kim.ash,Kim Ash,,,\n")

    with pytest.raises(SettingsError, match=r"staff\.csv: row 43: address 'kim\.ash' is not an email address"):
        reread_organisation(settings)

    assert settings.organisation.staff("sam.porter@council.example")


def test_the_folder_itself_or_the_one_above_it_may_be_named(council: Council) -> None:
    assert load_settings(council.config, council.environ) == load_settings(council.home, council.environ)


def test_home_is_taken_from_the_environment_when_no_folder_is_named(council: Council) -> None:
    settings = load_settings(None, council.environ | {"MAILBOT_HOME": str(council.home)})

    assert settings.folder == council.config


def test_a_folder_without_configuration_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no mailbot\.toml .*mailbot init"):
        load_settings(tmp_path, {})
