"""A made-up patient as the lines of a FHIR R4 bulk export, with all that fills such an export."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from corrin.synthesis import covering
from corrin.synthesis.fhir.filler import Filler, Line
from corrin.synthesis.fhir.resources import Printer
from corrin.synthesis.fhir.shapes import Resource
from corrin.synthesis.people import Synthetic
from corrin.synthesis.people.person import EPOCH
from corrin.synthesis.shares import Shares

__all__ = ["BASES", "DENSITY", "Export", "Line"]

DENSITY = 250_000
"""Bytes of a patient in an export with everything."""
BASES = {"relative": "", "absolute": "https://ehr.example/fhir/", "urn": "urn:uuid:"}
FILE = Path(__file__).parent / "filler.toml"
_CODE = re.compile(rb'("code":")([0-9A-Z])')
_SPREAD = (0.25, 1.75)


class Export:
    """Prints patients; `size` is how many bytes a patient has on the average, 0 leaves out what fills."""

    carries = covering.FHIR
    suffix = ".ndjson"
    headers: Mapping[str, bytes] = {}

    def __init__(self, shares: Shares, size: int, references: str) -> None:
        self.shares = shares
        self.prefix = BASES[references]
        self.size = size
        self.last = (shares.as_of - EPOCH).days
        filling = tomllib.loads(FILE.read_text("utf-8"))
        self.filler = Filler(filling, self.prefix) if size else None

    def name(self, one: Synthetic) -> str:
        """What the format calls a patient."""
        return one.patient.id or ""

    def lines(self, one: Synthetic, rng: Random) -> Iterator[Line]:
        """Every line of one patient."""
        name = one.patient.id or ""
        printer = Printer(self.shares, self.prefix, rng, name)
        yield "Patient", _line(printer.person(one.patient))
        for event in one.events:
            for resource in printer.resources(event):
                escaped = rng.random() < self.shares.printing["escaped"]
                yield resource["resourceType"], _escaped(_line(resource)) if escaped else _line(resource)
        if self.filler:
            low, high = _SPREAD
            visits = round(self.size * (low + rng.random() * (high - low)) / self.filler.visit_bytes)
            yield from self.filler.lines(rng, name.encode(), visits, self.last)

    def joined(self, kind: str) -> bool:
        """Patients stand in one file, what is said of them in many."""
        return kind == "Patient"

    def common(self) -> Iterator[Line]:
        """What belongs to no patient: organisations, a clinician, a place."""
        sites = [f"site-{at + 1}" for at in range(int(self.shares.people["sites"]))]
        for site in (*sites, "organization-1"):
            yield "Organization", _line(_named("Organization", site, f"Clinic {site}") | {"active": True})
        yield "Practitioner", _line({"resourceType": "Practitioner", "id": "practitioner-1", "active": True})
        yield "Location", _line(_named("Location", "location-1", "A clinic") | {"status": "active"})


def _named(kind: str, identity: str, name: str) -> Resource:
    return {"resourceType": kind, "id": identity, "name": name}


def _line(resource: Resource) -> bytes:
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _escaped(line: bytes) -> bytes:
    """The same JSON, with one character of every code as an escape."""
    return _CODE.sub(lambda match: match[1] + rb"\u%04x" % ord(match[2]), line)
