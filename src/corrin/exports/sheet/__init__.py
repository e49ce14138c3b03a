"""The sheet: one answer as HTML, the same on the page, in print and in the PDF.

An `Answer` and the results settled behind it enter; a fragment of HTML leaves. Every word of the guideline
comes from its dictionaries; nothing is decided here.
"""

from corrin.exports.sheet.printing import environment, fragment
from corrin.exports.sheet.sheet import Sheet

__all__ = ["Sheet", "environment", "fragment"]
