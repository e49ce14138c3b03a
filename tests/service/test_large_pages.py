"""What is laid out before the service answers lies on large pages, where Linux has them; elsewhere nothing changes."""

import gc
import platform
import re
from pathlib import Path

import httpx
import pytest
from tests.conftest import NO_LARGE_PAGES
from tests.service.test_serving import CASE, serving

from corrin.service import serve

MAPS = """\
55d0c0001000-55d0c0c01000 rw-p 00000000 00:00 0                          [heap]
7f0000000000-7f0000400000 rw-p 00000000 00:00 0
7f0001000000-7f0001400000 r--p 00000000 00:00 0
7f0002000000-7f0002400000 rw-p 00000000 fe:01 1234   /usr/lib/a library.so
7f0003100000-7f00032ff000 rw-p 00000000 00:00 0
7ffd00000000-7ffd00400000 rw-p 00000000 00:00 0                          [stack]
"""


def has_large_pages() -> bool:
    """`MADV_COLLAPSE` came with Linux 6.1."""
    version = tuple(map(int, re.findall(r"[0-9]+", platform.release())[:2]))
    return version >= (6, 1) and Path("/sys/kernel/mm/transparent_hugepage").exists()


def test_whole_large_pages_of_memory_that_belongs_to_no_file_are_asked_for():
    # 0x55d0c0001000 rounds up to 0x55d0c0200000, and 10 MB of the heap's 12 are whole pages of 2 MB from there;
    # the second is four megabytes to the byte; the fifth begins at 0x7f0003200000 with less than one page left.
    assert list(serve.large(MAPS.splitlines())) == [
        (0x55D0C0200000, 10 * 1024 * 1024),
        (0x7F0000000000, 4 * 1024 * 1024),
    ]


@pytest.fixture
def collector():
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("maps", ["not there", "."], ids=["no Linux", "one that does not let it be read"])
def test_where_nothing_is_told_of_memory_it_settles_all_the_same(tmp_path, monkeypatch, maps):
    monkeypatch.setattr(serve, "MAPS", tmp_path / maps)
    serve.settle()
    assert gc.get_freeze_count() > 0


@pytest.mark.skipif(not has_large_pages(), reason=NO_LARGE_PAGES)
def test_much_of_a_service_that_answers_lies_on_them():
    with serving() as (process, address):
        told = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
        assert httpx.post(f"{address}/assess", json=CASE).status_code == 200
    held = {name: int(size) for name, size in re.findall(r"(\w+): +([0-9]+) kB", told)}
    assert held["AnonHugePages"] * 4 > held["Anonymous"]
    assert held["Rss"] < 200 * 1024
