"""Whatever is changed in an input: no traceback, and every resource ends as events or as a line that says why not."""

import copy
import json
import re
from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT

from corrin import intake
from corrin.errors import InputError

FIXTURES = sorted((ROOT / "tests" / "fixtures" / "fhir").glob("*.json"))
POOL = [
    entry["resource"]
    for path in FIXTURES
    for entry in json.loads(path.read_text("utf-8"))["entry"]
    if isinstance(entry.get("resource"), dict)
]
CASES = [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "examples").glob("*.json"))]
CASES = [case for case in CASES if "case" in case]
COUNTED = re.compile(r"^(.*?)(?:: | is | carries ).* \((\d+) in this input\)$", re.DOTALL)
"""A line for all resources of a type that is not read; whatever stands where the type should."""

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", "Patient/p", "2026-02-30", "1e5", "final", "refuted", "#m", "x" * 5000, "\x00", "é"]
    ),
    st.text(max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["coding", "code", "value", "id"]), inner)
    ),
    max_leaves=6,
)


def places(value, path=()):
    """Every place inside a JSON value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


def changed(draw, value):
    """The value with a few places removed, replaced or repeated."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(0, 3))):
        *way, key = draw(st.sampled_from(list(places(value)) or [("x",)]))
        holder = value
        for step in way:
            holder = holder[step]
        match draw(st.sampled_from(["replace", "remove", "wrap", "unwrap"])):
            case "replace":
                holder[key] = draw(VALUES)
            case "remove" if isinstance(holder, dict):
                holder.pop(key, None)
            case "wrap" if not isinstance(holder, dict) or key in holder:
                holder[key] = [holder[key]]
            case _ if isinstance(holder, dict) and isinstance(holder.get(key), list) and holder[key]:
                holder[key] = holder[key][0]
    return value


@st.composite
def bundles(draw):
    resources = [changed(draw, draw(st.sampled_from(POOL))) for _ in range(draw(st.integers(0, 4)))]
    patient = [{"resourceType": "Patient", "id": "p"}] if draw(st.booleans()) else []
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in [*patient, *resources]]}


def read_or_refused(data):
    """The records, or none where the input was refused; anything else raised is a fault."""
    try:
        return intake.read(data)
    except InputError:
        return ()


def accounted(records, entries: list[dict]) -> list[int]:
    """The entries of which no trace is left."""
    places = [
        where
        for record in records
        for where in (
            record.patient.where,
            *(event.where for event in record.events),
            *(line.where for line in record.ignored),
        )
    ]
    counted = Counter()
    for line in records[0].ignored:
        match = COUNTED.match(line.reason)
        if match:
            counted[match[1]] += int(match[2])
    lost = []
    for index, entry in enumerate(entries):
        here = f"Bundle.entry[{index}]"
        kind = entry["resource"].get("resourceType") if isinstance(entry["resource"], dict) else None
        if any(place == here or place.startswith(f"{here}.") for place in places):
            continue
        if isinstance(kind, str) and counted[kind] > 0:
            counted[kind] -= 1
        elif kind not in {"Medication", "Substance", "Specimen"}:  # these speak through what points to them
            lost.append(index)
    return lost


@settings(max_examples=300, deadline=None)
@given(bundles())
@example(
    {
        "resourceType": "Bundle",
        "entry": [{"resource": {"resourceType": kind}} for kind in ("Patient", "0", "0")],
    }
)
def test_a_changed_bundle_is_read_or_refused_and_no_resource_is_lost(bundle):
    records = read_or_refused(json.dumps(bundle))
    if records:
        assert accounted(records, bundle["entry"]) == []
    for record in records:
        for event in record.events:
            assert event.where.startswith("Bundle.entry[")
            assert not (event.unreadable and event.quantity)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_case_file_is_read_or_refused_and_no_answer_is_lost(data):
    case = changed(data.draw, data.draw(st.sampled_from(CASES)))
    for record in read_or_refused(json.dumps(case)):
        said = {event.codes[0].code for event in record.events}
        said |= {line.where.removeprefix("findings.") for line in record.ignored}
        assert set(case["findings"]) <= said


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_are_read_or_refused(data):
    path = data.draw(st.sampled_from([*FIXTURES, ROOT / "examples" / "five-patients.csv"]))
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert all(
        record.events or record.ignored or record.patient.where for record in read_or_refused(bytes(raw))
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.text(alphabet='ab1,;"\n\r\t<é -', max_size=6), min_size=1, max_size=4), max_size=5)
)
def test_any_table_is_read_or_refused(rows):
    text = "\n".join(["fever,metformin", *[",".join(row) for row in rows]])
    records = read_or_refused(text.encode())
    assert all(len(record.events) <= 2 for record in records)
    assert len(records) <= len(text.splitlines()) - 1


def test_the_files_that_are_changed_are_many():
    assert len(POOL) > 80
    assert len(CASES) >= 6
