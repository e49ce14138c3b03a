"""The data types of FHIR R4, by their FHIR names: what is read of each, and what is known by name alone.

Numbers stay as printed (`Raw`), so that they become exact decimals. What is `unread` stays as it was sent, so
that a resource can be written again and compared with what came.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, cast

from msgspec import Raw, Struct, defstruct

NOTHING = Raw()
TYPE = "resourceType"
Unread = Annotated[Raw, "unread"]
"""An element that is known by its name alone."""


_CAPITAL = re.compile("[A-Z]")
_Shape = TypeVar("_Shape", bound=Struct)


def unread(names: str) -> Callable[[type[_Shape]], type[_Shape]]:
    """Gives a shape the elements that R4 has and nobody reads, by their FHIR names."""

    def extended(shape: type[_Shape]) -> type[_Shape]:
        fields = [(_CAPITAL.sub(_lower, name), Unread, NOTHING) for name in names.split()]
        told = {"__doc__": shape.__doc__}
        wide = defstruct(shape.__name__, fields, bases=(shape,), namespace=told, module=shape.__module__)
        return cast("type[_Shape]", wide)

    return extended


def _lower(capital: re.Match[str]) -> str:
    return f"_{capital[0].lower()}"


class Shape(Struct, rename="camel", gc=False, omit_defaults=True):
    """FHIR writes its elements in camel case."""


@unread("id extension version userSelected")
class Coding(Shape):
    """One code of one system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


@unread("id extension")
class Concept(Shape):
    """CodeableConcept; `concept` and `reference` betray a CodeableReference of R5."""

    coding: tuple[Coding, ...] | None = None
    text: str | None = None
    concept: Any = None
    reference: Any = None


@unread("id extension type identifier")
class Reference(Shape):
    """A reference to another resource; one with an identifier alone points nowhere in the input."""

    reference: str | None = None
    display: str | None = None


@unread("id extension use type period assigner")
class Identifier(Shape):
    """A business identifier: the same for two versions of one result."""

    system: str | None = None
    value: str | None = None


@unread("id extension")
class Measured(Shape):
    """Quantity, its number as printed."""

    value: Raw = NOTHING
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


@unread("id extension")
class Period(Shape):
    """From a start to an end, either of which may be open."""

    start: str | None = None
    end: str | None = None


@unread("id extension source profile security tag")
class Meta(Shape):
    """Which of two versions of a resource is the later."""

    version_id: str | None = None
    last_updated: str | None = None
