"""The five patients that the page is looked at with, as case files."""

from datetime import date

TODAY = date(2026, 11, 22)

ABSENT_FLAGS = dict.fromkeys(
    [
        "saddle_anaesthesia",
        "bladder_or_bowel_disturbance",
        "sensory_level",
        "sudden_onset",
        "progression_within_4_weeks",
        "asymmetric_weakness",
        "bulbar_or_respiratory_weakness",
        "severe_spinal_pain",
        "fever",
        "recent_spinal_trauma",
        "cancer_history",
        "unable_to_walk_unsupported",
        "unable_to_sit_unsupported",
    ],
    False,
)

EMPTY: dict = {}
STOP = {
    "age_years": 71,
    "leg_weakness": True,
    "paraesthesia": True,
    "loss_of_vibration_sense": True,
    "extensor_plantars": True,
    "metformin": True,
    "neurological_onset": "2026-09",
    "folic_acid": True,
    "b12_treatment": False,
    "pregnant": False,
    "serum_b12": [
        {"value": 120, "unit": "pmol/L", "date": "2026-05-20"},
        {"value": 98, "unit": "pmol/L", "date": "2026-11-20"},
    ],
    "mma": [
        {"value": 0.6, "unit": "umol/L", "date": "2026-05-20"},
        {"comparator": ">", "value": 1, "unit": "umol/L", "date": "2026-11-20"},
    ],
    **ABSENT_FLAGS,
}
UNTESTED = {"age_years": 71, "leg_weakness": True, "metformin": True}
REFUSED = {
    "age_years": 64,
    "paraesthesia": True,
    "serum_b12": {"value": 98, "unit": "mcg/dL", "date": "2026-11-20"},
    "haemoglobin": {"word": "12,5"},
}
RED_FLAG = {
    "age_years": 55,
    "leg_weakness": True,
    "saddle_anaesthesia": True,
    "bladder_or_bowel_disturbance": True,
    "serum_b12": {"value": 110, "unit": "pg/mL", "date": "2026-11-20"},
}

ALL = {"empty": EMPTY, "stop": STOP, "untested": UNTESTED, "refused": REFUSED, "red-flag": RED_FLAG}


WORDS = {True: "yes", False: "no", None: "null"}


def case(findings: dict, **more) -> dict:
    return {"case": 1, "as_of": TODAY.isoformat(), **more, "findings": findings}


def fields(findings: dict) -> list[tuple[str, str]]:
    """The same as a browser submits it: every field of a row, in order."""
    sent: list[tuple[str, str]] = []
    for name, given in findings.items():
        for one in given if isinstance(given, list) else [given]:
            row = one if isinstance(one, dict) else {"value": one}
            value = row.get("value", row.get("word"))
            typed = (
                value
                if isinstance(value, int | float) and not isinstance(value, bool)
                else WORDS.get(value, value)
            )
            sent.append((name, f"{row.get('comparator', '')}{typed}"))
            sent += [(f"{name}.{part}", row.get(part, "")) for part in ("unit", "date")]
    return sent
