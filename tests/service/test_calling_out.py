"""Calls that the service makes itself: whose certificates are believed, and why a call came to nothing."""

import asyncio
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from corrin.service import calling
from corrin.service.hooks import fetch


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"resourceType": "Patient", "id": "p1"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json;charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """What a clinic's own authority would sign: nobody else believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a clinic")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "clinic.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@pytest.fixture(scope="module")
def address(certificate):
    server = HTTPServer(("127.0.0.1", 0), Answering)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(autouse=True)
def anew():
    """What is believed is read once a process; here once a test."""
    calling.believed.cache_clear()
    yield
    calling.believed.cache_clear()


def read(address: str):
    query = {"patient": "Patient/p1"}
    return asyncio.run(fetch.fetch(fetch.Server(address, "token"), query, {}, 5))["patient"]


def test_a_certificate_that_nobody_vouches_for_is_refused_and_told(address):
    part = read(address)
    assert (part.found, part.why) == ("failed", "has a certificate that is not trusted here")


def test_an_authority_that_the_machine_trusts_is_believed(address, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert read(address).found == "all"


def test_public_authorities_are_believed_also_where_the_machine_keeps_none(tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert calling.believed().cert_store_stats()["x509_ca"] > 0
    assert calling.believed().verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (calling.Unanswered(401), "does not accept the token, or no longer (401)"),
        (calling.Unanswered(403), "does not allow it (403)"),
        (calling.Unanswered(404), "does not have it (404)"),
        (calling.Unanswered(429), "was asked too often (429)"),
        (calling.Unanswered(307), "sends elsewhere, which is not followed (307)"),
        (calling.Unanswered(599), "answered with an error (599)"),
        (calling.TooLarge(), "answered with more than is taken in"),
        (TimeoutError(), "did not answer in time"),
        (httpx.ReadTimeout("p1"), "did not answer in time"),
        (httpx.ConnectError("p1"), "could not be reached"),
        (httpx.RemoteProtocolError("p1"), "broke off, or did not answer in HTTP"),
    ],
)
def test_why_a_call_came_to_nothing_is_a_few_fixed_words(error, said):
    assert calling.why(error) == said
