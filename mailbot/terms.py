"""The procedure's own terms, as values: the queues, the ratings, the stages, the roles, the incident's number.

Nothing here reads a clock, a file or a database. ``incident`` builds upon them.
"""

import re
from enum import StrEnum
from typing import NewType

MAILBOT = "mailbot"
"""Who did what no person did: the bot itself, in every history."""

Reference = NewType("Reference", str)
"""An incident's public number, such as ``DB2026014``: prefix, year of receipt in London, three or more digits."""


def make_reference(prefix: str, year: int, number: int) -> Reference:
    """``make_reference("DB", 2026, 14)`` is ``DB2026014``; the thousandth of a year simply grows a digit."""
    return Reference(f"{prefix}{year}{number:03d}")


def references_in(text: str, prefix: str) -> tuple[Reference, ...]:
    """Every reference named in a text, upper-cased, in order, each once."""
    found = re.findall(rf"\b{re.escape(prefix)}20\d\d\d{{3,6}}\b", text, re.IGNORECASE)
    return tuple(dict.fromkeys(Reference(one.upper()) for one in found))


DIGEST = "DIGEST"
"""How the name of a digest begins: by it an answer finds the list of requests that it answers."""

DIGEST_NAME = rf"{DIGEST}\d{{10}}"


def digest_name(email_id: str) -> Reference:
    """The name of a digest: it stands where a mail about one incident has that incident's reference.

    ``email_id``: 32 hexadecimal digits, of which ten decimal ones are kept.
    """
    return Reference(f"{DIGEST}{int(email_id, 16) % 10**10:010d}")


class Queue(StrEnum):
    """The desk that acts: the two columns of para 28."""

    IT = "it"
    IG = "ig"

    @property
    def desk(self) -> str:
        """The desk's name as people say it."""
        return "IT Service Desk" if self is Queue.IT else "Information Governance Team"


class Severity(StrEnum):
    """The rating of para 39, from the least to the gravest."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    def at_least(self, other: "Severity") -> bool:
        return self.rank >= other.rank

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


class Stage(StrEnum):
    """The six stages of para 24."""

    REPORTING = "reporting"
    CONTAINMENT = "containment"
    ASSESSMENT = "assessment"
    INVESTIGATION = "investigation"
    RESOLUTION = "resolution"
    CLOSURE = "closure"


class Role(StrEnum):
    """Who holds a duty or is told. Two line managers, not one: see paras 26 and 36."""

    REPORTER = "reporter"
    LINE_MANAGER = "line_manager"
    RESPONSIBLE_LINE_MANAGER = "responsible_line_manager"
    GROUP_MANAGER = "group_manager"
    SERVICE_DIRECTOR = "service_director"
    INCIDENT_LEAD = "incident_lead"
    SUPPORT_OFFICER = "support_officer"
    IG_TEAM = "ig_team"
    IT_SERVICE_DESK = "it_service_desk"
    IT_SECURITY_TEAM = "it_security_team"
    QUEUE_TEAM = "queue_team"
    OTHER_DESK = "other_desk"
    DPO = "dpo"
    SIRO = "siro"
    CALDICOTT_GUARDIAN = "caldicott_guardian"
    HR = "hr"
    CONTRACT_MANAGER = "contract_manager"
    OWNER = "owner"
    ON_CALL = "on_call"

    @property
    def words(self) -> str:
        return ROLE_WORDS[self]


ROLE_WORDS = {
    Role.REPORTER: "Reporter",
    Role.LINE_MANAGER: "Reporter's Line Manager",
    Role.RESPONSIBLE_LINE_MANAGER: "Line Manager of the person responsible",
    Role.GROUP_MANAGER: "Group Manager",
    Role.SERVICE_DIRECTOR: "Service Director",
    Role.INCIDENT_LEAD: "Incident Lead",
    Role.SUPPORT_OFFICER: "Investigation Support Officer",
    Role.IG_TEAM: "IG Team",
    Role.IT_SERVICE_DESK: "IT Service Desk",
    Role.IT_SECURITY_TEAM: "IT Security Team",
    Role.QUEUE_TEAM: "queue team",
    Role.OTHER_DESK: "other desk",
    Role.DPO: "Data Protection Officer",
    Role.SIRO: "SIRO",
    Role.CALDICOTT_GUARDIAN: "Caldicott Guardian",
    Role.HR: "HR",
    Role.CONTRACT_MANAGER: "contract manager",
    Role.OWNER: "owner of the recommendation",
    Role.ON_CALL: "on call",
}
