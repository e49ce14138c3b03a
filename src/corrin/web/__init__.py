"""The page: one patient on a form, answered while somebody types; and what is taken away from it.

A filled form enters and becomes a case file; the answer to it leaves, as HTML, PDF, text, calendar.
"""

from corrin.web.page import Context, prefilled, routes

__all__ = ["Context", "prefilled", "routes"]
