"""The SELECTs with which a CDM is read, in the SQL that DuckDB and PostgreSQL share.

Only what says a wanted code is asked for, of one part of the persons, in the order of the persons.
"""

from collections.abc import Iterable
from typing import NamedTuple

from corrin.intake.omop import tables
from corrin.intake.omop.base import Source

Part = tuple[int, int]
_VALUED = "value_as_concept_id"
LOCAL = 2_000_000_000
"""From here on a concept id is one that a site added by itself."""


def select(source: Source, table: str, shape: type[NamedTuple], where: str, part: Part) -> str:
    """The fields of `shape` for each row of one part of the persons, person by person."""
    conditions = [*([where] if where else ()), *mine(whole(source, table, "person_id"), part)]
    fields = ", ".join(
        whole(source, table, name) if is_whole else text(source, table, name)
        for name, is_whole in tables.kinds(shape).items()
    )
    kept = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {fields} FROM {source.relation(table)}{kept} ORDER BY 1 NULLS FIRST, 2"


def said(
    source: Source, table: str, shape: type[tables.Row], ids: Iterable[int], texts: Iterable[str]
) -> str:
    """The condition that a row says a wanted code: by its concept, or by concept or text of its source."""
    concept, own, written = shape._fields[2:5]
    ids = list(ids)
    either = [among(whole(source, table, name), ids) for name in (concept, own) if has(source, table, name)]
    if has(source, table, written):
        listed = ", ".join(quoted(one) for one in sorted(texts)) or "NULL"
        either.append(f"{text(source, table, written)} IN ({listed})")
    if table == "observation" and has(source, table, _VALUED):
        either.append(among(whole(source, table, _VALUED), ids))
    return f"({' OR '.join(either)})"


def distinct(source: Source, table: str, names: Iterable[str], where: str) -> str | None:
    """Every concept id that the rows hold in any of the columns."""
    there = ", ".join(whole(source, table, name) for name in names if has(source, table, name))
    return (
        f"SELECT DISTINCT unnest(ARRAY[{there}]) FROM {source.relation(table)} WHERE {where}"
        if there
        else None
    )


def unmapped(source: Source, table: str, shape: type[tables.Row], where: str, most: int) -> str:
    """Texts of the source of rows without a concept that say nothing wanted, and how often each stands."""
    concept, _, written = shape._fields[2:5]
    name = text(source, table, written)
    silent = f"COALESCE({whole(source, table, concept)}, 0) = 0 AND COALESCE(NOT {where}, TRUE)"
    return (
        f"SELECT {name}, count(*) FROM {source.relation(table)} WHERE {name} <> '' AND {silent}"
        f" GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT {most}"
    )


ONCE = "(a text that stands once)"
"""A text of one row alone may be about one person: it is counted, and not shown."""


def watched_texts(
    source: Source, table: str, shape: type[tables.Row], where: str, watch: Iterable[str]
) -> str:
    """The same of texts with one of these words in them, however rare."""
    concept, _, written = shape._fields[2:5]
    name = text(source, table, written)
    silent = f"COALESCE({whole(source, table, concept)}, 0) = 0 AND COALESCE(NOT {where}, TRUE)"
    each = f"SELECT {name} AS said, count(*) AS often FROM {source.relation(table)}"
    return (
        f"SELECT CASE WHEN often > 1 THEN said ELSE {quoted(ONCE)} END, CAST(sum(often) AS BIGINT)"
        f" FROM ({each} WHERE {_has_word(name, watch)} AND {silent} GROUP BY 1) AS texts GROUP BY 1"
    )


def watched(source: Source, table: str, shape: type[tables.Row], where: str, watch: Iterable[str]) -> str:
    """Concepts with one of these words in their names of which rows say nothing wanted, and how often."""
    concept, own = shape._fields[2:4]
    number, name, vocabulary, code = (
        whole(source, "concept", "concept_id"),
        *(text(source, "concept", f"{each}") for each in ("concept_name", "vocabulary_id", "concept_code")),
    )
    known = f"SELECT {number} AS watched, {vocabulary} || '|' || {code} || ' ' || {name} AS called"
    said = f"COALESCE(NULLIF({whole(source, table, concept)}, 0), {whole(source, table, own)})"
    return (
        f"SELECT called, count(*) FROM {source.relation(table)}"
        f" JOIN ({known} FROM {source.relation('concept')} WHERE {_has_word(name, watch)}) AS names"
        f" ON watched = {said} WHERE COALESCE(NOT {where}, TRUE) GROUP BY 1"
    )


def _has_word(name: str, words: Iterable[str]) -> str:
    return f"({' OR '.join(f'strpos(lower({name}), {quoted(word)}) > 0' for word in words)})"


def doubtful(source: Source, table: str, shape: type[tables.Row], where: str, part: Part) -> str:
    """The persons of one part with a row that says nothing wanted and might: nobody knows what it is.

    That is one without a concept, and one with a concept that a site added; of medicines every one, where no
    ancestors say what a product contains.
    """
    concept = f"COALESCE({whole(source, table, shape._fields[2])}, 0)"
    known = "concept_ancestor" in source.columns or not table.startswith("drug")
    unknown = f"({concept} = 0 OR {concept} >= {LOCAL})" if known else "TRUE"
    person = whole(source, table, "person_id")
    return (
        f"SELECT DISTINCT {person} FROM {source.relation(table)} WHERE {unknown}"
        f" AND COALESCE(NOT {where}, TRUE){''.join(f' AND {one}' for one in mine(person, part))}"
        " ORDER BY 1 NULLS FIRST"
    )


def mine(person: str, part: Part) -> list[str]:
    """The condition that a person belongs to one part of the persons; who has no number, to the first."""
    number, of = part
    if of == 1:
        return []
    chosen = f"mod(mod({person}, {of}) + {of}, {of}) = {number}"
    return [f"({chosen} OR {person} IS NULL)" if number == 0 else chosen]


def has(source: Source, table: str, name: str) -> bool:
    """Whether the CDM has the column."""
    return name in source.columns[table]


def whole(source: Source, table: str, name: str) -> str:
    """A column as a whole number; NULL where the CDM does not have it."""
    return source.whole(source.columns[table][name]) if has(source, table, name) else "CAST(NULL AS BIGINT)"


def text(source: Source, table: str, name: str) -> str:
    """A column as text; NULL where the CDM does not have it."""
    column = source.columns[table][name] if has(source, table, name) else "NULL"
    return f"CAST({column} AS VARCHAR)"


def among(expression: str, numbers: Iterable[int]) -> str:
    """The number is one of these."""
    return f"{expression} IN ({', '.join(map(str, sorted(numbers))) or 'NULL'})"


def quoted(written: str) -> str:
    """A text as SQL writes it."""
    return "'" + written.replace("'", "''") + "'"


def empty(source: Source, parts: Iterable[str]) -> dict[str, str]:
    """The parts of a record of which there is no row, each with its table."""
    return {part: table for part in parts if not _any(source, table := tables.TABLE_OF[part], "TRUE")}


def of_nobody(source: Source, parts: Iterable[str]) -> dict[str, str]:
    """The parts of which a row names no person, each with its table: it may be anybody's."""
    return {
        part: table
        for part in parts
        if _any(source, table := tables.TABLE_OF[part], f"{whole(source, table, 'person_id')} IS NULL")
    }


def _any(source: Source, table: str, where: str) -> bool:
    if table not in source.columns:
        return False
    sql = f"SELECT 1 FROM {source.relation(table)} WHERE {where} LIMIT 1"
    return next(source.rows(sql, table), None) is not None
