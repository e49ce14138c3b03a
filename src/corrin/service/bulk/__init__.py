"""A FHIR server's Bulk Data export, brought home: kicked off, waited for, downloaded, checked.

An `Order` enters, a folder of NDJSON and a `Report` leave. Everything is written beside the folder and
renamed at the end; tokens go into no file, no log and no error.

Source: HL7 FHIR Bulk Data Access (Flat FHIR) 2.0; SMART Backend Services.
"""

from collections.abc import Callable
from dataclasses import replace

from corrin.service.bulk.asking import Asking
from corrin.service.bulk.credentials import Credentials, read_credentials
from corrin.service.bulk.files import Expired, fetch
from corrin.service.bulk.job import Job
from corrin.service.bulk.order import Brought, Order, Patience, Report, World
from corrin.service.bulk.state import State

__all__ = ["Credentials", "Order", "Patience", "Report", "World", "download", "read_credentials"]


def download(
    order: Order,
    world: World,
    credentials: Credentials | None = None,
    patience: Patience | None = None,
    heard: Callable[[str], None] = lambda _said: None,
) -> Report:
    """Export from the server and bring everything home; what a former run brought is not asked for again.

    Errors: `UsageError` for an order that cannot be; `InputError` for a server that does not do its part.
    """
    order.check()
    with State(order) as state, Asking(order, credentials, patience or Patience(), world) as asking:
        job = Job(order, asking, state, heard)
        report = state.finish(*_brought(job, asking, state, heard))
        return replace(report, unended=job.end())


def _brought(
    job: Job, asking: Asking, state: State, heard: Callable[[str], None]
) -> tuple[str, list[Brought]]:
    """Every file of the manifest; where an address has expired, at the one that a new manifest names.

    Errors: `InputError` where a file is refused at the address of a manifest that was asked for just now.
    """
    before = -1
    while True:
        manifest = job.manifest()
        try:
            return manifest.time, [fetch(file, asking, state, heard) for file in manifest.files]
        except Expired as expired:
            if len(state.done) == before:
                raise expired.refused from None
            before = len(state.done)
