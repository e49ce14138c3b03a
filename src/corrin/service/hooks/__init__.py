"""CDS Hooks 2.0: a record system asks while a chart is open or orders are written; one card answers, or none.

The context of the service enters; routes leave. What a client hands over is read by `corrin.intake.hooks`,
what the guideline says of it comes from `corrin.api`, and this room only carries one to the other.
"""

from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from corrin.service.hooks.endpoints import Endpoints

if TYPE_CHECKING:
    from corrin.service.context import Context

__all__ = ["routes"]


def routes(context: "Context") -> list[BaseRoute]:
    """The addresses of CDS Hooks."""
    return Endpoints(context).routes()
