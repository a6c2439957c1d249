"""The golden vector: what every implementation of the format must agree on."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.verdict import Verdict
from kiosk.passes import base41
from kiosk.passes.claims import PassState, encode_claims, named_claims
from kiosk.passes.envelope import split_pass
from kiosk.passes.trust import Permission, encode_certificate_claims
from kiosk.passes.verify import verify


def test_the_golden_pass_is_accepted_with_exactly_its_warnings(vector):
    found = verify(vector.text, vector.context)
    assert found.verdict.value == vector.verdict
    assert tuple(warning.value for warning in found.warnings) == vector.warnings


def test_the_golden_claims_are_read_as_written(vector):
    found = verify(vector.text, vector.context)
    wanted = vector.pass_claims
    assert found.claims.device == wanted["1"]
    assert found.claims.seq == wanted["2"]
    assert found.claims.number == "23-1234"
    assert found.claims.issued_at == wanted["3"]
    assert found.claims.expires_at == wanted["4"]
    assert found.claims.event == wanted["5"]
    assert dict(found.claims.entitlements) == {int(k): v for k, v in wanted["6"].items()}
    assert found.claims.name == wanted["7"]
    assert found.claims.state == PassState(wanted["8"]) == PassState.PROVISIONAL
    assert found.claims.plan == wanted["9"]
    assert found.claims.provisional_minutes == wanted["10"]
    assert found.claims.supersedes is None


def test_the_golden_claims_have_the_names_of_the_specification(vector):
    found = verify(vector.text, vector.context).claims
    assert found is not None
    assert named_claims(found) == {
        "dev": 23,
        "seq": 1234,
        "iat": 1_795_000_000,
        "exp": 1_795_259_200,
        "ev": 12,
        "ent": {"1": 1, "3": 2},
        "nm": "Maria G.",
        "st": 1,
        "pl": 5,
        "pxp": 1440,
    }


def test_the_golden_certificate_is_read_as_written(vector):
    found = verify(vector.text, vector.context).certificate
    wanted = vector.certificate_claims
    assert found.device == wanted["1"]
    assert found.public_key.hex() == wanted["2"]
    assert (found.not_before, found.expires) == (wanted["3"], wanted["4"])
    assert found.events == tuple(wanted["5"])
    assert found.permissions == Permission(wanted["6"])
    assert found.root_number == wanted["7"]
    assert found.max_seq == wanted["9"]


def test_the_golden_text_and_bytes_are_each_others_base41(vector):
    assert base41.decode(vector.text) == vector.wire
    assert base41.encode(vector.wire) == vector.text


def test_the_golden_claims_are_encoded_to_the_very_same_bytes(vector):
    parts = split_pass(vector.wire)
    found = verify(vector.text, vector.context)
    assert found.claims is not None
    assert found.certificate is not None
    assert encode_claims(found.claims) == parts.sealed.payload
    assert encode_certificate_claims(found.certificate) == parts.certificate.payload


def test_no_single_bit_of_the_golden_pass_can_be_flipped(vector):
    survivors = []
    for bit in range(len(vector.wire) * 8):
        flipped = bytearray(vector.wire)
        flipped[bit // 8] ^= 1 << bit % 8
        found = verify(base41.encode(bytes(flipped)), vector.context)
        if found.verdict is Verdict.ACCEPTED or found.claims is not None:
            survivors.append(bit)
    assert survivors == []


def test_no_proper_prefix_of_the_golden_pass_is_accepted(vector):
    for length in range(len(vector.wire)):
        found = verify(base41.encode(vector.wire[:length]), vector.context)
        assert found.verdict is not Verdict.ACCEPTED


def test_another_root_does_not_accept_the_golden_pass(vector, world):
    found = verify(vector.text, replace(vector.context, roots=world.context.roots))
    assert found.verdict is Verdict.UNTRUSTED
