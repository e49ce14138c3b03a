"""A bulk export comes home whole, whatever happens on the way, or is refused in words and can be carried on."""

import gzip
import json
import stat
import time

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.bulk_download.exporting import FILES, OUTCOME, PATIENTS, RESULTS, TOKEN, Exporter

from corrin.errors import CorrinError, InputError, UsageError
from corrin.service import bulk

WORLD = bulk.World(time.sleep, time.monotonic, time.time)
QUICK = bulk.Patience(connect=2, read=1.5, first_pause=0.01, longest_pause=0.05, tries=4, altogether=20)


@pytest.fixture(scope="module")
def running():
    with Exporter() as exporter:
        yield exporter


@pytest.fixture
def exporter(running):
    running.reset()
    return running


@pytest.fixture
def order(exporter, tmp_path):
    return bulk.Order(exporter.base, tmp_path / "export")


def lines(path):
    raw = path.read_bytes()
    return [json.loads(line) for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines()]


def whole(folder) -> None:
    """Everything is there, once."""
    assert lines(folder / "Patient.1.ndjson") == PATIENTS
    assert lines(folder / "Observation.1.ndjson") + lines(folder / "Observation.2.ndjson.gz") == RESULTS
    names = sorted(each.name for each in folder.iterdir())
    assert names == [".export", "Observation.1.ndjson", "Observation.2.ndjson.gz", "Patient.1.ndjson"]
    assert not (folder.parent / f"{folder.name}.partial").exists()


def refused(order, **options) -> str:
    with pytest.raises(InputError) as caught:
        bulk.download(order, WORLD, patience=QUICK, **options)
    assert not order.out.exists()
    return str(caught.value)


# --- what goes right ---


def test_an_export_comes_home_with_its_manifest_and_is_ended_on_the_server(exporter, order):
    exporter.mode["waiting"] = 3
    heard = []
    report = bulk.download(order, WORLD, patience=QUICK, heard=heard.append)
    whole(order.out)
    assert (report.lines, len(report.files), report.transaction_time) == (800, 3, "2026-11-22T08:00:00Z")
    assert heard[:3] == ["42 %"] * 3
    assert exporter.asked[0][2]["_outputFormat"] == "application/fhir+ndjson"
    assert exporter.asked[-1][0] == "DELETE"
    manifest = json.loads((order.out / ".export" / "manifest.json").read_text())
    assert [each["resources"] for each in manifest["files"]] == [300, 200, 300]
    assert "/files/" not in json.dumps(manifest)
    assert stat.S_IMODE(order.out.stat().st_mode) == 0o700


def test_a_group_types_and_a_day_are_asked_for(exporter, tmp_path):
    order = bulk.Order(exporter.base, tmp_path / "e", "g-1", ("Patient", "Observation"), "2026-01-31")
    bulk.download(order, WORLD, patience=QUICK)
    method, path, told = exporter.asked[0]
    assert (method, path) == ("GET", "/fhir/Group/g-1/$export")
    assert (told["_type"], told["_since"]) == ("Patient,Observation", "2026-01-31T00:00:00Z")


def test_an_address_of_an_export_is_taken_as_it_is(exporter, tmp_path):
    bulk.download(bulk.Order(f"{exporter.base}/$export", tmp_path / "e"), WORLD, patience=QUICK)
    assert exporter.asked[0][1] == "/fhir/$export"


def test_messages_lie_with_the_data_they_are_about_and_deletions_apart(exporter, order):
    exporter.manifest["error"] = [{"type": "OperationOutcome", "url": exporter.url("errors")}]
    exporter.manifest["deleted"] = [{"type": "Bundle", "url": exporter.url("deleted"), "count": 1}]
    report = bulk.download(order, WORLD, patience=QUICK)
    assert (report.errors, report.deleted, report.lines) == (1, 1, 800)
    assert lines(order.out / ".export" / "deleted.1.ndjson") == [
        {"resourceType": "Bundle", "type": "transaction"}
    ]
    messages = order.out / "OperationOutcome.1.ndjson"
    assert lines(messages) == [OUTCOME]
    messages.unlink()
    whole(order.out)


# --- what goes wrong and is mended ---


@pytest.mark.parametrize(
    "mode", ["busy", "overloaded", "hang", "breaks", "silent", "short", "file-busy", "other-part", "passing", "gone", "no-ndjson"]
)  # fmt: skip
def test_what_goes_wrong_once_is_tried_again(exporter, order, mode):
    exporter.mode[mode] = 1
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)


def test_a_file_that_breaks_off_is_carried_on_from_where_it_broke(exporter, order):
    exporter.mode["breaks"] = 1
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)
    ranges = [
        told["range"] for _, path, told in exporter.asked if path == "/files/patients" and "range" in told
    ]
    assert ranges == [f"bytes={len(FILES['patients']) // 2}-"]


def test_a_later_run_carries_on_and_asks_for_no_second_export(exporter, order):
    exporter.mode["gone"] = 0
    exporter.manifest["output"][1]["count"] = 999
    said = refused(order)
    assert "sends 200 resources of Observation.1.ndjson where its manifest says 999, 4 times over" in said
    assert (order.out.parent / "export.partial" / "Patient.1.ndjson").is_file()
    exporter.manifest["output"][1]["count"] = 200
    exporter.asked.clear()
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)
    assert exporter.names("/fhir/Patient/$export") == 0
    assert exporter.names("/files/patients") == 0


def test_a_job_that_the_server_forgot_is_begun_anew_by_the_next_run(exporter, order):
    exporter.mode["forgotten"] = 1
    assert "has forgotten the export: it expired, or was deleted. Run the same command" in refused(order)
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)
    assert exporter.names("/fhir/Patient/$export") == 2


def test_addresses_that_expire_are_renewed_from_a_new_manifest_and_what_is_here_is_not_asked_for_again(
    exporter, order
):
    """The server's second manifest has other signatures, as that of a store of files does."""

    def sign(signature):
        exporter.signature = signature
        for each in exporter.manifest["output"]:
            each["url"] = each["url"].partition("?")[0] + f"?signature={signature}"

    sign("first")
    patients = exporter.manifest["output"][0]["url"]
    exporter.signature = "second"
    exporter.manifest["output"][0]["url"] = patients.replace("first", "second")
    assert "answers 403 for Observation.1.ndjson" in refused(order)
    assert (order.out.parent / "export.partial" / "Patient.1.ndjson").is_file()
    sign("third")
    exporter.asked.clear()
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)
    assert exporter.names("/files/patients") == 0
    assert exporter.names("/fhir/Patient/$export") == 0


def test_a_download_that_was_killed_behind_its_last_byte_is_carried_on(exporter, order):
    """All of the file is there, and nothing behind it: the server answers 416 to the rest of it."""
    exporter.manifest["output"][0]["count"] = 299
    exporter.mode["silent"] = 0
    state = order.out.parent / "export.partial"
    assert "where its manifest says 299" in refused(order)
    exporter.manifest["output"][0]["count"] = 300
    key = exporter.url("patients")
    (state / "Patient.1.ndjson.part").write_bytes(FILES["patients"])
    (state / "Patient.1.ndjson.etag").write_text(f'"patients"\n{key}')
    exporter.asked.clear()
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)
    asked = [told.get("range") for _, path, told in exporter.asked if path == "/files/patients"]
    assert asked == [f"bytes={len(FILES['patients'])}-"]


def test_a_part_is_carried_on_only_by_the_file_it_is_of(exporter, order):
    """The manifest of a later run may list its files in another order, and their tags may be alike."""
    exporter.manifest["output"][0]["count"] = 299
    refused(order)
    exporter.manifest["output"][0]["count"] = 300
    state = order.out.parent / "export.partial"
    (state / "Patient.1.ndjson.part").write_bytes(FILES["results-1"][:500])
    (state / "Patient.1.ndjson.etag").write_text(f'"patients"\n{exporter.url("results-1")}')
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)


def test_the_server_is_told_that_its_copy_may_go_only_when_all_has_its_name(exporter, order):
    seen = []
    exporter.ended = lambda: seen.append(order.out.is_dir())
    bulk.download(order, WORLD, patience=QUICK)
    assert seen == [True]


def test_an_order_that_the_server_refused_may_be_mended_and_given_again(exporter, order):
    exporter.mode["forbidden"] = 1
    assert "does not begin the export" in refused(order)
    bulk.download(bulk.Order(exporter.base, order.out, types=("Patient",)), WORLD, patience=QUICK)
    whole(order.out)


def test_two_downloads_into_one_folder_are_one_too_many(exporter, order):
    def twice(_said):
        with pytest.raises(UsageError, match=r"export.partial: is being written by another run"):
            bulk.download(order, WORLD, patience=QUICK)

    bulk.download(order, WORLD, patience=QUICK, heard=twice)
    whole(order.out)
    assert exporter.names("/fhir/Patient/$export") == 1


# --- what goes wrong and is told ---


@pytest.mark.parametrize(
    ("mode", "times", "what"),
    [
        ("forbidden", 9, "does not begin the export: it answers 403 (forbidden)"),
        ("no-location", 9, "does not say where it is (Content-Location)"),
        ("busy", 9, "answers 429, 4 times over. Start again later: what was brought is kept."),
        ("hang", 9, "does not answer in time, 4 times over"),
        ("failed", 9, "failed to export: it answers 500 (exception)"),
        ("nonsense", 9, "lists it in no manifest of Bulk Data"),
        ("gone", 9, "no longer has Patient.1.ndjson: the export expired"),
        ("moved", 9, "redirects to files.example (it answers 302), and redirects are not followed"),
        ("no-ndjson", 9, "sends a file that is no NDJSON: its first line is not a whole resource, 4 times"),
        ("passing", 9, "answers 500 (transient), 4 times over. Start again later: what was brought is kept."),
        ("short", 9, "sends 100 resources of Patient.1.ndjson where its manifest says 300"),
    ],
)
def test_what_stays_wrong_is_told_and_nothing_has_the_name_of_the_export(exporter, order, mode, times, what):
    exporter.mode[mode] = times
    said = refused(order)
    assert what in said
    assert "secret" not in said


def test_a_server_that_is_not_there(tmp_path):
    assert "cannot be reached, 4 times over" in refused(bulk.Order("http://127.0.0.1:1/fhir", tmp_path / "e"))


def test_all_patience_has_an_end(exporter, order):
    exporter.mode["waiting"] = 10**6
    short = bulk.Patience(connect=2, read=2, first_pause=0.05, longest_pause=0.05, tries=3, altogether=0.3)
    with pytest.raises(InputError, match="is not ready in the time that was given to it"):
        bulk.download(order, WORLD, patience=short)
    exporter.mode.clear()
    bulk.download(order, WORLD, patience=QUICK)
    assert exporter.names("/fhir/Patient/$export") == 1


@pytest.mark.parametrize(
    "manifest",
    [{}, {"transactionTime": "x", "output": [{"type": "../../x", "url": "http://127.0.0.1/x"}]}, {"transactionTime": "x", "output": [{"type": "Patient"}]}, {"transactionTime": "x", "output": "none"}],
)  # fmt: skip
def test_a_manifest_out_of_shape_is_refused(exporter, order, manifest):
    exporter.manifest = {"requiresAccessToken": False, **manifest}
    assert "manifest" in refused(order)


def test_a_manifest_that_goes_on_elsewhere_is_not_taken_for_the_whole(exporter, order):
    exporter.manifest["link"] = [{"relation": "next", "url": f"{exporter.base}/job?page=2"}]
    assert "lists its files in more than one manifest" in refused(order)


def test_a_file_at_an_unsafe_address_is_not_asked_for(exporter, order):
    exporter.manifest["output"][0]["url"] = "http://files.example/x"
    assert "names an address that is neither https nor on this machine" in refused(order)


def test_a_copy_that_the_server_keeps_is_told(exporter, order):
    exporter.mode["undeletable"] = 1
    assert bulk.download(order, WORLD, patience=QUICK).unended
    whole(order.out)


# --- orders that cannot be ---


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"server": "http://fhir.example/r4"}, "no https address"),
        ({"server": "https://u:p@fhir.example/r4"}, "no https address"),
        ({"group": "a/b"}, "--group: no id of FHIR"),
        ({"types": ("patient",)}, "--type patient: no resource type"),
        ({"since": "yesterday"}, "--since: no instant"),
    ],
)
def test_an_order_that_cannot_be_is_refused_before_anything_is_asked(exporter, tmp_path, options, what):
    order = bulk.Order(**{"server": exporter.base, "out": tmp_path / "e", **options})
    with pytest.raises(UsageError) as caught:
        bulk.download(order, WORLD, patience=QUICK)
    assert what in str(caught.value)
    assert exporter.asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_empty_or_holds_another_download_is_left_alone(exporter, order, tmp_path):
    order.out.mkdir()
    (order.out / "x").write_text("mine")
    with pytest.raises(UsageError, match="is not empty"):
        bulk.download(order, WORLD, patience=QUICK)
    (order.out / "x").unlink()
    exporter.mode["gone"] = 2
    with pytest.raises(InputError):
        bulk.download(order, WORLD, patience=QUICK)
    other = bulk.Order(exporter.base, order.out, types=("Patient",))
    with pytest.raises(UsageError, match="holds the beginning of another download"):
        bulk.download(other, WORLD, patience=QUICK)
    bulk.download(order, WORLD, patience=QUICK)
    whole(order.out)


# --- tokens ---


@pytest.fixture
def credentials(exporter, tmp_path):
    key = ec.generate_private_key(ec.SECP384R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "key.pem").chmod(0o600)
    (tmp_path / "auth.toml").write_text('client_id = "corrin"\nprivate_key_file = "key.pem"\nkey_id = "k"\n')
    exporter.key = key.public_key()
    exporter.manifest["requiresAccessToken"] = True
    return bulk.read_credentials(tmp_path / "auth.toml")


def test_a_signed_assertion_becomes_a_token_that_is_kept_nowhere(exporter, order, credentials, capfd):
    exporter.mode["token-ended"] = 1
    bulk.download(order, WORLD, credentials, QUICK)
    whole(order.out)
    assert exporter.names("/token") == 2
    written = b"".join(each.read_bytes() for each in order.out.rglob("*") if each.is_file())
    assert TOKEN.encode() not in written
    assert TOKEN not in repr(credentials) + "".join(capfd.readouterr())


def test_without_credentials_a_closed_server_is_refused(exporter, order, credentials):
    assert "does not begin the export: it answers 401" in refused(order)


def test_no_token_is_a_clear_error(exporter, order, credentials):
    exporter.mode["no-token"] = 9
    with pytest.raises(InputError) as caught:
        bulk.download(order, WORLD, credentials, QUICK)
    assert "answers 400. Check client_id, key and scope, and that the key is registered." in str(caught.value)


def test_the_token_does_not_go_to_another_host_unless_the_site_says_so(exporter, order, credentials):
    other = exporter.url("patients").replace("127.0.0.1", "localhost")
    exporter.manifest["output"][0]["url"] = other
    with pytest.raises(InputError) as caught:
        bulk.download(order, WORLD, credentials, QUICK)
    assert f"wants the token to be sent to localhost:{exporter.port}" in str(caught.value)
    assert not any(path == "/files/patients" for _, path, _ in exporter.asked)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('client_id = "x"\n', "private_key_file: missing"),
        ('client_id = "x"\nprivate_key_file = "absent.pem"\n', "cannot be read"),
        (
            'client_id = "x"\nprivate_key_file = "open.pem"\n',
            "others may read it as well. chmod 600 open.pem",
        ),
        ('client_id = "x"\nprivate_key_file = "open.pem"\nalgorithm = "HS256"\n', "none that SMART asks for"),
        ('client_id = "x"\nprivate_key_file = "open.pem"\nkeyid = "1"\n', "Did you mean `key_id`?"),
        (
            'client_id = "x"\nprivate_key_file = "open.pem"\ntoken_url = "http://x.example/t"\n',
            "no https address",
        ),
        ("[", "no TOML that can be read"),
    ],
)
def test_credentials_out_of_shape_are_refused(tmp_path, text, what):
    (tmp_path / "open.pem").write_text("x")
    (tmp_path / "open.pem").chmod(0o644)
    (tmp_path / "auth.toml").write_text(text)
    with pytest.raises(CorrinError) as caught:
        bulk.read_credentials(tmp_path / "auth.toml")
    assert what in str(caught.value)
