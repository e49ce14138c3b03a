"""The configuration: every key checked at the start, every refusal with its place and mend."""

import os
import re
from pathlib import Path

import pytest
from tests.conftest import ROOT

from corrin.errors import UsageError
from corrin.service import config
from corrin.service.app import create
from corrin.service.config import Config, Fhir, Rules, Server, Trust

ANYWHERE = "0.0.0.0"  # noqa: S104 - that it is refused is what is tested
GOOD = """
[server]
host = "0.0.0.0"
port = 8443
public_url = "https://corrin.example"
hosts = ["inner.example"]
body_limit = 100000
answer_seconds = 5
[guideline]
profile = "us"
site = "site.toml"
[hooks]
origins = ["https://ehr.example"]
feedback = "feedback.jsonl"
fetch_seconds = 1.5
[[trust]]
issuer = "https://ehr.example"
jwks_url = "https://ehr.example/jwks.json"
algorithms = ["ES384"]
[[smart]]
issuer = "https://fhir.example/r4"
client_id = "corrin"
[fhir]
server = "https://fhir.example/r4"
token_file = "fhir-token"
"""

TRUST = "[[trust]]\nissuer = 'a'\njwks_url = 'https://a.example'\n"


@pytest.fixture
def written(tmp_path):
    """Write a configuration, and name its file."""

    def write(text: str) -> Path:
        file = tmp_path / "corrin.toml"
        (tmp_path / "fhir-token").write_text("a-token\n", "utf-8")
        (tmp_path / "empty").write_text("\n", "utf-8")
        (tmp_path / "broken-token").write_text("a token", "utf-8")
        file.write_text(text, "utf-8")
        return file

    return write


def refusal(*call) -> str:
    with pytest.raises(UsageError) as raised:
        config.read(*call)
    return str(raised.value)


def test_without_a_file_it_serves_this_machine_only():
    plain = config.read()
    assert plain == Config()
    assert plain.loopback
    assert plain.base_url == "http://127.0.0.1:8000"
    assert plain.hosts == {"127.0.0.1", "localhost", "::1"}


def test_every_key_of_a_file_is_read(written):
    file = written(GOOD)
    read = config.read(file)
    assert read.server == Server(
        host=ANYWHERE,
        port=8443,
        public_url="https://corrin.example",
        hosts=("inner.example",),
        body_limit=100_000,
        answer_seconds=5.0,
    )
    assert read.guideline == Rules("us", file.parent / "site.toml")
    assert read.hooks.feedback == file.parent / "feedback.jsonl"
    assert read.trust == (
        Trust("https://ehr.example", "https://ehr.example/jwks.json", algorithms=("ES384",)),
    )
    assert read.smart[0].client_id == "corrin"
    assert read.fhir == Fhir("https://fhir.example/r4", file.parent / "fhir-token")
    assert read.fhir.token == "a-token"  # noqa: S105 - of no system
    assert read.hosts == {ANYWHERE, "corrin.example", "inner.example"}


def test_the_environment_is_over_the_file(written):
    environment = {
        "CORRIN_SERVER_PORT": "9000",
        "CORRIN_HOOKS_ORIGINS": "https://a.example, https://b.example",
    }
    read = config.read(written(GOOD), environment | {"PATH": "x"})
    assert read.server.port == 9000
    assert read.hooks.origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nprot = 1", "server.prot: no such key. Did you mean `port`?"),
        ("[sever]\nport = 1", "sever: no such key. Did you mean `server`?"),
        ('[server]\nport = "8000"', "server.port: not a whole number"),
        ("[server]\nport = true", "server.port: not a whole number"),
        ("[server]\nport = 70000", "server.port: not a port"),
        ('[server]\nhosts = "a"', "server.hosts: not a list"),
        ("[server]\nhosts = [1]", "server.hosts: not a text"),
        ("[server]\nbody_limit = 0", "server.body_limit: not above zero"),
        ("server = 1", "server: not a table"),
        ("[[trust]]\njwks_url = 'https://a.example'", "trust.issuer: missing"),
        ("[[trust]]\nissuer = 'https://a.example'", "[[trust]] number 1: needs its keys"),
        (
            "[[trust]]\nissuer = 'https://a.example'\njwks_url = 'https://a.example'\nalgorithms = ['HS256']",
            "algorithms: holds one that proves no issuer",
        ),
        (
            "[[trust]]\nissuer = 'https://a.example'\njwks_url = 'https://a.example'\nalgorithms = ['none']",
            "algorithms: holds one that proves no issuer",
        ),
        (
            "[[trust]]\nissuer = 'https://a.example'\njwks_file = 'gone.json'",
            "jwks_file: holds no keys, or cannot be read",
        ),
        ("[[trust]]\nissuer = 'https://a.example'\njwks_url = 'ftp://a.example'", "jwks_url: not an https"),
        ("[hooks]\norigins = ['https://a.example/path']", "hooks.origins: holds what is no origin"),
        ("[hooks]\nfetch_seconds = 0", "hooks.fetch_seconds: not above zero"),
        ("[hooks]\ncomment_limit = -1", "hooks.comment_limit: below zero"),
        ("[hooks]\nfeedback = 'gone/feedback.jsonl'", "hooks.feedback: in a folder that is not there"),
        ("[hooks]\norigins = ['*']", "hooks.origins: holds what is no origin"),
        ("[server]\npublic_url = 'corrin.example'", "server.public_url: not an https address"),
        ("[[smart]]\nissuer = 'fhir'\nclient_id = 'c'", "[[smart]] number 1: issuer: not an https address"),
        (
            "[[smart]]\nissuer = 'https://a.example/r4'\nclient_id = 'c'\nclient_secret_file = 'gone'",
            "[[smart]] number 1: client_secret_file: empty, or cannot be read",
        ),
        (
            "".join(
                f"[[smart]]\nissuer = 'https://a.example/r4{end}'\nclient_id = 'c'\n" for end in ("", "/")
            ),
            "[[smart]]: https://a.example/r4 stands twice",
        ),
        ("[fhir]\nserver = 'ehr.example/r4'", "fhir.server: not an https address"),
        ("[fhir]\nserver = 'http://ehr.example/r4'", "fhir.server: not an https address"),
        ("[fhir]\nserver = 'https://user:x@ehr.example/r4'", "fhir.server: not an https address"),
        ("[fhir]\nserver = 'https://ehr.example/r4?x=1'", "fhir.server: not an https address"),
        ("[fhir]\nserver = 'https://ehr.example/r4#x'", "fhir.server: not an https address"),
        ("[fhir]\nserver = 'https://ehr.example/r4/../x'", "fhir.server: not an https address"),
        ("[fhir]\nserver = 'https://[ehr.example'", "fhir.server: not an https address"),
        ("[fhir]\nserver = 'https://ehr.example:many'", "fhir.server: not an https address"),
        ("[fhir]\nservers = 'https://ehr.example'", "fhir.servers: no such key. Did you mean `server`?"),
        ("[fhir]\ntoken = 'secret'", "fhir.token: no such key"),
        ("[fhir]\ntoken_file = 'fhir-token'", "fhir.token_file: a token without a server"),
        ("[fhir]\nserver = 'https://ehr.example'\ntoken_file = 'gone'", "fhir.token_file: holds no bearer"),
        (
            "[fhir]\nserver = 'https://ehr.example'\ntoken_file = 'broken-token'",
            "fhir.token_file: holds no bearer",
        ),
        ("[server", "not TOML"),
        ("[server]\npublic_url = 'https://['", "server.public_url: not an https address"),
        ("[server]\npublic_url = 'https://a.example:0'", "server.public_url: not an https address"),
        (
            "[server]\npublic_url = 'https://a.example/corrin'",
            "server.public_url: below the root of another name",
        ),
        ("[server]\nhosts = ['https://a.example']", "server.hosts: holds what is no name"),
        ("[server]\nhosts = ['a.example:443']", "server.hosts: holds what is no name"),
        ("[server]\nreceive_seconds = nan", "server.receive_seconds: not above zero"),
        ("[server]\nanswer_seconds = inf", "server.answer_seconds: without end"),
        ("[hooks]\nfetch_seconds = inf", "hooks.fetch_seconds: without end"),
        ("[hooks]\norigins = ['https://[']", "hooks.origins: holds what is no origin"),
        ("[hooks]\nfeedback = '.'", "hooks.feedback: a folder"),
        ("[hooks]\nfhir = ['ftp://a.example']", "hooks.fhir: holds what is no https address"),
        ("[trust]\nissuer = 'a'", "trust: not a list. Head each with [[trust]], in two brackets."),
        (
            TRUST + "fhir = ['http://a.example/r4']",
            "[[trust]] number 1: fhir: holds what is no https address",
        ),
        ("[[trust]]\nissuer = ' '\njwks_url = 'https://a.example'", "[[trust]] number 1: issuer: empty"),
        ("[[trust]]\nissuer = 'a'\njwks_file = 'fhir-token'", "jwks_file: holds no keys, or cannot be read"),
        ("[[trust]]\nissuer = 'a'\njwks_url = 'https://['", "jwks_url: not an https"),
        ("[[smart]]\nissuer = 'https://['\nclient_id = 'c'", "[[smart]] number 1: issuer: not an https"),
        (
            "[[smart]]\nissuer = 'https://a.example/r4'\nclient_id = ''",
            "[[smart]] number 1: client_id: empty",
        ),
        (
            "[[smart]]\nissuer = 'https://a.example/r4'\nclient_id = 'c'\nclient_secret_file = 'empty'",
            "[[smart]] number 1: client_secret_file: empty, or cannot be read",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_its_place(written, text, said):
    assert said in refusal(written(text))


def test_a_file_for_feedback_that_may_not_be_written_stops_the_start(written, monkeypatch):
    asked = []
    monkeypatch.setattr("os.access", lambda path, mode: asked.append((Path(path).name, mode)))
    file = written("[hooks]\nfeedback = 'fhir-token'")
    assert "hooks.feedback: cannot be written by this service" in refusal(file)
    assert asked == [("fhir-token", os.W_OK)]


def test_the_name_of_a_machine_may_be_an_address_or_a_name(written):
    hosts = ("corrin.internal.example", "corrin", "10.0.0.7", "::1", "fe80::1")
    assert config.read(written(f"[server]\nhosts = {list(hosts)}")).server.hosts == hosts


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Config(), "this machine only"),
        (Config(Server(public_url="https://a.example")), "open to whoever the proxy lets through"),
        (
            Config(Server(public_url="https://a.example"), trust=(Trust("a", "https://a.example"),)),
            "1 trusted issuers",
        ),
    ],
)
def test_who_can_call_is_said_as_it_is(made, said):
    assert made.reach == said


def test_all_that_does_not_fit_is_told_at_once(written):
    said = refusal(written("[server]\nprot = 1\nport = 'a'\n[hooks]\norigin = []"))
    assert said.count("\n") == 2


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CORRIN_SERVER_PROT", "1", "no such key"),
        ("CORRIN_SEVER_PORT", "1", "names no section"),
        ("CORRIN_SERVER_PORT", "many", "not a whole number"),
    ],
)
def test_the_environment_is_checked_as_well(name, value, said):
    assert said in refusal(None, {name: value})


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "gone.toml: cannot be read" in refusal(tmp_path / "gone.toml")


@pytest.mark.parametrize("host", [ANYWHERE, "::", "192.168.1.4", "corrin.example"])
def test_another_address_without_trust_is_refused(host):
    with pytest.raises(UsageError) as raised:
        config.check(Config(server=Server(host=host)))
    (problem,) = raised.value.problems
    assert problem.where == "configuration: server.host"
    assert "nobody is trusted" in problem.what
    assert "[[trust]]" in problem.mend


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_this_machine_needs_no_trust(host):
    config.check(Config(server=Server(host=host)))


def test_beyond_this_machine_only_https_addresses_are_believed():
    trusted = Trust("https://ehr.example", "http://ehr.example/jwks.json")
    with pytest.raises(UsageError, match="Keys are fetched over https"):
        config.check(Config(server=Server(host=ANYWHERE), trust=(trusted,)))


@pytest.mark.parametrize("base", ["http://127.0.0.1:9/fhir", "https://127.0.0.1/fhir", "http://[::1]:9/fhir"])
def test_patients_are_read_from_this_machine_only_by_a_service_that_listens_here_alone(base):
    config.check(Config(fhir=Fhir(base)))
    trusted = Trust("https://ehr.example", "https://ehr.example/jwks.json")
    with pytest.raises(UsageError, match=r"fhir\.server"):
        config.check(Config(server=Server(host=ANYWHERE), trust=(trusted,), fhir=Fhir(base)))


def test_the_environment_can_name_the_fhir_server():
    assert (
        config.read(None, {"CORRIN_FHIR_SERVER": "https://ehr.example"}).fhir.server == "https://ehr.example"
    )


def test_it_does_not_start_without_its_guideline():
    with pytest.raises(UsageError, match="profile"):
        create(Config(guideline=Rules(profile="nowhere")), lambda: None, lambda: 0.0)


def test_the_how_to_names_every_key():
    page = (ROOT / "docs" / "how-to" / "run-the-service.md").read_text("utf-8")
    for section in (config.Server, config.Rules, config.Hooks, config.Trust, config.Smart, config.Fhir):
        for key in section.__dataclass_fields__:
            assert re.search(rf"`{key}`", page), key
