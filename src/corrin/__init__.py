"""Corrin: one computable guideline for vitamin B12 deficiency as a cause of leg weakness.

    bytes -intake-> Record -findings-> Findings -readings-> Assessment -plans-> Plan -answers-> text, JSON

Corrin supports clinicians. It has not been validated clinically.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corrin.api import assess as assess

__all__ = ["assess"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Give `corrin.assess` on first use, so that `import corrin` stays light."""
    if name == "assess":
        from corrin.api import assess  # noqa: PLC0415 - on first use only

        return assess
    message = f"module 'corrin' has no attribute {name!r}"
    raise AttributeError(message)
