"""What a population covers: rows and edges that hold in it by construction, and those out of reach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corrin.guideline.model import Guideline
from corrin.synthesis.covering import Covered
from corrin.synthesis.people import Synthetic

Name = Callable[[Synthetic], str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rows of tables and edges of bands: how many there are, and which patient stands for each."""

    guideline: str
    form: str
    tables: int
    all_rows: tuple[str, ...]
    rows: Mapping[str, str]
    edges: Mapping[str, str]
    unreachable: Mapping[str, str]
    complete: bool

    @classmethod
    def of(cls, guideline: Guideline, covered: Covered, form: str, name: Name) -> "Coverage":
        """The coverage of a population that begins with the patients built by the solver."""
        rows = tuple(row.id for table in guideline.tables for row in table.rows)
        return cls(
            guideline=guideline.hash,
            form=form,
            tables=len(guideline.tables),
            all_rows=rows,
            rows={one.row: name(one) for one in covered.people if one.kind == "row"},
            edges={one.about: name(one) for one in covered.people if one.kind == "edge"},
            unreachable={one.about: one.reason for one in covered.unreachable},
            complete=covered.complete,
        )

    def document(self) -> dict[str, Any]:
        """The coverage as JSON has it."""
        missing = [row for row in self.all_rows if row not in self.rows and row not in self.unreachable]
        return {
            "guideline": self.guideline,
            "format": self.form,
            "tables": self.tables,
            "rows": {"of": len(self.all_rows), "covered": len(self.rows)},
            "edges": {"covered": len(self.edges)},
            "unreachable": dict(self.unreachable),
            "left_out_for_want_of_patients": missing if not self.complete else [],
            "patient_of_row": dict(self.rows),
            "patient_of_edge": dict(self.edges),
        }

    def lines(self) -> list[str]:
        """The coverage as a person reads it."""
        rows = f"{len(self.rows)} of {len(self.all_rows)} rows of {self.tables} tables"
        said = [f"By construction it covers {rows}, and {len(self.edges)} edges of bands."]
        reasons: dict[str, list[str]] = {}
        for name, why in self.unreachable.items():
            reasons.setdefault(why, []).append(name)
        said += [f"Out of reach: {', '.join(names)}. The reason: {why}." for why, names in reasons.items()]
        if not self.complete:
            said.append("Too few patients to cover the rest: ask for more.")
        return said
