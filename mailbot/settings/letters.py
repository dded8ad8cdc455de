"""config/letter.toml and the letter's own templates → ``LetterRules``; and the wording of one incident's letters."""

from pathlib import Path

from mailbot import resources
from mailbot.errors import SettingsError, TemplateError
from mailbot.letter import Wording
from mailbot.letters.letter_rules import LetterFile, LetterRules
from mailbot.notify.templates import Templates
from mailbot.organisation import Organisation
from mailbot.settings.files import read_policy, read_toml, validated

FILE = "letter.toml"
LAYOUT = "letter.typ"
EXAMPLE = "letter_wording.toml"


def load_letters(config: Path, directory: Organisation | None, problems: list[str]) -> LetterRules | None:
    """Everything configured that a letter may say; None, and the problems added, where it fails.

    A template that cannot be read as files at all is left to whoever reads the others.
    """
    file = read_policy(config, FILE, LetterFile, problems)
    try:
        sources = resources.template_sources(config)
        templates = Templates.of_letter(sources)
    except (OSError, UnicodeDecodeError):
        return None
    except TemplateError as error:
        problems += [one for one in str(error).splitlines() if one not in problems]
        return None
    if LAYOUT not in sources:
        problems.append(f"templates/{LAYOUT} is missing")
        return None
    if file is None or directory is None:
        return None
    return LetterRules(file=file, organisation=directory, templates=templates, layout=sources[LAYOUT])


def load_wording(path: Path) -> Wording:
    """What the letters about one incident say, from a TOML file; raises ``SettingsError`` with every problem of it."""
    problems: list[str] = []
    wording = validated(read_toml(path, problems), Wording, path.name, problems)
    if wording is None:
        raise SettingsError(problems)
    return wording


def example_wording(config: Path) -> Wording:
    """The example that came with the code, or the council's own in its place; raises ``SettingsError``."""
    return load_wording(resources.policy_file(config, EXAMPLE))
