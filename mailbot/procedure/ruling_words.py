"""The words by which people decide on numbered items: accept, reject, neither. Data; config/procedure.toml may override."""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from mailbot.value import Value


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    if any(not word.strip() for word in words):
        raise ValueError("an empty word would be found everywhere: take it out")
    return tuple(" ".join(word.lower().replace("’", "'").split()) for word in words)


Words = Annotated[tuple[str, ...], AfterValidator(_plain)]
"""Words and phrases in lower case, with plain apostrophes and single spaces."""


class RulingWords(Value):
    """What counts as accepting and as rejecting, and what leaves it open.

    ``accept`` and ``reject`` count for everything that is open where no number stands beside them. So does ``assent``,
    which is what people also say in passing: alone it counts only where the reply says nothing else. ``accept_marks``
    and ``reject_marks`` need a number, or "all". A negated ``accept`` rejects, where ``reject`` has any word at all; any
    other negation is asked about. ``conditional``, ``unsettled`` and ``deferred`` leave things open; the last stand
    where a reason should. ``harmless`` changes nothing wherever it stands. ``keys`` may open a line, with a colon;
    lines of ``other_keys`` are no part of the decision.
    """

    accept: Words = (
        "accept", "accepts", "accepted", "approve", "approves", "approved", "agree", "agrees", "agreed", "endorse", "endorsed",
        "sign off", "signed off", "signed-off", "sign these off", "sign them off",
    )  # fmt: skip
    assent: Words = ("yes", "yep", "yeah", "ok", "okay", "o.k.", "fine", "happy")
    accept_marks: Words = ("✓", "✔", "☑", "✅")
    reject: Words = (
        "reject", "rejects", "rejected", "decline", "declined", "refuse", "refused", "disagree", "object", "disapprove",
    )  # fmt: skip
    reject_marks: Words = ("no", "nope", "✗", "✘", "❌", "✖")
    conditional: Words = (
        "if", "unless", "provided", "providing", "as long as", "so long as", "as soon as", "as far as",
        "subject to", "once", "only when", "on condition",
        "conditional", "conditionally", "assuming", "depending", "depends", "in case", "otherwise", "pending", "until", "till",
    )  # fmt: skip
    unsettled: Words = (
        "yet", "will", "i'll", "we'll", "would", "i'd", "could", "might", "should", "shall", "must", "need", "needs",
        "have to", "going to", "want", "wants", "wish", "prefer", "think", "thinking", "consider", "considering", "review",
        "discuss", "discussion", "talk", "speak", "call", "ring", "meet", "meeting", "look at", "look into", "read it", "get back",
        "come back", "back to you", "later", "tomorrow", "next week", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "sunday", "wait", "waiting", "hold", "first", "before", "after", "still", "sure", "unsure", "unclear", "maybe",
        "perhaps", "possibly", "probably", "likely", "in principle", "in theory", "in part", "partly", "partially", "mostly",
        "most", "some", "change", "changes", "changed", "amend", "amended", "amendment", "amendments", "edit", "edits", "modify",
        "modified", "tweak", "tweaks", "reword", "comment", "comments", "caveat", "caveats", "concern", "concerns", "concerned",
        "question", "questions", "query", "worried", "wrong", "instead", "rather", "hardly", "barely", "without", "neither", "nor",
        "none", "nothing", "nobody", "says", "said", "asks", "asked", "told", "thinks", "suggests", "suggested", "advises",
        "advised", "on behalf", "suppose", "guess", "believe", "seems", "hope", "hopefully", "for now",
        "for the moment", "for the time being", "at the moment", "currently", "temporarily", "let me", "let us", "let's", "see",
        "try", "out of office", "out of the office", "automatic reply", "forwarded message",
    )  # fmt: skip
    deferred: Words = (
        "to follow", "will follow", "tbc", "tba", "tbd", "explain later", "let you know", "get back", "come back to", "discuss",
        "call me", "ring me", "see me", "see attached", "see below", "see above", "not sure", "maybe", "perhaps",
    )  # fmt: skip
    harmless: Words = (
        "please", "too", "as well", "indeed", "absolutely", "definitely", "of course", "in full", "as written", "as drafted",
        "as proposed", "as recommended", "as they stand", "as it stands", "from me", "by me",
        "with me", "for me", "to me", "from my side", "on my side", "with thanks", "with pleasure", "without changes",
        "without change", "with no changes", "without reservation", "no objection", "no objections", "no problem", "no problems",
        "no issue", "no issues", "no concerns", "no comment", "no comments", "no further comment", "no further comments",
        "no changes", "no questions", "no worries", "nothing to add", "please proceed", "please go ahead", "go ahead",
        "good report", "good work", "great work", "well done", "i have read the report", "i have read it", "as discussed",
        "as requested", "very clear", "very good", "very helpful", "all clear", "my decision is", "here is my decision",
    )  # fmt: skip
    keys: Words = (
        "sign-off",
        "sign off",
        "signoff",
        "decision",
        "decisions",
        "ruling",
        "rulings",
        "my decision",
        "answer",
        "recommendations",
    )
    other_keys: Words = ("by",)
    accept_needs_reason: bool = False
    reject_needs_reason: bool = True

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        both = {*self.accept, *self.assent, *self.accept_marks} & {*self.reject, *self.reject_marks}
        if both:
            raise ValueError(f"“{min(both)}” cannot both accept and reject")
        return self


class ReviewWords(RulingWords):
    """The DPO's decision on rejected recommendations (para 59). To accept one means that it is carried out after all.

    "Yes" and "no" count for nothing here: to the recommendation, or to its rejection?
    """

    accept: Words = (
        "uphold", "upheld", "uphold the recommendation", "recommendation upheld", "overrule", "overruled",
        "overrule the rejection", "carry out", "to be carried out", "carry it out", "reinstate", "reinstated",
    )  # fmt: skip
    assent: Words = ()
    reject: Words = (
        "rejection stands", "the rejection stands", "rejection upheld", "uphold the rejection", "agree with the rejection",
        "rejection accepted", "accept the rejection", "confirm the rejection", "rejection confirmed", "drop", "dropped",
    )  # fmt: skip
    reject_marks: Words = ()
    accept_marks: Words = ()
    keys: Words = ("review", "decision", "decisions", "my decision", "ruling", "rulings", "rejected recommendations")
    accept_needs_reason: bool = True


class CompletionWords(RulingWords):
    """What owners say of recommendations carried out (para 61). Nothing can be rejected: "2 not done" is asked about."""

    accept: Words = ("done", "completed", "complete", "carried out", "implemented", "finished", "in place")
    assent: Words = ()
    reject: Words = ()
    reject_marks: Words = ()
    keys: Words = ("recommendation done", "recommendations done", "recommendations", "actions", "action", "answer")
