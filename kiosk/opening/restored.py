"""Acknowledging that an older copy of a kiosk was put back: it may sell on, as a new life."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.buffer.anchor import AnchorMark
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.copy import count_unsent
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.incarnations import Incarnation
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
from kiosk.domain.sale import receipt_number
from kiosk.errors import StoreTooOld
from kiosk.opening.device import DEVICE_KEY
from kiosk.opening.folder import ROOT_FILE, read_root, require_existing
from kiosk.opening.handed import is_handed_over
from kiosk.opening.keychain_mark import keychain_mark
from kiosk.opening.unlocking import unlock_to_work
from kiosk.passes.issue import load_signer
from kiosk.passes.trust import OWN_ROOT_MAX_SEQ, TrustedRoots
from kiosk.service.desk import CERTIFICATE
from kiosk.system_clock import SystemClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """The life that began, what its first receipt is called, and how many entries are unsent.

    `handed_over`: it is closed all the same, since its work went on from a black box.
    """

    life: Incarnation
    next_receipt: str
    unsent: int
    handed_over: bool


def acknowledge(folder: Path, secret: str | None, *, whole_folder: bool) -> Acknowledged:
    """Begin a new life of the kiosk in this folder; `secret` as for `open_kiosk`.

    `whole_folder`: staff know that all of it was put back, and nothing in it can tell.

    Raises NothingRestored, CertificateInvalid (no pass numbers left), and leaves of SetupError,
    VaultError and StoreError.
    """
    require_existing(folder)
    keys = unlock_to_work(folder, secret).keys
    said = Acknowledgement(
        marks=_marks_in_keychain(folder, keys),
        passes_most=passes_most(folder, keys),
        now_ms=SystemClock().now_ms(),
        whole_folder=whole_folder,
    )
    life = acknowledge_restore(folder, keys, said)
    with BufferFile.look(folder, keys) as buffer, buffer.reading() as uow:
        device, handed_over = buffer.identity.device, is_handed_over(uow)
    return Acknowledged(
        life=life,
        next_receipt=receipt_number(device, 1, life.number),
        unsent=sum(each.total for each in count_unsent(BufferPaths(folder=folder), keys)),
        handed_over=handed_over,
    )


def _marks_in_keychain(folder: Path, keys: BufferKeys) -> tuple[AnchorMark, ...]:
    """What the keychain remembers of this kiosk, should it come back without having been open."""
    held = keychain_mark(folder)
    if held is None:
        return ()
    try:
        with BufferFile.look(folder, keys) as buffer, buffer.reading() as uow:
            sealed = held.read(buffer.identity.buffer_id)
            found = None if sealed is None else uow.incarnations.read_mark(sealed)
    except StoreTooOld:
        return ()
    return () if found is None else (found,)


def passes_most(folder: Path, keys: BufferKeys) -> int:
    """The last pass number that this device's certificate allows."""
    roots = TrustedRoots(keys=(read_root(folder / ROOT_FILE),))
    try:
        with BufferFile.look(folder, keys) as buffer, buffer.reading() as uow:
            key = uow.settings.secret(DEVICE_KEY)
            certificate = uow.settings.secret(CERTIFICATE)
    except StoreTooOld:
        # It is brought up to date on the way; too high a number is refused by each pass anyway.
        return OWN_ROOT_MAX_SEQ
    if key is None or certificate is None:
        return OWN_ROOT_MAX_SEQ  # the set-up was cut off before anything could be sold
    return load_signer(key, certificate, roots).certificate.claims.max_seq
