"""A key given twice in a call: the whole body is looked through once, and says what each part would say alone."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hooks.requests import (
    FOLIC_ACID,
    LOW_B12,
    METFORMIN,
    NUMB_FEET,
    WEAK_LEGS,
    prefetch,
    request,
    searchset,
    told,
)
from tests.service.calling import JSON

from corrin.errors import CorrinError, InputError
from corrin.intake import content, hooks
from corrin.intake.hooks import keys
from corrin.intake.hooks.prefetch import Part, part

VIEW = "/cds-services/corrin-patient-view"
WHOLE = request(parts=prefetch(LOW_B12, WEAK_LEGS, NUMB_FEET, METFORMIN))
KINDS = {"patient": "Patient", "results": "Observation", "recent": "Observation", "conditions": "Condition"}

TEXTS = st.text('ab:"\\{},é<\u2028', max_size=4)
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(TEXTS, inner), max_size=4).map(tuple)  # the members of an object
    ),
    max_leaves=12,
)


def written(value: object, rng: Random) -> str:
    """JSON with spaces and escapes as they fall; a tuple holds the members of an object."""
    space = rng.choice(["", " ", "\n\t"])
    if isinstance(value, tuple):
        members = (f"{spelt(key, rng)}{space}:{space}{written(one, rng)}" for key, one in value)
        return "{" + space + f",{space}".join(members) + space + "}"
    if isinstance(value, list):
        return "[" + f"{space},".join(written(one, rng) for one in value) + "]"
    return spelt(value, rng) if isinstance(value, str) else json.dumps(value)


def spelt(text: str, rng: Random) -> str:
    """A text in which any letter may be an escape."""
    plain = json.dumps(text, ensure_ascii=rng.random() < 0.5)
    return plain if rng.random() < 0.7 else '"' + "".join(f"\\u{ord(one):04x}" for one in text) + '"'


def twice_somewhere(value: object) -> bool:
    """Counted by hand: some object has fewer different keys than members."""
    inner = (
        [one for _, one in value] if isinstance(value, tuple) else value if isinstance(value, list) else []
    )
    here = isinstance(value, tuple) and len({key for key, _ in value}) < len(value)
    return here or any(map(twice_somewhere, inner))


@given(value=VALUES, seed=st.integers(0, 99))
@settings(max_examples=400, deadline=None)
def test_a_key_given_twice_is_found_wherever_it_stands_and_however_it_is_spelt(value, seed):
    raw = written(value, Random(seed)).encode()
    assert bool(content.given_twice(raw)) == twice_somewhere(value)


def members(value: object) -> object:
    """Parsed JSON with each object as its members, so that one of them can be repeated."""
    if isinstance(value, dict):
        return tuple((key, members(one)) for key, one in value.items())
    return [members(one) for one in value] if isinstance(value, list) else value


def repeated(value: object, rng: Random) -> object:
    """The same with one member of some object repeated, with what it says or with null."""
    if isinstance(value, tuple) and value:
        at = rng.randrange(len(value))
        key, one = value[at]
        if rng.random() < 0.2 or not isinstance(one, tuple | list) or not one:
            return (*value, (key, rng.choice([one, None])))
        return (*value[:at], (key, repeated(one, rng)), *value[at + 1 :])
    if isinstance(value, list) and value:
        at = rng.randrange(len(value))
        return [*value[:at], repeated(value[at], rng), *value[at + 1 :]]
    return value


def parts_of(call: hooks.Call) -> dict[str, Part]:
    """What was handed over."""
    return {key: part(call.prefetch.get(key), kind) for key, kind in KINDS.items()}


def said(call: hooks.Call, once: frozenset[str] = frozenset()) -> object:
    """What comes of the parts of a call: its records, or why there are none."""
    try:
        return hooks.record(call, parts_of(call), frozenset(), once=once)
    except CorrinError as error:
        return str(error)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=400, deadline=None)
def test_what_is_said_of_a_key_given_twice_does_not_depend_on_who_looked(seed):
    rng = Random(seed)
    around = {key: value for key, value in WHOLE.items() if key != "prefetch"}
    body = (*members(around), ("prefetch", repeated(members(WHOLE["prefetch"]), rng)))
    call = hooks.read(written(body, rng).encode())
    if len(dict(body[-1][1])) < len(body[-1][1]):  # a query of the call itself is given twice
        with pytest.raises(InputError, match=r"prefetch\.\w+: is given twice"):
            keys.once(call, parts_of(call))
    else:
        assert said(call, keys.once(call, parts_of(call))) == said(call)


def test_a_call_in_which_every_key_stands_once_says_so():
    call = hooks.read(json.dumps(WHOLE).encode())
    assert keys.once(call, parts_of(call)) == {"results", "conditions"}
    assert said(call, frozenset({"results", "conditions"})) == said(call)


@pytest.mark.parametrize("written", [json.dumps(WHOLE), json.dumps(WHOLE, indent=1)])
def test_a_call_of_known_elements_is_not_decoded_a_second_time(written, monkeypatch):
    monkeypatch.setattr(keys, "given_twice", None)
    call = hooks.read(written.encode())
    assert "results" in keys.once(call, parts_of(call))


PRIMITIVE = {**LOW_B12, "_status": {"id": "a"}}
ESCAPED = {**LOW_B12, "note": [{"text": "at 9COLON30"}]}


@pytest.mark.parametrize("result", [PRIMITIVE, ESCAPED], ids=["an element of no shape", "an escaped colon"])
def test_where_writing_again_leaves_a_doubt_the_body_is_looked_through(result):
    body = json.dumps({**WHOLE, "prefetch": {**WHOLE["prefetch"], "results": searchset(result)}})
    call = hooks.read(body.replace("COLON", r"\u003a").encode())
    assert keys.once(call, parts_of(call)) >= {"patient", "results", "conditions"}


HELD = {
    "component": [{"code": {"text": "a"}}],
    "contained": [{"resourceType": "Specimen", "id": "s"}],
}


@pytest.mark.parametrize("element", HELD)
def test_what_is_decoded_later_is_looked_through_as_well(element):
    results = json.dumps(searchset({**LOW_B12, element: HELD[element]}))
    inner = json.dumps(HELD[element])
    torn = results.replace(inner, inner[:-2] + ', "id": "1", "id": "2"}]')
    assert torn != results
    body = json.dumps({**WHOLE, "prefetch": {**WHOLE["prefetch"], "results": "RESULTS"}})
    call = hooks.read(body.replace('"RESULTS"', torn).encode())
    assert keys.once(call, parts_of(call)) == {"conditions"}
    assert "a key is given twice" in str(said(call))


def without_last_brace(value: object) -> str:
    """The members of an object, as they stand before its end."""
    return json.dumps(value)[:-1]


TORN = {
    "hook": without_last_brace(WHOLE) + ', "hook": "patient-view"}',
    "prefetch": without_last_brace(WHOLE) + ', "prefetch": {}}',
    "context": without_last_brace(WHOLE) + ', "context": {"patientId": "1", "userId": "Practitioner/1"}}',
    "context.patientId": json.dumps(WHOLE).replace('"patientId":', '"patientId": "2", "patientId":'),
    "prefetch.results": json.dumps(WHOLE).replace('"results":', '"results": null, "results":'),
    "fhirAuthorization.access_token": without_last_brace(WHOLE)
    + ', "fhirAuthorization": {"access_token": "a", "access_token": "b"}}',
}


@pytest.mark.parametrize("name", TORN)
def test_a_key_of_the_call_itself_given_twice_is_refused_by_its_name(calls, name):
    answer = calls.post(VIEW, content=TORN[name].encode(), headers=JSON)
    assert f"{name}: is given twice. Send every key of an object once." in told(answer, 400)


def test_orders_of_which_none_is_chosen_may_give_no_key_twice_either(calls):
    chosen = '"selections": ["MedicationRequest/draft-1"]'
    torn = json.dumps(request("order-select", drafts=[FOLIC_ACID])).replace(
        chosen, f'{chosen}, "selections": []'
    )
    answer = calls.post("/cds-services/corrin-order-select", content=torn.encode(), headers=JSON)
    assert "context.selections: is given twice" in told(answer, 400)


def test_entries_given_twice_are_refused_by_the_name_of_the_query(calls):
    results = json.dumps(searchset(LOW_B12))
    body = json.dumps({**WHOLE, "prefetch": {**WHOLE["prefetch"], "results": "RESULTS"}})
    body = body.replace('"RESULTS"', results[:-1] + ', "entry": []}')
    answer = calls.post(VIEW, content=body.encode(), headers=JSON)
    assert "prefetch.results: Bundle.entry is given twice" in told(answer, 422)
