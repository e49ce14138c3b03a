"""Which lines of an export are kept: none that matters is lost, however it is written."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.bulk.lines import kept, ndjson, patient, result, visit

from corrin.intake.bulk import blocks, cutting, heads


def test_a_result_that_is_asked_for_is_kept_and_a_visit_is_not(tmp_path):
    lines, seen = kept(tmp_path, ndjson(patient(), visit(), result()))
    assert [(line.type, line.key, line.number, line.coded) for line in lines] == [
        ("Patient", "a", 1, False),
        ("Observation", "a", 3, True),
    ]
    assert (seen.lines, seen.broken) == (3, [])


@pytest.mark.parametrize(
    "written",
    [
        r'"code":"2132\u002d9"',
        r'"code":"\u0032\u0031\u0033\u0032-9"',
        r'"code":"\u00321\u00332\u002D9"',
        r'"c\u006fde":"2132-9"',
        '"code" : "2132-9"',
        '"code":\t"2132-9"',
    ],
)
def test_a_code_is_found_however_json_writes_it(tmp_path, written):
    line = json.dumps(result()).replace('"code": "2132-9"', written).encode()
    assert json.loads(line)["code"]["coding"][0]["code"] == "2132-9"
    lines, _ = kept(tmp_path, ndjson(patient()) + line + b"\n")
    assert [one.type for one in lines] == ["Patient", "Observation"]


def test_an_escape_that_hides_no_code_keeps_nothing(tmp_path):
    """Some servers escape every apostrophe: it cannot be part of a code."""
    line = (
        rb'{"resourceType":"Observation","note":"patient\u0027s","subject":{"reference":"Patient/a"}}' + b"\n"
    )
    lines, seen = kept(tmp_path, line)
    assert lines == []
    assert seen.lines == 1


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b" \n", b""])
def test_lines_end_as_they_like(tmp_path, ending):
    data = (
        ending.join(ndjson(one).strip() for one in (patient(), result()))
        if ending
        else ndjson(patient(), result()).rstrip()
    )
    lines, seen = kept(tmp_path, data)
    assert [line.type for line in lines] == ["Patient", "Observation"]
    assert seen.broken == []


def test_blank_lines_count_and_are_nothing(tmp_path):
    lines, seen = kept(tmp_path, b"\n" + ndjson(patient()) + b"\n  \n" + ndjson(result()))
    assert [line.number for line in lines] == [2, 5]
    assert seen.broken == []


@pytest.mark.parametrize(
    ("torn", "why"),
    [
        (b'{"resourceType":"Observation","id":"x","sta', "ends in the middle"),
        (b"<html>502 Bad Gateway</html>", "is no JSON"),
        (b'"resourceType":"Encounter"}', "has lost its beginning"),
        (b'{"resourceType":"Encounter","id":', "ends in the middle, and nobody reads its type"),
        (b"\xff\xfe\x00 2132-9 }", "is no text"),
    ],
)
def test_a_torn_line_is_kept_apart_and_costs_no_other(tmp_path, torn, why):
    lines, seen = kept(tmp_path, ndjson(patient()) + torn + b"\n" + ndjson(result()))
    assert [line.type for line in lines] == ["Patient", "Observation"], why
    assert [(line.number, line.raw) for line in seen.broken] == [(2, torn[: cutting.SHOWN])]


def test_a_code_that_is_not_text_is_left_to_the_reader(tmp_path):
    lines, seen = kept(
        tmp_path, ndjson(patient()) + b'{"resourceType":"Observation","id":"\xff","code":"2132-9"}\n'
    )
    assert [line.type for line in lines] == ["Patient"]
    assert [(line.number, line.reason) for line in seen.broken] == [(2, "not UTF-8")]


def test_a_torn_last_line_is_noticed(tmp_path):
    """A download that broke off: the last line has no end."""
    _, seen = kept(tmp_path, ndjson(patient()) + ndjson(result())[:-20])
    assert [line.number for line in seen.broken] == [2]


def test_what_a_medicine_is_may_stand_elsewhere(tmp_path):
    order = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": "Medication/m1"},
        "subject": {"reference": "urn:uuid:a"},
    }
    drug = {
        "resourceType": "Medication",
        "id": "m1",
        "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "A10BA02"}]},
    }
    lines, _ = kept(tmp_path, ndjson(order, drug))
    assert [(line.type, line.key, line.refs, line.coded) for line in lines] == [
        ("MedicationRequest", "a", ("m1",), False),
        ("Medication", "", (), True),
    ]


def test_a_result_under_an_unknown_code_that_speaks_of_b12_is_listed(tmp_path):
    local = result(code="LAB77", value=90)
    local["code"]["text"] = "Vitamin B12, serum"
    lines, seen = kept(tmp_path, ndjson(patient(), local))
    assert [line.type for line in lines] == ["Patient"]
    assert dict(seen.unmapped) == {"http://loinc.org|LAB77 Vitamin B12, serum": 1}


def test_an_id_that_happens_to_hold_b12_is_nothing(tmp_path):
    other = result(code="8867-4") | {"id": "0b12-b12f", "encounter": {"reference": "urn:uuid:6f1fb12a"}}
    lines, seen = kept(tmp_path, ndjson(other))
    assert (lines, dict(seen.unmapped)) == ([], {})


def test_a_block_of_one_unread_type_is_passed_over_only_when_every_line_is_of_it(tmp_path):
    lines, seen = kept(tmp_path, ndjson(visit(), visit(), result(), visit()))
    assert [line.number for line in lines] == [3]
    assert seen.lines == 4


def test_a_line_too_long_is_said_and_the_rest_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 1 << 10)
    monkeypatch.setattr(blocks, "LONGEST", 1 << 14)
    long = ndjson(visit() | {"note": "x" * (1 << 15)})
    lines, seen = kept(tmp_path, ndjson(patient()) + long + ndjson(result()))
    assert [line.number for line in lines] == [1, 3]
    assert [(line.number, line.reason) for line in seen.broken] == [(2, cutting.TOO_LONG)]


def test_a_long_line_that_is_still_read(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK", 1 << 10)
    long = result(note=[{"text": "x" * 50_000}])
    lines, _ = kept(tmp_path, ndjson(patient(), long, result(code="14685-2")))
    assert [line.number for line in lines] == [1, 2, 3]


def test_a_file_that_is_one_document_is_read_as_one(tmp_path):
    path = tmp_path / "one.json"
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": patient()}, {"resource": result()}],
    }
    path.write_text(json.dumps(bundle, indent=1), "utf-8")
    from tests.bulk.lines import SEARCH

    from corrin.intake.bulk import files

    (part,) = files.find(tmp_path).parts
    assert part.document
    (line,) = cutting.cut(cutting.Cut(part), SEARCH)
    assert (line.type, line.key) == ("Bundle", "a")


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("Patient/1", "1"),
        ("https://ehr.example/fhir/Patient/1", "1"),
        ("https://ehr.example/fhir/Patient/1/_history/7", "1"),
        ("urn:uuid:0b5e", "0b5e"),
    ],
)
def test_both_ends_of_a_reference_meet_under_one_key(reference, key):
    assert heads.tail(reference) == key


_code = st.sampled_from(["2132-9", "13964-2", "8867-4", "LAB1", "787-2"])
_escaped = st.booleans()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(_code, _escaped, st.integers(0, 3000), st.booleans()), max_size=12),
    st.integers(1, 5000),
)
def test_searching_and_reading_everything_find_the_same_coded_results(tmp_path_factory, many, block):
    """Whatever the lines, the order and the size of a block: what has a code that is asked for is kept."""
    folder = tmp_path_factory.mktemp("export")
    data = b""
    for number, (code, escaped, filler, read) in enumerate(many):
        one = (
            result(f"p{number}", code, note=[{"text": "y" * filler}])
            if read
            else visit(f"p{number}") | {"note": "z" * filler}
        )
        line = json.dumps(one)
        data += (
            line.replace(code, "".join(f"\\u{ord(c):04x}" for c in code)) if escaped else line
        ).encode() + b"\n"
    before = blocks.BLOCK
    blocks.BLOCK = block
    try:
        found, seen = kept(folder, data)
        everything, also = kept(folder, data, whole=True)
    finally:
        blocks.BLOCK = before
    asked = {"2132-9", "13964-2", "787-2"}
    expected = (
        [
            (line.number, line.raw)
            for line in everything
            if json.loads(line.raw)["code"]["coding"][0]["code"] in asked
        ]
        if everything
        else []
    )
    coded = [
        (line.number, line.raw)
        for line in found
        if json.loads(line.raw)["code"]["coding"][0]["code"] in asked
    ]
    assert coded == expected
    assert seen.lines == also.lines == len(many)
    assert seen.broken == also.broken == []
