"""Three implementers' validators, none of them ours: what one of them refuses, nobody's server needs to take."""

import importlib
import json
import re
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

NODE = Path(__file__).parent / "node"


def fhir_resources(*resources: dict) -> None:
    """fhir.resources, in the version of FHIR it has nearest to R4."""
    from fhir.resources.R4B import get_fhir_model_class

    for resource in with_contained(resources):
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def fhircraft(*resources: dict) -> None:
    """fhircraft, R4, its invariants included; that a contained resource has no narrative is no fault."""
    for resource in resources:
        name = resource["resourceType"]
        module = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        package = importlib.import_module(f"fhircraft.fhir.resources.datatypes.R4.core.{module}")
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r"\[dom-6\]")
            getattr(package, name).model_validate(resource)


def npm_fhir(*resources: dict) -> None:
    """The npm package fhir, R4: shape, cardinality, required codes, no element that it does not know."""
    if not (NODE / "node_modules" / "fhir").is_dir() or shutil.which("node") is None:
        pytest.skip("needs npm's fhir: run `make node-tools`")
    result = subprocess.run(
        ["node", NODE / "validate.js"],
        input=json.dumps(resources),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stdout) == []


def with_contained(resources) -> list[dict]:
    return [one for resource in resources for one in (resource, *resource.get("contained", []))]


VALIDATORS = [fhir_resources, fhircraft, npm_fhir]
