"""SMART App Launch 2: the page opened from a record system, filled with what is recorded there.

The browser gets a random session id and the page; codes and tokens stay on the server, in memory, for a
while. Only the FHIR servers of the configuration can launch. `routes` is what the application takes.
"""

from corrin.service.smart.addresses import routes

__all__ = ["routes"]
