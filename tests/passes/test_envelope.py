"""EP1 objects as bytes: their parts, and the exact bytes under each signature."""

from __future__ import annotations

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature

from kiosk.passes.envelope import (
    CERTIFICATE,
    PASS,
    PASS_BY_NUMBER,
    Context,
    EnvelopeError,
    PassParts,
    Sealed,
    TruncatedError,
    VersionError,
    is_signed_by,
    join_certificate,
    join_pass,
    seal,
    signed_bytes,
    split_certificate,
    split_pass,
)
from kiosk.passes.trust import generate_key, public_bytes

SIGNATURE = bytes(range(64))
CERTIFICATE_PART = Sealed(payload=b"certificate", signature=SIGNATURE)


@pytest.mark.parametrize("context", Context)
def test_what_is_signed_is_the_sig_structure_that_any_cose_library_rebuilds(context):
    protected = cbor2.dumps({1: -8})  # {alg: EdDSA}, RFC 9052 section 3.1 and RFC 9053 section 2.2
    structure = ["Signature1", protected, context.value, b"payload"]
    assert signed_bytes(b"payload", context) == cbor2.dumps(structure, canonical=True)


def test_the_contexts_are_those_of_the_specification():
    names = {context.value for context in Context}
    assert names == {b"EP1-cert", b"EP1-pass", b"EP1-stat", b"EP1-bndl"}


def test_a_seal_holds_for_its_own_key_payload_and_context_only():
    key = generate_key()
    sealed = seal(b"payload", Context.PASS, key)
    assert is_signed_by(public_bytes(key), sealed, Context.PASS)
    assert not is_signed_by(public_bytes(generate_key()), sealed, Context.PASS)
    assert not is_signed_by(public_bytes(key), sealed, Context.CERTIFICATE)
    other = Sealed(payload=b"Payload", signature=sealed.signature)
    assert not is_signed_by(public_bytes(key), other, Context.PASS)
    key.public_key().verify(sealed.signature, signed_bytes(b"payload", Context.PASS))
    with pytest.raises(InvalidSignature):
        key.public_key().verify(sealed.signature, b"payload")


def test_a_signature_with_a_second_form_of_its_number_is_refused():
    """RFC 8032, section 5.1.7: S must be below the group's order, or passes have twins."""
    key = generate_key()
    sealed = seal(b"payload", Context.PASS, key)
    order = 2**252 + 27742317777372353535851937790883648493
    number = int.from_bytes(sealed.signature[32:], "little") + order
    twin = sealed.signature[:32] + number.to_bytes(32, "little")
    twisted = Sealed(payload=b"payload", signature=twin)
    assert not is_signed_by(public_bytes(key), twisted, Context.PASS)


@pytest.mark.parametrize("key", [bytes(32), b"\xff" * 32, b"\x01" + bytes(31)])
def test_a_key_that_is_no_key_has_signed_nothing(key):
    sealed = seal(b"payload", Context.PASS, generate_key())
    assert not is_signed_by(key, sealed, Context.PASS)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_no_signature(length):
    sealed = Sealed(payload=b"payload", signature=bytes(length))
    assert not is_signed_by(public_bytes(generate_key()), sealed, Context.PASS)


@pytest.mark.parametrize("certificate", [None, CERTIFICATE_PART])
def test_a_pass_comes_apart_as_it_was_put_together(certificate):
    sealed = Sealed(payload=b"payload", signature=SIGNATURE[::-1])
    parts = PassParts(certificate=certificate, sealed=sealed)
    wire = join_pass(parts)
    assert wire[0] == (PASS_BY_NUMBER if certificate is None else PASS)
    assert wire.endswith(b"payload" + SIGNATURE[::-1])
    assert split_pass(wire) == parts


def test_a_certificate_comes_apart_as_it_was_put_together():
    wire = join_certificate(CERTIFICATE_PART)
    assert wire == bytes((CERTIFICATE, 11)) + b"certificate" + SIGNATURE
    assert split_certificate(wire) == CERTIFICATE_PART


def test_a_certificate_is_cut_short_at_any_length_but_its_own():
    wire = join_certificate(CERTIFICATE_PART)
    for length in range(len(wire)):
        with pytest.raises(TruncatedError):
            split_certificate(wire[:length])
    with pytest.raises(EnvelopeError):
        split_certificate(wire + b"\0")


def test_a_pass_needs_a_payload_of_one_byte_at_least():
    assert split_pass(b"\x10" + b"p" + SIGNATURE).sealed.payload == b"p"
    for wire in (b"", b"\x10", b"\x10" + SIGNATURE, b"\x11", b"\x11\x00" + SIGNATURE + SIGNATURE):
        with pytest.raises(TruncatedError):
            split_pass(wire)


@pytest.mark.parametrize("version", sorted(set(range(256)) - {PASS, PASS_BY_NUMBER}))
def test_only_two_version_bytes_begin_a_pass(version):
    with pytest.raises(VersionError):
        split_pass(bytes((version,)) + bytes(200))


@pytest.mark.parametrize("version", [PASS, PASS_BY_NUMBER, 0x13, 0x14])
def test_no_other_object_is_a_certificate(version):
    with pytest.raises(VersionError):
        split_certificate(bytes((version,)) + join_certificate(CERTIFICATE_PART)[1:])


def test_a_certificate_too_long_for_its_length_byte_is_not_put_together():
    longest = Sealed(payload=bytes(255), signature=SIGNATURE)
    assert split_certificate(join_certificate(longest)) == longest
    with pytest.raises(EnvelopeError):
        join_certificate(Sealed(payload=bytes(256), signature=SIGNATURE))
