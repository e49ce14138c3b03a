"""The service over loopback, beside a bare Starlette that echoes the same body in the same run.

`corrin-patient-view` is called with 60 KB of prefetch, each time of another of several patients; one worker each;
the client shares the machine, and runs on the loop that the servers run on, so that little of its own is measured.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import httpx
import uvloop
from benchmarks.bundles import bundle

SIZE = 73_500
"""Of the chart; without what no query asks for it leaves at least 60,000 bytes."""
PATIENTS = 16
ECHO = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
async def echo(request):
    return Response(await request.body(), media_type="application/json")
async def ready(request):
    return Response(b"{}")
app = Starlette(routes=[Route("/echo", echo, methods=["POST"]), Route("/ready", ready)])
uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False, http="httptools")
"""


class Serving(NamedTuple):
    """A process that answers: how long it took to be ready, and how large it is."""

    address: str
    port: int
    pid: int
    started: float

    def resident(self) -> float:
        """Megabytes of memory it holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def worked(self) -> float:
        """Seconds of processor time so far: what a machine that is busy with other things does not change."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """What one server does with a body: seconds, requests a second, processor seconds a request."""

    median: float
    p99: float
    a_second: float
    work: float


@contextmanager
def serving(*command: str) -> Iterator[Serving]:
    """Start a server, wait until it is ready, stop it in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CORRIN_")}
    process = subprocess.Popen(
        [sys.executable, *command, str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while time.perf_counter() < begun + 30:
            try:
                if httpx.get(f"{address}/ready").status_code == 200:  # noqa: PLR2004
                    break
            except httpx.TransportError:
                time.sleep(0.01)
        yield Serving(address, port, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(20)


def hook_body(discovery: dict, seed: int = 1) -> bytes:
    """A call of patient-view with each query of its prefetch answered from one chart."""
    entries = json.loads(bundle(SIZE, seed))["entry"]
    service = next(one for one in discovery["services"] if one["hook"] == "patient-view")
    prefetch: dict[str, object] = {}
    for key, query in service["prefetch"].items():
        kind = query.partition("?")[0].partition("/")[0]
        found = [one for one in entries if one["resource"]["resourceType"] == kind]
        if kind == "Patient":
            prefetch[key] = found[0]["resource"]
        else:
            prefetch[key] = {"resourceType": "Bundle", "type": "searchset", "entry": found}
        entries = [one for one in entries if one not in found]
    said = {
        "hook": "patient-view",
        "hookInstance": "6f1f8a4e-0d3c-4a8b-9f57-0c6a1b2d3e4f",
        "context": {"userId": "Practitioner/1", "patientId": "p"},
        "prefetch": prefetch,
    }
    return json.dumps(said).encode()


def asked(path: str, port: int, body: bytes) -> bytes:
    """The whole request, as it goes over the wire."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    """One request on a connection that stays open, its answer read to the end."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.partition(b"\r\n")[0].decode())
    length = next(
        int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    await reader.readexactly(length)


async def paced(port: int, requests: Iterator[bytes], a_second: int, seconds: float) -> list[float]:
    """Seconds for each answer when requests come at a steady pace, whether or not the last was answered."""
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(8)]
    free: asyncio.Queue = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)
    taken: list[float] = []

    async def one(due: float) -> None:
        connection = await free.get()
        await once(*connection, next(requests))
        taken.append(time.perf_counter() - due)
        free.put_nowait(connection)

    begun = time.perf_counter()
    waiting = []
    for number in range(int(a_second * seconds)):
        due = begun + number / a_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append(asyncio.create_task(one(time.perf_counter())))
    await asyncio.gather(*waiting)
    for _, writer in connections:
        writer.close()
    return taken


async def flat_out(port: int, requests: Iterator[bytes], at_once: int, seconds: float) -> float:
    """Requests a second when so many are always waiting."""
    end = time.perf_counter() + seconds
    counts = [0] * at_once

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            await once(reader, writer, next(requests))
            counts[number] += 1
        writer.close()

    await asyncio.gather(*(one(number) for number in range(at_once)))
    return sum(counts) / seconds


def load(server: Serving, path: str, bodies: Sequence[bytes]) -> Load:
    """All that is measured of one server, warmed up first."""
    requests = cycle([asked(path, server.port, body) for body in bodies])
    uvloop.run(paced(server.port, requests, 50, 1))
    taken = sorted(uvloop.run(paced(server.port, requests, 50, 8)))
    before = server.worked()
    fast = uvloop.run(flat_out(server.port, requests, 8, 4))
    work = (server.worked() - before) / (fast * 4)
    return Load(statistics.median(taken), taken[int(len(taken) * 0.99)], fast, work)


def measure() -> list[tuple[str, str, str, str]]:
    """Lines of the table: what, measured, aim, ratio to the echo."""
    with serving("-m", "corrin", "serve", "--port") as corrin:
        discovery = httpx.get(f"{corrin.address}/cds-services").json()
        bodies = [hook_body(discovery, seed) for seed in range(1, PATIENTS + 1)]
        service = next(one["id"] for one in discovery["services"] if one["hook"] == "patient-view")
        hook = load(corrin, f"/cds-services/{service}", bodies)
        resident = corrin.resident()
        answer = load_of_answers(corrin)
    with serving("-c", ECHO) as echo:
        plain = load(echo, "/echo", bodies)
    what = f"patient-view, {min(map(len, bodies)) // 1000} KB"
    return [
        (
            f"{what}, median at 50/s",
            f"{hook.median * 1e3:.1f} ms",
            "3 ms",
            f"{hook.median / plain.median:.1f} x echo",
        ),
        ("    p99 at 50/s", f"{hook.p99 * 1e3:.1f} ms", "20 ms", f"{hook.p99 / plain.p99:.1f} x echo"),
        (
            "    at concurrency 8",
            f"{hook.a_second:.0f} a second",
            "400 a second",
            f"{plain.a_second / hook.a_second:.1f} x slower than echo",
        ),
        (
            "    processor time of each",
            f"{hook.work * 1e3:.2f} ms",
            "2.5 ms",
            f"{hook.work / plain.work:.1f} x echo",
        ),
        ("POST /assess, median", f"{answer * 1e3:.0f} ms", "", f"{answer / plain.median:.0f} x echo"),
        (
            "corrin serve, until ready",
            f"{corrin.started:.2f} s",
            "2 s",
            f"{corrin.started / echo.started:.1f} x echo",
        ),
        ("    resident after the load", f"{resident:.0f} MB", "200 MB", ""),
    ]


def load_of_answers(corrin: Serving) -> float:
    """Median seconds of /assess, which also says what would change the answer."""
    body = bundle(SIZE)
    taken = []
    with httpx.Client(base_url=corrin.address, headers={"content-type": "application/json"}) as client:
        for _ in range(20):
            begun = time.perf_counter()
            client.post("/assess", content=body).raise_for_status()
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


if __name__ == "__main__":
    for line in measure():
        print("  ".join(f"{part:<34}" for part in line))
