"""From documents to resources: what a Bundle holds, what a resource contains, which version of two counts.

Each resource is decoded by itself; what cannot be, and what this guideline does not read, is listed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from corrin.errors import InputError, Problem
from corrin.intake.content import Document, given_twice
from corrin.intake.fhir import versions
from corrin.intake.fhir.chart import PARTS, URN, Chart, bundle
from corrin.intake.fhir.r4 import terms
from corrin.intake.fhir.r4.bundles import Bundle, Entry, Link, LooseBundle, Page, SoundLink, Whole, whole
from corrin.intake.fhir.r4.datatypes import Reference
from corrin.intake.fhir.r4.decode import NOTHING_LEFT_OUT, READ, Refused, kind, read, understood
from corrin.intake.fhir.r4.shapes import Holder, Resource
from corrin.records import Ignored

_BUNDLE = msgspec.json.Decoder(Bundle)
_LOOSE = msgspec.json.Decoder(LooseBundle)
_ENTRY = msgspec.json.Decoder(Entry)
_HOLDER = msgspec.json.Decoder(Holder)
_DEEPEST = 8
_RESULT = "Observation"
_HOLDS_RESULTS = frozenset({"Observation", "DiagnosticReport"})
_OUTCOME = "OperationOutcome"
_NULL = b"null"
NAMES = {shape: name for name, shape in READ.items()}
"""By its shape, the type of a resource."""


class Waiting(msgspec.Struct):
    """A resource still to be decoded: its bytes, its address, and what is put before pointers into it.

    The id of one that stands `inside` another means nothing elsewhere; it may be about the other's subject.
    One that was decoded with its whole `page` has its bytes there.
    """

    raw: bytes
    base: str
    prefix: str
    depth: int = 0
    inside: bool = False
    subject: Reference | None = None
    page: Page | None = None
    index: int = 0

    @property
    def place(self) -> str:
        """Where the resource stands."""
        return self.prefix.rstrip(".: ")

    @property
    def text(self) -> bytes:
        """The resource as it was sent."""
        return self.raw if self.page is None else self.page.text(self.index)


class Found(msgspec.Struct):
    """A resource that decoded, and of each element that had to be left out the reason."""

    resource: Resource
    left_out: Mapping[str, str]
    name: str
    waiting: Waiting

    @property
    def subject(self) -> Reference | None:
        """Whom it is about: as it says itself, else as the resource says that contains it."""
        return self.resource.subject or self.resource.patient or self.waiting.subject


@dataclass(slots=True)
class Walk:
    """Everything found in one input; `common` lists what belongs to no one patient."""

    where: str
    found: list[Found] = field(default_factory=list[Found])
    common: Chart = field(default_factory=Chart)
    unread: Counter[str] = field(default_factory=Counter[str])
    first: dict[str, str] = field(default_factory=dict[str, str])
    careful: bool = False
    seen: dict[tuple[str, str], Found] = field(default_factory=dict[tuple[str, str], Found])
    dropped: list[tuple[Found, Ignored]] = field(default_factory=list[tuple[Found, Ignored]])
    """What counted as a repetition of another Bundle's by its urn, which that Bundle may mean otherwise."""

    def document(self, document: Document) -> None:
        """Walk one JSON document."""
        twice = given_twice(document.raw) if document.twice is None else document.twice
        if twice and twice[0].startswith("Bundle."):
            place = ": ".join(filter(None, (self.where, document.place)))
            raise InputError(
                Problem(place, f"{twice[0]} is given twice", "Send every key of an object once.")
            )
        self.careful = bool(twice)
        prefix = document.prefix or f"{kind(document.raw) or 'input'}."
        whole = Waiting(document.raw, "", prefix)
        if isinstance(document.sound, Whole) and not self.careful:
            self._go_on(document.sound.link, prefix)
            self._whole(document.sound, whole)
        else:
            self._walk([whole])

    def _walk(self, waiting: list[Waiting]) -> None:
        while waiting:
            inside = self._one(waiting.pop())
            if inside:
                waiting += reversed(inside)

    def passed_over(self) -> list[Ignored]:
        """A line for each type that is not read, with the first place and the number of them."""
        return [
            Ignored(self.first[name], f"{_why(name)} ({number} in this input)")
            for name, number in self.unread.items()
        ]

    def _one(self, one: Waiting) -> list[Waiting]:
        """Take one resource; what it holds waits in its turn."""
        name = kind(one.raw)
        if name == "Bundle":
            return self._bundle(one)
        if name not in READ:
            return self._pass_over(name, one)
        try:
            resource, left_out = read(name, one.raw, careful=self.careful)
        except Refused as refused:
            self._refuse(name, one, refused)
            return []
        return self._take(Found(resource, left_out, name, one))

    def _take(self, found: Found) -> list[Waiting]:
        """Keep a resource that decoded; the results it contains wait in their turn."""
        resource, name, one = found.resource, found.name, found.waiting
        if one.inside:
            resource.id = None
        if found.left_out:
            for element, reason in found.left_out.items():
                self.common.refuse(name, one.prefix + element, reason)
        if self._counts(found, resource):
            self.found.append(found)
        if not resource.contained or name not in _HOLDS_RESULTS:
            return []
        return _results(resource.contained, one, found.subject)

    def _pass_over(self, name: str, one: Waiting) -> list[Waiting]:
        if not name:
            self.common.refuse("", one.place, "no resource of FHIR: it has no resourceType")
            self.common.broken.update(*PARTS.values())
            return []
        self.unread[name] += 1
        self.first.setdefault(name, one.place)
        self.common.broken.update(PARTS.get(name, ()))
        if name == _OUTCOME:
            self.common.broken.update(*PARTS.values())
        if name not in _HOLDS_RESULTS or b'"contained"' not in one.raw:
            return []
        try:
            holder = _HOLDER.decode(one.raw)
        except msgspec.DecodeError:
            self.common.refuse("", f"{one.prefix}contained", "cannot be read")
            return []
        return _results(holder.contained, one, holder.subject or holder.patient)

    def _bundle(self, one: Waiting) -> list[Waiting]:
        """The entries of a Bundle, each with its place."""
        prefix = one.prefix
        if one.depth >= _DEEPEST:
            self.common.refuse("", one.place, "a Bundle within a Bundle, too deep to be meant")
            return []
        page = None if self.careful else whole(one.raw)
        if page is not None:
            self._go_on(page.link, prefix)
            self._whole(page, one)
            return []
        try:
            bundle = _BUNDLE.decode(one.raw)
        except msgspec.DecodeError:
            return self._loose(one, prefix)
        self._go_on(bundle.link, prefix)
        return [
            entry
            for index, given in enumerate(bundle.entry or ())
            if (entry := self._entry(given, f"{prefix}entry[{index}]", one.depth))
        ]

    def _go_on(self, links: Iterable[Link | SoundLink] | None, prefix: str) -> None:
        if any(link.relation == "next" for link in links or ()):
            self.common.refuse("", f"{prefix}link", "there are further pages, which were not handed over")
            self.common.broken.update(*PARTS.values())

    def _whole(self, bundle: Whole, one: Waiting) -> None:
        """A Bundle that decoded with all it holds: each entry in its turn, and what it contains."""
        page, depth = Page(one.raw), one.depth + 1
        for index, entry in enumerate(bundle.entry or ()):
            resource, prefix = entry.resource, f"{one.prefix}entry[{index}].resource."
            waiting = Waiting(b"", entry.full_url or "", prefix, depth, page=page, index=index)
            name = NAMES[type(resource)]
            try:
                left_out = understood(name, resource, NOTHING_LEFT_OUT)
            except Refused as refused:
                self._refuse(name, waiting, refused)
                continue
            found = Found(resource, left_out, name, waiting)
            if resource.contained or left_out:
                self._walk(self._take(found)[::-1])
            elif self._counts(found, resource):
                self.found.append(found)

    def _refuse(self, name: str, one: Waiting, refused: Refused) -> None:
        place = one.prefix + refused.field if refused.field else one.place
        self.common.refuse(name, place, refused.reason)

    def _loose(self, one: Waiting, prefix: str) -> list[Waiting]:
        """A Bundle with a malformed entry or link: each entry by itself."""
        try:
            bundle = _LOOSE.decode(one.raw)
        except msgspec.DecodeError:
            self.common.refuse("", f"{prefix}entry", "no list of entries")
            self.common.broken.update(*PARTS.values())
            return []
        waiting: list[Waiting] = []
        for index, raw in enumerate(bundle.entry or ()):
            place = f"{prefix}entry[{index}]"
            try:
                given = _ENTRY.decode(raw)
            except msgspec.DecodeError:
                given = Entry(resource=_resource_of(raw))
                self.common.ignore(place, "a malformed entry: its address is not known")
            entry = self._entry(given, place, one.depth)
            waiting += [entry] if entry else []
        return waiting

    def _entry(self, entry: Entry, place: str, depth: int) -> Waiting | None:
        raw = bytes(entry.resource)
        if len(raw) <= len(_NULL) and raw in {b"", _NULL}:
            self.common.ignore(place, "an entry without a resource")
            return None
        return Waiting(raw, entry.full_url or "", f"{place}.resource.", depth + 1)

    def _counts(self, found: Found, resource: Resource) -> bool:
        """Whether this is not an earlier version, or a repetition, of a resource that was found before."""
        if not resource.id or found.name == "Patient":
            return True
        address = (found.name, found.waiting.base or resource.id)
        before = self.seen.setdefault(address, found)
        if before is found:
            return True
        if before.waiting.text == found.waiting.text:
            self._drop(found, before, f"the same as {before.waiting.place}, word for word")
            return False
        later = versions.later(before.resource, resource)
        if later is None:
            return True
        older, newer = (before, found) if later else (found, before)
        self._drop(older, newer, "an earlier version of a resource that was sent as well")
        if later:
            self.found.remove(before)
            self.seen[address] = found
        return later

    def _drop(self, found: Found, kept: Found, reason: str) -> None:
        self.common.ignore(found.waiting.place, reason)
        one, other = found.waiting, kept.waiting
        if one.base.startswith(URN) and bundle(one.place) != bundle(other.place):
            self.dropped.append((found, self.common.ignored[-1]))


def _results(raws: tuple[msgspec.Raw, ...] | None, one: Waiting, subject: Reference | None) -> list[Waiting]:
    """The results that a panel or a report contains; the rest is read where something points to it."""
    return [
        Waiting(bytes(raw), "", f"{one.prefix}contained[{index}].", one.depth, inside=True, subject=subject)
        for index, raw in enumerate(raws or ())
        if kind(bytes(raw)) == _RESULT
    ]


def _resource_of(raw: msgspec.Raw) -> msgspec.Raw:
    """The resource of an entry whose other parts are malformed."""
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).get("resource", msgspec.Raw())
    except msgspec.DecodeError:
        return msgspec.Raw(b"{}")


def _why(name: str) -> str:
    if name == _OUTCOME:
        return "OperationOutcome: the sender reports that something could not be given; what, is unknown"
    if name in terms.OTHER_VERSIONS:
        return f"{name} is {terms.OTHER_VERSIONS[name]}"
    return f"{name} carries nothing this guideline reads"
