"""The text of one Word paragraph as its reader sees it: controls, legacy fields and tick boxes included.

Tracked insertions are read, deletions and struck-out words are not; hidden text and field codes are not. A tick box
becomes ``☒`` or ``☐``. A control that still shows its placeholder is empty.
"""

import re
from collections.abc import Iterator

from lxml import etree

from mailbot.parse.package import attribute, child, local

TICKED, UNTICKED = "☒", "☐"

_SILENT = frozenset(
    {
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "delInstrText",
        "rPr",
        "pPr",
        "sdtPr",
        "sdtEndPr",
        "annotation",
        "binData",
        "rubyPr",
        "rt",
    }
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_WINGDINGS = {
    0xFE: TICKED,
    0xFD: TICKED,
    0xFC: "☑",
    0xFB: TICKED,
    0x78: TICKED,
    0x52: TICKED,
    0x54: TICKED,
    0xA8: UNTICKED,
    0x6F: UNTICKED,
    0x71: UNTICKED,
    0xA3: UNTICKED,
    0x30: UNTICKED,
}
_NUMERIC_DATE = re.compile(r"^\s*(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})\s*$")


class ParagraphText:
    """Reads one paragraph; ``control`` is the name of the first control or legacy field met on the way."""

    def __init__(self, paragraph: etree._Element, *, blank: bool = False) -> None:
        self.control = ""
        self._fields: list[_Field] = []
        self.text = "" if blank else "".join(self._pieces(paragraph))

    def _pieces(self, element: etree._Element) -> Iterator[str]:
        for part in _seen(element):
            yield from self._piece(part)

    def _piece(self, part: etree._Element) -> Iterator[str]:
        name = local(part)
        if name == "r":
            yield from () if _is_struck_or_hidden(part) else self._pieces(part)
        elif name == "t":
            yield "" if any(field.in_code for field in self._fields) else part.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "sym":
            yield _symbol(part)
        elif name == "sdt":
            yield from self._control(part)
        elif name == "fldChar":
            yield self._field_mark(part)
        elif name == "p":
            yield "\n"
            yield from self._pieces(part)
        else:
            yield from self._pieces(part)

    def _control(self, sdt: etree._Element) -> Iterator[str]:
        self.control = self.control or control_name(sdt)
        ticked = tick_of(sdt)
        content = child(sdt, "sdtContent")
        if ticked:
            yield ticked
        elif content is not None and not shows_placeholder(sdt):
            yield control_date("".join(self._pieces(content)), sdt)

    def _field_mark(self, mark: etree._Element) -> str:
        """Between ``begin`` and ``separate`` stands code, then a result; ``end`` gives what a legacy box or list holds."""
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            legacy = child(mark, "ffData")
            self._fields.append(_Field(legacy))
            self.control = self.control or (_value_of(legacy, "name") if legacy is not None else "")
        elif kind == "separate" and self._fields:
            self._fields[-1].in_code = False
        elif kind == "end" and self._fields:
            return _legacy_value(self._fields.pop().legacy)
        return ""


class _Field:
    """A Word field being read: its legacy form data, and whether the reader stands in its code."""

    def __init__(self, legacy: etree._Element | None) -> None:
        self.legacy = legacy
        self.in_code = True


def _seen(element: etree._Element) -> Iterator[etree._Element]:
    """The children a reader sees; of two alternative contents only the first."""
    if local(element) == "AlternateContent":
        chosen = child(element, "Choice")
        chosen = chosen if chosen is not None else child(element, "Fallback")
        yield from () if chosen is None else _seen(chosen)
        return
    for one in element:
        if local(one) not in _SILENT:
            yield one


def _value_of(parent: etree._Element, *path: str) -> str:
    found = child(parent, *path)
    return (attribute(found, "val") or "") if found is not None else ""


def _is_on(parent: etree._Element, *path: str) -> bool:
    """A Word switch: on where it stands without a value."""
    found = child(parent, *path)
    return found is not None and (attribute(found, "val") or "1").lower() not in {"0", "false", "off", "none"}


def _is_struck_or_hidden(run: etree._Element) -> bool:
    return any(_is_on(run, "rPr", name) for name in ("strike", "dstrike", "vanish"))


def _symbol(sign: etree._Element) -> str:
    try:
        code = int(attribute(sign, "char") or "", 16) & 0xFF
    except ValueError:
        return ""
    font = (attribute(sign, "font") or "").lower()
    return _WINGDINGS.get(code, "") if "wingdings" in font else ""


def control_name(sdt: etree._Element) -> str:
    """The tag of a content control, else its title."""
    return _value_of(sdt, "sdtPr", "tag") or _value_of(sdt, "sdtPr", "alias")


def shows_placeholder(sdt: etree._Element) -> bool:
    """Whether nobody has answered in this control yet."""
    return _is_on(sdt, "sdtPr", "showingPlcHdr")


def tick_of(sdt: etree._Element) -> str:
    """The tick or the empty box of a tick-box control, and an empty text for any other control."""
    if child(sdt, "sdtPr", "checkbox") is None:
        return ""
    return TICKED if _is_on(sdt, "sdtPr", "checkbox", "checked") else UNTICKED


def control_date(shown: str, sdt: etree._Element) -> str:
    """The text a date control shows; its own ISO date where a month-first date would be misread day first."""
    date = child(sdt, "sdtPr", "date")
    stored = (attribute(date, "fullDate") or "")[:10] if date is not None else ""
    numbers = _NUMERIC_DATE.match(shown)
    if not stored or not numbers:
        return shown
    month_first = stored[5:7] == numbers[1].zfill(2) and stored[8:10] == numbers[2].zfill(2)
    return stored if month_first and numbers[1] != numbers[2] else shown


def _legacy_value(legacy: etree._Element | None) -> str:
    """What a legacy tick box or list holds; a legacy text field shows its text itself."""
    if legacy is None:
        return ""
    box, choices = child(legacy, "checkBox"), child(legacy, "ddList")
    if box is not None:
        decided = "checked" if child(box, "checked") is not None else "default"
        return TICKED if _is_on(box, decided) else UNTICKED
    if choices is None:
        return ""
    entries = [attribute(one, "val") or "" for one in choices if local(one) == "listEntry"]
    number = _value_of(choices, "result") or _value_of(choices, "default") or "0"
    return entries[int(number)] if number.isdecimal() and int(number) < len(entries) else ""
