"""Letter → its text, its HTML and its sheet for the press, all three out of the same parsed Markdown.

Values enter as marks that are put in place at the very end (decision 0005). So letters of the same shape are the same
Markdown until then, which is parsed and styled once for all of them.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateError as JinjaError

from mailbot.errors import LetterError, TemplateError
from mailbot.letter import Letter
from mailbot.letters.letter_rules import LetterRules
from mailbot.letters.look import lacks, view_of
from mailbot.letters.sheet import Sheet, blocks_of
from mailbot.letters.view import LetterView
from mailbot.notify import markdown
from mailbot.notify.environment import NOW, SLOTS, absent_if_empty, environment
from mailbot.notify.render import Rendered, with_styles
from mailbot.notify.slots import Markdown, Slots
from mailbot.notify.templates import LAYOUT, LETTER, Templates
from mailbot.notify.words import LONDON

DRAFT = "DRAFT: not approved. Do not send."


class WrittenLetter:
    """One letter, written. Ask it for what is needed; nothing is rendered that nobody asks for."""

    def __init__(self, letter: Letter, view: LetterView, templates: Templates) -> None:
        self._letter = letter
        self._templates = templates
        self._slots = Slots()
        self._view = view
        self._names = _names(view, self._slots)
        self._subject = self._filled(f"{LETTER}.md (subject)")
        self._names["subject"] = Markdown(self._subject)
        self._page = markdown.parse(self._filled(f"{LETTER}.md"))
        self._check()

    @property
    def letter(self) -> Letter:
        return self._letter

    @property
    def subject(self) -> str:
        """The letter's heading: the subject of its mail, the title of its PDF."""
        return _composed(self._slots.in_one_line(self._subject))

    def text(self) -> str:
        """The letter as plain text, its draft mark on top."""
        text = _composed(markdown.to_text(self._page.tokens, self._slots.in_text))
        return f"{DRAFT}\n\n{text}" if self._letter.draft else text

    def html(self) -> str:
        """The letter as a page of HTML with nothing to load from elsewhere."""
        body = Markdown(self._page.html)
        draft = DRAFT if self._letter.draft else ""
        own = {
            "subject": self.subject,
            "body": body,
            "style": Markdown(self._templates.style),
            "marker": "",
            "draft": draft,
        }
        return _composed(self._slots.in_html(with_styles(self._filled(LAYOUT, own))))

    def rendered(self) -> Rendered:
        """Subject, text and HTML, as a mail takes them."""
        return Rendered(subject=self.subject, text=self.text(), html=self.html())

    def sheet(self, sender: Sequence[str]) -> Sheet:
        """The letter as the press takes it; ``sender`` are the lines of the letterhead."""
        recipient = self._letter.recipient
        return Sheet(
            name=self._letter.name,
            title=self.subject,
            on=self._letter.on,
            draft=self._letter.draft,
            sender=tuple(sender),
            address=tuple(_composed(one) for one in (recipient.written_to, *recipient.lines))
            if recipient.lines
            else (),
            blocks=blocks_of(self._page.tokens, lambda text: _composed(self._slots.in_run(text))),
        )

    def _check(self) -> None:
        for target in self._page.link_targets:
            if not self._slots.may_stand_in_a_link(target):
                raise TemplateError("a value stands in a link's target; use | phone")
        headings = [
            following.content
            for one, following in zip(self._page.tokens, self._page.tokens[1:], strict=False)
            if one.tag == "h1" and one.nesting == 1
        ]
        if headings != [self._subject]:
            raise TemplateError("there must be one heading of the first level: # {{ subject }}")

    def _filled(self, name: str, names: dict[str, Any] | None = None) -> str:
        return environment(self._templates).get_template(name).render(self._names | (names or {}))


def write(letter: Letter, rules: LetterRules) -> WrittenLetter:
    """Writes a letter. Raises ``LetterError`` where it lacks a part that every letter must have, naming part and source;
    ``TemplateError`` where the template itself is at fault.
    """
    view = view_of(letter, rules)
    missing = lacks(view, rules.file.parts)
    if missing:
        said = "; ".join(f"{one.words} ({one.source})" for one in missing)
        raise LetterError(f"letter {letter.name}: it does not say {said}")
    return write_view(letter, view, rules.templates)


def write_view(letter: Letter, view: LetterView, templates: Templates) -> WrittenLetter:
    """Writes a letter with a view that was made for it, whatever that view lacks. Raises ``TemplateError``."""
    try:
        return WrittenLetter(letter, view, templates)
    except (JinjaError, SecurityError, TemplateError) as error:
        said = f"the value {error.message}" if isinstance(error, UndefinedError) else str(error)
        raise TemplateError(f"templates/{LETTER}.md: {said}") from error


def letterhead(rules: LetterRules) -> tuple[str, ...]:
    """The lines at the top of a printed letter: the council, and its address for what comes back."""
    return (rules.organisation.council, *rules.organisation.address)


def _names(view: LetterView, slots: Slots) -> dict[str, Any]:
    shown = {name: absent_if_empty(getattr(view, name), name) for name in type(view).model_fields}
    return shown | {SLOTS: slots, NOW: datetime.combine(view.on, time(), LONDON)}


def _composed(text: str) -> str:
    """With letters and accents as one character each where there is one: fonts and readers know those best."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
