"""OutgoingEmail → subject, plain text and HTML. The same mail at the same moment gives the same text.

The Markdown is written by the council; the values come from anywhere. They meet only after the Markdown has been
read (mailbot.notify.slots), so a value can make neither a link nor emphasis, and no ``&amp;`` shows in plain text.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import css_inline
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.exceptions import TemplateError as JinjaError
from pydantic import ValidationError

from mailbot.errors import TemplateError
from mailbot.notify import markdown
from mailbot.notify.audiences import VIEWS
from mailbot.notify.email import OutgoingEmail
from mailbot.notify.environment import NOW, SLOTS, absent_if_empty, environment
from mailbot.notify.slots import Markdown, Slots
from mailbot.notify.templates import LAYOUT, Template, Templates
from mailbot.notify.tokens import ReplyTo
from mailbot.procedure.grammar import KEYED, OPEN_PART
from mailbot.value import Value

REPLY_MARKER = "-- Please reply above this line --"

SUBJECT_LIMIT = 125
"""With the code that is appended, a subject stays within 150 characters."""


class Rendered(Value):
    """What a mail says. ``html`` is empty for urgent addresses, which may be a telephone's screen."""

    subject: str
    text: str
    html: str


def render(email: OutgoingEmail, templates: Templates, reply_to: ReplyTo, now: datetime) -> Rendered:
    """Writes a mail out. ``reply_to`` is where answers go (``Tokens.reply_to``), ``now`` what "hours left" counts from.

    Raises ``TemplateError`` naming the template and the value where one is missing or may not stand where it does.
    """
    template = templates.message(email.template)
    slots = Slots()
    try:
        return _Writing(email, templates, template, slots, _names(email, template, reply_to, slots, now)).rendered()
    except (JinjaError, SecurityError, TemplateError, ValidationError) as error:
        said = f"the value {error.message}" if isinstance(error, UndefinedError) else str(error)
        raise TemplateError(f"templates/{template.name}.md: {said}") from error


class _Writing:
    """One mail being written: subject, then the Markdown once, then both renderings of it."""

    def __init__(
        self, email: OutgoingEmail, templates: Templates, template: Template, slots: Slots, names: dict[str, Any]
    ) -> None:
        self._email = email
        self._templates = templates
        self._template = template
        self._slots = slots
        self._names = names

    def rendered(self) -> Rendered:
        subject = self._subject()
        parsed = markdown.parse(self._filled(f"{self._template.name}.md"))
        for target in parsed.link_targets:
            if not self._slots.may_stand_in_a_link(target):
                raise TemplateError("a value stands in a link's target; use answer_link or | phone")
        marker = REPLY_MARKER if self._email.duty_kind else ""
        text = markdown.to_text(parsed.tokens, self._slots.in_text)
        if self._template.audience == "on_call":
            return Rendered(subject=subject, text=text, html="")
        html = self._html(subject, parsed.html, marker)
        return Rendered(subject=subject, text=f"{marker}\n\n{text}" if marker else text, html=html)

    def _subject(self) -> str:
        subject = self._slots.in_one_line(self._filled(f"{self._template.name}.md (subject)"))
        return subject if len(subject) <= SUBJECT_LIMIT else subject[: SUBJECT_LIMIT - 1].rstrip() + "…"

    def _html(self, subject: str, body: str, marker: str) -> str:
        own = {"subject": subject, "body": Markdown(body), "style": Markdown(self._templates.style), "marker": marker}
        # Styles go in before the values do: what somebody wrote never meets a parser.
        return self._slots.in_html(with_styles(self._filled(LAYOUT, own)))

    def _filled(self, name: str, names: dict[str, Any] | None = None) -> str:
        return environment(self._templates).get_template(name).render(self._names | (names or {}))


def _names(email: OutgoingEmail, template: Template, reply_to: ReplyTo, slots: Slots, now: datetime) -> dict[str, Any]:
    view = VIEWS[template.audience].model_validate(email.values)
    shown = {name: absent_if_empty(getattr(view, name), name) for name in type(view).model_fields}

    def answer_link(words: str, label: str = "", to: Any = reply_to) -> Markdown:
        """A link that starts an answer with these words; just the words where they are no ``Key: answer``.

        ``to`` has address and subject of another request than this mail's own, where one mail makes several.

        It fills in what stands before the first "…", "[" or "(": what follows is for the reader to say, and must not
        be recorded because somebody sent it back unread.
        """
        if not KEYED.match(words):
            return Markdown(slots.mark(words))
        body = quote(OPEN_PART.split(words)[0].replace("\n", "\r\n"), safe="")
        target = f"{quote(to.address, safe='@')}?subject={quote(to.subject, safe='')}&body={body}"
        return Markdown(f"[{slots.mark(label or words)}](mailto:{slots.mark(target, trusted=True)})")

    return shown | {SLOTS: slots, NOW: now, "answer_link": answer_link, "now": now}


@lru_cache(maxsize=128)
def with_styles(page: str) -> str:
    """A page with the styles of its head at each of its elements, as mail programs want them.

    Values are not in it yet, so that mails of one make share a page.
    """
    return _inliner().inline(page)


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
