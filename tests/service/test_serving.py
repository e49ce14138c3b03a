"""The service as a process of its own: it starts, answers over the network, and stops when it is told."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
from tests.conftest import ROOT
from tests.service.calling import JSON

CASE = {"case": 1, "findings": {"age_years": 71, "leg_weakness": True}}
COMMAND = [sys.executable, "-m", "corrin", "serve"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("CORRIN_")}
ENVIRONMENT |= {"PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", "PYTHONWARNINGS": "error"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def serving(*arguments: str):
    """A process that serves, once it is ready; it is stopped at the end in any case."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        cwd=ROOT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                if httpx.get(f"{address}/ready").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.05)
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


def test_it_answers_and_stops_when_it_is_told():
    with serving() as (process, address):
        answer = httpx.post(f"{address}/assess", json=CASE)
        day = answer.json()["as_of"]
        process.terminate()
        said, logged = process.communicate(timeout=20)
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", day)
    assert f"Corrin at {address} (this machine only)" in said
    events = [json.loads(line)["event"] for line in logged.splitlines()]
    assert (events[0], events[-1]) == ("serving", "ending")


def test_what_was_begun_is_answered_before_it_stops():
    body = json.dumps(CASE).encode()
    with serving() as (process, address):
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as caller:
            head = f"POST /assess HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            caller.sendall(head.encode() + body[:10])
            time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            caller.sendall(body[10:])
            caller.settimeout(10)
            answer = caller.recv(65536)
        process.communicate(timeout=20)
    assert answer.startswith(b"HTTP/1.1 200")


def test_twenty_megabytes_over_the_network_are_refused_and_the_sender_hears_it():
    with serving() as (_, address):
        answer = httpx.post(f"{address}/assess", content=b" " * 20_000_000, headers=JSON, timeout=20)
        after = httpx.post(f"{address}/assess", json=CASE)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert after.status_code == 200


def test_what_is_no_http_at_all_does_not_end_it():
    with serving() as (process, address):
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.sendall(b"\x16\x03\x01 Zanzibar\r\n\r\n")
            answer = caller.recv(1000)
        after = httpx.get(f"{address}/health")
        process.terminate()
        logged = process.communicate(timeout=20)[1]
    assert answer.startswith(b"HTTP/1.1 400")
    assert after.status_code == 200
    assert "Zanzibar" not in logged


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "192.0.2.1"], "not a loopback address, and nobody is trusted"),
        (["--config", "gone.toml"], "cannot be read"),
        (["--profile", "nowhere"], "profile"),
        (["--port", "0"], "not a port"),
    ],
)
def test_it_does_not_start_as_it_should_not(arguments, said):
    run = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env=ENVIRONMENT, check=False, timeout=20
    )
    assert run.returncode == 2
    assert said in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr
    assert "Corrin at" not in run.stdout, "it says that it serves, and does not"


def test_a_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [*COMMAND, "--port", port],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
            check=False,
            timeout=20,
        )
    assert run.returncode == 2
    assert "cannot be listened on" in " ".join(run.stderr.split())
    assert "Corrin at" not in run.stdout
