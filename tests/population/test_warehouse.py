"""`corrin sql`: what it prints runs in DuckDB and PostgreSQL and says what Python says; the others are parsed."""

import subprocess
import sys

import duckdb
import psycopg
import pytest
import sqlglot
from sqlglot import exp
from tests import postgres
from tests.conftest import ROOT
from tests.population import crowd as crowds

from corrin import guideline
from corrin.errors import UsageError
from corrin.population import deciding, dictionary, statements, warehouse, worklist
from corrin.population.warehouse import dialects
from corrin.readings import sql

TARGET_LIST = 1664
"""The columns that one SELECT of PostgreSQL may give (MaxTupleAttributeNumber); a table has 1,600."""
TABLE = 1600
NAME = 63
"""The bytes of a name in PostgreSQL; in BigQuery 300, in Snowflake and Spark 255."""

RESERVED = {
    "snowflake": "ACCOUNT ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONNECTION CONSTRAINT CREATE "
    "CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DELETE DISTINCT DROP ELSE EXISTS "
    "FALSE FOLLOWING FOR FROM FULL GRANT GROUP GSCLUSTER HAVING ILIKE IN INCREMENT INNER INSERT INTERSECT INTO IS ISSUE "
    "JOIN LATERAL LEFT LIKE LOCALTIME LOCALTIMESTAMP MINUS NATURAL NOT NULL OF ON OR ORDER ORGANIZATION QUALIFY REGEXP "
    "REVOKE RIGHT RLIKE ROW ROWS SAMPLE SCHEMA SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER TRUE TRY_CAST "
    "UNION UNIQUE UPDATE USING VALUES VIEW WHEN WHENEVER WHERE WITH",
    "bigquery": "ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS CREATE CROSS CUBE "
    "CURRENT DEFAULT DEFINE DESC DISTINCT ELSE END ENUM ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR "
    "FROM FULL GROUP GROUPING GROUPS HASH HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE "
    "LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF ON OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE "
    "RECURSIVE RESPECT RIGHT ROLLUP ROWS SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT TRUE UNBOUNDED UNION UNNEST "
    "USING WHEN WHERE WINDOW WITH WITHIN",
    "trino": "ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH "
    "CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP "
    "ELSE END ESCAPE EXCEPT EXECUTE EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT "
    "INTO IS JOIN LEFT LIKE LISTAGG LOCALTIME LOCALTIMESTAMP NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE "
    "RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE UESCAPE UNION UNNEST USING VALUES WHEN WHERE WITH",
    "databricks": "ANTI CROSS EXCEPT FULL INNER INTERSECT JOIN LATERAL LEFT MINUS NATURAL ON RIGHT SEMI UNION USING",
}
"""Words that a name may not be unless it is quoted, from each warehouse's own list."""


@pytest.fixture(scope="module")
def model():
    return guideline.load()


def rows(cursor) -> list[dict]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def narrow(model, wide: dict) -> dict:
    """A row of findings as `derive` writes it: what is unknown has no key."""
    row = {}
    for each in model.declared.findings.values():
        if each.kind == "number":
            ends = (wide[f"{each.id}_low"], wide[f"{each.id}_high"])
            row |= {each.id: ends} if ends != (None, None) else {}
        elif each.kind != "date" and wide[each.id] is not None:
            row[each.id] = wide[each.id]
    return row


def same(crowd, base) -> None:
    """Every findings row is Python's, and every verdict."""
    found = {
        row["patient"]: narrow(crowd.guideline, row) for row in rows(base.execute("SELECT * FROM findings"))
    }
    assert found == crowd.rows
    assert crowds.digest_of(crowd, rows(base.execute("SELECT * FROM verdicts"))) == crowd.said


def listed(crowd, base, dialect: str = "duckdb", schema: str = "") -> list[dict]:
    """The worklist that the script makes of the verdicts, in its order; the dead and the merged are not there."""
    order = warehouse.Order(dialect, "verdicts", "worklist", schema, crowds.AS_OF)
    base.execute(warehouse.script(crowd.guideline, order))
    found = rows(base.execute("SELECT * FROM worklist ORDER BY rank"))
    assert [row["rank"] for row in found] == list(range(1, len(found) + 1))
    assert {row["patient"] for row in found} == set(crowd.gaps) - crowd.ended
    return found


def says_what_python_says(crowd, found) -> None:
    """Of each gap the state of `assess`; where the gap's table is not for the person, that it does not apply."""
    names = {gap.name: gap.id for gap in dictionary.read(crowd.guideline).gaps}
    for row in found:
        for name, gap in names.items():
            said = crowd.gaps[row["patient"]][gap]
            assert row[name] == said or (row[name], said) == ("not-applicable", "unknown"), (
                row["patient"],
                gap,
            )
    order = [gap.id for gap in dictionary.read(crowd.guideline).gaps]
    places = [order.index(row["gap"]) if row["gap"] else len(order) for row in found]
    assert places == sorted(places)
    assert len(set(places)) > 5


def screened(crowd, tmp_path) -> list[dict]:
    """The worklist as a screening makes it of the same facts and people."""
    with in_duckdb(crowd) as base:
        for name in ("facts", "people"):
            base.execute(f"COPY {name} TO '{tmp_path / name}-0.parquet'")
    clock = worklist.clock(crowd.guideline, crowds.AS_OF)
    deciding.decide(deciding.Scripts.of(crowd.guideline, clock), tmp_path, "0", "400MB")
    with duckdb.connect() as base:
        made = worklist.ordered(f"read_parquet('{tmp_path}/worklist-0.parquet')")
        left_out = ", ".join(worklist.LEFT_OUT)
        return rows(base.execute(f"SELECT * EXCLUDE ({left_out}) FROM ({made}) ORDER BY rank"))


def in_duckdb(crowd):
    base = duckdb.connect()
    base.execute(crowds.tables())
    for name, path in (("facts", crowd.facts), ("people", crowd.people)):
        base.execute(f"COPY {name} FROM '{path}' (HEADER false, NULLSTR '')")
    return base


def test_the_script_for_duckdb_says_what_python_says(crowd):
    with in_duckdb(crowd) as base:
        base.execute(warehouse.script(crowd.guideline, warehouse.Order("duckdb")))
        same(crowd, base)


def test_the_worklist_of_the_script_is_that_of_a_screening(crowd, tmp_path):
    with in_duckdb(crowd) as base:
        base.execute(
            warehouse.script(crowd.guideline, warehouse.Order("duckdb", end="worklist", as_of=crowds.AS_OF))
        )
        base.execute("DROP TABLE worklist")
        found = listed(crowd, base)
    says_what_python_says(crowd, found)
    assert found == screened(crowd, tmp_path)
    assert sum(row["days_left"] is not None for row in found) > 20


def test_whoever_is_answered_on_another_day_has_no_days_left(crowd):
    with in_duckdb(crowd) as base:
        base.execute("UPDATE people SET as_of_day = as_of_day - 1 WHERE patient = 'p7'")
        base.execute(warehouse.script(crowd.guideline, warehouse.Order("duckdb")))
        found = listed(crowd, base)
    assert next(row for row in found if row["patient"] == "p7")["days_left"] is None


def test_the_script_for_postgresql_says_what_python_says_in_tables_that_it_printed(crowd, tmp_path):
    order = warehouse.Order("postgres", schema="clinic")
    with postgres.server() as server, psycopg.connect(server, autocommit=True) as base:
        base.execute("CREATE SCHEMA clinic")
        base.execute(warehouse.tables(order))
        for name, path in (("facts", crowd.facts), ("people", crowd.people)):
            with base.cursor().copy(f"COPY clinic.{name} FROM STDIN (FORMAT csv)") as into:
                into.write(path.read_text("utf-8"))
        base.execute(warehouse.script(crowd.guideline, order))
        assert base.execute("SHOW enable_nestloop").fetchone() == ("on",), (
            "a setting of the script's outlives it"
        )
        kinds = base.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_name IN ('findings', 'verdicts')"
        )
        assert {kind for (kind,) in kinds} == {"text", "bigint"}
        base.execute("SET search_path TO clinic")
        same(crowd, base)
        last = warehouse.query(crowd.guideline, warehouse.Order("postgres", "findings", schema="clinic"))
        assert crowds.digest_of(crowd, rows(base.execute(last))) == crowd.said
        found = listed(crowd, base, "postgres", "clinic")
        kinds = base.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_name = 'worklist'"
        )
        assert {kind for (kind,) in kinds} == {"text", "bigint"}
    says_what_python_says(crowd, found)
    assert found == screened(crowd, tmp_path)


ANOTHER = sorted({*dialects.DIALECTS} - {*dialects.RUN})
LONG = [pytest.param(one, marks=() if one == "trino" else pytest.mark.deep) for one in ANOTHER]
"""One in the ordinary run, all of them in the deep one."""


@pytest.mark.parametrize("dialect", LONG)
def test_the_statements_for_another_warehouse_are_parsed_and_brought_back_say_the_same(
    crowd, dialect, tmp_path
):
    with in_duckdb(crowd) as base:
        for step, write in (("findings", statements.findings), ("verdicts", statements.verdicts)):
            text = write(crowd.guideline, dialect=dialect)
            (back,) = sqlglot.transpile(text, read=dialect, write="duckdb")
            base.execute(statements.made(step, back))
        same(crowd, base)
        text = warehouse.query(
            crowd.guideline, warehouse.Order(dialect, "verdicts", "worklist", "", crowds.AS_OF)
        )
        (back,) = sqlglot.transpile(text, read=dialect, write="duckdb")
        base.execute(statements.made("worklist", back))
        assert rows(base.execute("SELECT * FROM worklist ORDER BY rank")) == screened(crowd, tmp_path)


LONGEST = 320_000
"""Characters of a statement that every warehouse takes."""


@pytest.mark.parametrize("dialect", dialects.DIALECTS)
def test_a_whole_script_and_its_tables_are_statements_of_the_dialect(model, dialect):
    """And no plain name in it is a word that the dialect keeps for itself, and no statement is too long."""
    order = warehouse.Order(dialect, end="worklist", as_of=crowds.AS_OF)
    script = warehouse.script(model, order)
    assert max(map(len, script.split(";\n"))) < LONGEST
    trees = [each for each in sqlglot.parse(script, read=dialect) if each]
    made = [each for each in trees if isinstance(each, exp.Create) and each.kind == "TABLE"]
    assert [each.this.name for each in made] == ["findings", "verdicts", "worklist"]
    names = (each for tree in trees for each in tree.find_all(exp.Identifier))
    plain = {each.name.upper() for each in names if not each.quoted}
    assert "PATIENT" in plain
    assert not plain & set(RESERVED.get(dialect, "").split())
    empty = sqlglot.parse(warehouse.tables(order), read=dialect)
    assert [each.this.this.name for each in empty if each] == ["facts", "people"]


def every(model, dialect: str = "duckdb") -> list[str]:
    """The statement of each step."""
    steps = ("findings", "verdicts", "worklist")
    order = warehouse.Order(dialect, end="worklist", as_of=crowds.AS_OF)
    return [warehouse.statement(model, order, step) for step in steps]


def test_a_name_that_is_reserved_would_be_seen():
    tree = sqlglot.parse_one("SELECT x AS sample FROM t", read="snowflake")
    assert "SAMPLE" in {each.name.upper() for each in tree.find_all(exp.Identifier) if not each.quoted}


@pytest.mark.parametrize("profile", ["uk", "us"])
def test_no_step_has_more_columns_and_no_name_more_bytes_than_postgresql_takes(profile):
    model = guideline.load(profile)
    tree = sqlglot.parse_one(statements.verdicts(model))
    raw = [column for column in model.columns.values() if column.table is None]
    wide = 1 + sum(2 if column.kind == "number" else 1 for column in raw)
    assert wide <= TABLE
    for step in tree.ctes:
        wide += len(step.this.expressions) - 1  # the step before, by its star, and what this one adds
    assert len(raw) < wide <= TARGET_LIST
    assert len(tree.expressions) <= TABLE
    for text in every(model):
        names = {
            each.name for each in sqlglot.parse_one(text, read=statements.NEUTRAL).find_all(exp.Identifier)
        }
        assert max(len(name.encode()) for name in names) <= NAME


def test_long_names_of_conditions_are_cut_and_stay_apart():
    long = "a_finding_with_quite_a_long_name_that_somebody_gave_it"
    cut = {sql.condition(long, word) for word in ("yes-today", "yes-yesterday", "no")}
    assert {len(name) for name in cut} <= {NAME, len(f"{long}__is_no")}
    assert len(cut) == 3
    assert sql.condition("short", "not-done") == "short__is_not_done"


def test_numbers_of_findings_are_integers_in_every_row():
    model = guideline.load()
    with duckdb.connect() as base:
        base.execute(crowds.tables())
        base.execute(statements.made("findings", statements.findings(model)))
        kinds = base.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_name = 'findings'"
        )
        assert set(kinds.fetchall()) == {("VARCHAR",), ("BIGINT",)}


def test_the_head_says_which_guideline_what_is_read_and_every_difference(model):
    for dialect in dialects.DIALECTS:
        head = comments(warehouse.script(model, warehouse.Order(dialect)))
        assert model.hash in head
        assert "NULL is unknown, and never no." in head
        for each in dialects.DIFFERENCES:
            assert (f"{each.name}: {each.said}." in head) == (dialect in each.dialects)
    begun = warehouse.script(model, warehouse.Order("trino", "findings"))
    assert "as --to findings makes it" in comments(begun)
    listing = comments(
        warehouse.script(model, warehouse.Order("trino", "verdicts", "worklist", "", crowds.AS_OF))
    )
    assert "Reads facts: one row" in listing
    assert "as --to verdicts makes them" in listing
    assert "The days left are counted for 2026-11-22" in listing


def comments(text: str) -> str:
    """The comments of a script in one line."""
    return " ".join(line.removeprefix("--").strip() for line in text.splitlines() if line.startswith("--"))


@pytest.mark.parametrize(
    ("order", "where", "mend"),
    [
        (warehouse.Order("postgre"), "--dialect postgre", "Did you mean `postgres`?"),
        (warehouse.Order("duckdb", "fact"), "--from fact", "Did you mean `facts`?"),
        (warehouse.Order("duckdb", end="verdict"), "--to verdict", "Did you mean `verdicts`?"),
        (warehouse.Order("duckdb", "findings", "findings"), "--from findings --to findings", "in this order"),
        (warehouse.Order("duckdb", end="worklist"), "--as-of", "as 2026-11-22"),
        (warehouse.Order("duckdb", schema="a; DROP TABLE b"), "--schema a; DROP TABLE b", "letters, digits"),
    ],
)
def test_what_cannot_be_printed_is_refused(model, order, where, mend):
    for write in (
        lambda: warehouse.script(model, order),
        lambda: warehouse.query(model, order),
        lambda: warehouse.tables(order),
    ):
        with pytest.raises(UsageError) as refused:
            write()
        (problem,) = refused.value.problems
        assert problem.where == where
        assert mend in problem.mend


def test_the_command_prints_a_script_with_a_site_s_own_limit(tmp_path, model):
    site = tmp_path / "site.toml"
    site.write_text('title = "Ours"\n[parameters]\nb12_low = 145\n', "utf-8")
    command = [sys.executable, "-m", "corrin", "sql", "--dialect", "snowflake", "--site", str(site)]
    script = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert ", site " in comments(script)
    assert "serum_b12_high < 145000" in script
    assert "serum_b12_high < 145000" not in warehouse.script(model, warehouse.Order("snowflake"))
    select = subprocess.run([*command, "--select"], capture_output=True, text=True, check=True).stdout
    assert "\nCREATE TABLE" not in select
    assert sqlglot.parse_one(select, read="snowflake").named_selects[1:] == statements.columns(model)
    empty = subprocess.run([*command, "--tables"], capture_output=True, text=True, check=True).stdout
    made = [each.this.this.name for each in sqlglot.parse(empty, read="snowflake") if each]
    assert made == ["facts", "people"]


def test_the_documents_list_every_difference_by_its_name_and_say_what_was_run():
    text = (ROOT / "docs" / "reference" / "sql-dialects.md").read_text("utf-8")
    for each in dialects.DIFFERENCES:
        assert f"| `{each.name}` | {', '.join(each.dialects)} | {each.said} |" in text
    assert f"Run by the tests, every row compared with Python's: {', '.join(dialects.RUN)}." in text
