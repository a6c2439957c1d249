"""A kiosk folder that is open: settings, vault, buffer, and the desk a use case is handed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk import config
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.config import Config
from kiosk.domain.ids import UuidSource
from kiosk.errors import KioskError, StoreCorrupt
from kiosk.opening.device import DEVICE_KEY, REFERENCE_KEY, renewal, write_first_secrets
from kiosk.opening.folder import ROOT_FILE, read_root, require_existing
from kiosk.opening.handed import refuse_handed_over
from kiosk.opening.keychain_mark import LINKS_BETWEEN, KeychainMark, keychain_mark
from kiosk.opening.unlocking import unlock_to_look, unlock_to_work
from kiosk.passes.issue import load_signer
from kiosk.passes.trust import TrustedRoots
from kiosk.service.desk import CERTIFICATE, Desk
from kiosk.service.members import erasures_wait
from kiosk.system_clock import SystemClock
from kiosk.vault import Vault

if TYPE_CHECKING:
    from kiosk.opening.erasing import Ended
    from sync.build import RailSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenKiosk:
    """A kiosk folder that this process holds. Close it to let others in."""

    folder: Path
    config: Config
    vault: Vault
    buffer_file: BufferFile
    keychain_mark: KeychainMark | None = None

    def rest(self) -> None:
        """For idle moments of the till's thread: what the keychain should know by now."""
        if self.keychain_mark is not None:
            self.keychain_mark.keep(self.buffer_file.till(), least_links=LINKS_BETWEEN)

    def close(self) -> Ended | None:
        """Write what is pending and let go of the lock; then end the erasures that can be ended.

        What came of those, or None when there were none.
        """
        waiting = False
        try:
            with suppress(KioskError), self.buffer_file.till().reading() as uow:
                waiting = erasures_wait(uow, self.config.stripe.mode)
            with suppress(KioskError):
                if self.keychain_mark is not None:
                    self.keychain_mark.keep(self.buffer_file.till())
        finally:
            self.buffer_file.close()
        return _ended(self.folder, self.config, self.vault) if waiting else None


def open_kiosk(folder: Path, secret: str | None) -> OpenKiosk:
    """Unlock and open a kiosk folder for selling.

    `secret` is a passphrase, PIN or recovery key; None asks the keychain of this machine.

    Raises leaves of SetupError, VaultError and StoreError.
    """
    settings = config.load(folder)
    require_existing(folder)
    unlocked = unlock_to_work(folder, secret)
    buffer_file = BufferFile.open(folder, unlocked.keys, now_ms=SystemClock().now_ms())
    try:
        refuse_handed_over(buffer_file)
        with buffer_file.till().reading() as uow:
            waiting = erasures_wait(uow, settings.stripe.mode)
    except BaseException:
        buffer_file.close()
        raise
    if waiting:
        buffer_file.close()
        # What cannot be ended now, on a full disk, stops no sale; the next start tries again.
        unlocked = _ended(folder, settings, unlocked).vault
        buffer_file = BufferFile.open(folder, unlocked.keys, now_ms=SystemClock().now_ms())
    return OpenKiosk(
        folder=folder,
        config=settings,
        vault=unlocked,
        buffer_file=buffer_file,
        keychain_mark=_compared(folder, buffer_file),
    )


def _compared(folder: Path, buffer_file: BufferFile) -> KeychainMark | None:
    """The mark in the keychain, held against the journal; None where there is none."""
    mark = keychain_mark(folder)
    if mark is not None:
        try:
            mark.compare(buffer_file.sync(), SystemClock().now_ms())
        except BaseException:
            buffer_file.close()
            raise
    return mark


def make_desk(kiosk: OpenKiosk, *, staffed: bool) -> Desk:
    """The desk, on a connection of its own: call this in the thread that will use it."""
    buffer = kiosk.buffer_file.till()
    with buffer.reading() as uow:
        # The set-up was cut off in its last step: nothing was ever signed or written down here.
        unfinished = uow.settings.secret(DEVICE_KEY) is None and uow.journal.head()[0] == 0
    if unfinished and kiosk.vault.root is not None:
        write_first_secrets(kiosk.vault, buffer, SystemClock().now_ms())
    return _desk_over(buffer, kiosk, staffed=staffed)


@contextmanager
def looked_at(folder: Path, secret: str | None) -> Iterator[Desk]:
    """A desk that only reads, beside whoever holds the folder: for export and checks."""
    settings = config.load(folder)
    require_existing(folder)
    unlocked = unlock_to_look(folder, secret)
    with BufferFile.look(folder, unlocked.keys) as buffer:
        place = _Place(folder=folder, config=settings, vault=unlocked)
        yield _desk_over(buffer, place, staffed=True)


def rail_settings(kiosk: OpenKiosk) -> RailSettings:
    """How this kiosk reaches its rail, as its settings say; in practice, the one inside."""
    # Late: the till's commands do without the sync wing.
    from kiosk.buffer.practice_shelf import PracticeShelf  # noqa: PLC0415
    from sync.build import RailSettings  # noqa: PLC0415

    stripe = kiosk.config.stripe
    return RailSettings(
        mode=stripe.mode,
        base_url=stripe.base_url,
        key_file=stripe.key_file,
        shelf=lambda: PracticeShelf.open(kiosk.folder, kiosk.vault.practice_key),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A kiosk folder that is only looked at."""

    folder: Path
    config: Config
    vault: Vault


def _ended(folder: Path, settings: Config, unlocked: Vault) -> Ended:
    # Late: hardly any start has an erasure to end, and each would wait for what packs backups.
    from kiosk.opening.erasing import end_erasures  # noqa: PLC0415
    from kiosk.opening.place import Place  # noqa: PLC0415

    place = Place(folder=folder, config=settings, vault=unlocked)
    return end_erasures(place, SystemClock().now_ms())


def _desk_over(buffer: Buffer, place: OpenKiosk | _Place, *, staffed: bool) -> Desk:
    roots = TrustedRoots(keys=(read_root(place.folder / ROOT_FILE),))
    with buffer.reading() as uow:
        key = uow.settings.secret(DEVICE_KEY)
        certificate = uow.settings.secret(CERTIFICATE)
        reference_key = uow.settings.secret(REFERENCE_KEY)
        highest_ms = uow.settings.highest_ms()
    if key is None or certificate is None or reference_key is None:
        raise StoreCorrupt(check="device_secrets")
    return Desk(
        buffer=buffer,
        signer=load_signer(key, certificate, roots),
        clock=SystemClock(),
        ids=UuidSource(secrets.token_bytes, floor_ms=highest_ms),
        device=buffer.identity.device,
        mode=place.config.stripe.mode,
        reference_key=reference_key,
        staffed=staffed,
        renew=renewal(place.vault, key, buffer.identity.device, roots),
    )
