"""The thirteen source attributes of an evidence-based intervention, as every interface shows them.

Citation, developer, funding, release and revision stand in the guideline; whether a rule uses race, sex, date
of birth and the like is derived from what the tables read, never typed by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from corrin.exports.fhir.coordinates import About, read
from corrin.guideline.model import Guideline
from corrin.plans.dictionary import Section


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: what it is called, and what is so."""

    id: str
    label: str
    says: str


def attributes(guideline: Guideline) -> tuple[Attribute, ...]:
    """All thirteen, in their usual order."""
    about = read(guideline).about
    return (*_made(guideline, about), *_used(guideline))


def _made(guideline: Guideline, about: About) -> Iterator[Attribute]:
    cited = {name for one in guideline.statements.values() for name in one.sources}
    yield Attribute("citation", "Citation", f"{about.title}, {guideline.version}; {len(cited)} sources cited")
    yield Attribute("developer", "Developer", about.developer)
    yield Attribute("funding", "Funding", about.funding)
    yield Attribute("release", "Release and revision dates", f"{about.released}; {about.revised}")


def _used(guideline: Guideline) -> Iterator[Attribute]:
    """A use is a finding that some table reads."""
    page = Section(guideline, "", guideline.plan).section("evidence")
    declared = guideline.declared.findings
    read_by_tables = {name for table in guideline.tables for name in table.inputs if name in declared}
    for entry in page.sections("attribute"):
        name, findings = entry.text("name"), entry.words("findings")
        using = [declared[one].label for one in findings if one in read_by_tables]
        yield Attribute(
            name.lower().replace(" ", "-"), name, f"used: {', '.join(using)}" if using else "not used"
        )
