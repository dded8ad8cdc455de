"""config/ and templates/ are found from a checkout, from a council's own folder, and from an installed wheel."""

import subprocess
import sys
from pathlib import Path

import pytest

from mailbot import resources
from mailbot.errors import SettingsError

ROOT = Path(__file__).parent.parent


def test_a_checkout_uses_its_own_folders() -> None:
    assert resources.shipped() == ROOT
    assert resources.config_folder() == ROOT / "config"


def test_a_named_folder_comes_before_home_and_home_before_the_shipped_files(tmp_path: Path) -> None:
    for name in ("named", "home"):
        (tmp_path / name / "config").mkdir(parents=True)
        (tmp_path / name / "config" / "mailbot.toml").touch()

    assert resources.config_folder(tmp_path / "named", str(tmp_path / "home")) == tmp_path / "named" / "config"
    assert resources.config_folder(None, str(tmp_path / "home")) == tmp_path / "home" / "config"


def test_a_flat_folder_is_its_own_home(tmp_path: Path) -> None:
    (tmp_path / "mailbot.toml").touch()

    assert resources.home_of(resources.config_folder(tmp_path)) == tmp_path


def test_a_folder_that_holds_no_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MAILBOT_HOME"):
        resources.config_folder(None, str(tmp_path))


def test_a_councils_rules_come_before_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "form.toml").touch()

    assert resources.policy_file(tmp_path, "form.toml") == tmp_path / "form.toml"
    assert resources.policy_file(tmp_path, "triage.toml") == ROOT / "config" / "triage.toml"


def test_a_councils_template_replaces_the_shipped_one_of_its_name_only(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    own = tmp_path / "templates" / "parts" / "ours.md"
    own.parent.mkdir(parents=True)
    own.write_text("ours", encoding="utf-8")
    (tmp_path / "templates" / "receipt.md").write_text("mine", encoding="utf-8")

    sources = resources.template_sources(tmp_path / "config")

    assert (sources["receipt.md"], sources["parts/ours.md"]) == ("mine", "ours")
    assert "acknowledgement" in sources["acknowledgement.md"] or "reference" in sources["acknowledgement.md"]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked where nothing else of it can be seen."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    install = ["pip", "install", "--no-deps", "--no-index", "--quiet", "--target", str(folder / "site"), str(wheel)]
    subprocess.run([sys.executable, "-m", *install], check=True, capture_output=True)
    return folder / "site"


def run_installed(site: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; sys.path[:] = [one for one in sys.path if one not in ('', sys.argv[1])];"
        "sys.path.insert(0, sys.argv[2]); del sys.argv[1:3];"
        "import mailbot.cli; mailbot.cli.main()"
    )
    command = [sys.executable, "-I", "-c", code, str(ROOT), str(site), *arguments]
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)


def test_an_installed_bot_finds_the_files_that_came_with_it(installed: Path, tmp_path: Path) -> None:
    shown = run_installed(installed, tmp_path, "preview", "acknowledgement")

    assert shown.returncode == 0, shown.stderr
    assert "DB2026014" in shown.stdout
    assert (installed / "mailbot" / "shipped" / "config" / "procedure.toml").is_file()


def test_an_installed_bot_prints_letters_with_the_fonts_that_came_with_it(installed: Path, tmp_path: Path) -> None:
    printed = run_installed(installed, tmp_path, "preview", "letter", "--format", "pdf", "--out", "letter.pdf")

    assert printed.returncode == 0, printed.stderr
    assert b"NotoSans" in (tmp_path / "letter.pdf").read_bytes()
    assert (installed / "mailbot" / "press" / "fonts" / "OFL.txt").is_file()


def test_an_installed_bot_writes_a_configuration_to_start_from(installed: Path, tmp_path: Path) -> None:
    made = run_installed(installed, tmp_path, "init", "council")

    assert made.returncode == 0, made.stderr
    assert (tmp_path / "council" / "config" / "organisation.toml").is_file()
    assert (tmp_path / "council" / ".env").stat().st_mode & 0o077 == 0
