"""How sources spell a flag, a route, a specimen, a yes: closed lists, and none of it clinical.

Text as printed enters, the word that `findings` uses leaves, or None where the spelling is not listed.
"""

from collections.abc import Iterable, Mapping


def _reverse(spellings: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {spelling: word for word, many in spellings.items() for spelling in many}


_LEVELS = _reverse(
    {
        "undetectable": (
            "undetectable",
            "not detectable",
            "below detection limit",
            "below limit of detection",
        ),
        "low": (
            "l",
            "ll",
            "low",
            "lu",
            "critically low",
            "critical low",
            "below normal",
            "decreased",
            "reduced",
        ),
        "normal": (
            "n",
            "normal",
            "within normal range",
            "within normal limits",
            "within reference range",
            "wnl",
        ),
        "high": ("h", "hh", "hu", "high", "raised", "elevated", "increased", "above normal", "critical high"),
        "positive": ("pos", "positive", "detected", "det"),
        "negative": ("neg", "negative", "not detected", "nd"),
    }
)
_ROUTES = _reverse(
    {
        "injection": (
            *("im", "sc", "iv", "intramuscular", "subcutaneous", "intravenous", "deep subcutaneous"),
            *("intramuscular route", "subcutaneous route", "intravenous route", "parenteral", "injection"),
            *("intramuscular use", "subcutaneous use", "intravenous use", "by injection", "intramuscularly"),
            *("subcutaneously", "intramuscular injection", "subcutaneous injection", "parenteral route"),
            *("injection, intramuscular", "injection, subcutaneous", "subcut", "sq", "i.m.", "s.c.", "i.v."),
        ),
        "oral": (
            *("po", "oral", "oral route", "by mouth", "orally", "oral use", "per os", "p.o."),
            *(
                "sublingual",
                "sublingual route",
                "sublingual use",
                "buccal",
                "nasal",
                "nasal route",
                "nasal use",
            ),
        ),
    }
)
"""Absorbed through a mucous membrane counts with the mouth: the dose decides."""

_SPECIMENS = _reverse(
    {
        "serum": (
            "serum",
            "ser",
            "serum specimen",
            "serum or plasma",
            "ser/plas",
            "serum/plasma",
            "serum sample",
        ),
        "plasma": (
            *("plasma", "plas", "plasma specimen", "edta plasma", "heparin plasma", "lithium heparin plasma"),
            *("citrated plasma", "plasma sample", "plasma specimen with edta"),
        ),
        "blood": ("blood", "bld", "blood specimen", "venous blood", "venous blood specimen", "blood sample"),
        "whole-blood": (
            "whole blood",
            "whole blood sample",
            "edta whole blood",
            "edta blood",
            "capillary blood",
        ),
    }
)
_SAID = _reverse(
    {
        "yes": ("yes", "y", "true", "present", "positive", "confirmed"),
        "no": ("no", "n", "false", "absent", "negative", "none", "denied", "not present"),
    }
)
NOT_DONE = frozenset(
    {"not-performed", "not-asked", "not-applicable", "not performed", "not asked", "not done"}
)
"""Reasons for an absent value that mean that nothing was done."""

ASKED = frozenset({"asked-unknown", "asked-declined", "asked and not known"})
"""Reasons for an absent value that mean that somebody asked."""


def level(text: str) -> str | None:
    """A laboratory's flag or word: undetectable, low, normal, high, positive, negative.

    >>> level("LL"), level("see comment")
    ('low', None)
    """
    return _LEVELS.get(" ".join(text.casefold().split()))


def route(text: str) -> str | None:
    """How a medicine is given: injection or oral."""
    return _ROUTES.get(" ".join(text.casefold().split()))


def specimen(text: str) -> str | None:
    """What was measured in: serum, plasma, blood as it was drawn, or whole blood."""
    return _SPECIMENS.get(" ".join(text.casefold().split()))


def said(text: str) -> str | None:
    """A yes or a no."""
    return _SAID.get(text.strip().casefold())


def as_value(text: str) -> str:
    """A word as a finding's values are written: `Not done` is `not-done`."""
    return "-".join(text.casefold().replace("_", " ").split())
