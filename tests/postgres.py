"""A PostgreSQL server of the tests' own: in a folder that is thrown away, on a socket that nobody else sees.

`with server() as conninfo:` gives what psycopg connects with; `address` writes it as `postgresql://...` for
whoever is handed a URL. The server refuses to run as root, so a test that is root starts it as `postgres`.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

NO_POSTGRES = "needs PostgreSQL: run `make postgres`"
DATABASE, OWNER = "postgres", "corrin"
_ROOT = 0
_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=''"


def folder() -> Path | None:
    """Where the newest `initdb` and `pg_ctl` stand: Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _user() -> str | None:
    """Who runs the server: whoever runs the tests, or for root one who is not; None where there is nobody."""
    if os.getuid() != _ROOT:
        return None
    return next(
        name for name in ("postgres", "nobody") if any(each.pw_name == name for each in pwd.getpwall())
    )


def _run(*arguments: str) -> None:
    """One step of the server's, as the one who may run it."""
    name = _user()
    done = subprocess.run(
        arguments, user=name, group=name and pwd.getpwnam(name).pw_gid, extra_groups=name and [], cwd="/",
        text=True, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{Path(arguments[0]).name}: {done.stdout}{done.stderr}")


@contextmanager
def server(settings: str = "") -> Iterator[str]:
    """A server that runs within the block; skips, saying so, where PostgreSQL is not installed.

    `settings` are further `-c name=value` of the server's.
    """
    tools = folder()
    if tools is None:
        pytest.skip(NO_POSTGRES)
    with tempfile.TemporaryDirectory(prefix="corrin-pg-", ignore_cleanup_errors=True) as made:
        home = Path(made)
        if _user():
            shutil.chown(home, _user())
        home.chmod(0o755)
        cluster = str(home / "cluster")
        _run(
            str(tools / "initdb"), "-D", cluster, "-U", OWNER, "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip
        ctl = str(tools / "pg_ctl")
        log = str(home / "log")
        _run(ctl, "-D", cluster, "-l", log, "-w", "-t", "60", "-o", f"-k {home} {_QUICK} {settings}", "start")
        try:
            yield f"host={home} user={OWNER} dbname={DATABASE}"
        finally:
            _run(ctl, "-D", cluster, "-m", "immediate", "-w", "stop")


def socket_folder(conninfo: str) -> Path:
    """The folder of the server, as long as it runs."""
    return Path(dict(each.split("=", 1) for each in conninfo.split())["host"])


def address(conninfo: str) -> str:
    """The same server as a URL.

    >>> address("host=/tmp/x user=corrin dbname=postgres")
    'postgresql://corrin@/postgres?host=%2Ftmp%2Fx'
    """
    said = dict(each.split("=", 1) for each in conninfo.split())
    return f"postgresql://{said['user']}@/{said['dbname']}?host={quote(said['host'], safe='')}"
