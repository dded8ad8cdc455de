"""Which links of a mail a thumb must be able to hit: a line that starts an answer becomes a button, a number stays whole.

The Markdown knows nothing of this: a list item that is one such link, and nothing else, is an answer to choose.
"""

from collections.abc import Sequence

from markdown_it.token import Token

ANSWERS, ANSWER, PHONE = "answers", "answer", "phone"
"""Classes that ``layout.css`` gives a look to: the list, the link in it, a number to ring."""


def mark_tappable(tokens: Sequence[Token]) -> None:
    """Gives those links, and the lists they stand in, their classes; the scheme of a link is never one of its values."""
    lists: list[Token] = []
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(token)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "inline":
            _mark_links(token.children or (), lists[-1] if lists else None)


def _mark_links(children: Sequence[Token], around: Token | None) -> None:
    for link in (child for child in children if child.type == "link_open"):
        target = str(link.attrGet("href") or "")
        if target.startswith("tel:"):
            link.attrSet("class", PHONE)
        elif target.startswith("mailto:") and around is not None and _is_all(children):
            link.attrSet("class", ANSWER)
            around.attrSet("class", ANSWERS)


def _is_all(children: Sequence[Token]) -> bool:
    """Whether a line is one link from its beginning to its end."""
    return (children[0].type, children[-1].type) == ("link_open", "link_close") and sum(
        child.type == "link_open" for child in children
    ) == 1
