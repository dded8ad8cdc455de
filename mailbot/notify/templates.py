"""The council's message templates as a value. Reading them from disk is somebody else's business.

A template is a Markdown file with front matter: ``subject``, ``audience`` (and so the view it may use, notify.views),
``duty``, ``para``, what it ``encloses`` (notify.enclosed) and the mail that it ``gathers`` into where several wait for one
reader (notify.gathering). A file whose name begins with ``_`` is a shared part, taken in with ``{% include "_….md" %}``.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

from mailbot.errors import TemplateError
from mailbot.value import Value

AUDIENCES = (
    "reporter", "outside", "desk", "internal", "ico", "review", "signing", "on_call", "operator", "digest",
    "personal_digest", "receipts",
)  # fmt: skip
KEYS = ("subject", "audience", "duty", "para", "encloses", "gathers")
GATHERINGS = ("digest", "receipts")
"""The messages that can take the place of several for one reader."""
MAY_ENCLOSE = {
    "report_form": {"reporter", "desk"},
    "assessment_form": {"desk", "internal"},
    "investigation_form": {"internal"},
}
"""Form → the only audiences that may be sent it, for it holds what the report says; ``enclosed`` looks at each reader."""

LETTER = "letter"
"""The letter to people affected (mailbot.letters): one template with parts of its own, and no message of the bot."""

LAYOUT = "layout.html"
STYLE = "layout.css"


class Template(Value):
    """One message. ``version`` changes with its own text, the shared parts and the layout; it is kept with what was sent."""

    name: str
    subject: str
    audience: str
    duty: str = ""
    para: str = ""
    encloses: str = ""
    gathers: str = ""
    body: str
    version: str


class Templates(Value):
    """All messages with their shared parts and the one layout."""

    messages: dict[str, Template]
    parts: dict[str, str]
    layout: str
    style: str
    version: str

    def __hash__(self) -> int:
        return hash(self.version)

    @classmethod
    def from_sources(cls, sources: Mapping[str, str]) -> "Templates":
        """Takes each file's text by its name in ``templates/`` (``reminder.md``, ``_contacts.md``, ``layout.html``).

        Raises ``TemplateError`` listing every file whose front matter is not as it must be, or that is absent.
        """
        return cls._of({path: text for path, text in sources.items() if not is_of_letter(path)}, AUDIENCES)

    @classmethod
    def of_letter(cls, sources: Mapping[str, str]) -> "Templates":
        """The letter's template with its parts and the layout, out of the same files; raises ``TemplateError`` likewise."""
        own = {path: text for path, text in sources.items() if is_of_letter(path) or path in {LAYOUT, STYLE}}
        if f"{LETTER}.md" not in own:
            raise TemplateError(f"templates/{LETTER}.md is missing")
        return cls._of(own, (LETTER,))

    @classmethod
    def _of(cls, sources: Mapping[str, str], audiences: Sequence[str]) -> "Templates":
        shared = {path: text for path, text in sources.items() if path.startswith("_") or not path.endswith(".md")}
        problems = [f"templates/{path} is missing" for path in (LAYOUT, STYLE) if path not in sources]
        messages = {}
        for path in sorted(sources.keys() - shared.keys()):
            try:
                messages[path.removesuffix(".md")] = _read(path, sources[path], shared, audiences)
            except TemplateError as error:
                problems.append(str(error))
        if problems:
            raise TemplateError("\n".join(problems))
        parts = {path: text for path, text in shared.items() if path.endswith(".md")}
        version = _version("".join(messages[name].version for name in messages), shared)
        return cls(messages=messages, parts=parts, layout=sources[LAYOUT], style=sources[STYLE], version=version)

    def gathered_into(self, name: str) -> str:
        """The message that takes the place of several of this one; empty where none does."""
        template = self.messages.get(name)
        return template.gathers if template and template.gathers in self.messages else ""

    @property
    def gathering(self) -> tuple[str, ...]:
        """The names of all messages that may be gathered."""
        return tuple(name for name in self.messages if self.gathered_into(name))

    def message(self, name: str) -> Template:
        """The template of that name; raises ``TemplateError`` where there is none."""
        if name not in self.messages:
            raise TemplateError(f"templates/{name}.md is missing; there are: {', '.join(sorted(self.messages))}")
        return self.messages[name]


def is_of_letter(path: str) -> bool:
    """Whether a file in ``templates/`` belongs to the letter: ``letter.md``, ``letter.typ``, ``_letter_….md``."""
    return path.startswith((f"{LETTER}.", f"_{LETTER}"))


def _read(path: str, text: str, shared: Mapping[str, str], audiences: Sequence[str]) -> Template:
    front, body = _split(path, text)
    matter = _front_matter(path, front)
    if matter.get("audience") not in audiences:
        raise TemplateError(f"templates/{path}: audience must be one of {', '.join(audiences)}")
    if not matter.get("subject"):
        raise TemplateError(f"templates/{path}: the front matter needs a subject")
    form = matter.get("encloses", "")
    if form and form not in MAY_ENCLOSE:
        raise TemplateError(f"templates/{path}: what can be enclosed is {', '.join(MAY_ENCLOSE)}")
    if form and matter["audience"] not in MAY_ENCLOSE[form]:
        raise TemplateError(
            f"templates/{path}: only a mail to {' or '.join(sorted(MAY_ENCLOSE[form]))} may enclose a form"
        )
    gathers = matter.get("gathers", "")
    if gathers and (gathers not in GATHERINGS or matter["audience"] != "internal"):
        raise TemplateError(f"templates/{path}: only an internal mail gathers, and only into {' or '.join(GATHERINGS)}")
    return Template(name=path.removesuffix(".md"), body=body, version=_version(text, shared), **matter)


def _split(path: str, text: str) -> tuple[str, str]:
    found = re.match(r"---[ \t]*\n(.*?)\n---[ \t]*\n(.*)", text.replace("\r\n", "\n"), re.DOTALL)
    if not found:
        raise TemplateError(f"templates/{path}: must start with front matter between two lines of ---")
    return found[1], found[2]


def _front_matter(path: str, front: str) -> dict[str, str]:
    matter: dict[str, str] = {}
    for line in filter(str.strip, front.split("\n")):
        key, colon, value = line.partition(":")
        if not colon or key.strip() not in KEYS:
            raise TemplateError(f"templates/{path}: cannot use the line {line!r}; the keys are {', '.join(KEYS)}")
        matter[key.strip()] = value.strip()
    return matter


def _version(text: str, shared: Mapping[str, str]) -> str:
    whole = "\0".join((text, *(f"{path}\0{shared[path]}" for path in sorted(shared))))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]
