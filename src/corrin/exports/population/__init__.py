"""FHIR R4 of a whole population: measures as MeasureReports, the worklist as Groups and DetectedIssues.

What is counted and listed elsewhere enters as plain values; dictionaries for a JSON printer leave, one at a
time. Nothing is counted or decided here.
"""

from corrin.exports.population.measure_report import measure_reports
from corrin.exports.population.printing import line
from corrin.exports.population.worklist import Entry, Words, group_parts, issue

__all__ = ["Entry", "Words", "group_parts", "issue", "line", "measure_reports"]
