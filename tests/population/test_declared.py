"""A source that declares that all of a kind is there: then what is absent is absent, for as many as it can hold for."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from tests.bulk.lines import GUIDELINE, ndjson, patient, visit, write
from tests.omop.cdm import PRODUCT, Cdm
from tests.population.test_screening import counted, export, ingest, rows, screen, weak  # noqa: F401 - a fixture

from corrin import api
from corrin.errors import InputError, UsageError
from corrin.intake import declared, omop
from corrin.population.digest import Digest
from corrin.population.screening import declaring
from corrin.population.tally import Tally

AS_OF = date(2026, 11, 22)
MEDICINES = frozenset({"medicines"})
METFORMIN = {"coding": [{"system": "http://www.whocc.no/atc", "code": "A10BA02"}]}
OTHER = {"coding": [{"system": "http://www.whocc.no/atc", "code": "C07AB02"}]}


def order(name: str, concept: dict | None = None, kind: str = "MedicationRequest", **more) -> dict:
    made = {
        "resourceType": kind,
        "id": f"order-{name}",
        "status": "active",
        "intent": "order",
        "authoredOn": "2026-10-01",
        "subject": {"reference": f"Patient/{name}"},
    }
    return made | ({"medicationCodeableConcept": concept} if concept else {}) | more


PEOPLE = ("takes", "other", "none", "text", "elsewhere", "old")
ORDERS = (
    order("takes", METFORMIN),
    order("other", OTHER),
    order("text", {"text": "the white tablet"}),
    order("elsewhere", medicationReference={"reference": "Medication/m"}),
    order("old", METFORMIN, "MedicationOrder") | {"patient": {"reference": "Patient/old"}},
)
SPOKEN = {"takes": "yes", "other": "no", "none": "no", "text": None, "elsewhere": None, "old": None}
"""Who takes metformin: an unnamed tablet, one that nothing describes and an order in another FHIR may be it."""


def folder(where, *, torn: bytes = b"", orders=ORDERS):
    return write(
        where,
        Patient=ndjson(*map(patient, PEOPLE)),
        Observation=ndjson(*map(weak, PEOPLE)) + torn,
        MedicationRequest=ndjson(*orders),
        Encounter=ndjson(visit()),
    )


def metformin(out) -> dict[str, str | None]:
    return {name: row["metformin"] for name, row in rows(out, "findings").items()}


def test_absent_is_absent_for_those_of_whom_every_medicine_can_be_read(tmp_path):
    screen(folder(tmp_path / "in"), tmp_path / "out", complete=MEDICINES)
    assert metformin(tmp_path / "out") == SPOKEN
    assert ingest(tmp_path / "out")["declared"] == {"complete": ["medicines"], "set_aside": []}
    assert counted(tmp_path / "out", "complete") == {"medicines": 3}
    assert (
        counted(tmp_path / "out", "ignored")["medicines: declared complete, and not all could be read"] == 3
    )
    assert json.loads((tmp_path / "out" / "screen.json").read_text("utf-8"))["complete"] == ["medicines"]


def test_without_a_declaration_absent_is_not_known_and_nothing_is_said_of_it(tmp_path):
    screen(folder(tmp_path / "in"), tmp_path / "out")
    assert metformin(tmp_path / "out") == dict.fromkeys(PEOPLE) | {"takes": "yes"}
    assert "declared" not in ingest(tmp_path / "out")
    assert "complete" not in ingest(tmp_path / "out")
    assert "The source declares" not in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_declaration_of_another_kind_says_nothing_of_medicines(tmp_path):
    write(tmp_path / "in", Condition=ndjson(order("takes", kind="Condition", code={"text": "a cough"})))
    screen(folder(tmp_path / "in"), tmp_path / "out", complete=frozenset({"conditions"}))
    assert metformin(tmp_path / "out") == dict.fromkeys(PEOPLE) | {"takes": "yes"}
    thyroid = {name: row["thyroid_disease"] for name, row in rows(tmp_path / "out", "findings").items()}
    assert thyroid == dict.fromkeys(PEOPLE, "no") | {"takes": None}


def test_reading_every_line_says_the_same(tmp_path):
    folder(tmp_path / "in")
    screen(tmp_path / "in", tmp_path / "out", complete=MEDICINES, whole=True)
    assert metformin(tmp_path / "out") == SPOKEN


def test_the_report_says_so_and_hides_small_numbers(tmp_path):
    screen(folder(tmp_path / "in"), tmp_path / "out", complete=MEDICINES)
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "The source declares: all medicines are here." in report
    assert 'for <span class="hidden">not shown</span> people' in report
    assert "declared complete, and not all" not in report
    assert "declared complete, and not all" not in (tmp_path / "out" / "attrition.json").read_text("utf-8")
    screen(tmp_path / "in", tmp_path / "out", complete=MEDICINES, below=0)
    assert "counts as absent, for 3 people; for 3 it stays not known" in (
        tmp_path / "out" / "report.html"
    ).read_text("utf-8")


def test_a_torn_line_may_be_anybodys_medicine(tmp_path):
    done = screen(
        folder(tmp_path / "in", torn=b'{"resourceType":"MedicationRe'), tmp_path / "out", complete=MEDICINES
    )
    assert metformin(tmp_path / "out") == dict.fromkeys(PEOPLE) | {"takes": "yes"}
    assert done.declared.set_aside == {"medicines": declaring.BROKEN}
    assert ingest(tmp_path / "out")["declared"]["set_aside"] == [
        {"part": "medicines", "why": "a line of the export cannot be read: it may be anybody's"}
    ]
    assert "This is set aside for everybody" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_an_order_that_names_nobody_may_be_anybodys(tmp_path):
    nameless = order("x", METFORMIN)
    del nameless["subject"]
    screen(folder(tmp_path / "in", orders=(*ORDERS, nameless)), tmp_path / "out", complete=MEDICINES)
    assert metformin(tmp_path / "out")["none"] is None
    assert ingest(tmp_path / "out")["declared"]["set_aside"] == [
        {"part": "medicines", "why": "MedicationRequest in the export names no patient: it may be anybody's"}
    ]


def test_a_sender_that_could_not_give_everything_declares_nothing():
    tally = Tally()
    tally.count("of nobody", "OperationOutcome that names no patient")
    seen = [type("Seen", (), {"types": {"MedicationRequest": 1}, "broken": ()})]
    said = declaring.of_lines(MEDICINES, "export", seen, tally)  # type: ignore[arg-type]
    assert said.set_aside == {"medicines": "the sender reports that it could not give everything"}
    assert said.holds == frozenset()


def test_what_a_server_could_not_export_is_told_by_the_folder_that_was_downloaded(tmp_path):
    """`corrin download` puts the server's messages beside the data, under the name of their type."""
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
    write(tmp_path / "in", **{"OperationOutcome.1": ndjson(outcome)})
    done = screen(folder(tmp_path / "in"), tmp_path / "out", complete=MEDICINES)
    assert done.declared.set_aside == {"medicines": "the sender reports that it could not give everything"}
    assert metformin(tmp_path / "out")["none"] is None


def test_the_machines_of_a_cluster_settle_the_same(tmp_path):
    """The lines of a patient as Spark hands them over: where a source declares it, no metformin is a no."""
    from corrin.population.spark import parts

    lines = [patient("none"), weak("none")]
    rows = [("none", "f", 0, number, json.dumps(one).encode()) for number, one in enumerate(lines)]
    settling = parts.Settling(GUIDELINE, AS_OF, {("f", 0): ("f", 0)})
    for complete, word in ((MEDICINES, {"no"}), (frozenset(), set())):
        names = list(parts.SETTLED)
        told = [
            dict(zip(names, row, strict=True))
            for row in parts._settle(iter(rows), replace(settling, complete=complete))
        ]
        assert {one["word"] for one in told if one["finding"] == "metformin"} == word


def test_a_kind_of_which_nothing_is_there_cannot_be_all_there(tmp_path):
    write(tmp_path / "in", Patient=ndjson(patient("a"), patient("b")), Observation=ndjson(weak("a")))
    with pytest.raises(InputError, match="declared to hold all medicines, and there is not one") as refused:
        screen(tmp_path / "in", tmp_path / "out", complete=MEDICINES)
    assert "leave out --complete medicines" in refused.value.problems[0].mend
    assert not (tmp_path / "out" / "worklist.csv").exists()


def test_an_unknown_kind_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(UsageError) as refused:
        screen(folder(tmp_path / "in"), tmp_path / "out", complete=frozenset({"medicine"}))
    (problem,) = refused.value.problems
    assert problem.where == "--complete medicine"
    assert problem.mend == (
        "Did you mean `medicines`? There are: "
        "administrations, allergies, conditions, medicines, procedures, requests, statements."
    )


def test_each_patient_is_told_the_same_alone_and_in_the_crowd(export, tmp_path):  # noqa: F811
    """The lines of each of 900 made-up patients by themselves, with what they point to, under one declaration.

    Of administrations there is none, which a source cannot declare to be all.
    """
    everything = declared.PARTS - {"administrations"}
    lines, shared = defaultdict(list), {}
    for path in sorted(export.glob("*.ndjson")):
        for text in path.read_text("utf-8").splitlines():
            resource = json.loads(text)
            owner = resource.get("subject") or resource.get("patient")
            if resource["resourceType"] == "Medication":
                shared[resource["id"]] = text
            elif owner or resource["resourceType"] == "Patient":
                lines[owner["reference"].rpartition("/")[2] if owner else resource["id"]].append(text)
    alone = Digest(GUIDELINE)
    for name, texts in lines.items():
        led = [shared[one] for one in shared if any(f"Medication/{one}" in text for text in texts)]
        (answer,) = api.assess_all(
            "\n".join([*texts, *led]).encode() + b"\n", AS_OF, complete=sorted(everything)
        )
        alone.said(name, answer.verdicts)
    screen(export, tmp_path / "out", complete=everything)
    people, crowd = rows(tmp_path / "out", "people"), Digest(GUIDELINE)
    for name, row in rows(tmp_path / "out", "verdicts").items():
        row.pop("patient")
        crowd.row(name, row, ended=bool(people[name]["died"]) or people[name]["replaced_by"] is not None)
    assert (alone.patients, str(alone)) == (900, str(crowd))
    assert counted(tmp_path / "out", "complete")["medicines"] > 880


# --- a CDM ---


@pytest.fixture
def cdm():
    """1 takes metformin, 2 another known drug, 3 nothing; 4 has a drug without a concept, 5 one of the site's own."""
    made = Cdm()
    for number in range(1, 6):
        made.person(number, "1950-01-02", 8532)
    made.concept(PRODUCT + 1, "metoprolol", "RxNorm", "Clinical Drug", "other")
    drugs = {1: made.ids["rxnorm", "6809"], 2: PRODUCT + 1, 4: 0, 5: 2_000_000_007}
    for person, concept in drugs.items():
        taken(made, person, concept)
    return made


def taken(cdm, person, concept, kind=32838) -> None:
    cdm.add(
        "drug_exposure",
        person,
        drug_concept_id=concept,
        drug_exposure_start_date="2026-10-01",
        drug_type_concept_id=kind,
        drug_source_value="a drug",
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_drug_without_a_concept_may_be_any(cdm, tmp_path, jobs):
    screen(cdm.parquet(tmp_path / "cdm"), tmp_path / "out", complete=MEDICINES, jobs=jobs)
    assert metformin(tmp_path / "out") == {"1": "yes", "2": "no", "3": "no", "4": None, "5": None}
    assert ingest(tmp_path / "out")["declared"] == {"complete": ["medicines"], "set_aside": []}


@pytest.mark.parametrize(
    ("end", "reason", "known"),
    [("2026-11-20", "", None), ("", "", None), ("2026-11-20", "stopped", "no"), ("2026-12-20", "", "yes")],
)
def test_an_end_that_may_be_inferred_is_no_absence(tmp_path, end, reason, known):
    """Folic acid until two days ago, by the end of what was supplied or by nobody's word: perhaps it goes on."""
    made = Cdm()
    made.person(1, "1950-01-02", 8532)
    made.add(
        "drug_exposure",
        1,
        drug_concept_id=made.ids["rxnorm", "4511"],
        drug_exposure_start_date="2026-10-01",
        drug_exposure_end_date=end or None,
        drug_type_concept_id=32838,
        stop_reason=reason,
    )
    screen(made.parquet(tmp_path / "cdm"), tmp_path / "out", complete=MEDICINES)
    assert rows(tmp_path / "out", "findings")["1"]["folic_acid"] == known


def test_without_ancestors_no_product_is_known(cdm, tmp_path):
    """A site map names metformin; what 2 takes nobody can say, as nothing tells what the product contains."""
    (tmp_path / "map.toml").write_text(f'[concepts]\n{cdm.ids["rxnorm", "6809"]} = "rxnorm|6809"\n', "utf-8")
    source = cdm.parquet(tmp_path / "cdm", without=("concept_ancestor",))
    screen(source, tmp_path / "out", complete=MEDICINES, names=tmp_path / "map.toml")
    assert metformin(tmp_path / "out") == {"1": "yes", "2": None, "3": "no", "4": None, "5": None}


def test_a_row_of_no_person_may_be_anybodys_and_an_empty_table_holds_nothing(cdm, tmp_path):
    taken(cdm, None, 0)
    source = cdm.parquet(tmp_path / "cdm")
    screen(source, tmp_path / "out", complete=MEDICINES)
    assert metformin(tmp_path / "out")["3"] is None
    assert omop.declarable(source, frozenset({"medicines", "procedures"})) == (
        {"procedures": "procedure_occurrence"},
        {"medicines": "drug_exposure"},
    )
    with pytest.raises(InputError, match="declared to hold all procedures"):
        screen(source, tmp_path / "out", complete=frozenset({"procedures"}))


def test_a_drug_of_which_nobody_says_whether_it_was_given_leaves_open_what_was_given(cdm, tmp_path):
    """Of B12 a row whose type is any electronic record: an administration, or none."""
    given = frozenset({"requests", "statements", "administrations"})
    taken(cdm, 3, cdm.ids["rxnorm", "11248"], 32817)
    by_name = {
        record.patient.id: record.complete
        for record in omop.read(
            cdm.parquet(tmp_path / "cdm"), api.findings.codes(GUIDELINE), complete=given | MEDICINES
        )
    }
    assert (by_name["1"], by_name["3"], by_name["4"]) == (given | MEDICINES, MEDICINES, frozenset())


# --- tables ---


def table(path, text: str):
    path.write_text(text, "utf-8")
    return path


def test_an_empty_cell_is_a_no_where_the_table_holds_all_and_a_strange_column_leaves_it_open(tmp_path):
    source = table(
        tmp_path / "people.csv",
        "patient,leg_weakness,metformin,my_tablets\na,yes,,\nb,yes,yes,\nc,yes,,two\nd,yes,perhaps,\ne,yes,unknown,\n",
    )
    screen(source, tmp_path / "out", complete=MEDICINES)
    assert metformin(tmp_path / "out") == {"a": "no", "b": "yes", "c": None, "d": None, "e": None}


def test_a_table_without_a_column_of_a_medicine_holds_no_medicines(tmp_path):
    source = table(tmp_path / "people.csv", "patient,leg_weakness\na,yes\nb,yes\n")
    with pytest.raises(InputError, match="not one column of them"):
        screen(source, tmp_path / "out", complete=MEDICINES)


def test_of_results_a_row_by_a_code_of_no_known_system_leaves_it_open(tmp_path):
    source = table(
        tmp_path / "results.csv",
        "patient,code,system,value\na,metformin,,yes\nb,718-7,,12\nc,leg_weakness,,yes\nc,XY77,,1\nd,99,loinc,1\nd,leg_weakness,,yes\n",
    )
    screen(source, tmp_path / "out", complete=MEDICINES)
    assert metformin(tmp_path / "out") == {"a": "yes", "b": "no", "c": None, "d": "no"}


# --- one patient ---


@pytest.mark.parametrize(
    ("said", "known"), [({}, "no"), ({"metformin": "perhaps"}, None), ({"metformin": None}, None)]
)
def test_an_answer_that_cannot_be_read_is_no_absence(said, known):
    """`perhaps` was sent of metformin: that all medicines are listed does not make it a no."""
    case = {"case": 1, "as_of": "2026-11-22", "findings": {"leg_weakness": True, **said}}
    assert api.assess(case, complete=["medicines"]).findings.row.get("metformin") == known
    assert api.assess(case | {"complete": ["medicines"]}).findings.row.get("metformin") == known


def test_a_misspelt_answer_of_a_case_leaves_the_declaration_open():
    case = {"case": 1, "as_of": "2026-11-22", "findings": {"leg_weakness": True, "metfornin": True}}
    answer = api.assess(case, complete=["medicines"])
    assert answer.findings.row.get("metformin") is None
    assert any("declared complete, and not all" in one["reason"] for one in answer.to_dict()["ignored"])
    with pytest.raises(UsageError, match="no part that can be declared complete"):
        api.assess(case, complete=["everything"])


def test_a_kind_unlike_any_is_refused_with_those_there_are_once(tmp_path):
    with pytest.raises(UsageError) as refused:
        screen(folder(tmp_path / "in"), tmp_path / "out", complete=frozenset({"drugs"}))
    assert refused.value.problems[0].mend.count("medicines") == 1
