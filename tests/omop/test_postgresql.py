"""The same CDM in PostgreSQL: equal findings, through cursors on the server, and clear words when it cannot be."""

from datetime import date

import psycopg
import pytest
from tests import postgres
from tests.omop.twice import population

from corrin import findings, guideline, intake
from corrin.errors import InputError
from corrin.intake import omop

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def conninfo():
    with postgres.server() as conninfo:
        twice = population()
        with psycopg.connect(conninfo) as connection:
            twice.cdm.postgres(connection, "cdm")
        yield conninfo


@pytest.fixture(scope="module")
def wanted():
    return findings.codes(guideline.load())


def rows(records):
    model = guideline.load()
    return {one.patient.id: findings.derive(one, model, AS_OF).row for one in records}


def refused(address, wanted) -> str:
    with pytest.raises(InputError) as caught:
        list(omop.read(address, wanted))
    return str(caught.value)


def test_it_says_what_the_bundle_says_whole_and_in_parts(conninfo, wanted):
    address = postgres.address(conninfo)
    expected = rows(intake.read(population().bundle()))
    assert omop.recognises(address)
    assert omop.count(address) == len(expected)
    assert rows(omop.read(address, wanted)) == expected
    parts = [rows(omop.read(address, wanted, (number, 2))) for number in (0, 1)]
    assert parts[0] | parts[1] == expected
    assert len(parts[0]) + len(parts[1]) == len(expected)


def test_two_cdms_in_one_database_are_told_apart_by_the_search_path(conninfo, wanted):
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE SCHEMA other; CREATE TABLE other.person (person_id BIGINT)")
        connection.commit()
    try:
        address = postgres.address(conninfo)
        assert "table `person` stands in the schemas cdm, other" in refused(address, wanted)
        assert len(list(omop.read(f"{address}&options=-csearch_path%3Dcdm", wanted))) == 11
    finally:
        with psycopg.connect(conninfo) as connection:
            connection.execute("DROP SCHEMA other CASCADE")


def test_a_table_or_a_schema_that_may_not_be_read_is_named(conninfo, wanted):
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE ROLE narrow LOGIN; GRANT USAGE ON SCHEMA cdm TO narrow")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA cdm TO narrow")
        connection.execute("REVOKE SELECT ON cdm.measurement FROM narrow")
    address = postgres.address(conninfo).replace("corrin@", "narrow@")
    assert "measurement may not be read. GRANT SELECT on it, and USAGE on its schema." in refused(
        address, wanted
    )
    with psycopg.connect(conninfo) as connection:
        connection.execute("REVOKE ALL ON SCHEMA cdm FROM narrow")
    assert "concept may not be read" in refused(address, wanted)


def test_a_server_that_is_not_there_or_lets_nobody_in(conninfo, wanted):
    assert "cannot be reached" in refused("postgresql://u@127.0.0.1:1/cdm", wanted)
    assert "there is no such database or user" in refused(
        postgres.address(conninfo).replace("/postgres?", "/absent?"), wanted
    )
    assert "no address of a database" in refused("postgresql://u@[", wanted)


def test_a_password_in_the_address_is_refused_and_never_shown(wanted):
    said = refused("postgresql://u:hunter2@127.0.0.1:1/cdm", wanted)
    assert "a password in the address" in said
    assert "hunter2" not in said


def test_a_password_of_the_environment_is_never_shown(wanted, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    assert "hunter2" not in refused("postgresql://u@127.0.0.1:1/cdm", wanted)
