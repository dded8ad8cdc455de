"""What a message is to us: a report, an answer, or one machine talking to another. Pure questions, asked in order.

The headers of RFC 3834 and 3464 come first, then what mail programs really write. X-Auto-Response-Suppress is no
proof: Exchange puts it on people's mail as well. Precedence and List headers make a mail automatic (nothing is sent
in answer) but not a machine's: a report that came over a list is a report. A machine's mail that carries a report
form, or the title without being a reply, is a report too: nothing that arrives under the title is lost.
"""

import re
from collections.abc import Callable

from mailbot.intake.absence import is_absence, is_absence_subject
from mailbot.intake.addresses import local_part
from mailbot.intake.bounce import Failures, failures_of, reported_as
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.intake.headers import Mail, raw_value, raw_values
from mailbot.intake.rules import IntakeRules
from mailbot.intake.title import says_any
from mailbot.terms import DIGEST_NAME

AUTO_REPLY_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-AutoReply-From",
    "X-Mail-Autoreply",
    "X-Auto-Reply",
    "X-Vacation",
)
LIST_HEADERS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List")
BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
RETURNED = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED})
BEGINNING = 3000
"""Characters of a robot's text in which it says whether it will try again."""
ROBOTS = frozenset({"mailer-daemon", "postmaster", "mailer_daemon", "mail-daemon", "maildaemon", "mdaemon"})

_RETURNED = re.compile(
    r"undeliver(?:able|ed)|delivery (?:status notification|failure|failed|report|problem|has failed|notification)|returned mail|mail (?:delivery|could not be)"
    r"|failure notice|non[- ]?delivery|delivery incomplete|could not be delivered|message (?:not delivered|delayed|status)|delayed mail|nondeliverable"
    r"|warning: (?:could not send|message)|mail failure|user unknown|undelivered|failed mail|delivery attempts|mail system error|unable to deliver"
    r"|unzustellbar|non remis|non distribué|no entregado|mancata consegna|onbestelbaar|rejected mail|not delivered|delivery delayed|delivery warning",
    re.IGNORECASE,
)
_SENT_ON = re.compile(r"\W*(?:fwd?|wg|tr)\s*:", re.IGNORECASE)
_LATER = re.compile(
    r"delayed|warning|still being|will (?:be retried|continue (?:to )?try|keep trying|try again|retry)|still trying|not yet been delivered"
    r"|do not need to resend|no action is required|temporar(?:y|ily) (?:failure|problem|deferred|undelivered)",
    re.IGNORECASE,
)


def kind_of(message: Mail, email: InboundEmail, rules: IntakeRules) -> Kind:
    """The kind of a message, told from its headers, its delivery report and its attachments' names."""
    return machine_kind(message, email, rules) or _human_kind(email, rules)


def machine_kind(message: Mail, email: InboundEmail, rules: IntakeRules) -> Kind | None:
    """The kind of a machine's mail; None for people's, and for a report whoever sent it."""
    kind = next((found for question in QUESTIONS if (found := question(message, email))), None)
    if kind is Kind.AUTO_REPLY and (has_form(email, rules) or _is_original_report(message, email, rules)):
        return None
    if (
        kind in RETURNED
        and not _is_robots(message, email)
        and (has_form(email, rules) or is_titled(email.subject, rules))
    ):
        return None
    return Kind.AUTO_REPLY if kind is None and _sounds_absent(email, rules) else kind


def is_automatic(message: Mail, sender: Address, rules: IntakeRules) -> bool:
    """Whether nothing may be sent in answer: a machine, a list, a robot's address, no way back, or ourselves."""
    return (
        _is_auto_submitted(message)
        or raw_value(message, "Precedence").lower() in BULK
        or any(raw_values(message, name) for name in (*AUTO_REPLY_HEADERS, *LIST_HEADERS))
        or raw_value(message, "Return-Path") == "<>"
        or local_part(sender.address) in ROBOTS
        or not sender.address
        or rules.is_bot(sender.address)
    )


def has_form(email: InboundEmail, rules: IntakeRules) -> bool:
    """Whether an attachment is called like a report form."""
    return any(says_any(rules.form_names, one.name) for one in email.attachments)


def is_titled(subject: str, rules: IntakeRules) -> bool:
    """Whether a subject says the title of para 32."""
    return says_any(rules.titles, subject, rules.fillers)


def is_call_log(email: InboundEmail, rules: IntakeRules) -> bool:
    """Whether one of the desks sent the log of a telephone call (paras 30, 35)."""
    from_desk = email.sender.address.lower() in {one.lower() for one in rules.desks}
    return from_desk and says_any(rules.call_log_titles, email.subject)


def subject_codes(subject: str, rules: IntakeRules) -> tuple[tuple[str, str], ...]:
    """Each ``[DB2026014 k7f3q2]`` of a subject as reference (upper case) and code (lower case); a digest's name is one too."""
    named = rf"{rules.reference_prefix}20\d\d\d{{3,6}}|{DIGEST_NAME}"
    found = re.findall(rf"\[\s*({named})\s+([a-z0-9]{{4,32}})\s*\]", subject, re.IGNORECASE)
    return tuple((reference.upper(), code.lower()) for reference, code in found)


def plus_addresses(email: InboundEmail, rules: IntakeRules) -> tuple[str, ...]:
    """The bot's own addresses with a plus-part among the recipients, in lower case."""
    everywhere = (*(one.address for one in (*email.to, *email.cc)), *email.delivered_to)
    ours = (one.lower() for one in everywhere if rules.is_bot(one) and "+" in local_part(one))
    return tuple(dict.fromkeys(ours))


def is_answer(email: InboundEmail, rules: IntakeRules) -> bool:
    """Whether a message carries one of the three marks by which an answer finds its question; none is verified here."""
    thread = rf"(?:{rules.reference_prefix}20\d{{5,8}}|{DIGEST_NAME}|0)\.\w+\.\w+\.\w+@{re.escape(rules.bot_domain)}"
    ours = re.compile(thread, re.IGNORECASE)
    threaded = any(ours.fullmatch(one) for one in (email.in_reply_to, *email.references))
    return threaded or bool(subject_codes(email.subject, rules)) or bool(plus_addresses(email, rules))


def _human_kind(email: InboundEmail, rules: IntakeRules) -> Kind:
    if is_answer(email, rules):
        return Kind.ANSWER
    names_incident = re.search(rf"\b{rules.reference_prefix}20\d\d\d{{3,6}}\b", email.subject, re.IGNORECASE)
    reports = is_titled(email.subject, rules) or has_form(email, rules) or is_call_log(email, rules)
    if names_incident or (_is_reply(email) and reports and not has_form(email, rules)):
        return Kind.FOLLOW_UP
    return Kind.REPORT if reports else Kind.OTHER


def _is_original_report(message: Mail, email: InboundEmail, rules: IntakeRules) -> bool:
    """Titled, and generated by a machine of its own accord rather than in reply to somebody (RFC 3834 §5)."""
    of_own_accord = raw_value(message, "Auto-Submitted").lower().startswith("auto-generated")
    in_reply = _is_reply(email) or is_absence_subject(email.subject)
    return of_own_accord and not in_reply and is_titled(email.subject, rules)


def _sounds_absent(email: InboundEmail, rules: IntakeRules) -> bool:
    """Whether a mail without any header that says so is an out-of-office message; a first mail under the title is not."""
    if (is_titled(email.subject, rules) and not _is_reply(email)) or email.attachments:
        return False
    return is_absence(email.reply)


def _is_reply(email: InboundEmail) -> bool:
    return bool(email.in_reply_to or email.references)


def _by_report_type(message: Mail, email: InboundEmail) -> Kind | None:
    reported = reported_as(message)
    if reported == "feedback-report":
        return Kind.FEEDBACK
    if reported != "disposition-notification":
        return None
    refused = "rejected" in raw_value(message, "Auto-Submitted").lower() or "rejected" in email.subject.lower()
    return Kind.BOUNCE if refused else Kind.DELIVERED


def _by_delivery_report(message: Mail, email: InboundEmail) -> Kind | None:
    if not (_is_delivery_report(message) or _looks_returned(message, email)):
        return None
    failures = failures_of(message)
    return _kind_of_failures(failures) if failures.known else None


def _kind_of_failures(failures: Failures) -> Kind:
    if failures.permanent:
        return Kind.BOUNCE
    return Kind.DELAY if failures.temporary else Kind.DELIVERED


def _by_auto_headers(message: Mail, email: InboundEmail) -> Kind | None:
    answered = any(raw_values(message, name) for name in AUTO_REPLY_HEADERS)
    away = is_absence_subject(email.subject)
    precedence = raw_value(message, "Precedence").lower() in {"auto_reply", "auto-reply"}
    if answered or away or precedence:
        return Kind.AUTO_REPLY
    return Kind.AUTO_REPLY if _is_auto_submitted(message) and not _looks_returned(message, email) else None


def _by_robot(message: Mail, email: InboundEmail) -> Kind | None:
    if _is_robots(message, email) and _RETURNED.search(email.subject):
        return Kind.DELAY if _LATER.search(f"{email.subject}\n{email.text[:BEGINNING]}") else Kind.BOUNCE
    return Kind.AUTO_REPLY if _is_auto_submitted(message) else None


def _is_auto_submitted(message: Mail) -> bool:
    value = raw_value(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return value.startswith("auto-")


def _is_delivery_report(message: Mail) -> bool:
    return reported_as(message) == "delivery-status"


def _looks_returned(message: Mail, email: InboundEmail) -> bool:
    """A robot sent it, or its subject says so; a person who sends a returned mail on says that with FW."""
    returned = _RETURNED.search(email.subject) is not None and not _SENT_ON.match(email.subject)
    return _is_robots(message, email) or returned


def _is_robots(message: Mail, email: InboundEmail) -> bool:
    return (
        local_part(email.sender.address) in ROBOTS
        or raw_value(message, "Return-Path") == "<>"
        or bool(raw_value(message, "X-Failed-Recipients"))
        or bool(reported_as(message))
    )


QUESTIONS: tuple[Callable[[Mail, InboundEmail], Kind | None], ...] = (
    _by_report_type,
    _by_delivery_report,
    _by_auto_headers,
    _by_robot,
)
