"""HTML as text: what a person would read, nothing fetched, run or shown as HTML. Pure; bounded; nothing raises.

Hidden elements, scripts and styles are left out, and so is every ``style``: a margin of a million letters is nobody's
wish. What is too large or too deeply nested for the layout of tables is read word by word in one pass instead.
"""

import re
from typing import Any

from mailbot.intake.headers import tidy

LONGEST_LABEL = 80
MOST_ELEMENTS = 60_000
MOST_PADDING = 20_000_000
"""Letters that laying out the tables may take: cells times the longest line in one."""

QUOTE_CONTAINERS = (
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' gmail_quote ')]",
    "//*[contains(@class, 'gmail_quote_container') or contains(@class, 'yahoo_quoted') or contains(@class, 'protonmail_quote')]",
    "//*[contains(@class, 'tutanota_quote') or contains(@class, 'zmail_extra') or contains(@class, 'iosymail')]",
    "//*[contains(@class, 'moz-cite-prefix') or contains(@class, 'gmail_attr')]",
    "//blockquote[@type='cite' or @cite or contains(@class, 'quote')]",
    "//*[@id='OLK_SRC_BODY_SECTION' or @id='mail-editor-reference-message-container' or @id='isReplyContent' or @name='quote']",
)
CUT_FROM = ("//*[@id='appendonsend']", "//*[@id='divRplyFwdMsg']", "//*[@id='reply-intro']", "//*[@id='stopSpelling']")
"""Marks after which everything that follows at the same level is quotation (Outlook on the web, phones)."""

ANSWERED_BETWEEN = ".//blockquote"
"""A container that holds these holds answers between them too: only the quotations in it are left out."""

HIDDEN = "//*[contains(translate(@style, ' ', ''), 'display:none')]"
UNREAD = frozenset({"script", "style", "title", "template", "noscript"})
BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "table", "blockquote", "h1", "h2", "h3", "h4", "hr", "pre", "ul", "ol"}
)
CELLS = frozenset({"td", "th"})

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\xa0]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{4,}")
_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,20})")


def html_to_text(html: str) -> tuple[str, str]:
    """HTML as text, twice: all of it, and without the containers in which mail programs keep quotations."""
    from inscriptis import Inscriptis  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 70 ms and most mail has plain text

    html = tidy(html)
    try:
        tree = _tree(html)
        if _is_too_much(tree):
            return _plainly(html)
        whole = neat(Inscriptis(tree).get_text())
        own = neat(Inscriptis(tree).get_text()) if _drop_quotations(tree) else whole
    except Exception:  # noqa: BLE001 - HTML that no parser takes, or too deep for one, still has words in it
        return _plainly(html)
    return (whole, own) if whole else _plainly(html)


def neat(text: str) -> str:
    """Text without control letters, spaces at line ends or long runs of empty lines."""
    return _BLANK_LINES.sub("\n\n\n", _SPACES.sub("", tidy(text))).strip("\n")


def words_of_html(html: str) -> str:
    """The text between the tags, in one pass and without a tree; lines break where a block does."""
    from html import unescape  # noqa: PLC0415 - few mails are read this way

    pieces = html.split("<")
    words, skipping, in_comment = [pieces[0]], "", False
    for piece in pieces[1:]:
        in_comment = in_comment or piece.startswith("!--")
        if in_comment:
            _, closed, text = piece.partition("-->")
            in_comment = not closed
            words.append(text)
            continue
        tag = _TAG_NAME.match(piece)
        name = tag[1].lower() if tag else ""
        text = piece.partition(">")[2] if tag or piece[:1] in {"!", "?", "/"} else f"<{piece}"
        if skipping:
            skipping = "" if name == skipping and piece.startswith("/") else skipping
        elif name in UNREAD and not piece.startswith("/"):
            skipping = name
        if not skipping:
            words.append(("\n" if name in BREAKS else " " if name in CELLS else "") + text)
    return unescape("".join(words))


def _plainly(html: str) -> tuple[str, str]:
    words = neat(words_of_html(html))
    return words, words


def _tree(html: str) -> Any:
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415 - see above

    parser = HTMLParser(
        no_network=True, remove_comments=True, huge_tree=True
    )  # huge: the threads of Outlook nest deeply
    tree = document_fromstring(_XML_DECLARATION.sub("", html).strip() or "<p></p>", parser=parser)
    for hidden in tree.xpath(HIDDEN):
        if hidden.getparent() is not None:
            hidden.drop_tree()
    for element in tree.iter():
        element.attrib.pop("style", None)
    _mark_labels(tree)
    return tree


def _is_too_much(tree: Any) -> bool:
    """Whether laying the tables out would take more time or room than they are worth."""
    cells = rows = most = longest = 0
    for number, element in enumerate(tree.iter()):
        if number > MOST_ELEMENTS:
            return True
        longest = max(longest, len(element.text or ""), len(element.tail or ""))
        if element.tag == "tr":
            rows, cells = rows + 1, 0
        elif element.tag in {"td", "th"}:
            cells += 1
            most = max(most, cells)
    return rows * most * longest > MOST_PADDING


def _mark_labels(tree: Any) -> None:
    """Gives the first cell of a two-cell row a colon, so that a pasted form stays "label: value" as text."""
    for row in tree.xpath("//tr[count(td|th)=2][not(.//table)]"):
        first, second = row.xpath("./td|./th")
        label = " ".join(first.text_content().split())
        is_label = 0 < len(label) <= LONGEST_LABEL and label[-1].isalnum()
        if is_label and second.text_content().strip():
            last = [one for one in first.iter() if (one.text or "").strip() or (one.tail or "").strip()][-1]
            if last is not first and (last.tail or "").strip():
                last.tail = last.tail.rstrip() + ":"
            else:
                last.text = (last.text or "").rstrip() + ":"


def _drop_quotations(tree: Any) -> bool:
    dropped = False
    for path in CUT_FROM:
        for mark in tree.xpath(path):
            for follower in [*mark.itersiblings(), mark]:
                follower.getparent().remove(follower)
            dropped = True
    for path in QUOTE_CONTAINERS:
        for container in tree.xpath(path):
            inner = [] if container.tag == "blockquote" else container.xpath(ANSWERED_BETWEEN)
            for quotation in inner or [container]:
                if quotation.getparent() is not None:
                    quotation.drop_tree()
                    dropped = True
    return dropped
