"""Signs what a device stores for itself, so that nobody with the file alone can change its prices.

Only this device reads these signatures; they are no EP1 object and no gate accepts them.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature

from kiosk.passes.issue import Signer

# Keeps these apart from every EP1 object, whose signed bytes begin as a CBOR array.
_CONTEXT: Final = b"kiosk-document-1\n"


def sign_document(signer: Signer, document: bytes) -> bytes:
    """The 64 bytes of this device's signature over the document."""
    return signer.key.sign(_CONTEXT + document)


def is_own_document(signer: Signer, document: bytes, signature: bytes) -> bool:
    """Whether this device signed exactly this document."""
    try:
        signer.key.public_key().verify(signature, _CONTEXT + document)
    except InvalidSignature:
        return False
    return True
