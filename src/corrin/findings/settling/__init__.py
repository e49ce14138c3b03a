"""The first step: events become facts, each event on its own."""

from corrin.findings.settling.events import Settler

__all__ = ["Settler"]
