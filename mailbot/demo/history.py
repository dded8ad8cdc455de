"""An incident's history in the words of a page: one sentence for each entry that says more than the mails themselves."""

from collections.abc import Callable, Mapping
from datetime import datetime

from mailbot.incident import AuditEntry
from mailbot.notify.words import deadline
from mailbot.organisation import Organisation
from mailbot.procedure.rules import ProcedureRules
from mailbot.settings import Settings
from mailbot.terms import MAILBOT, Queue, Role

Details = Mapping[str, str]

ABBREVIATIONS = frozenset({"ico", "siro", "dpo", "it", "ig", "hr"})
OPENING = "28, 35, 40"
COUNTED = frozenset({"still missing", "proposed", "raised"})
"""What the history of new facts says besides the facts themselves."""

RULED = {
    "sign_off": ("accepts recommendation", "rejects recommendation"),
    "review_rejection": ("keeps recommendation", "drops recommendation"),
    "carry_out": ("has carried out recommendation", "has not carried out recommendation"),
}
"""What somebody does who accepts or rejects a recommendation, by the duty under which they write."""

ENDED_WITH = "ended with "


def in_plain_words(name: object) -> str:
    """A name of the code as people write it: ``consult_siro`` is “consult SIRO”."""
    words = str(name).replace("_", " ").split(" ")
    return " ".join(word.upper() if word in ABBREVIATIONS else word for word in words)


class Historian:
    """Puts entries into words. Names come from the council's directory, titles of duties from procedure.toml."""

    def __init__(self, settings: Settings) -> None:
        self._organisation: Organisation = settings.organisation
        self._procedure: ProcedureRules = settings.procedure
        self._bot = settings.bot.address

    def sentence(self, entry: AuditEntry) -> str:
        """What happened, or "" for what a mail in the same list says already."""
        tell = SENTENCES.get(entry.action)
        if tell is None:
            return f"{entry.action.capitalize()} ({self.who(entry.by)})"
        return tell(self, entry, entry.details)

    def brief(self, entry: AuditEntry) -> str:
        """The same for one line on a terminal; "" for what the bot itself ended."""
        if entry.action != "duty ended":
            return self.sentence(entry)
        how, late = entry.details["how"], ", late" if entry.details["met"] == "no" else ""
        if entry.by == MAILBOT or how.startswith(ENDED_WITH):
            return ""
        return f"{self.who(entry.by)}: {in_plain_words(entry.details['duty'])} – {how}{late}"

    def who(self, address: str) -> str:
        """A person's or a desk's name; the address itself of anybody not in the directory."""
        if address in {MAILBOT, self._bot}:
            return "the bot"
        desk = next((queue for queue in Queue if self._organisation.desk(queue).address == address.lower()), None)
        on_call = next((one for one in self._organisation.on_call if one.address.lower() == address.lower()), None)
        named = desk.desk if desk else on_call.name if on_call else self._organisation.person(address).name
        return named or address

    def title(self, kind: str) -> str:
        """A duty as procedure.toml calls it."""
        rule = self._procedure.find(kind)
        return rule.title if rule else kind.replace("_", " ")

    def para(self, entry: AuditEntry) -> str:
        """The paragraph of the procedure that an entry follows, "" where it follows none."""
        return OPENING if entry.action == "incident opened" else self.para_of(entry.details.get("duty", ""))

    def para_of(self, kind: str) -> str:
        """The paragraph of a kind of duty, "" where there is none."""
        rule = self._procedure.find(kind) if kind else None
        return rule.para if rule else ""

    def opened(self, _entry: AuditEntry, said: Details) -> str:
        desk = Queue(said["queue"]).desk
        return f"Incident opened for the {desk}, provisionally {said['severity'].replace('_', ' ')}"

    def started(self, _entry: AuditEntry, said: Details) -> str:
        return f"Asked of {self._holder(said)}: {self.title(said['duty'])} ({_due(said['due'])})"

    def planned_anew(self, _entry: AuditEntry, said: Details) -> str:
        if (said["due"], said["person"]) == (said["due before"], said["person before"]):
            return ""
        return f"Planned anew, {self._holder(said)}: {self.title(said['duty'])} ({_due(said['due'])})"

    def ended(self, entry: AuditEntry, said: Details) -> str:
        reason = f" – {said['reason']}" if said["reason"] else ""
        late = ", late" if said["met"] == "no" else ""
        how = said["how"]
        if how.startswith(ENDED_WITH):
            how = f"ended with “{self.title(how.removeprefix(ENDED_WITH).replace(' ', '_'))}”"
        return f"Done: {self.title(said['duty'])}: {how}{reason} ({self.who(entry.by)}{late})"

    def facts(self, entry: AuditEntry, said: Details) -> str:
        named = [name.replace("_", " ") for name in said if name not in COUNTED]
        missing = said.get("still missing", "").replace("_", " ")
        return f"{self.who(entry.by)} adds: {', '.join(named)}" + (f"; still missing: {missing}" if missing else "")

    def unclear(self, entry: AuditEntry, said: Details) -> str:
        return f"{self.who(entry.by)} is asked again: {said['problem']}"

    def held(self, entry: AuditEntry, said: Details) -> str:
        because = f", because {said['because']}" if said.get("because") else ""
        return f"An answer in the name of {self.who(entry.by)} is held and changes nothing{because}"

    def not_reached(self, _entry: AuditEntry, said: Details) -> str:
        return f"{self.who(said['recipient'])} was not reached: {said['because']}"

    def told_instead(self, _entry: AuditEntry, said: Details) -> str:
        return f"{self.who(said['recipient'])} is told instead of {self.who(said['instead of'])}"

    def told(self, _entry: AuditEntry, said: Details) -> str:
        if said["person"] == said["recipient"]:
            return ""
        return f"{self.who(said['recipient'])} is told in place of {self.who(said['person'])}"

    def reported_again(self, _entry: AuditEntry, said: Details) -> str:
        return f"The same report lies in the {said['mailbox'].upper()} mailbox too: still one incident"

    def ruled(self, entry: AuditEntry, said: Details) -> str:
        verbs = zip(RULED[said["duty"]], (said["accepted"], said["rejected"]), strict=True)
        return f"{self.who(entry.by)} {' and '.join(f'{verb} {which}' for verb, which in verbs if which)}"

    def returned(self, entry: AuditEntry, said: Details) -> str:
        return f"{self.who(entry.by)} returns the investigation report with {said['recommendations']} recommendations"

    def silent(self, _entry: AuditEntry, _said: Details) -> str:
        return ""

    def _holder(self, said: Details) -> str:
        role = Role(said["holder"])
        if role is Role.ON_CALL:
            return "whoever is on call"
        if not said["person"]:
            return f"{role.words} (not known yet, so the desk is asked who it is)"
        return self.who(said["person"])


def _due(written: str) -> str:
    return f"due {deadline(datetime.fromisoformat(written))}" if written else "as soon as possible"


SENTENCES: Mapping[str, Callable[[Historian, AuditEntry, Details], str]] = {
    "incident opened": Historian.opened,
    "duty started": Historian.started,
    "duty planned anew": Historian.planned_anew,
    "duty ended": Historian.ended,
    "facts arrived": Historian.facts,
    "answer unclear": Historian.unclear,
    "answer held": Historian.held,
    "not reached": Historian.not_reached,
    "told instead": Historian.told_instead,
    "told": Historian.told,
    "reported again": Historian.reported_again,
    "answered": Historian.silent,
    "stated": Historian.silent,
    "ruled": Historian.ruled,
    "investigation returned": Historian.returned,
    "step sent": Historian.silent,
}
