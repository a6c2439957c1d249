"""What a salvage does where a device's secrets are lost: new ones, vouched for by the same root.

Passes that were signed before stay valid, for each carries the certificate of its own key.
"""

from __future__ import annotations

import json
import secrets
from typing import Final

from kiosk.buffer.journal import SALE_COMPLETED, Journal
from kiosk.buffer.salvage_links import Renewed
from kiosk.buffer.session import Session
from kiosk.buffer.settings import Settings
from kiosk.domain.event_writer import from_json
from kiosk.errors import EventFileInvalid
from kiosk.opening.device import DEVICE_KEY, REFERENCE_KEY
from kiosk.opening.handed import EXPORTED, IMPORTED, SETTING, TAKEN_BACK
from kiosk.passes.documents import sign_document
from kiosk.passes.issue import Signer, load_signer
from kiosk.passes.trust import (
    TrustedRoots,
    generate_key,
    load_key,
    make_device_certificate,
    own_certificate_claims,
    private_bytes,
    public_bytes,
)
from kiosk.service.desk import CERTIFICATE
from kiosk.vault import Vault

_DAY_MS = 86_400_000
_OPEN: Final = (TAKEN_BACK, IMPORTED, SALE_COMPLETED)  # what only an open kiosk writes


def renew_lost_secrets(held: Vault, session: Session, now_ms: int) -> Renewed:
    """Make anew what is missing of this device's secrets, inside the transaction of a salvage.

    Without the root's private key there is no certificate: then the secrets stay missing.
    """
    settings, root = Settings(session), held.root_private()
    every = (DEVICE_KEY, CERTIFICATE, REFERENCE_KEY)
    lost = tuple(name for name in every if settings.secret(name) is None)
    if not lost:
        return Renewed()
    if root is None:
        return Renewed(missing=lost)
    if REFERENCE_KEY in lost:
        settings.put_secret(REFERENCE_KEY, secrets.token_bytes(32))
    if DEVICE_KEY not in lost and CERTIFICATE not in lost:
        return Renewed(made=lost)
    key = settings.secret(DEVICE_KEY) or private_bytes(generate_key())
    public = public_bytes(load_key(key))
    day = max(now_ms, settings.highest_ms()) // _DAY_MS
    claims = own_certificate_claims(session.identity.device, public, day)
    certificate = make_device_certificate(root, claims)
    settings.put_secret(DEVICE_KEY, key)
    settings.put_secret(CERTIFICATE, certificate)
    if DEVICE_KEY not in lost:
        return Renewed(made=lost)
    roots = TrustedRoots(keys=(public_bytes(root),))
    signed, unsigned = _sign_events(session, load_signer(key, certificate, roots))
    return Renewed(made=tuple({*lost, CERTIFICATE}), signed=signed, unsigned=unsigned)


def close_again(session: Session, now_ms: int) -> bool:
    """Close a kiosk that was handed over where a salvage lost what says so; whether it did.

    Else two would sell with the same past. One that sold afterwards was never closed: its box could
    not be written.
    """
    handed_over = False
    for link in Journal(session).each():
        if link.kind == EXPORTED:
            handed_over = json.loads(link.payload).get("hand_over") is True
        elif link.kind in _OPEN:
            handed_over = False
    settings = Settings(session)
    if not handed_over or settings.get(SETTING) is not None:
        return False
    settings.put(SETTING, {"file": "black box", "at_ms": now_ms}, now_ms)
    return True


def _sign_events(session: Session, signer: Signer) -> tuple[int, tuple[int, ...]]:
    """Sign every stored event anew that reads as one; how many, and the numbers of the others.

    Each page that a salvage reads is authenticated by the file's own key. Whoever could write one
    had the lost key as well, so that its signature would have said no more.
    """
    execute = session.connection.execute
    signed, unsigned = 0, []
    numbers = execute("SELECT number FROM snapshots ORDER BY number").fetchall()
    for (number,) in numbers:
        (document,) = execute(
            "SELECT document FROM snapshots WHERE number = ?", (number,)
        ).fetchone()
        try:
            from_json(document, number)
        except (EventFileInvalid, ValueError, AssertionError):
            unsigned.append(int(number))
            continue
        signature = sign_document(signer, document.encode())
        execute("UPDATE snapshots SET signature = ? WHERE number = ?", (signature, number))
        signed += 1
    return signed, tuple(unsigned)
