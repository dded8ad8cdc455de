"""Opening what comes as a zip of XML parts (docx, odt), without trusting any number written in it."""

import io
import zipfile
import zlib

from lxml import etree

from mailbot.errors import UnreadableDocumentError

LARGEST_PART = 20_000_000
"""Bytes of one part once unpacked; a form of ten pages has about 200,000."""
LARGEST_PACKAGE = 150_000_000
"""Bytes of all parts together: photographs pasted into a form are large, and are not unpacked."""
MOST_PARTS = 5_000

_TOO_LARGE = "it unpacks to far more than a form holds"
_NOT_WHOLE = "it is damaged or only part of it arrived"


def open_package(content: bytes, largest: int = LARGEST_PACKAGE) -> zipfile.ZipFile:
    """The zip, once its sizes are known to be harmless; ``UnreadableDocumentError`` says what is wrong with it.

    ``largest``: bytes that all parts together may unpack to.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise UnreadableDocumentError(_NOT_WHOLE) from fault
    entries = package.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > largest:
        raise UnreadableDocumentError(_TOO_LARGE)
    return package


def read_part(package: zipfile.ZipFile, name: str) -> bytes:
    """One part unpacked, at most ``LARGEST_PART`` bytes, counted while unpacking and not as declared."""
    try:
        with package.open(name) as part:
            content = part.read(LARGEST_PART + 1)
    except KeyError as fault:
        raise UnreadableDocumentError(_NOT_WHOLE) from fault
    except RuntimeError as fault:
        raise UnreadableDocumentError("it is protected by a password") from fault
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as fault:
        raise UnreadableDocumentError(_NOT_WHOLE) from fault
    if len(content) > LARGEST_PART:
        raise UnreadableDocumentError(_TOO_LARGE)
    return content


def parse_xml(content: bytes) -> etree._Element:
    """An XML part as a tree: no entities, no document type, nothing fetched."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise UnreadableDocumentError(_NOT_WHOLE) from fault
    if root.getroottree().docinfo.doctype:
        raise UnreadableDocumentError("it declares a document type, which no form needs and which can do harm")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace, so that both dialects of OOXML read alike."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without namespace, None where it is absent."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """The first descendant along a path of names, each a direct child of the one before."""
    found: etree._Element | None = element
    for name in names:
        found = next((one for one in found if local(one) == name), None) if found is not None else None
    return found
