"""The door: bytes in, records out.

FHIR R4 as JSON (a Bundle of any type, a list, one resource, NDJSON), case files and CSV enter, gzip or plain,
recognised by what they hold. A `Record` for each patient leaves, with no clinical meaning yet. Unreadable
input is an `InputError` that says where and how to mend it; what was read and not used stands in the record.
"""

from pathlib import Path

import msgspec

from corrin.errors import InputError, Problem
from corrin.intake import case, content, declared, fhir, table
from corrin.intake.content import Broken, Document, Source
from corrin.intake.declared import NONE, Parts
from corrin.intake.fhir.chart import Wanted
from corrin.records import Record

__all__ = ["read"]

_KNOWN = "Hand over FHIR R4 as JSON, a case file or a CSV."
_JSON_NAMES = (".json", ".ndjson", ".jsonl")


class _Peek(msgspec.Struct, rename="camel"):
    resource_type: msgspec.Raw = msgspec.Raw()
    case: msgspec.Raw = msgspec.Raw()


def read(
    data: Source, where: str = "input", wanted: Wanted = None, complete: Parts = NONE
) -> tuple[Record, ...]:
    """One record for each patient that `data` speaks of; `where` names the input in errors.

    Of an observation with none of the codes that are `wanted`, if they are given, only its place is kept:
    whoever asks for nothing else need not wait for the rest. `complete` are parts of a record of which
    whoever hands the input over declares that all of it is here.

    Shape: bytes, a path, a text (a path unless it is content), or what `json.loads` gives.
    Errors: `InputError` with the place, what is wrong with it and the mend; never a value of a patient.
    """
    if where == "input" and content.names_a_file(data):
        where = Path(str(data)).name
    try:
        return _read(data, where, wanted, complete)
    except RecursionError:
        raise InputError(Problem(where, "nested too deeply", _KNOWN)) from None


def _read(data: Source, where: str, wanted: Wanted, complete: Parts) -> tuple[Record, ...]:
    raw = content.load(data, where)
    if not content.is_json(raw):
        if where.lower().endswith(_JSON_NAMES):
            raise InputError(Problem(where, "is called JSON and begins as none", _KNOWN))
        return _declared(table.read(raw.decode("utf-8"), where), complete, wanted)
    documents = list(content.documents(raw, where))
    if not documents:
        raise InputError(Problem(where, "an empty list", _KNOWN))
    cases = [_is_case(document, where) for document in documents]
    if not any(cases):
        return fhir.read(documents, where, complete, wanted)
    return _declared(_cases(documents, cases, where), complete, wanted)


def _declared(records: tuple[Record, ...], complete: Parts, wanted: Wanted) -> tuple[Record, ...]:
    return tuple(declared.answered(record, complete, wanted) for record in records)


def _is_case(document: Document | Broken, where: str) -> bool:
    """A case file, rather than a resource; refuses by name what is neither."""
    if isinstance(document, Broken):
        return False
    if document.keys is not None:
        is_case, is_resource = "case" in document.keys, "resourceType" in document.keys
    else:
        is_case, is_resource = _peeked(document, where)
    if not is_case and not is_resource and not document.prefix:
        raise InputError(
            Problem(
                where,
                "a JSON object that is neither a resource nor a case file",
                'Write "case": 1, or a resourceType.',
            )
        )
    return is_case


def _peeked(document: Document, where: str) -> tuple[bool, bool]:
    """Whether a document is a case file, whether a resource, without decoding the whole of it."""
    try:
        peek = msgspec.json.decode(document.raw, type=_Peek)
    except msgspec.ValidationError:
        peek = _Peek()
        if document.raw.lstrip(b" \t\r\n")[:1] != b"{" and not document.prefix:
            raise InputError(Problem(where, "neither a JSON object nor a list of them", _KNOWN)) from None
    return bytes(peek.case) != b"", bytes(peek.resource_type) != b""


def _cases(documents: list[Document | Broken], cases: list[bool], where: str) -> tuple[Record, ...]:
    """Case files, one patient each; a line that is none would lose a patient, so it is an error."""
    problems: list[Problem] = []
    records: list[Record] = []
    for document, is_case in zip(documents, cases, strict=True):
        if isinstance(document, Broken):
            problems.append(
                Problem(f"{where}: {document.place}", document.reason, "Write one case file a line.")
            )
        elif not is_case:
            problems.append(
                Problem(f"{where}: {document.place}", "no case file among case files", 'Write "case": 1.')
            )
        else:
            try:
                records.append(case.read(document.raw.decode("utf-8"), where, document.prefix))
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(*problems)
    return tuple(records)
