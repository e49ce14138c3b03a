"""Which of two versions of one resource came later: two resources enter, their order leaves."""

from corrin.intake.fhir.r4.shapes import Resource


def later(one: Resource, other: Resource) -> bool | None:
    """Whether `other` is the later version of the two; None where they do not say."""
    if one.meta is None or other.meta is None:
        return None
    versions = (one.meta.version_id or "", other.meta.version_id or "")
    if all(version.isdecimal() for version in versions) and versions[0] != versions[1]:
        return int(versions[0]) < int(versions[1])
    times = (one.meta.last_updated or "", other.meta.last_updated or "")
    return None if not all(times) or times[0] == times[1] else times[0] < times[1]
