"""An XFA form inside a PDF (Adobe LiveCycle): its answers stand in XML, and so do its questions. XFA 3.3."""

from collections.abc import Iterator, Mapping

from lxml import etree

from mailbot.errors import UnreadableDocumentError
from mailbot.parse.package import attribute, child, local, parse_xml

MOST_FIELDS = 2_000
DEEPEST = 40


def read_xfa(packets: Mapping[str, bytes]) -> tuple[tuple[str, str, str], ...]:
    """Each filled field's name, question and answer. What cannot be read as XML is left out."""
    captions = dict(_captions(_tree(packets, "template")))
    data = _tree(packets, "datasets")
    data = child(data, "data") if data is not None and local(data) == "datasets" else data
    if data is None:
        return ()
    return tuple((name, captions.get(name, ""), value) for name, value in _leaves(data, 0))[:MOST_FIELDS]


def _tree(packets: Mapping[str, bytes], name: str) -> etree._Element | None:
    """A packet by its name; forms written in one piece hold all packets in one root."""
    for key in (name, ""):
        for packet, content in packets.items():
            if packet == key or ((not key and f"<{name}".encode() in content) or f":{name}".encode() in content):
                try:
                    root = parse_xml(content.strip())
                except UnreadableDocumentError:
                    continue
                return root if local(root) == name else next((one for one in root.iter() if local(one) == name), None)
    return None


def _captions(template: etree._Element | None) -> Iterator[tuple[str, str]]:
    for field in template.iter("{*}field", "{*}exclGroup") if template is not None else ():
        caption = child(field, "caption", "value")
        caption = caption if caption is not None else child(field, "assist", "toolTip")
        name = attribute(field, "name")
        if name and caption is not None:
            yield name, " ".join("".join(str(one) for one in caption.itertext()).split())


def _leaves(element: etree._Element, depth: int) -> Iterator[tuple[str, str]]:
    for one in element:
        children = [inner for inner in one if isinstance(inner.tag, str)]
        is_rich = any(local(inner) == "body" for inner in children)
        if children and not is_rich and depth < DEEPEST:
            yield from _leaves(one, depth + 1)
        else:
            text = "".join(str(piece) for piece in one.itertext()).strip()
            if text:
                yield local(one), text
