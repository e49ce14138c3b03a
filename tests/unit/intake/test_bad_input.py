"""Whatever bytes come: a clear error that says where and how to mend it, never a traceback."""

import gzip
import json
from pathlib import Path

import pytest

from corrin import intake
from corrin.errors import InputError

PATIENT = {"resourceType": "Patient", "id": "p"}
KNOWN = "Hand over FHIR R4 as JSON, a case file or a CSV."


def refusal(data) -> str:
    with pytest.raises(InputError) as caught:
        intake.read(data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", f"input: empty. {KNOWN}"),
        (b" \n\t ", f"input: empty. {KNOWN}"),
        ("", f"input: empty. {KNOWN}"),
        (b'{"resourceType": "Patient",\n "id": }', "input: malformed JSON at line 2, column 8: invalid character. Send the whole of the JSON, as it was written."),
        (b'{"resourceType": "Patient"', "input: malformed JSON at line 1, column 27: input data was truncated. Send the whole of the JSON, as it was written."),
        (b'{"case": 1, "findings": {"age_years": NaN}}', "input: malformed JSON at line 1, column 39: invalid character. Send the whole of the JSON, as it was written."),
        (b'{"case": 1, "findings": {"age_years": Infinity}}', "input: malformed JSON at line 1, column 39: invalid character. Send the whole of the JSON, as it was written."),
        (b"[]", f"input: an empty list. {KNOWN}"),
        (b'{"a": 1}', 'input: a JSON object that is neither a resource nor a case file. Write "case": 1, or a resourceType.'),
        (b"[1, 2]", "input: [0]: no resource of FHIR: it has no resourceType. Mend it, or leave it out."),
        ("{}", 'input: a JSON object that is neither a resource nor a case file. Write "case": 1, or a resourceType.'),
        (b"\xff\xfe{\x00", "input: UTF-16 or UTF-32. Save it as UTF-8."),
        ('{"case": 1}'.encode("utf-16-le"), "input: UTF-16 or UTF-32. Save it as UTF-8."),
        ('{"case": 1}'.encode("utf-32"), "input: UTF-16 or UTF-32. Save it as UTF-8."),
        (b'{"case": 1,\n "findings": {"knee_reflexes": "\xe9"}}', "input: line 2: not UTF-8. Save it as UTF-8."),
        ("patient,fever\nJosé,yes\n".encode("latin-1"), "input: line 2: not UTF-8. Save it as UTF-8."),
        ('{"case": 1, "findings": {"x": "\ud800"}}', "input: line 1: not UTF-8. Save it as UTF-8."),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", "input: XML, which is not read. Hand over FHIR as JSON (application/fhir+json)."),
        (b"MSH|^~\\&|LAB", "input: an HL7 v2 message, which is not read. Hand over FHIR R4 as JSON."),
        (b"PK\x03\x04xlsx", "input: a zip archive or a spreadsheet, which is not read. Save it as CSV (UTF-8)."),
        (b"PAR1xxxx", "input: a Parquet file, which is not read. Save it as CSV (UTF-8)."),
        (b"\x1f\x8b\x08\x00nonsense", "input: gzip that ends early or is damaged. Fetch it again."),
        (gzip.compress(b'{"case": 1, "findings": {}}', mtime=0)[:-6], "input: gzip that ends early or is damaged. Fetch it again."),
        (3, f"input: neither bytes, a text, a path nor parsed JSON. {KNOWN}"),
        (None, f"input: neither bytes, a text, a path nor parsed JSON. {KNOWN}"),
        ({"case": 1, "findings": {"age_years": float("nan")}}, "input: holds NaN or Infinity. Leave the value out."),
        ({"case": 1, "findings": {"age_years": [float("inf")]}}, "input: holds NaN or Infinity. Leave the value out."),
        ({"case": 1, "findings": {"age_years": {1, 2}, "x": object()}}, "input: holds what JSON cannot say. Send what json.loads gives."),
        ("no/such/file.json", "file.json: cannot be opened (No such file or directory). Name a file that exists."),
        ("a\0b", "a\0b: cannot be opened (no name of a file). Name a file that exists."),
    ],
)  # fmt: skip
def test_unreadable_input_says_where_what_and_how_to_mend_it(data, says):
    assert says in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b'{"case": 1, "findings": {"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"resourceType": "Patient", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["lists", "objects", "case", "resource"],
)
def test_deep_nesting_is_refused(data):
    assert "nested too deeply" in refusal(data)


@pytest.mark.parametrize("opening", ['{"case": 1, "findings": {"x": ', '{"resourceType": "Patient", "x": '])
def test_every_depth_is_read_or_refused(opening):
    for depth in range(500, 1100, 7):
        data = opening + "[" * depth + "]" * depth + "}" * opening.count("{")
        try:
            assert intake.read(data)
        except InputError as error:
            assert "nested too deeply" in str(error)  # noqa: PT017 - either is right, nothing else is


def test_deep_nesting_in_parsed_json_is_refused():
    bottom: dict = {}
    top: dict = {"resourceType": "Patient", "x": bottom}
    for _ in range(100_000):
        bottom["x"] = {}
        bottom = bottom["x"]
    assert "nested too deeply" in refusal(top)
    around: dict = {"resourceType": "Patient"}
    around["x"] = around
    assert "nested too deeply" in refusal(around)
    while top:  # unravel it by hand: freeing it all at once would be as deep
        top = top.get("x", {})


def test_ten_megabytes_of_one_string_are_read_past_or_refused_by_place():
    long = "x" * 10_000_000
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": long},
        "valueString": long,
    }
    (record,) = intake.read(json.dumps([PATIENT | {"text": long}, observation]))
    (event,) = record.events
    assert event.unreadable == "a text of more than 4096 characters is no result"
    assert len(event.text) == 4096


@pytest.mark.parametrize("number", ["1e400000", "1e-400000", "-0e999999", "1" * 5000, "1." + "0" * 60])
def test_a_number_beyond_anything_measured_costs_that_value(number):
    raw = f'{{"resourceType": "Observation", "status": "final", "code": {{"text": "x"}}, "valueQuantity": {{"value": {number}, "unit": "pg/mL"}}}}'
    (record,) = intake.read(raw)
    assert record.events[0].quantity is None
    assert record.events[0].unreadable


def test_a_key_given_twice_around_resources_is_an_error():
    said = refusal(
        '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}], "entry": []}'
    )
    assert "Bundle.entry is given twice. Send every key of an object once." in said
    said = refusal(
        '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}, "resource": {}}]}'
    )
    assert "Bundle.resource is given twice" in said


def result(**more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-11-20",
        "valueQuantity": {"value": 100, "unit": "pg/mL"},
        **more,
    }


@pytest.mark.parametrize("field", ["modifierExtension", "implicitRules"])
def test_a_result_that_nobody_may_use_is_not_a_test_that_was_not_done(field):
    value = "http://rules" if field == "implicitRules" else [{"url": "http://x", "valueBoolean": True}]
    (record,) = intake.read([PATIENT, result(**{field: value})])
    (event,) = record.events
    assert event.quantity is None
    assert event.unreadable == f"{field} may change what it means, and is not understood here"
    assert event.start.text == "2026-11-20"
    assert [line.where for line in record.ignored] == [f"[1].{field}"]


def test_of_a_result_whose_value_is_given_twice_it_is_known_that_it_was_made():
    once = json.dumps(result())
    (record,) = intake.read(
        once.replace('"value": 100', '"value": 400, "value": 100') + "\n" + json.dumps(PATIENT)
    )
    (event,) = record.events
    assert (event.quantity, event.unreadable[:20]) == (None, "a key is given twice")


@pytest.mark.parametrize("space", ["", " ", "\n  "])
def test_a_key_given_twice_in_a_resource_costs_that_resource(space):
    twice = f'{{"resourceType":"Condition","code"{space}:{space}{{"text":"x"}},"subject":{{"reference":"Patient/p"}},"code":{{"text":"y"}}}}'
    (record,) = intake.read(
        f'{{"resourceType":"Bundle","entry":[{{"resource":{json.dumps(PATIENT)}}},{{"resource":{twice}}}]}}'
    )
    assert record.events == ()
    (line,) = record.ignored
    assert line.where == "Bundle.entry[1].resource"
    assert line.reason == "a key is given twice, and only one of the two can be meant"


def test_a_key_given_twice_within_a_value_is_found_as_well():
    (record,) = intake.read(
        '{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "note": "http\\u003a//",'
        '"valueQuantity": {"value": 1, "value": 2, "unit": "pg/mL"}, "subject": {"reference": "Patient/p"}}\n'
        + json.dumps(PATIENT)
    )
    assert record.ignored[0].reason.startswith("a key is given twice")


@pytest.mark.parametrize(
    "entry",
    [
        [],
        [{"resource": {"resourceType": "OperationOutcome"}}],
        [{"resource": {"resourceType": "Organization"}}],
        [{}],
        None,
    ],
)
def test_a_bundle_that_speaks_of_nobody_is_refused(entry):
    said = refusal({"resourceType": "Bundle", "type": "searchset", "entry": entry})
    assert said.startswith("input: speaks of no patient. Hand over a Patient and what belongs to it.")


def test_a_bundle_of_an_operation_outcome_says_what_it_holds_instead():
    said = refusal({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "OperationOutcome"}}]})
    assert (
        "Bundle.entry[0].resource: OperationOutcome: the sender reports that something could not be given"
        in said
    )


def test_entries_that_are_no_list_are_refused():
    assert "Bundle.entry: no list of entries" in refusal(
        '{"resourceType": "Bundle", "entry": {"resource": 1}}'
    )


def test_no_value_of_a_patient_is_repeated_in_an_error():
    said = refusal('{"resourceType": "Secret Person",\n "id": Secret}')
    assert "Secret" not in said
    said = refusal(
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Condition", "code": "Secret"}}]}
    )
    assert "Secret" not in said


def test_gzip_a_byte_order_mark_and_a_path_are_read_transparently(tmp_path):
    plain = b"\xef\xbb\xbf" + json.dumps(PATIENT).encode()
    path = tmp_path / "patient.json.gz"
    path.write_bytes(gzip.compress(plain, mtime=0))
    for source in (
        plain,
        gzip.compress(plain, mtime=0),
        path,
        str(path),
        bytearray(plain),
        memoryview(plain),
        PATIENT,
    ):
        assert intake.read(source)[0].patient.id == "p"


def test_an_error_names_the_file_it_was_asked_to_read(tmp_path):
    path = tmp_path / "broken.json"
    path.write_bytes(b"{")
    with pytest.raises(InputError, match=r"^broken\.json: malformed JSON at line 1"):
        intake.read(path)
    with pytest.raises(InputError, match=r"^chart 7: malformed JSON"):
        intake.read(path, where="chart 7")
    with pytest.raises(InputError, match="cannot be opened"):
        intake.read(Path(tmp_path))


@pytest.mark.parametrize("name", ["export.json", "lines.NDJSON", "lines.jsonl"])
def test_a_file_that_is_called_json_and_is_none_is_not_taken_for_a_table(tmp_path, name):
    path = tmp_path / name
    path.write_text("patient,fever\na,yes\n", "utf-8")
    with pytest.raises(InputError, match=f"{name}: is called JSON and begins as none"):
        intake.read(path)
    (tmp_path / "people.csv").write_text("patient,fever\na,yes\n", "utf-8")
    assert len(intake.read(tmp_path / "people.csv")) == 1
