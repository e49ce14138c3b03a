"""The server that the tests start for themselves can be reached, by either way of naming it."""

import psycopg
from tests import postgres


def test_a_server_of_the_tests_own_answers_and_is_gone_afterwards():
    with postgres.server() as conninfo:
        for name in (conninfo, postgres.address(conninfo)):
            with psycopg.connect(name) as connection:
                assert connection.execute("SELECT 6 * 7").fetchone() == (42,)
    assert not (postgres.socket_folder(conninfo)).exists()
