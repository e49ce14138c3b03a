"""Who an input speaks of, and which of them each resource is about.

Patient resources and references enter; a `Patient` for each person leaves. Two persons are never made one: a
reference leads to a Patient of the input by its address or its id, or to a person of its own. A `urn:` is
local to its Bundle: another Bundle may call somebody else so.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from corrin.intake import dates
from corrin.intake.fhir.chart import URN, Chart, Wanted, bundle, tail
from corrin.intake.fhir.r4.datatypes import Reference
from corrin.intake.fhir.r4.shapes import Person
from corrin.records import Patient

_SEX = {"male": "male", "female": "female", "other": "other"}
_REPLACED = "replaced-by"
_PATIENT = "Patient"
OWNERLESS = "names no patient, and the input holds several"
"""Why a resource is on nobody's chart, though it may be about anybody of the input."""


SHARED = "names its patient by a urn that other Bundles give to different patients"
"""Why nobody knows whom a resource is about: its own Bundle holds no Patient of that urn."""


class Sent(Protocol):
    """A resource as it stood in the input."""

    @property
    def base(self) -> str:
        """Its address."""
        ...

    @property
    def prefix(self) -> str:
        """What is put before pointers into it."""
        ...

    @property
    def text(self) -> bytes:
        """The resource, word for word."""
        ...


class Claim(NamedTuple):
    """A Bundle calls the Patient with this id by a urn, and this is the key of their chart."""

    bundle: str
    key: str
    id: str | None
    sent: Sent


class Owner(NamedTuple):
    """The chart a resource belongs to; None with the reason why it belongs to none."""

    key: str | None
    reason: str


@dataclass(slots=True)
class People:
    """Everybody the input speaks of, under the key of their chart, in the order in which they came."""

    patients: dict[str, Patient] = field(default_factory=dict[str, Patient])
    charts: dict[str, Chart] = field(default_factory=dict[str, Chart])
    names: dict[str, str] = field(default_factory=dict[str, str])
    wanted: Wanted = None
    owners: dict[str | None, Owner] = field(default_factory=dict[str | None, Owner])
    plainly: dict[str, Owner] = field(default_factory=dict[str, Owner])
    """By the reference alone, where it stands on no server whose address could matter."""
    urns: dict[str, list[Claim]] = field(default_factory=dict[str, list[Claim]])
    shared: set[str] = field(default_factory=set[str])
    """Urns that two Bundles give to different patients."""

    def add(self, person: Person, sent: Sent) -> None:
        """A Patient resource: a new person, or more of one already known by this address or id."""
        base, prefix = sent.base, sent.prefix
        name = f"{_PATIENT}/{person.id}" if person.id else ""
        known = base or name or prefix
        key = self.names.get(known) or self._namesake(name, base) or known
        if base.startswith(URN):
            key = self._local(person, sent, key)
        chart = self.charts.setdefault(key, Chart(wanted=self.wanted))
        patient = _patient(person, prefix, chart)
        before = self.patients.get(key)
        if before is not None:
            chart.ignore(patient.where, f"a second Patient of the same id as {before.where}: taken together")
            patient = together(before, patient, chart)
        self.patients[key] = patient
        for alias in filter(None, (known, name, tail(base), person.id)):
            self.names.setdefault(alias, key)

    def key(self, reference: str, base: str) -> str | None:
        """The chart that `reference` leads to; None where it leads to something that is no patient."""
        plain = reference.partition("/_history/")[0]
        if base.startswith("http") and "://" not in plain:
            beside = self.names.get(base.rsplit("/", 2)[0] + "/" + plain)
            if beside is not None:
                return beside
        known = self.names.get(plain)
        if known is not None:
            return known
        short = tail(plain)
        owner, _, identity = short.rpartition("/")
        if owner not in {"", _PATIENT}:
            return None
        key = self.names.get(short) if self._same_server(short, plain) else None
        key = key or plain
        if key not in self.charts:
            self.charts[key] = Chart(wanted=self.wanted)
            self.patients[key] = Patient(id=identity)
        self.names[plain] = key
        return key

    def owner(self, subject: Reference | None, base: str) -> Owner | None:
        """Whom a resource belongs to by its own word; None where it names nobody."""
        reference = subject.reference if subject else None
        if not reference or reference.startswith("#"):
            return None
        if base.startswith("http"):
            return self._owner(self.key(reference, base))
        owner = self.plainly.get(reference)
        if owner is None:
            owner = self.plainly[reference] = self._owner(self.key(reference, base))
        return owner

    def apart(self, subject: Reference | None, place: str) -> Owner | None:
        """Whom a resource belongs to that names a shared urn: its own Bundle's; None for any other."""
        urn = (subject.reference or "" if subject else "").partition("/_history/")[0]
        if urn not in self.shared:
            return None
        here = bundle(place)
        key = next((one.key for one in self.urns[urn] if one.bundle == here), None)
        return self._owner(key) if key else Owner(None, SHARED)

    def _local(self, person: Person, sent: Sent, key: str) -> str:
        """The key of a Patient with a urn: that of another Bundle's only where it is surely the same person.

        The same id says so, or, where none has an id, the same words.
        """
        here, claims = bundle(sent.prefix), self.urns.setdefault(sent.base, [])
        for one in claims:
            alike = person.id == one.id and (person.id is not None or sent.text == one.sent.text)
            if one.bundle == here or alike:
                key = one.key
                break
        else:
            if claims:
                self.shared.add(sent.base)
                key = self._namesake(f"{_PATIENT}/{person.id}", sent.base) or sent.prefix
        claims.append(Claim(here, key, person.id, sent))
        return key

    def _owner(self, key: str | None) -> Owner:
        owner = self.owners.get(key)
        if owner is None:
            owner = self.owners[key] = Owner(key, "is about something that is no patient")
        return owner

    def nameless(self) -> Owner:
        """Whom a resource belongs to that names nobody: the one person there is, once everybody is known."""
        if not self.charts:
            self.charts[""] = Chart(wanted=self.wanted)
            self.patients[""] = Patient()
        only = next(iter(self.charts)) if len(self.charts) == 1 else None
        return Owner(only, OWNERLESS)

    def _namesake(self, name: str, base: str) -> str | None:
        """Somebody of the same id, unless both have an address and the addresses differ."""
        key = self.names.get(name)
        return None if key and key.startswith("http") and base.startswith("http") else key

    def _same_server(self, short: str, plain: str) -> bool:
        """An address on one server is not the same id on another: `http://a/Patient/1`, `http://b/Patient/1`."""
        known = self.names.get(short, "")
        return not (known.startswith("http") and "://" in plain and known != plain)


def _patient(person: Person, prefix: str, chart: Chart) -> Patient:
    birth, died = dates.when(person.birth_date or ""), dates.when(person.deceased_date_time or "")
    if person.birth_date and birth is None:
        chart.ignore(f"{prefix}birthDate", f"no date of the calendar. {dates.MEND}")
    if person.deceased_date_time and died is None:
        chart.ignore(f"{prefix}deceasedDateTime", "no date of the calendar; when the patient died is unknown")
    linked = [one.other for one in person.link or () if one.type == _REPLACED and one.other]
    others = [one for one in linked if one.reference != f"Patient/{person.id}"]
    if len(others) < len(linked):
        chart.ignore(f"{prefix}link", "a record that is said to be merged into itself is not merged")
    successor = others[0] if others else None
    return Patient(
        id=person.id,
        birth=birth,
        sex=_SEX.get(person.gender or ""),
        died=bool(person.deceased_boolean) or bool(person.deceased_date_time),
        died_on=died,
        replaced_by=tail(successor.reference or "").rpartition("/")[2] or "another record"
        if successor
        else None,
        where=prefix.rstrip(".: "),
        site=_site(person),
    )


def _site(person: Person) -> str | None:
    """The organisation that looks after the record, by the last part of its address, else its name."""
    organisation = person.managing_organization
    if organisation is None:
        return None
    return tail(organisation.reference or "").rpartition("/")[2] or organisation.display


def together(one: Patient, other: Patient, chart: Chart) -> Patient:
    """Two resources of one person: what either says; where they disagree nobody knows."""
    birth, sex = one.birth or other.birth, one.sex or other.sex
    if one.birth and other.birth and one.birth != other.birth:
        birth = None
        chart.ignore(other.where, "two dates of birth for one patient; neither is used")
    if one.sex and other.sex and one.sex != other.sex:
        sex = None
        chart.ignore(other.where, "two sexes for one patient; neither is used")
    return replace(
        one,
        birth=birth,
        sex=sex,
        died=one.died or other.died,
        died_on=one.died_on or other.died_on,
        replaced_by=one.replaced_by or other.replaced_by,
        site=one.site or other.site,
    )
