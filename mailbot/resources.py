"""Where config/ and templates/ lie: one locator for a checkout, an installed wheel and a council's own folder."""

from pathlib import Path

from mailbot.errors import SettingsError

MAIN_FILE = "mailbot.toml"
TEMPLATE_KINDS = {".md", ".html", ".css", ".typ"}

_PACKAGE = Path(__file__).resolve().parent


def shipped() -> Path:
    """The folder that came with the code and holds ``config`` and ``templates``.

    In a checkout that is the project's root, in an installed wheel ``mailbot/shipped``.
    """
    inside = _PACKAGE / "shipped"
    return inside if inside.is_dir() else _PACKAGE.parent


def config_folder(chosen: Path | None = None, home: str = "") -> Path:
    """The folder that holds ``mailbot.toml``.

    ``chosen`` (``--config``) may be that folder or the one above it; then ``home`` (``MAILBOT_HOME``) is looked
    into; then the files that came with the code are taken. Raises ``SettingsError`` when a named folder has none.
    """
    if chosen is not None:
        return _holder(chosen, "--config")
    if home:
        return _holder(Path(home), "MAILBOT_HOME")
    return shipped() / "config"


def home_of(config: Path) -> Path:
    """The folder against which relative paths are read and in which ``.env`` lies: above a folder called ``config``."""
    return config.parent if config.name == "config" else config


def is_shipped(config: Path) -> bool:
    """Whether these are the untouched files inside an installed wheel, beside which nothing may be written."""
    return config.resolve().is_relative_to(_PACKAGE)


def policy_file(config: Path, name: str) -> Path:
    """A file of rules: the council's own copy where it has one, else the one that came with the code."""
    own = config / name
    return own if own.is_file() else shipped() / "config" / name


def template_sources(config: Path) -> dict[str, str]:
    """Path inside ``templates/`` → text: the files that came with the code, a council's own before them one by one."""
    found: dict[str, str] = {}
    for folder in (shipped() / "templates", home_of(config) / "templates"):
        files = (one for one in folder.rglob("*") if one.suffix in TEMPLATE_KINDS)
        found |= {one.relative_to(folder).as_posix(): one.read_text(encoding="utf-8") for one in files}
    return dict(sorted(found.items()))


def _holder(folder: Path, said_by: str) -> Path:
    for place in (folder, folder / "config"):
        if (place / MAIN_FILE).is_file():
            return place.resolve()
    raise SettingsError(
        [f"{folder}: there is no {MAIN_FILE} ({said_by}); `mailbot init {folder}` writes one to start from"]
    )
