"""How one person is told, and the address that is used for it (para 73). Pure."""

from typing import NamedTuple

from mailbot.letter import Channel
from mailbot.letters.addresses import email_of, postal, split_cell
from mailbot.letters.cells import folded
from mailbot.letters.row import Row
from mailbot.letters.rules import POSTAL, Column


class Way(NamedTuple):
    """How somebody is told. By telephone there is no address, so that nothing can be written there by mistake.

    ``unused``: columns with an address that is wrong, and not needed.
    """

    channel: Channel
    email: str = ""
    lines: tuple[str, ...] = ()
    unused: tuple[Column, ...] = ()


def way_to(row: Row, above: str, own: frozenset[str]) -> Way:
    """As the row says, else by email where it has an address, else by post.

    ``above`` is the name over the address, ``own`` the council's mailboxes. What is wrong is refused in the row.
    """
    channel = _channel(row)
    if channel is Channel.TELEPHONE:
        return Way(channel)
    unused: list[Column] = []
    email = _email(row, own, unused, needed=channel is Channel.EMAIL)
    lines = _lines(row, above, unused, needed=channel is Channel.POST)
    return Way(channel, email, lines, tuple(unused))


def _channel(row: Row) -> Channel:
    said = row.said(Column.HOW)
    channel = row.rules.answers.channels.get(folded(said))
    if said and channel is None:
        row.refuse(Column.HOW, ("is not email, post or telephone", "Write one of the three, or leave it empty."))
    has_email = row.said(Column.EMAIL) or row.is_bad(Column.EMAIL)
    return channel or (Channel.EMAIL if has_email else Channel.POST)


def _email(row: Row, own: frozenset[str], unused: list[Column], *, needed: bool) -> str:
    text = row.said(Column.EMAIL)
    if not text:
        if needed:
            row.refuse_empty(
                Column.EMAIL, ("is empty, and they are to be told by email", "Fill it in, or choose post.")
            )
        return ""
    mail = email_of(text, own)
    if mail.fault and needed:
        row.refuse(Column.EMAIL, mail.fault)
    elif mail.fault:
        unused.append(Column.EMAIL)
    return mail.address


def _lines(row: Row, above: str, unused: list[Column], *, needed: bool) -> tuple[str, ...]:
    there = [column for column in POSTAL if row.said(column)]
    if row.is_bad(*POSTAL) or not above or not (there or needed):
        return ()
    written = [part for column in there for part in _parts(column, row.said(column))]
    found = postal(written, above, row.rules.addresses)
    if found.fault and needed:
        row.refuse(there[-1] if there else _first(row), found.fault)
    elif found.fault:
        unused.append(there[-1])
    return found.lines


def _parts(column: Column, text: str) -> tuple[str, ...]:
    return split_cell(text) if column is Column.ADDRESS else (text,)


def _first(row: Row) -> Column:
    return next((column for column in POSTAL if column in row.layout.at), Column.ADDRESS)
