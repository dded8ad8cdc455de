"""The fields of a PDF form and where they stand on its pages. ISO 32000-1, chapter 12.7.

An own walk over the tree: forms in the wild keep fields as direct objects, or only on their pages, which stops the
usual library's.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

MOST_FIELDS = 2_000
MOST_PAGES = 30
DEEPEST = 20

_OFF = frozenset({"", "Off", "off"})
_PLAIN_ON = re.compile(r"^(?:yes|on|true|ja|oui|x|checked|\d{1,2})$", re.IGNORECASE)


class Place(NamedTuple):
    """Where a field stands: the page, counted from 0, and its box in points from the top left corner.

    ``state`` is the value a tick box or radio button gives when it is chosen; empty for any other field.
    """

    page: int
    left: float
    top: float
    right: float
    bottom: float
    state: str = ""


class PdfField(NamedTuple):
    """One form field: its names, what stands in it, where it stands.

    ``chosen`` is the state of a tick box or button as the file keeps it; ``value`` what a person would call it, which
    is "Yes" where the state has no words of its own.
    """

    name: str
    label: str
    value: str
    chosen: str = ""
    places: tuple[Place, ...] = ()

    @property
    def own_name(self) -> str:
        """The last part of its name, without the number of its repetition."""
        return self.name.rpartition(".")[2].partition("[")[0]


def fields_of(reader: Any) -> tuple[PdfField, ...]:
    """Every field of a form that can hold an answer, in the order of the form's own list, then of its pages."""
    form = _dictionary(_dictionary(reader.trailer.get("/Root")).get("/AcroForm"))
    nodes: dict[str, dict[str, Any]] = {}
    for top in _items(form.get("/Fields"))[:MOST_FIELDS]:
        _gather(_dictionary(top), "", {}, nodes, 0)
    places: dict[str, list[Place]] = {}
    for number, page in enumerate(reader.pages[:MOST_PAGES]):
        for annotation in _items(page.get("/Annots"))[:MOST_FIELDS]:
            widget = _dictionary(annotation)
            if widget.get("/Subtype") == "/Widget":
                name, inherited = _climbed(widget)
                nodes.setdefault(name, inherited)
                places.setdefault(name, []).append(_place(widget, number, page))
    found = (_field(name, node, places.get(name, [])) for name, node in nodes.items())
    return tuple(one for one in found if one is not None)[:MOST_FIELDS]


def _gather(
    node: Mapping[str, Any], before: str, inherited: dict[str, Any], nodes: dict[str, dict[str, Any]], depth: int
) -> None:
    """Fields below a node of the tree; what a parent says holds for its children."""
    if depth > DEEPEST or len(nodes) >= MOST_FIELDS:
        return
    name = ".".join(part for part in (before, str(node.get("/T") or "")) if part)
    own = inherited | {key: node[key] for key in ("/FT", "/V", "/TU", "/Opt") if key in node}
    children = [_dictionary(one) for one in _items(node.get("/Kids"))]
    named = [one for one in children if "/T" in one]
    for one in named:
        _gather(one, name, {key: own[key] for key in ("/FT", "/V") if key in own}, nodes, depth + 1)
    if not named and name:
        nodes.setdefault(name, own)


def _climbed(widget: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The full name of a field that stands on a page, and what it and its parents say of it."""
    names: list[str] = []
    said: dict[str, Any] = {}
    node: Mapping[str, Any] = widget
    for _ in range(DEEPEST):
        if node.get("/T"):
            names.insert(0, str(node["/T"]))
        for key in ("/FT", "/V", "/TU", "/Opt"):
            if key in node:
                said.setdefault(key, node[key])
        node = _dictionary(node.get("/Parent"))
        if not node:
            break
    return ".".join(names), said


def _field(name: str, node: Mapping[str, Any], places: list[Place]) -> PdfField | None:
    kind = node.get("/FT")
    if kind is None or kind == "/Sig" or not name:
        return None
    label = str(_plain(node.get("/TU")) or "").strip()
    value, chosen = _value(node, str(kind))
    return PdfField(name=name, label=label, value=value, chosen=chosen, places=tuple(places))


def _value(field: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """What a person would read in the field, and the state of a button."""
    value = _plain(field.get("/V"))
    if isinstance(value, list | tuple):
        return "; ".join(_chosen(str(_plain(one)), field) for one in value), ""
    if value is None:
        return "", ""
    text = _stream_text(value) if hasattr(value, "get_data") else str(value).strip()
    if kind == "/Btn":
        text = text.removeprefix("/")
        options = _items(field.get("/Opt"))
        words = str(_plain(options[int(text)])) if text.isdecimal() and int(text) < len(options) else text
        return ("", "") if text in _OFF else ("Yes" if _PLAIN_ON.match(words) else words, text)
    return (_chosen(text, field) if kind == "/Ch" else text), ""


def _stream_text(value: Any) -> str:
    return str(value.get_data().decode("utf-8", "replace")).strip()


def _chosen(value: str, field: Mapping[str, Any]) -> str:
    """The words shown for a choice whose stored value is a code (the /Opt pairs)."""
    for option in _items(field.get("/Opt")):
        pair = _items(option)
        if len(pair) > 1 and str(_plain(pair[0])) == value:
            return str(_plain(pair[1]))
    return value


def _place(widget: Mapping[str, Any], number: int, page: Any) -> Place:
    corners = [float(one) for one in _items(widget.get("/Rect"))[:4]]
    left, bottom, right, top = corners if len(corners) == 4 else (0.0, 0.0, 0.0, 0.0)  # noqa: PLR2004 - a box has two corners
    height, side = float(page.mediabox.top), float(page.mediabox.left)
    states = _dictionary(_dictionary(widget.get("/AP")).get("/N"))
    on = next((str(one).removeprefix("/") for one in _names(states) if one != "/Off"), "")
    left, right = sorted((left, right))
    bottom, top = sorted((bottom, top))
    return Place(number, left - side, height - top, right - side, height - bottom, on)


def _names(states: Mapping[str, Any]) -> Iterator[str]:
    """The names of a button's states; a stream has keys of its own, which are none."""
    return iter(()) if hasattr(states, "get_data") else iter(states)


def _plain(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _dictionary(value: Any) -> Mapping[str, Any]:
    found = _plain(value)
    return found if isinstance(found, Mapping) else {}


def _items(value: Any) -> list[Any]:
    found = _plain(value)
    return [_plain(one) for one in found] if isinstance(found, list | tuple) else []
