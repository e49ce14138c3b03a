"""What a Bundle is: entries still unread, or, where every one of them is sound, with the resources they hold.

The bytes of a Bundle enter `whole`; its resources leave, or None where one has to be looked at by itself.
Nothing is left out and nothing refused there: it is the quick way to what `decode` gives one by one.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Raw

from corrin.intake.fhir.r4 import drugs, shapes
from corrin.intake.fhir.r4.datatypes import NOTHING, TYPE, Shape, unread

Readable = (
    shapes.Person
    | shapes.Observation
    | shapes.Condition
    | drugs.MedicationRequest
    | drugs.MedicationStatement
    | drugs.MedicationAdministration
    | drugs.MedicationDispense
    | shapes.Allergy
    | shapes.Procedure
    | shapes.FamilyHistory
    | shapes.Order
    | shapes.Response
    | shapes.Listing
    | drugs.Medication
    | drugs.Substance
    | shapes.Specimen
)


class Entry(Shape):
    """One entry of a Bundle; its resource stays unread: one malformed resource does not cost the others."""

    full_url: str | None = None
    resource: Raw = NOTHING


class Link(Shape):
    """Where a Bundle goes on."""

    relation: str | None = None


class Bundle(Shape):
    """A Bundle of any type."""

    link: tuple[Link, ...] | None = None
    entry: tuple[Entry, ...] | None = None


class LooseBundle(Shape):
    """A Bundle of which an entry is malformed."""

    entry: tuple[Raw, ...] | None = None


@unread("id extension modifierExtension")
class SoundLink(Shape):
    """Where a Bundle goes on, and in which direction."""

    relation: str = ""
    url: str = ""


@unread("id extension modifierExtension link search request response")
class SoundEntry(Shape):
    """One entry with its resource, told apart by its type."""

    resource: Readable
    full_url: str | None = None


@unread("id meta implicitRules language identifier type timestamp total signature")
class Whole(Shape, tag_field=TYPE, tag="Bundle"):
    """A Bundle with all it holds."""

    link: tuple[SoundLink, ...] | None = None
    entry: tuple[SoundEntry, ...] | None = None


_WHOLE = msgspec.json.Decoder(Whole)
_BUNDLE = msgspec.json.Decoder(Bundle)
_ENCODER = msgspec.json.Encoder()


def whole(raw: bytes) -> Whole | None:
    """The Bundle and its resources; None where an entry holds anything else, or anything malformed."""
    try:
        return _WHOLE.decode(raw)
    except msgspec.DecodeError:
        return None


def written(bundle: Whole) -> bytes:
    """The Bundle written again: with fewer colons than were sent where a key was given twice, or is unknown.

    Empty where something stayed as it was sent that is decoded later: what it holds twice would not show.
    """
    for entry in bundle.entry or ():
        resource = entry.resource
        if resource.contained or type(resource) is shapes.Response:
            return b""
        if type(resource) is shapes.Observation and resource.component:
            return b""
    return _ENCODER.encode(bundle)


class Page(msgspec.Struct):
    """The bytes of such a Bundle, for whoever asks how one of its resources was written."""

    raw: bytes
    texts: Sequence[bytes] = ()

    def text(self, index: int) -> bytes:
        """The resource of one entry, as it was sent."""
        if not self.texts:
            self.texts = [bytes(entry.resource) for entry in _BUNDLE.decode(self.raw).entry or ()]
        return self.texts[index]
