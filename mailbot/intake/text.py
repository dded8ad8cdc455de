"""The readable text of a message: from plain text or from HTML, nothing remote, bounded in length. Pure."""

import re

from mailbot.intake.headers import decode_bytes, tidy
from mailbot.intake.parts import Leaf, Place
from mailbot.intake.reply import own_words
from mailbot.intake.rules import IntakeRules

LONGEST_LABEL = 80

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

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACES = re.compile(r"[ \t\xa0]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{4,}")
_TAGS = re.compile(r"<[^<>]{0,200}>")


def texts_of(
    leaves: tuple[Leaf, ...], rules: IntakeRules, *, passes_on: bool = True
) -> tuple[str, str, tuple[str, ...]]:
    """The whole readable text, the sender's own words in it, and problems. Attached messages come last, with their subject.

    ``passes_on``: where the sender wrote nothing, what is quoted stands for it (``reply.own_words``).
    """
    whole, unquoted, written, within, problems = [], [], [], "", []
    for leaf in leaves:
        if leaf.place is not Place.BODY:
            continue
        text, own = _texts(leaf, rules)
        if leaf.within and leaf.within != within:
            whole.append(f"[Attached message: {leaf.within}]")
        within = leaf.within
        whole.append(text)
        if not leaf.within:
            unquoted.append(own)
            written.append(text)
    text = _joined(whole)
    if len(text) > rules.limits.text_length:
        problems.append(
            f"The text is longer than {rules.limits.text_length:,} characters; only its beginning was read."
        )
    reply = own_words(_joined(unquoted), rules.reply_marker, passes_on=passes_on)
    if not reply and passes_on:
        reply = own_words(_joined(written), rules.reply_marker)
    return text[: rules.limits.text_length], reply, tuple(problems)


def html_to_text(html: str) -> tuple[str, str]:
    """HTML as text, twice: all of it, and without the containers in which mail programs keep quotations."""
    from inscriptis import Inscriptis  # type: ignore[import-untyped]  # noqa: PLC0415 - costs 70 ms and most mail has plain text
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415

    try:
        parser = HTMLParser(no_network=True, remove_comments=True, huge_tree=False)
        tree = document_fromstring(_XML_DECLARATION.sub("", html).strip() or "<p></p>", parser=parser)
        _mark_labels(tree)
        whole = neat(Inscriptis(tree).get_text())
        return whole, neat(Inscriptis(tree).get_text()) if _drop_quotations(tree) else whole
    except Exception:  # noqa: BLE001 - HTML that no parser takes still has words in it
        plain = neat(_TAGS.sub(" ", html))
        return plain, plain


def neat(text: str) -> str:
    """Text without control letters, spaces at line ends or long runs of empty lines."""
    return _BLANK_LINES.sub("\n\n\n", _SPACES.sub("", tidy(text))).strip("\n")


def _texts(leaf: Leaf, rules: IntakeRules) -> tuple[str, str]:
    if leaf.content_type == "text/html":
        whole, own = html_to_text(_decoded_html(leaf, rules))
    else:
        text = decode_bytes(leaf.content[: rules.limits.text_length * 4], leaf.charset)
        whole = own = neat(_TAGS.sub("", text) if leaf.content_type != "text/plain" else text)
    return whole, own[: rules.limits.text_length]


def _joined(texts: list[str]) -> str:
    return "\n\n".join(one for one in texts if one).strip()


def _decoded_html(leaf: Leaf, rules: IntakeRules) -> str:
    content = leaf.content[: rules.limits.html_size]
    declared = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", content[:4096], re.IGNORECASE)
    charset = leaf.charset or (declared[1].decode("ascii", "replace") if declared else "")
    return tidy(decode_bytes(content, charset))


def _mark_labels(tree: object) -> None:
    """Gives the first cell of a two-cell row a colon, so that a pasted form stays "label: value" as text."""
    for row in tree.xpath("//tr[count(td|th)=2][not(.//table)]"):  # type: ignore[attr-defined]
        first, second = row.xpath("./td|./th")
        label = " ".join(first.text_content().split())
        is_label = 0 < len(label) <= LONGEST_LABEL and label[-1].isalnum()
        if is_label and second.text_content().strip():
            last = [one for one in first.iter() if (one.text or "").strip() or (one.tail or "").strip()][-1]
            if last is not first and (last.tail or "").strip():
                last.tail = last.tail.rstrip() + ":"
            else:
                last.text = (last.text or "").rstrip() + ":"


def _drop_quotations(tree: object) -> bool:
    dropped = False
    for path in CUT_FROM:
        for mark in tree.xpath(path):  # type: ignore[attr-defined]
            for follower in [*mark.itersiblings(), mark]:
                follower.getparent().remove(follower)
            dropped = True
    for path in QUOTE_CONTAINERS:
        for container in tree.xpath(path):  # type: ignore[attr-defined]
            inner = [] if container.tag == "blockquote" else container.xpath(ANSWERED_BETWEEN)
            for quotation in inner or [container]:
                if quotation.getparent() is not None:
                    quotation.drop_tree()
                    dropped = True
    return dropped
