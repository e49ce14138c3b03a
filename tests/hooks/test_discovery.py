"""Discovery: what a client is told, and that the queries it is given bring everything that can change a card."""

import random
import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote

import pytest
from tests.burden.charts import CORRIN, LOINC, SNOMED, coded, condition, medicine, result
from tests.hooks.requests import KEYS, NEEDED, PATIENT, searchset
from tests.service.calling import TODAY

from corrin import api
from corrin.intake.fhir.r4 import terms
from corrin.service.hooks import dictionary, discovery

HOOKS = dictionary.read(api.desk().guideline)


@pytest.fixture(scope="module")
def services(calls):
    answer = calls.get("/cds-services")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    return answer.json()["services"]


def test_there_is_a_service_for_each_of_three_hooks(services):
    assert {one["id"]: one["hook"] for one in services} == {
        "corrin-patient-view": "patient-view",
        "corrin-order-select": "order-select",
        "corrin-order-sign": "order-sign",
    }


def test_each_service_says_what_it_is_and_what_it_wants(services):
    for one in services:
        assert set(one) == {"id", "hook", "title", "description", "prefetch", "usageRequirements"}
        for field in ("title", "description", "usageRequirements"):
            assert isinstance(one[field], str)
            assert len(one[field]) > 10
        assert set(one["prefetch"]) == set(KEYS)
        assert all(isinstance(query, str) and query for query in one["prefetch"].values())


def test_a_service_is_called_at_its_own_id(services, calls):
    for one in services:
        assert calls.post(f"/cds-services/{one['id']}", json={}).status_code == 400


def test_the_only_token_is_the_patient_of_the_context(services):
    for one in services:
        for query in one["prefetch"].values():
            assert re.findall(r"{{.*?}}", query) == ["{{context.patientId}}"]


def test_queries_stay_within_the_part_of_fhir_search_that_is_recommended(services):
    for query in services[0]["prefetch"].values():
        kind, _, search = query.partition("?")
        assert kind.partition("/")[0].isalpha()
        parameters = parse_qs(search.replace("{{context.patientId}}", "p"))
        assert set(parameters) <= {"patient", "code", "date"}
        assert all(value.startswith("ge") for value in parameters.get("date", ()))


def test_what_is_needed_is_what_a_call_is_refused_without():
    assert tuple(query.key for query in HOOKS.queries if query.needed) == NEEDED


def test_the_look_back_comes_from_the_parameters_and_the_day():
    windows = {
        one.value // 1000 for one in api.desk().guideline.parameters.values() if one.id.endswith("_window")
    }
    (recent,) = [query for query in HOOKS.queries if query.within]
    assert recent.within in windows
    later = discovery.template(recent, TODAY + timedelta(days=1))
    assert later.endswith((TODAY + timedelta(days=1 - recent.within)).isoformat())


def test_every_laboratory_code_of_the_guideline_is_asked_for():
    asked = " ".join(unquote(query) for query in discovery.prefetch(HOOKS, TODAY).values())
    for entry in api.desk().guideline.declared.codes:
        if entry.system == "loinc":
            assert f"{LOINC}|{entry.code}" in asked


def test_a_patients_id_cannot_add_to_a_query():
    (query,) = [one for one in HOOKS.queries if one.key == "conditions"]
    assert discovery.filled(query, "p&_count=1", TODAY) == "Condition?patient=p%26_count%3D1"


# --- generated: data outside the queries never change a card ---


def matches(resource, query: str) -> bool:
    """A FHIR server's answer to one of the queries, as far as they go."""
    kind, _, search = query.partition("?")
    if resource["resourceType"] != kind.partition("/")[0]:
        return False
    parameters = parse_qs(search)
    since = parameters.get("date", ["ge0000"])[0].removeprefix("ge")
    tokens = parameters.get("code", [""])[0].split(",")
    codes = [(one["system"], one["code"]) for one in resource.get("code", {}).get("coding", ())]
    found = any(token in {"", f"{system}|{code}", f"{system}|"} for token in tokens for system, code in codes)
    return (found or "code" not in parameters) and resource.get("effectiveDateTime", "9999") >= since


def some_day(chance: random.Random) -> str:
    return (
        TODAY - timedelta(days=chance.choice([0, 3, 20, 40, 170, 190, 360, 370, 900, 2000, 4000]))
    ).isoformat()


def chart(chance: random.Random) -> list[dict]:
    """A chart of anything: what the guideline asks for, old and new, beside what it knows nothing of."""
    codes = api.desk().guideline.declared.codes
    by_system = {
        name: [one for one in codes if one.system == name] for name in ("loinc", "snomed", "rxnorm", "hpo")
    }
    units = {
        "pg/mL": (50, 600),
        "pmol/L": (50, 500),
        "nmol/L": (100, 900),
        "g/dL": (7, 15),
        "fL": (80, 120),
        "mg/dL": (1, 3),
    }
    resources = []
    for _ in range(chance.randint(1, 12)):
        unit, (low, high) = chance.choice(list(units.items()))
        entry = chance.choice(by_system["loinc"])
        day = some_day(chance)
        sign = chance.choice([*by_system["snomed"], *by_system["hpo"]])
        resources.append(
            chance.choice(
                [
                    result(entry.code, chance.randint(low, high), unit, day),
                    result(
                        chance.choice(["2132-9", "13964-2"]),
                        chance.randint(60, 900),
                        chance.choice(["pg/mL", "nmol/L"]),
                        day,
                    ),
                    result("8480-6", 120, "mm[Hg]", day),
                    {
                        **result("x", 1, "1", day),
                        "code": coded(terms.uri(sign.system), sign.code),
                        "valueQuantity": None,
                        "valueBoolean": True,
                    },
                    {
                        **result("x", 1, "1", day),
                        "code": coded(CORRIN, "leg_weakness"),
                        "valueQuantity": None,
                        "valueBoolean": True,
                    },
                    {
                        **result("x", 1, "1", day),
                        "code": coded("https://local.example", "weak"),
                        "valueQuantity": None,
                        "valueString": "weak legs",
                    },
                    condition(coded(SNOMED, chance.choice(by_system["snomed"]).code), "active", day, day),
                    medicine(chance.choice(by_system["rxnorm"]).code, day),
                    {
                        "resourceType": "Immunization",
                        "status": "completed",
                        "patient": {"reference": "Patient/p"},
                        "occurrenceDateTime": day,
                    },
                    {
                        "resourceType": "Encounter",
                        "status": "finished",
                        "subject": {"reference": "Patient/p"},
                        "class": {"code": "AMB"},
                    },
                    {
                        "resourceType": "ServiceRequest",
                        "status": "active",
                        "intent": "order",
                        "authoredOn": day,
                        "code": coded(LOINC, entry.code),
                        "subject": {"reference": "Patient/p"},
                    },
                    {
                        "resourceType": "Procedure",
                        "status": "completed",
                        "performedDateTime": day,
                        "code": coded(SNOMED, "53442002"),
                        "subject": {"reference": "Patient/p"},
                    },
                ]
            )
        )
    return [{key: value for key, value in one.items() if value is not None} for one in resources]


def of_queries(resources: list[dict]) -> list[dict]:
    queries = discovery.prefetch(HOOKS, TODAY)
    return [one for one in resources if any(matches(one, unquote(query)) for query in queries.values())]


def answered(resources: list[dict]):
    return api.assess(searchset(PATIENT, *resources), as_of=TODAY).verdicts


def compare(seed: int) -> bool:
    whole = chart(random.Random(seed))
    part = of_queries(whole)
    assert answered(part) == answered(whole), f"seed {seed}"
    return len(part) < len(whole)


def test_what_the_queries_leave_out_never_changes_an_answer():
    left_out = [compare(seed) for seed in range(250)]
    assert sum(left_out) > 100, "most charts hold something that is not asked for"


@pytest.mark.deep
def test_what_the_queries_leave_out_never_changes_an_answer_at_length():
    assert sum(compare(seed) for seed in range(1000, 6000)) > 1000


def test_leaving_out_one_query_more_would_be_seen():
    """The test above can fail: without the query for results some answer is another."""
    changed = 0
    for seed in range(60):
        whole = chart(random.Random(seed))
        kept = [one for one in whole if one["resourceType"] != "Observation"]
        changed += answered(kept) != answered(whole)
    assert changed > 5
