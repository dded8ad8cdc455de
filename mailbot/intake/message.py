"""Bytes → InboundEmail: who wrote what to whom, with which attachments. Pure; nothing a stranger sends raises."""

from itertools import islice

from mailbot.intake.addresses import MOST, read_addresses
from mailbot.intake.attachments import list_attachments
from mailbot.intake.authentication import is_authenticated
from mailbot.intake.containers import PGP
from mailbot.intake.digest import digest_of
from mailbot.intake.email import Address, Document, Forwarded, InboundEmail
from mailbot.intake.forwarded import forwarded_in
from mailbot.intake.headers import MOST_FIELDS, Mail, message_ids, moment, raw_value, raw_values, tidy, value_of
from mailbot.intake.kinds import is_answer, is_automatic
from mailbot.intake.mime import open_message
from mailbot.intake.parts import Leaves, leaves_of
from mailbot.intake.rules import IntakeRules
from mailbot.intake.text import texts_of

LONGEST_SUBJECT = 1000
LONGEST_ID = 995
DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


def read_message(content: bytes, rules: IntakeRules) -> tuple[InboundEmail, tuple[Document, ...]]:
    """What a raw message says, and its documents for parse. Problems are listed in plain words in the email."""
    message, problems = open_message(content)
    return read_opened(message, rules, problems)


def read_opened(
    message: Mail, rules: IntakeRules, problems: tuple[str, ...] = ()
) -> tuple[InboundEmail, tuple[Document, ...]]:
    """The same for a message that is already parsed."""
    leaves = leaves_of(message, rules.limits)
    headers = read_headers(message, rules)
    text, reply, text_problems = texts_of(leaves.found, rules, passes_on=not is_answer(headers, rules))
    attachments, documents, attachment_problems = list_attachments(leaves.found, rules.limits)
    email = headers.but(text=text, reply=reply)
    forwarded = None if is_answer(headers, rules) else forwarded_in(email, _attached(leaves, rules), rules)
    email = email.but(
        attachments=attachments,
        forwarded=forwarded,
        digest=digest_of(message, leaves.found),
        problems=(
            *problems,
            *_header_problems(message),
            *leaves.problems,
            *text_problems,
            *_hidden_text(text),
            *attachment_problems,
            *_passed_on(forwarded, headers.sender),
        ),
    )
    return email, documents


def _attached(leaves: Leaves, rules: IntakeRules) -> list[tuple[Forwarded, str]]:
    """The messages attached to a mail, each with its text."""
    found = []
    for one in leaves.attached:
        own = tuple(leaf.but(within="") for leaf in leaves.found if leaf.within == (one.subject or "no subject"))
        found.append((one, texts_of(own, rules)[0]))
    return found


def read_headers(message: Mail, rules: IntakeRules) -> InboundEmail:
    """What the headers alone say: the text and the attachments stay empty."""
    sender = sender_of(message)
    received = raw_value(message, "Received")
    replied_to = message_ids(raw_value(message, "In-Reply-To"))
    return InboundEmail(
        sender=sender,
        reply_to=_all_addresses(message, "Reply-To"),
        to=_all_addresses(message, "To"),
        cc=_all_addresses(message, "Cc"),
        subject=value_of(message, "Subject")[:LONGEST_SUBJECT],
        date=moment(raw_value(message, "Date")),
        message_id=_own_id(message),
        in_reply_to=replied_to[0] if replied_to else "",
        references=message_ids(raw_value(message, "References")),
        delivered_to=tuple(one.address for name in DELIVERED_TO for one in _all_addresses(message, name)),
        authenticated=is_authenticated(message, sender, rules),
        automatic=is_automatic(message, sender, rules),
        received_lines_at=moment(received.rpartition(";")[2].strip()) if received else None,
    )


def sender_of(message: Mail) -> Address:
    """The From address, else the Sender, else an empty one: a report without a sender is still a report."""
    for name in ("From", "Sender", "Return-Path"):
        found = _all_addresses(message, name)
        if found:
            return found[0]
    return Address(address="", name=value_of(message, "From")[:LONGEST_SUBJECT])


def _all_addresses(message: Mail, name: str) -> tuple[Address, ...]:
    found = (one for line in raw_values(message, name) for one in read_addresses(line))
    return tuple(islice(found, MOST))


def _own_id(message: Mail) -> str:
    raw = raw_value(message, "Message-ID")
    found = message_ids(raw)
    return found[0] if found else tidy(raw.strip("<> "))[:LONGEST_ID]


def _header_problems(message: Mail) -> tuple[str, ...]:
    problems = []
    if not _all_addresses(message, "From"):
        problems.append("The mail names no sender's address.")
    if len(message) > MOST_FIELDS:
        problems.append(f"The mail has {len(message):,} header fields; only the first {MOST_FIELDS:,} were read.")
    if len(raw_values(message, "From")) > 1:
        problems.append("The mail has more than one From line; it is not taken as proven.")
    return tuple(problems)


def _hidden_text(text: str) -> tuple[str, ...]:
    return ("The text of the mail is encrypted (PGP); a person must open it.",) if PGP.decode() in text else ()


def _passed_on(forwarded: Forwarded | None, sender: Address) -> tuple[str, ...]:
    if forwarded is None or forwarded.sender.address.lower() == sender.address.lower():
        return ()
    writer = " ".join(one for one in (forwarded.sender.name, f"<{forwarded.sender.address}>") if one.strip("<>"))
    return (f"The sender passed this report on; by the mail inside, {writer} wrote it.",)
