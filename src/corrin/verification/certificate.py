"""What was shown, of which guideline, by which solver: every obligation and its outcome, as text and JSON."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from corrin.verification.obligations import Obligation
from corrin.verification.witness import Witness

Outcome = Literal["holds", "exception", "fails", "of nobody", "stale", "undecided"]
GOOD = {"holds", "exception"}
MILLISECOND = 0.001


@dataclass(frozen=True, slots=True)
class Result:
    """One obligation and what came of it.

    `holds`; `exception`, written down and needed; `fails`, with a patient who breaks it; `of nobody`, its
    premise is impossible; `stale`, an exception that nothing needs; `undecided`, the solver gave up.
    """

    obligation: Obligation
    outcome: Outcome
    seconds: float
    witness: Witness | None = None
    note: str = ""

    @property
    def good(self) -> bool:
        """Nothing is to be mended."""
        return self.outcome in GOOD

    def __str__(self) -> str:
        lines = [f"{self.outcome}: {self.obligation.id}", f"  {self.obligation.says}"]
        if self.obligation.because:
            lines[-1] += f" [{', '.join(self.obligation.because)}]"
        lines += [f"  {self.note}"] if self.note else []
        return "\n".join([*lines, *(f"  {line}" for line in str(self.witness or "").splitlines())])


@dataclass(frozen=True, slots=True)
class Proof:
    """All obligations under one profile; `trivial` pairs of verdict and finding need none."""

    version: str
    hash: str
    profile: str
    site: str | None
    obligations_hash: str
    ranges: tuple[str, ...]
    results: tuple[Result, ...]
    trivial: int
    seconds: float

    @property
    def failures(self) -> tuple[Result, ...]:
        """Everything that is to be mended."""
        return tuple(result for result in self.results if not result.good)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proofs of every profile asked for; `refused` says why pages could not be read at all."""

    proofs: tuple[Proof, ...]
    solver: str
    refused: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[Result, ...]:
        """Everything that is to be mended, in any profile."""
        return tuple(result for proof in self.proofs for result in proof.failures)

    @property
    def good(self) -> bool:
        """Every obligation holds, or is a written exception that is needed."""
        return not self.refused and not self.failures

    def to_json(self) -> str:
        """The certificate as a file: one object, one line for each obligation."""
        heads = [json.dumps(_head(proof), ensure_ascii=False)[:-1] for proof in self.proofs]
        bodies = [",\n  ".join(_line(result) for result in proof.results) for proof in self.proofs]
        proofs = ",\n".join(
            f'{head}, "obligations": [\n  {body}\n]}}' for head, body in zip(heads, bodies, strict=True)
        )
        summary = json.dumps(
            {"certificate": 1, "good": self.good, "solver": self.solver, "refused": self.refused}
        )
        return f'{summary[:-1]}, "proofs": [\n{proofs}\n]}}\n'

    def write(self, path: Path) -> Path:
        """Write the certificate where it is kept."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.to_json(), "utf-8")
        return path

    def to_text(self, *, every: bool = True) -> str:
        """A table of the obligations, then exceptions and failures in words; `every` names each of them."""
        return "\n".join(
            [*self.refused, *(line for proof in self.proofs for line in _text(proof, every=every))]
        )


def _head(proof: Proof) -> dict[str, object]:
    guideline = {"version": proof.version, "hash": proof.hash, "profile": proof.profile, "site": proof.site}
    return {
        "guideline": guideline,
        "obligations_hash": proof.obligations_hash,
        "parameters": proof.ranges,
        "seconds": round(proof.seconds, 3),
        "trivial": proof.trivial,
        "count": dict(Counter(result.outcome for result in proof.results)),
    }


def _line(result: Result) -> str:
    obligation = result.obligation
    line = {
        "id": obligation.id,
        "kind": obligation.kind,
        "about": obligation.about,
        "of": obligation.of,
        "says": obligation.says,
        "because": obligation.because,
        "premise": "impossible" if result.outcome == "of nobody" else "possible",
        "result": result.outcome,
        "seconds": round(result.seconds, 4),
    }
    more = {"note": result.note, "witness": str(result.witness or "").splitlines()}
    return json.dumps(line | {key: value for key, value in more.items() if value}, ensure_ascii=False)


def _text(proof: Proof, *, every: bool) -> Iterator[str]:
    yield f"Guideline {proof.version}, profile {proof.profile}, {proof.hash[:12]}"
    yield ""
    yield from (_named(proof.results) if every else _counted(proof.results))
    yield ""
    exceptions = [result for result in proof.results if result.outcome == "exception"]
    if exceptions:
        yield "Written exceptions, each shown to be needed, and only while the test was not done:"
        yield from (
            f"  {result.obligation.about} may be said without {result.obligation.of}" for result in exceptions
        )
        yield ""
    yield from (line for failure in proof.failures for line in (str(failure), ""))
    held = sum(result.good for result in proof.results)
    yield f"{held} of {len(proof.results)} obligations hold. {proof.seconds:.1f} s"
    yield f"{proof.trivial} more need no proof: the verdict does not depend on the finding."
    yield f"Every one of {len(proof.ranges)} parameters may have any value in its range."


def _named(results: Iterable[Result]) -> Iterator[str]:
    """Every obligation, under its kind and what it is about."""
    heading = ""
    for result in results:
        obligation = result.obligation
        if heading != (heading := f"{obligation.kind}: {obligation.about}"):
            yield heading
        mark = "" if result.outcome == "holds" else f"  {result.outcome.upper()}"
        yield f"  {obligation.of or '-':45} {result.seconds / MILLISECOND:7.1f} ms{mark}"


def _counted(results: Iterable[Result]) -> Iterator[str]:
    """One line for each kind of obligation and what it is about."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        about = "every table" if result.obligation.kind == "reachable" else result.obligation.about
        groups.setdefault((result.obligation.kind, about), []).append(result)
    for (kind, about), group in groups.items():
        failed = sum(not result.good for result in group)
        mark = f"  {failed} FAIL" if failed else ""
        yield f"{kind:16} {about:52} {len(group):5} {sum(r.seconds for r in group):7.2f} s{mark}"
