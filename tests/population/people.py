"""A small population made by hand, of which every number can be worked out on paper.

Each person is a case of findings; nothing is random. How many are in which state of a gap is said beside each kind, with
the row of care-gaps.md that decides.
"""

from dataclasses import replace

from corrin import intake
from corrin.records import Record

AS_OF = "2026-11-22"


def level(number: float) -> dict:
    return {"value": number, "unit": "pg/mL", "date": "2026-11-01"}


def person(
    name: str, number: int, site: str | None = None, *, died: bool = False, **findings
) -> list[Record]:
    """So many people of one kind."""
    (record,) = intake.read({"case": 1, "as_of": AS_OF, "findings": findings})
    return [
        replace(
            record,
            patient=replace(record.patient, id=f"{name}-{at}", sex=findings.get("sex"), site=site, died=died),
        )
        for at in range(number)
    ]


NOT_TREATED = {"b12_treatment": False, "folic_acid": False}


def population() -> list[Record]:
    """Sixty people: 57 alive."""
    return [
        # 14 women of 50 at North, 100 pg/mL, never treated: deficient, so the gap deficient-untreated is open (GD1).
        *person("low", 14, "North", age_years=50, sex="female", serum_b12=level(100), **NOT_TREATED),
        # 12 women of 70 at North, 100 pg/mL, on B12: closed (GD2).
        *person("treated", 12, "North", age_years=70, sex="female", serum_b12=level(100),
                b12_treatment=True, b12_treatment_stopped=False, folic_acid=False),
        # 4 men of 70 at South, 100 pg/mL, on B12: closed (GD2). Four is a small number.
        *person("few", 4, "South", age_years=70, sex="male", serum_b12=level(100),
                b12_treatment=True, b12_treatment_stopped=False, folic_acid=False),
        # 15 men of 50 at South, 265 pg/mL, no MMA: borderline, so deficient-untreated is unknown (GD3), and
        # low-or-borderline is open (GL1).
        *person("between", 15, "South", age_years=50, sex="male", serum_b12=level(265), **NOT_TREATED),
        # 10 women of 20, nobody knows where, never tested, nothing refused: does not apply (GD6).
        *person("untested", 10, None, age_years=20, sex="female", **NOT_TREATED),
        # 2 boys of 10 at South: out of scope (A01).
        *person("child", 2, "South", age_years=10, sex="male", **NOT_TREATED),
        # 3 women who died: not counted at all.
        *person("dead", 3, "North", died=True, age_years=80, sex="female", serum_b12=level(100), **NOT_TREATED),
    ]  # fmt: skip
