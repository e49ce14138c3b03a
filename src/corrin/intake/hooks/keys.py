"""Keys that a call gives twice, of which any decoder would drop one in silence.

A call and the parts of its prefetch enter. What was decoded is written again: a key that was given twice has
lost one of its colons. Where that leaves a doubt, or an element nobody knows, the body is looked through.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from corrin.errors import InputError, Problem
from corrin.intake.content import given_twice
from corrin.intake.fhir.r4.bundles import written
from corrin.intake.hooks import DRAFTS, Call
from corrin.intake.hooks.prefetch import Part

_INNER = ("context", "prefetch", "fhirAuthorization")
_COLON = b":"


def once(call: Call, parts: Mapping[str, Part]) -> frozenset[str]:
    """Under which keys of the prefetch, or as drafts, every key of every object is surely given once.

    Errors: an `InputError` that names the keys of the call itself that are given twice.
    """
    body = call.body
    again = {
        key: text
        for key in call.prefetch
        if key in parts and (sound := parts[key].sound) is not None and (text := written(sound))
    }
    found = call.own + sum(again.get(key, raw).count(_COLON) for key, raw in call.prefetch.items())
    found += call.drafts.count(_COLON) if call.drafts else 0
    escaped = b"\\" in body and b"\\u003" in body
    if found == body.count(_COLON) and not escaped:
        return frozenset(again)
    if not given_twice(body):
        return frozenset((*call.prefetch, DRAFTS))
    told = [
        Problem(name, "is given twice", "Send every key of an object once.")
        for name in dict.fromkeys(_own(body))
    ]
    if told:
        raise InputError(*told)
    return frozenset()


class _Members(list[tuple[str, object]]):
    """The members of an object as they were sent."""


def _own(body: bytes) -> Iterator[str]:
    """The keys given twice in the call itself, not in what was handed over."""
    whole = json.loads(body, object_pairs_hook=_Members, parse_int=str, parse_float=str)
    yield from _repeated(whole)
    for name, inner in whole:
        if name in _INNER and isinstance(inner, _Members):
            yield from (f"{name}.{each}" for each in _repeated(inner))


def _repeated(members: Iterable[tuple[str, object]]) -> list[str]:
    names = [name for name, _ in members]
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]
