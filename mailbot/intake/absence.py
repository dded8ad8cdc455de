"""Whether a mail is somebody's out-of-office message, told from its words: many carry no header that says so. Pure text.

A person who mentions a holiday must not be taken for a machine, so the whole mail has to sound so: absence is said
near its beginning, most of its sentences are those of such messages, and nothing in it answers a question.
"""

import re

from mailbot.intake.signature import is_answer_line

LONGEST = 3000
MOST_SENTENCES = 20
SAID_WITHIN = 4
"""Among how many sentences from the beginning absence must be said."""
SHARE_OF_OTHERS = 3
"""At most every third sentence may be of another kind."""

SUBJECTS = (
    r"automatic (?:reply|response|answer)|auto[ -]?(?:repl(?:y|ied)|response|responder|answer)|automated (?:reply|response|message)",
    r"abwesenheitsnotiz|automatische antwort|réponse automatique|respuesta automática|risposta automatica|resposta automática",
    r"automatisch antwoord|automatisk svar|automaattinen vastaus|autosvar|odpowiedź automatyczna|automatická odpověď|автоответ|ateb awtomatig",
)
"""What a subject begins with that no person writes."""

DOUBTFUL_SUBJECTS = (
    r"out of (?:the )?office(?: auto)?|away from (?:the |my )?(?:office|desk)|on (?:annual |sick |maternity )?leave|on holiday|vacation"
    r"|abwesen(?:d|heit)|absent[e]?(?: du bureau)?|fuera de la oficina|fuori (?:sede|ufficio)|afwezig|not in the office|allan o'r swyddfa"
)
"""What a person may begin a subject with too: they count with an end or a colon behind them, or with such a text below."""

ABSENT = (
    r"out[- ]of[- ](?:the )?office|(?:not|n't) (?:be |currently |presently )*(?:in|at) (?:the |my )?(?:office|work|desk)",
    r"(?:\b(?:i|we)(?:'m| am| are|'ll be| will be| shall be)?|currently|now|be|is) (?:\w+ ){0,3}(?:away|on (?:\w+ )?leave|on (?:\w+ )?holidays?|on vacation|unavailable|off (?:work|sick))\b",
    r"(?:away from|out of) (?:the |my )?(?:office|desk|work)|non[- ]working day|(?:do not|don't|only) work (?:on|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?)",
    r"no longer (?:work|employed|with|at)|has left (?:the )?(?:council|company|organi[sz]ation|authority)|have now (?:left|retired)",
    r"(?:nicht im (?:büro|haus)|abwesend|im urlaub|absent|en congé|fuera de la oficina|fuori (?:sede|ufficio)|afwezig|op vakantie|på semester|på ferie|urlop)",
)
AROUND = (
    r"thank(?:s| you) (?:very much |so much )?for (?:your |the |getting |contacting|writing|emailing)",
    r"\b(?:return(?:ing)?|back|reply|respond|response|get back|deal with|answer|read|access|check)\b.{0,60}\b(?:\d|on|until|when|as soon|e-?mails?|messages?|monday|tuesday|wednesday|thursday|friday|week|office|return)",
    r"\b(?:until|returning|back (?:on|in)|from \d|between)\b",
    r"urgent|emergency|immediate|assistance|in (?:my|his|her|their) absence|meantime|alternative|enquir|quer(?:y|ies)",
    r"\b(?:contact|call|ring|phone|speak to|email|e-mail|telephone)\b|\S@\S",
    r"(?:e-?mail|message|mail) (?:will|has|is|may) (?:not )?(?:be|been|being)?|automat(?:ic|ed)|auto-?reply|do not reply",
    r"^(?:hello|hi|dear|good (?:morning|afternoon|day)|greetings|kind|best|many|warm|regards|yours|thanks|thank you|cheers|sincerely)\b",
)

_SUBJECT = re.compile(rf"^\W*(?:re:\s*)?(?:{'|'.join(SUBJECTS)})", re.IGNORECASE)
_DOUBTFUL = re.compile(rf"^\W*(?:re:\s*)?(?:{DOUBTFUL_SUBJECTS})", re.IGNORECASE)
_NOTHING_ELSE = re.compile(r"^[\s)\]]*(?:$|[:–-]|re:)", re.IGNORECASE)
_ABSENT = re.compile("|".join(ABSENT), re.IGNORECASE)
_AROUND = re.compile("|".join(AROUND), re.IGNORECASE)
_ANSWER = re.compile(
    r"^\W*(?:yes|no|ok(?:ay)?|done|agreed)\b|\b(?:approv(?:e|ed)|accept(?:ed)?|reject(?:ed)?|i (?:agree|confirm|decide)|confirmed|contained)\b",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])\s+")


def is_absence_subject(subject: str) -> bool:
    """Whether a subject says by itself that the mail is automatic."""
    doubtful = _DOUBTFUL.match(subject)
    surely = doubtful is not None and _NOTHING_ELSE.match(subject[doubtful.end() :]) is not None
    return surely or _SUBJECT.match(subject) is not None


def is_absence(words: str) -> bool:
    """Whether the sender's own words are an out-of-office message and nothing else."""
    said = _sentences(words[: LONGEST + 1])
    if not said or len(words) > LONGEST or len(said) > MOST_SENTENCES:
        return False
    if not any(_ABSENT.search(one) for one in said[:SAID_WITHIN]):
        return False
    if any(_ANSWER.search(one) or is_answer_line(one) for one in said):
        return False
    others = sum(not (_ABSENT.search(one) or _AROUND.search(one) or _is_name(one)) for one in said)
    return others * SHARE_OF_OTHERS <= len(said)


def _sentences(text: str) -> list[str]:
    paragraphs = re.split(r"\n\s*\n", text)
    lines = (" ".join(paragraph.split()) for paragraph in paragraphs)
    return [one for line in lines for one in _END.split(line) if one]


def _is_name(sentence: str) -> bool:
    return len(sentence.split()) <= 3 and not sentence.endswith((".", "!", "?"))  # noqa: PLR2004 - as a signature has
