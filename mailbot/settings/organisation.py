"""config/organisation.toml and config/staff.csv → the council's directory, or every problem of both."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from mailbot.organisation import Absence, Complaints, Desk, Group, OnCall, Organisation, Regulator, StaffEntry
from mailbot.settings.model import EmailAddress
from mailbot.settings.problems import nearest
from mailbot.terms import Queue, Role
from mailbot.value import Value

FILE = "organisation.toml"
NAMED_ROLES = (Role.DPO, Role.SIRO, Role.CALDICOTT_GUARDIAN, Role.IT_SECURITY_TEAM, Role.HR)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class DeskFile(Value):
    """One of ``[desks.it]`` and ``[desks.ig]``."""

    address: EmailAddress
    phone: Name
    hours: str = ""
    members: tuple[EmailAddress, ...] = ()


class DesksFile(Value):
    """The two desks of para 28."""

    it: DeskFile
    ig: DeskFile


class RolesFile(Value):
    """The people (or team mailboxes) the procedure names."""

    dpo: EmailAddress
    siro: EmailAddress
    caldicott_guardian: EmailAddress
    it_security_team: EmailAddress
    hr: EmailAddress


class GroupFile(Value):
    """One ``[[directorates.groups]]``; its Service Director is the directorate's unless it names its own."""

    name: Name
    group_manager: EmailAddress
    service_director: EmailAddress | None = None
    aliases: tuple[Name, ...] = ()
    health_or_social_care: bool | None = None


class DirectorateFile(Value):
    """One ``[[directorates]]``."""

    name: Name
    service_director: EmailAddress
    health_or_social_care: bool = False
    groups: Annotated[tuple[GroupFile, ...], Field(min_length=1)]


class AbsenceFile(Value):
    """One ``[[absences]]``: both days are included."""

    address: EmailAddress
    from_on: date
    until_on: date


class OnCallFile(Value):
    """One ``[[on_call]]``, in the order in which they are tried."""

    address: EmailAddress
    name: Name
    phone: str = ""


class RegulatorFile(Value):
    """``[regulator]``: what is left out stands as the bot ships it."""

    name: Name = Regulator().name
    phone: Name = Regulator().phone
    hours: Name = Regulator().hours
    online: Name = Regulator().online
    health_route: Name = Regulator().health_route
    complaints: Name = Regulator().complaints
    address: tuple[Name, ...] = ()


class ComplaintsFile(Value):
    """``[complaints]``: who takes a complaint about personal data; without it no letter to people affected is written."""

    name: Name
    phone: Name
    email: EmailAddress
    address: tuple[Name, ...] = ()


class OrganisationFile(Value):
    """organisation.toml as written."""

    council: Name
    domains: Annotated[tuple[Name, ...], Field(min_length=1)]
    whom_instead: EmailAddress
    roles: RolesFile
    desks: DesksFile
    directorates: Annotated[tuple[DirectorateFile, ...], Field(min_length=1)]
    deputies: dict[EmailAddress, EmailAddress] = {}
    absences: tuple[AbsenceFile, ...] = ()
    on_call: Annotated[tuple[OnCallFile, ...], Field(min_length=1)]
    regulator: RegulatorFile = RegulatorFile()
    address: tuple[Name, ...] = ()
    complaints: ComplaintsFile | None = None


def build_organisation(file: OrganisationFile, staff: dict[str, StaffEntry]) -> Organisation:
    """The directory as the steps use it. ``staff``: address → row of staff.csv."""
    groups = tuple(_group(directorate, group) for directorate in file.directorates for group in directorate.groups)
    return Organisation(
        council=file.council,
        domains=tuple(domain.lower() for domain in file.domains),
        desks=(_desk(Queue.IT, file.desks.it), _desk(Queue.IG, file.desks.ig)),
        roles={role: getattr(file.roles, role.value) for role in NAMED_ROLES},
        groups=groups,
        people=staff,
        deputies=dict(file.deputies),
        absences=tuple(Absence.model_validate(one.model_dump()) for one in file.absences),
        on_call=tuple(OnCall.model_validate(one.model_dump()) for one in file.on_call),
        whom_instead=file.whom_instead,
        regulator=Regulator.model_validate(file.regulator.model_dump()),
        address=file.address,
        complaints=Complaints.model_validate(file.complaints.model_dump()) if file.complaints else None,
    )


def organisation_problems(file: OrganisationFile) -> list[str]:
    """What no single key can tell: addresses outside the council, names used twice, deputies and absences that fail."""
    problems = [
        f"{FILE}: domains: {domain!r} is not a domain such as council.example"
        for domain in file.domains
        if not _DOMAIN.fullmatch(domain.lower())
    ]
    problems += [
        f"{FILE}: {key}: {address} is in none of the council's domains ({', '.join(file.domains)})"
        for key, address in _council_addresses(file)
        if not is_inside(address, file.domains)
    ]
    problems += [f"{FILE}: deputies: {one} is their own deputy" for one, other in file.deputies.items() if one == other]
    problems += [
        f"{FILE}: absences[{number}]: until_on {one.until_on} lies before from_on {one.from_on}"
        for number, one in enumerate(file.absences, 1)
        if one.until_on < one.from_on
    ]
    return problems + _names_used_twice(file)


def is_inside(address: str, domains: Iterable[str]) -> bool:
    """Whether an address lies in one of the domains or a subdomain of it."""
    domain = address.rpartition("@")[2].lower()
    return any(domain == own.lower() or domain.endswith("." + own.lower()) for own in domains)


def group_names(file: OrganisationFile) -> tuple[str, ...]:
    """Every name and alias of a group."""
    return tuple(name for one in file.directorates for group in one.groups for name in (group.name, *group.aliases))


def _council_addresses(file: OrganisationFile) -> Iterable[tuple[str, str]]:
    yield "whom_instead", file.whom_instead
    if file.complaints:
        yield "complaints.email", file.complaints.email
    yield from ((f"roles.{role}", getattr(file.roles, role.value)) for role in NAMED_ROLES)
    for name, desk in (("it", file.desks.it), ("ig", file.desks.ig)):
        yield f"desks.{name}.address", desk.address
        yield from ((f"desks.{name}.members", member) for member in desk.members)
    for directorate in file.directorates:
        yield f"directorates ({directorate.name}).service_director", directorate.service_director
        for group in directorate.groups:
            yield f"groups ({group.name}).group_manager", group.group_manager
            if group.service_director:
                yield f"groups ({group.name}).service_director", group.service_director
    for person, deputy in file.deputies.items():
        yield from (("deputies", person), ("deputies", deputy))
    yield from ((f"absences[{number}].address", one.address) for number, one in enumerate(file.absences, 1))


def _names_used_twice(file: OrganisationFile) -> list[str]:
    seen: dict[str, str] = {}
    problems = []
    for name in group_names(file):
        key = " ".join(name.lower().split())
        if key in seen:
            problems.append(f"{FILE}: directorates: two groups are called {name!r}: a report that says so fits both")
        seen[key] = name
    return problems


def _group(directorate: DirectorateFile, group: GroupFile) -> Group:
    care = group.health_or_social_care
    return Group(
        name=group.name,
        directorate=directorate.name,
        group_manager=group.group_manager,
        service_director=group.service_director or directorate.service_director,
        aliases=group.aliases,
        health_or_social_care=directorate.health_or_social_care if care is None else care,
    )


def _desk(queue: Queue, file: DeskFile) -> Desk:
    return Desk(queue=queue, address=file.address, phone=file.phone, members=file.members, hours=file.hours)


def unknown_group(name: str, known: tuple[str, ...]) -> str:
    """What is said of a group that organisation.toml does not have, empty where it has."""
    if " ".join(name.lower().split()) in {one.lower() for one in known}:
        return ""
    return f"group {name!r} is not in {FILE}{nearest(name, known)}"
