"""Who may call: a token of a listed issuer, for this address, now, once. Everybody else: 401, and not a word."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from tests.hooks.fhir_server import TOKEN, FhirServer
from tests.hooks.requests import METFORMIN, WEAK_LEGS, prefetch, request, send
from tests.service.calling import AT, NOW, Calls

from corrin.service.config import Config, Trust

ISSUER = "https://ehr.example"
EC, OTHER = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
RSA = rsa.generate_private_key(65537, 2048)
ADDRESS = f"{AT}/cds-services/corrin-patient-view"
UNTESTED = request(parts=prefetch(WEAK_LEGS, METFORMIN))


def written(key, algorithm, kid):
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [written(EC, ECAlgorithm, "ec"), written(RSA, RSAAlgorithm, "rsa")]}))
    return path


@pytest.fixture
def guarded(keys) -> Calls:
    return Calls(Config(trust=(Trust(ISSUER, jwks_file=keys),)))


def claims(**change):
    whole = {"iss": ISSUER, "aud": ADDRESS, "iat": NOW, "exp": NOW + 300, "jti": "one", **change}
    return {key: value for key, value in whole.items() if value is not ...}


def signed(key=EC, algorithm="ES384", kid="ec", header=None, **change):
    headers = {key: value for key, value in {"kid": kid, **(header or {})}.items() if value is not None}
    return jwt.encode(claims(**change), key, algorithm, headers)


def bearing(calls, token, body=UNTESTED, **more):
    return send(calls, body, headers={"authorization": f"Bearer {token}"}, **more)


def believed(calls, token) -> bool:
    answer = bearing(calls, token)
    if answer.status_code == 401:
        assert answer.content == b"", "a refusal tells nothing"
        return False
    assert answer.status_code == 200
    return True


def test_a_token_of_a_listed_issuer_for_this_address_is_believed(guarded):
    assert believed(guarded, signed())
    assert believed(guarded, signed(RSA, "RS384", "rsa", jti="two"))


def test_a_token_counts_once(guarded):
    token = signed()
    assert believed(guarded, token)
    assert not believed(guarded, token)
    assert not believed(guarded, signed(iat=NOW - 1)), "the same id in another token"


def test_an_id_is_remembered_for_its_issuer_only(keys):
    calls = Calls(Config(trust=(Trust(ISSUER, jwks_file=keys), Trust("https://b.example", jwks_file=keys))))
    assert believed(calls, signed())
    assert believed(calls, signed(iss="https://b.example"))


def test_an_id_is_forgotten_when_its_token_has_expired(keys):
    from corrin.service.hooks.trust import Door

    now = [NOW]
    door = Door(Config(trust=(Trust(ISSUER, jwks_file=keys),)), lambda: now[0])
    import asyncio

    asyncio.run(door.admit(f"Bearer {signed()}", "/cds-services/corrin-patient-view"))
    now[0] = NOW + 1000
    fresh = signed(iat=NOW + 1000, exp=NOW + 1300)
    asyncio.run(door.admit(f"Bearer {fresh}", "/cds-services/corrin-patient-view"))


@pytest.mark.parametrize("missing", ["iss", "aud", "exp", "iat", "jti"])
def test_every_claim_is_required(guarded, missing):
    assert not believed(guarded, signed(**{missing: ...}))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"},
        {"aud": f"{AT}/cds-services"},
        {"aud": f"{ADDRESS}/feedback"},
        {"aud": f"{AT}/cds-services/corrin-order-sign"},
        {"aud": f"{ADDRESS}/"},
        {"aud": [ADDRESS, "https://other.example"]},
        {"exp": NOW - 31},
        {"iat": NOW + 31},
        {"nbf": NOW + 31},
        {"exp": NOW + 90_000},
        {"exp": "soon"},
        {"jti": ""},
        {"jti": 7},
    ],
    ids=str,
)
def test_a_claim_that_does_not_fit_is_not_believed(guarded, change):
    assert not believed(guarded, signed(**change))


@pytest.mark.parametrize("change", [{"iat": NOW + 29}, {"exp": NOW - 29, "iat": NOW - 300}], ids=str)
def test_two_clocks_may_differ_by_half_a_minute(guarded, change):
    assert believed(guarded, signed(**change))


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode(claims(), None, "none"),
        jwt.encode(claims(), "a-shared-secret-of-some-length-for-hs384-xx-and-more", "HS384", {"kid": "ec"}),
        signed(OTHER),
        signed(kid="unknown"),
        signed(RSA, "RS256", "rsa"),
        signed(header={"crit": ["b64"], "b64": False}),
        "not.a.token",
        "",
        "a" * 20_000,
    ],
    ids=[
        "none",
        "HS384",
        "another key",
        "unknown kid",
        "RS256, not listed",
        "crit",
        "nonsense",
        "empty",
        "long",
    ],
)
def test_a_signature_that_proves_nothing_is_not_believed(guarded, token):
    assert not believed(guarded, token)


def test_a_public_key_is_no_shared_secret(guarded):
    """The old trick: the public key, which everybody has, used as the secret of an HS signature."""
    import base64
    import hashlib
    import hmac

    def part(what: bytes) -> bytes:
        return base64.urlsafe_b64encode(what).rstrip(b"=")

    head = (
        part(json.dumps({"alg": "HS384", "kid": "rsa", "typ": "JWT"}).encode())
        + b"."
        + part(json.dumps(claims()).encode())
    )
    secret = json.dumps(written(RSA, RSAAlgorithm, "rsa")).encode()
    token = head + b"." + part(hmac.new(secret, head, hashlib.sha384).digest())
    assert not believed(guarded, token.decode())


def test_a_jku_in_the_token_is_never_fetched(keys):
    with FhirServer().running() as server:
        calls = Calls(Config(trust=(Trust(ISSUER, jwks_file=keys),)))
        assert not believed(calls, signed(OTHER, header={"jku": f"{server.base}/keys"}))
        assert not believed(calls, signed(OTHER, kid="x", header={"jku": f"{server.base}/keys"}))
        assert server.asked == []


def test_keys_are_fetched_from_the_configured_address_once(keys):
    with FhirServer(keys=json.loads(keys.read_text())).running() as server:
        server.ways["keys"] = "open"
        calls = Calls(Config(trust=(Trust(ISSUER, jwks_url=f"{server.base}/keys"),)))
        assert believed(calls, signed())
        assert believed(calls, signed(jti="two"))
        assert not believed(calls, signed(kid="unknown")), "asked for again only after a rest"
        assert server.asked == [("keys", "")]


def test_where_no_keys_are_to_be_had_nobody_is_believed():
    with FhirServer().running() as server:
        calls = Calls(Config(trust=(Trust(ISSUER, jwks_url=f"{server.base}/Patient"),)))
        assert not believed(calls, signed())
        assert [kind for kind, _ in server.asked] == ["Patient"]


def test_no_token_no_answer(guarded):
    answer = send(guarded, UNTESTED)
    assert (answer.status_code, answer.content) == (401, b"")
    for header in ("Basic dXNlcjpwYXNz", "Bearer", "bearer  ", signed()):
        answer = send(guarded, UNTESTED, headers={"authorization": header})
        assert (answer.status_code, answer.content) == (401, b"")


def test_nothing_is_told_of_a_body_before_the_caller_is_known(guarded):
    answer = guarded.post(
        "/cds-services/corrin-patient-view", content=b"{", headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.content) == (401, b"")
    answer = guarded.post("/cds-services/no-such-service", json={})
    assert (answer.status_code, answer.content) == (401, b"")


def test_feedback_wants_a_token_for_its_own_address(guarded):
    path = "/cds-services/corrin-patient-view/feedback"
    for method in ("GET", "POST"):
        assert guarded.request(method, path, json={}).status_code == 401
    wrong = {"authorization": f"Bearer {signed()}"}
    assert guarded.get(path, headers=wrong).status_code == 401
    right = {"authorization": f"Bearer {signed(aud=f'{AT}{path}', jti='three')}"}
    assert guarded.get(path, headers=right).status_code == 200


def test_discovery_is_open_and_a_token_that_is_sent_must_be_its_own(guarded):
    assert guarded.get("/cds-services").status_code == 200
    own = {"authorization": f"Bearer {signed(aud=f'{AT}/cds-services')}"}
    assert guarded.get("/cds-services", headers=own).status_code == 200
    other = {"authorization": f"Bearer {signed(jti='four')}"}
    assert guarded.get("/cds-services", headers=other).status_code == 401


def test_a_token_is_never_logged(guarded):
    token = signed()
    bearing(guarded, token)
    bearing(guarded, token)
    assert token.split(".")[1] not in guarded.log
    assert token.split(".")[2] not in guarded.log


def test_without_a_list_the_service_is_open_and_says_so(calls):
    assert send(calls, UNTESTED).status_code == 200
    assert calls.get("/ready").json()["trust"].startswith("open")


def test_a_trusted_system_opens_its_own_fhir_server_only(keys):
    with FhirServer(Condition=[WEAK_LEGS], MedicationRequest=[METFORMIN]).running() as server:
        access = {"access_token": TOKEN, "token_type": "Bearer"}
        body = request(parts={}, fhirServer=server.base, fhirAuthorization=access)
        own = Calls(Config(trust=(Trust(ISSUER, jwks_file=keys, fhir=(server.base,)),)))
        assert bearing(own, signed(), body).status_code == 200
        other = Calls(
            Config(
                trust=(
                    Trust(ISSUER, jwks_file=keys),
                    Trust("https://b.example", jwks_file=keys, fhir=(server.base,)),
                )
            )
        )
        assert bearing(other, signed(), body).status_code == 412
