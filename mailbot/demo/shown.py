"""How values look on a page: the templates with their filters, and subjects as a mail program shows them."""

import re
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from textwrap import shorten

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mailbot.demo.history import Historian, in_plain_words
from mailbot.demo.record import Received, Sent
from mailbot.incident import AuditEntry
from mailbot.intake.email import Kind
from mailbot.notify.words import LONDON, counted, deadline, moment, time_left
from mailbot.store import OutboxState
from mailbot.terms import Queue

TEMPLATES = Path(__file__).with_name("pages")
LONGEST_QUOTE = 240
CODE = re.compile(r"\s*\[[A-Z]+\d+ \w+\]\s*$")


def subject_of(sent: Sent) -> str:
    """The subject as a mail program shows it."""
    content = sent.row.frozen.content if sent.row.frozen else b""
    return decoded(message_from_bytes(content).get("Subject", sent.row.email.template.replace("_", " ")))


def said_in(received: Received) -> str:
    """What somebody wrote, on one line: the words of an answer, else the subject."""
    words = " / ".join(line.strip() for line in received.reading.email.reply.splitlines() if line.strip())
    is_answer = received.reading.kind is Kind.ANSWER and words
    return f"“{shorten(words, LONGEST_QUOTE, placeholder=' …')}”" if is_answer else received.mail.subject


def environment(historian: Historian, now: datetime) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "moment": moment,
        "deadline": deadline,
        "short": lambda at: f"{at.astimezone(LONDON):%a %d %b, %H:%M}",
        "left": lambda at: time_left(at, now),
        "counted": counted,
        "who": historian.who,
        "title_of": historian.title,
        "sentence": historian.sentence,
        "subject": subject_of,
        "said": said_in,
        "bare": lambda subject: CODE.sub("", subject),
        "plain": in_plain_words,
        "percent": lambda confidence: f"{confidence:.0%}",
        "overdue": lambda duties: [one for one in duties if one.due_at and one.due_at < now],
        "desk": lambda queue: Queue(queue).desk,
    }
    made.tests |= {
        "entry": lambda one: isinstance(one, AuditEntry),
        "received": lambda one: isinstance(one, Received),
        "gone": lambda one: one.row.state is OutboxState.SENT,
        "past": lambda at: at < now,
    }
    return made


def decoded(value: object) -> str:
    """A header as people read it, on one line."""
    return " ".join(str(make_header(decode_header(str(value)))).split())
