"""How the service is set up: one TOML file, then the environment, then the command line; every key checked.

A file enters; a frozen `Config` leaves. A key that is not known, or a value that does not fit, is refused
with its place: nothing is guessed, because a typing error in a security setting must not pass.
"""

from corrin.service.config.checks import check
from corrin.service.config.nouns import (
    TOKEN,
    Config,
    Fhir,
    Hooks,
    Rules,
    Server,
    Smart,
    Trust,
    is_loopback,
)
from corrin.service.config.reading import read

__all__ = [
    "TOKEN", "Config", "Fhir", "Hooks", "Rules", "Server", "Smart", "Trust", "check", "is_loopback", "read",
]  # fmt: skip
