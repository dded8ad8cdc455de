"""Values on their way through Markdown: each enters as an opaque mark and is put in place, escaped, at the very end.

What somebody wrote is therefore never read as Markdown, as HTML or as a template. A mark is plain letters and digits,
so that it survives every step unchanged; values are put in once and what they contain is not looked at again.
"""

import html
import re
from collections.abc import Callable

MARK = re.compile(r"zzv(\d+)vzz")
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
"""Characters that show nothing, or turn the direction of what follows: left out of whatever is shown."""


class Markdown(str):
    """Markdown that the bot itself wrote: the only text that is taken as it stands."""

    __slots__ = ()


class Slots:
    """The values of one rendering. ``trusted`` ones are addresses the bot itself made, which alone may stand in a link."""

    def __init__(self) -> None:
        self._values: list[str] = []
        self._trusted: set[int] = set()

    def mark(self, value: str, *, trusted: bool = False) -> str:
        """Keeps a value and gives the mark that stands for it."""
        if trusted:
            self._trusted.add(len(self._values))
        self._values.append(UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))
        return f"zzv{len(self._values) - 1}vzz"

    def may_stand_in_a_link(self, target: str) -> bool:
        """Whether a link's target holds no value, or only those the bot itself made."""
        return all(int(number) in self._trusted for number in MARK.findall(target))

    def in_html(self, text: str) -> str:
        """The text with every value in place, escaped; line breaks within a value stay."""
        return self._filled(text, lambda value: html.escape(value).replace("\n", "<br>"))

    def in_text(self, text: str) -> str:
        """The text with every value in place, as it is; a value's further lines are set in from the margin."""
        return self._filled(text, lambda value: value.replace("\n", "\n    "))

    def in_run(self, text: str) -> str:
        """The text with every value in place, each value in one line; the text's own spaces stay."""
        return self._filled(text, lambda value: " ".join(value.split()))

    def in_one_line(self, text: str) -> str:
        """The text with every value in place, all of it in one line."""
        return " ".join(self._filled(text, str).split())

    def _filled(self, text: str, shown: Callable[[str], str]) -> str:
        return MARK.sub(lambda found: shown(self._values[int(found[1])]), text)
