"""What a device signs for itself: believed as it was, and never mistaken for a pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.passes.documents import is_own_document, sign_document
from kiosk.passes.envelope import Context, seal, signed_bytes
from kiosk.passes.issue import Signer
from kiosk.passes.trust import (
    generate_key,
    make_device_certificate,
    parse_certificate,
    public_bytes,
)

DOCUMENT = b'{"event":{"number":12}}'


def _stranger(world):
    key = generate_key()
    claims = replace(world.certificate, public_key=public_bytes(key))
    wire = make_device_certificate(world.root, claims)
    return Signer(key=key, certificate=parse_certificate(wire, world.context.roots))


def test_a_document_is_believed_from_the_device_that_signed_it_only(world):
    signature = sign_document(world.signer(), DOCUMENT)
    assert len(signature) == 64
    assert is_own_document(world.signer(), DOCUMENT, signature)
    assert not is_own_document(_stranger(world), DOCUMENT, signature)


@pytest.mark.parametrize(
    ("document", "signature"),
    [(DOCUMENT + b" ", None), (b"", None), (DOCUMENT, b""), (DOCUMENT, bytes(64))],
)
def test_a_changed_document_or_signature_is_not_believed(world, document, signature):
    genuine = sign_document(world.signer(), DOCUMENT)
    given = genuine if signature is None else signature
    assert not is_own_document(world.signer(), document, given)


def test_a_signature_over_a_document_is_none_over_a_pass_and_the_other_way_round(world):
    signer = world.signer()
    sealed = seal(DOCUMENT, Context.PASS, world.device)
    assert not is_own_document(signer, DOCUMENT, sealed.signature)
    assert not is_own_document(signer, signed_bytes(DOCUMENT, Context.PASS), sealed.signature)
