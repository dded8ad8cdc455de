"""The readable text of a message: from plain text or from HTML, nothing remote, bounded in length. Pure."""

import re
from collections.abc import Iterator

from mailbot.intake.headers import decode_bytes
from mailbot.intake.html_text import html_to_text, neat
from mailbot.intake.parts import Leaf, Place
from mailbot.intake.reply import own_words
from mailbot.intake.rules import IntakeRules

_TAGS = re.compile(r"<[^<>]{0,200}>")


def texts_of(
    leaves: tuple[Leaf, ...], rules: IntakeRules, *, passes_on: bool = True
) -> tuple[str, str, tuple[str, ...]]:
    """The whole readable text, the sender's own words in it, and problems. Attached messages come last, with their subject.

    ``passes_on``: where the sender wrote nothing, what is quoted stands for it (``reply.own_words``).
    """
    whole: list[str] = []
    unquoted: list[str] = []
    written: list[str] = []
    within = ""
    for leaf in _bodies(leaves, rules):
        text, own = _texts(leaf, rules)
        if leaf.within and leaf.within != within:
            whole.append(f"[Attached message: {leaf.within}]")
        within = leaf.within
        whole.append(text)
        if not leaf.within:
            unquoted.append(own)
            written.append(text)
        if sum(len(one) for one in whole) > rules.limits.text_length:
            break
    text = _joined(whole)
    problems: tuple[str, ...] = ()
    if len(text) > rules.limits.text_length:
        problems = (f"The text is longer than {rules.limits.text_length:,} characters; only its beginning was read.",)
    reply = own_words(_joined(unquoted), rules.reply_marker, passes_on=passes_on)
    if not reply and passes_on:
        reply = own_words(_joined(written), rules.reply_marker)
    return text[: rules.limits.text_length], reply, problems


def _bodies(leaves: tuple[Leaf, ...], rules: IntakeRules) -> Iterator[Leaf]:
    """The leaves with text, of those in HTML no more than ``html_size`` in all."""
    room = rules.limits.html_size
    for leaf in leaves:
        if leaf.place is Place.BODY and (room > 0 or leaf.content_type != "text/html"):
            room -= len(leaf.content) if leaf.content_type == "text/html" else 0
            yield leaf


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
    return decode_bytes(content, charset)
