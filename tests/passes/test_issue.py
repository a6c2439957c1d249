"""Issuing: what leaves the kiosk is what a gate accepts, or nothing leaves."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.domain.verdict import Verdict
from kiosk.errors import CertificateInvalid
from kiosk.passes import base41
from kiosk.passes.claims import PassState, encode_claims
from kiosk.passes.envelope import Context, join_certificate, seal
from kiosk.passes.issue import Signer, load_signer, sign_pass
from kiosk.passes.trust import (
    Permission,
    generate_key,
    make_device_certificate,
    parse_certificate,
    private_bytes,
)

DAY = 86_400
LAST_DAY = 20_805


def test_a_signed_pass_is_accepted_by_a_gate_with_nothing_but_the_root(world):
    signed = sign_pass(world.claims, world.signer())
    found = world.verify(signed.text)
    assert found.verdict is Verdict.ACCEPTED
    assert found.claims == world.claims
    assert found.payload_sha256 == signed.payload_sha256
    assert signed.payload_sha256 == hashlib.sha256(encode_claims(world.claims)).digest()
    assert signed.number == "23-1234"


def test_anyone_with_the_specification_and_general_tools_can_verify_a_pass(world):
    """Nothing of ours below: Base41 by arithmetic, COSE's Sig_structure by a CBOR library."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/$.:"
    digits = [alphabet.index(letter) for letter in sign_pass(world.claims, world.signer()).text]
    wire = b""
    for start in range(0, len(digits), 3):
        group = digits[start : start + 3]
        number = sum(digit * 41**power for power, digit in enumerate(group))
        wire += number.to_bytes(len(group) - 1, "big")
    end = 2 + wire[1]
    certificate, vouched = wire[2:end], wire[end : end + 64]
    payload, signature = wire[end + 64 : -64], wire[-64:]
    root = world.root.public_key()
    root.verify(vouched, cbor2.dumps(["Signature1", b"\xa1\x01\x27", b"EP1-cert", certificate]))
    device = Ed25519PublicKey.from_public_bytes(cbor2.loads(certificate)[2])
    device.verify(signature, cbor2.dumps(["Signature1", b"\xa1\x01\x27", b"EP1-pass", payload]))
    assert cbor2.loads(payload)[2] == world.claims.seq


def test_the_same_claims_give_the_same_text(world):
    first, second = (sign_pass(world.claims, world.signer()) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "change",
    [
        {"state": PassState.TRAINING},
        {"state": PassState.PROVISIONAL, "provisional_minutes": 1440},
        {"state": PassState.CLOCK_UNVERIFIED | PassState.CHECK_IDENTITY},
        {"supersedes": 1, "plan": None, "name": None},
    ],
    ids=repr,
)
def test_every_kind_of_pass_can_be_signed(world, change):
    claims = replace(world.claims, **change)
    text = sign_pass(claims, world.signer()).text
    assert world.verify(text, training=claims.is_training).claims == claims


@pytest.mark.parametrize(
    ("certificate", "claims", "reason"),
    [
        ({"permissions": Permission.ISSUE_PROVISIONAL}, {}, "E_PERM"),
        ({"events": (13,)}, {}, "E_SCOPE"),
        ({"max_seq": 1_233}, {}, "E_SEQ_LIMIT"),
        ({}, {"device": 24}, "E_DEV_MISMATCH"),
        ({"expires": 20_779}, {}, "E_CERT_PERIOD"),
        ({"not_before": 20_781}, {}, "E_CERT_PERIOD"),
    ],
)
def test_a_certificate_that_does_not_allow_the_pass_stops_it(world, certificate, claims, reason):
    with pytest.raises(CertificateInvalid) as caught:
        sign_pass(replace(world.claims, **claims), world.signer(**certificate))
    assert caught.value.fields == {"reason": reason}


def test_a_doubtful_clock_outside_the_certificate_still_serves_the_buyer(world):
    wrong = 20_000 * DAY
    claims = replace(world.claims, issued_at=wrong, state=PassState.CLOCK_UNVERIFIED)
    found = world.verify(sign_pass(claims, world.signer()).text)
    assert found.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("floor", "allowed"),
    [(None, True), (0, True), ((LAST_DAY + 1) * DAY - 1, True), ((LAST_DAY + 1) * DAY, False)],
)
def test_a_certificate_known_to_be_over_signs_nothing_whatever_the_clock_says(
    world, floor, allowed
):
    if allowed:
        assert sign_pass(world.claims, world.signer(), floor=floor).text
        return
    with pytest.raises(CertificateInvalid):
        sign_pass(world.claims, world.signer(), floor=floor)


def test_a_pass_that_is_over_when_issued_is_a_bug_of_the_caller(world):
    claims = replace(world.claims, expires_at=world.claims.issued_at - 601)
    with pytest.raises(AssertionError, match="E_EXPIRED"):
        sign_pass(claims, world.signer())


def test_a_pass_garbled_on_its_way_out_is_never_handed_over(world, monkeypatch):
    """A fault in memory between signing and drawing: the text is read back before it is shown."""
    honest = base41.encode

    def garbled(data):
        return honest(data[:-1] + bytes((data[-1] ^ 1,)))

    monkeypatch.setattr(base41, "encode", garbled)
    with pytest.raises(AssertionError, match="E_SIG"):
        sign_pass(world.claims, world.signer())


def test_a_signer_has_the_certificate_of_its_own_key(world):
    certificate = world.signer().certificate
    with pytest.raises(CertificateInvalid) as caught:
        Signer(key=generate_key(), certificate=certificate)
    assert caught.value.fields == {"reason": "another_key"}


def test_a_signer_is_loaded_from_what_the_vault_keeps(world):
    wire = make_device_certificate(world.root, world.certificate)
    signer = load_signer(private_bytes(world.device), wire, world.context.roots)
    assert signer.certificate == parse_certificate(wire, world.context.roots)
    assert sign_pass(world.claims, signer) == sign_pass(world.claims, world.signer())


def test_a_signer_is_not_loaded_with_a_certificate_nobody_would_believe(world):
    def reason(wire):
        with pytest.raises(CertificateInvalid) as caught:
            load_signer(private_bytes(world.device), wire, world.context.roots)
        return caught.value.fields["reason"]

    wire = make_device_certificate(world.root, world.certificate)
    assert reason(wire[:-1]) == "E_TRUNCATED"
    assert reason(make_device_certificate(world.device, world.certificate)) == "E_UNTRUSTED"
    unread = join_certificate(seal(b"\xa0", Context.CERTIFICATE, world.root))
    assert reason(unread) == "E_CERT_CLAIMS"
    other = replace(world.certificate, public_key=bytes(32))
    assert reason(make_device_certificate(world.root, other)) == "another_key"


def test_neither_the_key_nor_the_pass_shows_in_a_representation(world):
    signer = world.signer()
    signed = sign_pass(world.claims, signer)
    assert "Ed25519PrivateKey" not in repr(signer)
    assert signed.text not in repr(signed)
