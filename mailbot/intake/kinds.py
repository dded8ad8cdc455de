"""What a message is to us: a report, an answer, or one machine talking to another. Pure questions, asked in order.

The headers of RFC 3834 and 3464 come first, then what mail programs really write. X-Auto-Response-Suppress is no
proof: Exchange puts it on people's mail as well. Precedence and List headers make a mail automatic (nothing is sent
in answer) but not a machine's: a report that came over a list is a report. A machine's mail that carries a report
form, or the title without being a reply, is a report too: nothing that arrives under the title is lost.
"""

import re
from collections.abc import Callable

from mailbot.intake.addresses import local_part
from mailbot.intake.bounce import Failures, failures_of
from mailbot.intake.email import Address, InboundEmail, Kind
from mailbot.intake.headers import Mail, raw_value, raw_values, split_parameters, value_of
from mailbot.intake.rules import IntakeRules
from mailbot.intake.title import says_any

AUTO_REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-AutoReply-From", "X-Mail-Autoreply")
LIST_HEADERS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List")
BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
ROBOTS = frozenset({"mailer-daemon", "postmaster", "mailer_daemon", "mail-daemon", "maildaemon", "mdaemon"})

_AWAY = re.compile(
    r"^\W*(?:re:\s*)?(?:automatic reply|auto(?:matic)?[ -]?repl(?:y|ied)|auto[ -]?response|autoresponse|automated (?:reply|response)"
    r"|out of (?:the )?office|out of (?:the )?office auto|away from (?:the |my )?(?:office|desk)|on (?:annual )?leave\b|on holiday\b|vacation"
    r"|abwesenheit|réponse automatique|respuesta automática|risposta automatica|automatisch antwoord)",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"undeliver(?:able|ed)|delivery (?:status notification|failure|report|problem|has failed|notification)|returned mail|mail (?:delivery|could not be)"
    r"|failure notice|non[- ]?delivery|delivery incomplete|could not be delivered|message (?:not delivered|delayed|status)|delayed mail|nondeliverable"
    r"|warning: (?:could not send|message)|unzustellbar|mail failure|user unknown|undelivered|failed mail|delivery attempts|mail system error|unable to deliver",
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
    return kind


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
    """Each ``[DB2026014 k7f3q2]`` of a subject as reference (upper case) and code (lower case)."""
    found = re.findall(
        rf"\[\s*({rules.reference_prefix}20\d\d\d{{3,6}})\s+([a-z0-9]{{4,32}})\s*\]", subject, re.IGNORECASE
    )
    return tuple((reference.upper(), code.lower()) for reference, code in found)


def plus_addresses(email: InboundEmail, rules: IntakeRules) -> tuple[str, ...]:
    """The bot's own addresses with a plus-part among the recipients, in lower case."""
    everywhere = (*(one.address for one in (*email.to, *email.cc)), *email.delivered_to)
    ours = (one.lower() for one in everywhere if rules.is_bot(one) and "+" in local_part(one))
    return tuple(dict.fromkeys(ours))


def is_answer(email: InboundEmail, rules: IntakeRules) -> bool:
    """Whether a message carries one of the three marks by which an answer finds its question; none is verified here."""
    thread = rf"(?:{rules.reference_prefix}20\d{{5,8}}|0)\.\w+\.\w+\.\w+@{re.escape(rules.bot_domain)}"
    ours = re.compile(thread, re.IGNORECASE)
    threaded = any(ours.fullmatch(one) for one in (email.in_reply_to, *email.references))
    return threaded or bool(subject_codes(email.subject, rules)) or bool(plus_addresses(email, rules))


def _human_kind(email: InboundEmail, rules: IntakeRules) -> Kind:
    if is_answer(email, rules):
        return Kind.ANSWER
    is_reply = bool(email.in_reply_to or email.references)
    names_incident = re.search(rf"\b{rules.reference_prefix}20\d\d\d{{3,6}}\b", email.subject, re.IGNORECASE)
    reports = is_titled(email.subject, rules) or has_form(email, rules) or is_call_log(email, rules)
    if names_incident or (is_reply and reports and not has_form(email, rules)):
        return Kind.FOLLOW_UP
    return Kind.REPORT if reports else Kind.OTHER


def _is_original_report(message: Mail, email: InboundEmail, rules: IntakeRules) -> bool:
    """Titled, and generated by a machine of its own accord rather than in reply to somebody (RFC 3834 §5)."""
    of_own_accord = raw_value(message, "Auto-Submitted").lower().startswith("auto-generated")
    in_reply = email.in_reply_to or email.references or _AWAY.search(email.subject)
    return of_own_accord and not in_reply and is_titled(email.subject, rules)


def _by_report_type(message: Mail, _email: InboundEmail) -> Kind | None:
    content_type, parameters = split_parameters(raw_value(message, "Content-Type"))
    if content_type != "multipart/report":
        return None
    report_type = parameters.get("report-type", "").lower()
    if report_type == "feedback-report":
        return Kind.FEEDBACK
    return Kind.DELIVERED if report_type == "disposition-notification" else None


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
    away = _AWAY.search(email.subject) is not None
    precedence = raw_value(message, "Precedence").lower() in {"auto_reply", "auto-reply"}
    if answered or away or precedence:
        return Kind.AUTO_REPLY
    return Kind.AUTO_REPLY if _is_auto_submitted(message) and not _looks_returned(message, email) else None


def _by_robot(message: Mail, email: InboundEmail) -> Kind | None:
    returned = _RETURNED.search(email.subject) is not None
    robot = local_part(email.sender.address) in ROBOTS or raw_value(message, "Return-Path") == "<>"
    if robot and returned:
        return Kind.DELAY if re.search(r"delay|warning|still being", email.subject, re.IGNORECASE) else Kind.BOUNCE
    return Kind.AUTO_REPLY if _is_auto_submitted(message) else None


def _is_auto_submitted(message: Mail) -> bool:
    value = raw_value(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return value.startswith("auto-")


def _is_delivery_report(message: Mail) -> bool:
    content_type, parameters = split_parameters(raw_value(message, "Content-Type"))
    return content_type == "message/delivery-status" or (
        content_type == "multipart/report"
        and parameters.get("report-type", "delivery-status").lower() == "delivery-status"
    )


def _looks_returned(message: Mail, email: InboundEmail) -> bool:
    return (
        local_part(email.sender.address) in ROBOTS
        or bool(raw_value(message, "X-Failed-Recipients"))
        or _RETURNED.search(value_of(message, "Subject")) is not None
    )


QUESTIONS: tuple[Callable[[Mail, InboundEmail], Kind | None], ...] = (
    _by_report_type,
    _by_delivery_report,
    _by_auto_headers,
    _by_robot,
)
