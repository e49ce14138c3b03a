"""Files as exports have them: packed, damaged, large, or none at all."""

import gzip
import zlib

import pyarrow as pa
import pytest
from tests.bulk.lines import SEARCH, ndjson, patient, result

from corrin.errors import InputError
from corrin.intake.bulk import blocks, cutting, files

DATA = ndjson(patient(), result()) * 400


def zstd(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)


def parts(folder):
    return files.find(folder).parts


def lines(folder) -> list[bytes]:
    return [line.raw for part in parts(folder) for line in cutting.cut(cutting.Cut(part), SEARCH)]


@pytest.mark.parametrize(("ending", "pack"), [("", bytes), (".gz", gzip.compress), (".zst", zstd)])
def test_packed_or_plain_the_same_lines_come_out(tmp_path, ending, pack):
    (tmp_path / f"export.ndjson{ending}").write_bytes(pack(DATA))
    assert lines(tmp_path) == DATA.splitlines()


def test_gzip_of_several_members_is_read_to_the_end(tmp_path):
    (tmp_path / "export.ndjson.gz").write_bytes(gzip.compress(DATA) + gzip.compress(DATA))
    assert len(lines(tmp_path)) == 1600


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("export.ndjson.gz", gzip.compress(DATA)[:-20]),
        ("export.ndjson.gz", gzip.compress(DATA, mtime=0)[:40]),
        ("export.ndjson.gz", b"\x1f\x8bnothing of the kind"),
        ("export.ndjson.zst", zstd(DATA)[:-9]),
        ("export.ndjson.gz", gzip.compress(DATA)[:-8] + zlib.crc32(b"").to_bytes(4, "little") + b"\0\0\0\0"),
    ],
)
def test_a_packed_file_that_ends_early_is_refused_by_name(tmp_path, name, data):
    """Half an export would be half a population, and nobody would know."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=f"{name}: ends early or is damaged. Fetch the file again."):
        lines(tmp_path)


def test_a_large_file_is_read_in_parts_and_no_line_twice_or_never(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SHARE", 10_000)
    monkeypatch.setattr(blocks, "BLOCK", 700)
    (tmp_path / "export.ndjson").write_bytes(DATA)
    found = parts(tmp_path)
    assert len(found) > 10
    assert lines(tmp_path) == DATA.splitlines()
    assert [part.start for part in found[1:]] == [part.end for part in found[:-1]]


def test_what_is_no_resource_is_named_and_not_read(tmp_path):
    (tmp_path / "Patient.ndjson").write_bytes(DATA)
    (tmp_path / "manifest.json").write_text('{"transactionTime": "2026-11-22", "output": []}', "utf-8")
    (tmp_path / "README.txt").write_text("an export", "utf-8")
    (tmp_path / ".hidden.ndjson").write_text("{}", "utf-8")
    found = files.find(tmp_path)
    assert [part.name for part in found.parts] == ["Patient.ndjson"]
    assert set(found.others) == {"manifest.json", "README.txt"}


def test_folders_within_are_read_too(tmp_path):
    (tmp_path / "2026" / "a").mkdir(parents=True)
    (tmp_path / "2026" / "a" / "Patient.ndjson").write_bytes(DATA)
    assert [part.name for part in parts(tmp_path)] == ["2026/a/Patient.ndjson"]


def test_a_folder_without_ndjson_and_one_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(InputError, match="holds no NDJSON"):
        files.find(tmp_path)
    with pytest.raises(InputError, match="is not there"):
        files.find(tmp_path / "nowhere")
