"""A profile and a site's file laid over the guideline: other numbers in their ranges, codes of one's own."""

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike

from corrin.errors import Problem, UsageError, did_you_mean
from corrin.guideline.model import Guideline, Parameter


def under(
    base: Guideline, hashes: Mapping[str, str], profile: str, site: str | PathLike[str] | None
) -> Guideline:
    """The guideline as one profile, and one site if there is one, has it.

    Errors: an unknown profile is a `UsageError`; a site's file that cannot be placed is a `GuidelineError`.
    """
    if profile not in base.profiles:
        raise UsageError(
            Problem(f"profile `{profile}`", "there is no such profile", did_you_mean(profile, base.profiles))
        )
    chosen = base.profiles[profile]
    made = replace(
        base,
        hash=hashes[profile],
        profile=profile,
        parameters=with_numbers(base.parameters, chosen.parameters),
        regimen=chosen.regimen,
        beside=chosen.beside,
    )
    if site is None:
        return made
    from corrin.guideline.dictionaries.site import read_site  # noqa: PLC0415 - TOML is read only for a site's file

    laid = read_site(site, made)
    declared = replace(made.declared, codes=(*made.declared.codes, *laid.codes))
    return replace(
        made, site=laid.hash, parameters=with_numbers(made.parameters, laid.parameters), declared=declared
    )


def with_numbers(parameters: Mapping[str, Parameter], numbers: Mapping[str, int]) -> dict[str, Parameter]:
    """The parameters with other values; a limit that was moved no longer has a published pair."""
    return {
        name: _moved(parameter, numbers[name]) if name in numbers else parameter
        for name, parameter in parameters.items()
    }


def _moved(parameter: Parameter, value: int) -> Parameter:
    if value == parameter.value:
        return parameter
    return replace(parameter, value=value, pair=None, pair_unit="", strict="")
