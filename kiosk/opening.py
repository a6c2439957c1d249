"""Opens a kiosk folder: settings, vault, buffer, and the desk every use case is handed.

It knows the till's foundation and no screen and no network, so that the command line starts quickly
and works where Qt is not installed.
"""

from __future__ import annotations

import errno
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import config, vault
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.files import BUFFER_NAME, flush_file
from kiosk.config import Config
from kiosk.domain.ids import UuidSource
from kiosk.errors import (
    RootInvalid,
    StoreCorrupt,
    StoreExists,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
)
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
from kiosk.service.desk import CERTIFICATE, Desk
from kiosk.system_clock import SystemClock
from kiosk.vault import RecoveryKey, Vault

if TYPE_CHECKING:
    from sync.build import RailSettings

ROOT_FILE: Final = "root.pub"
DEVICE_KEY: Final = "device_key"
REFERENCE_KEY: Final = "reference_key"
FOLDER_MODE: Final = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenKiosk:
    """A kiosk folder that this process holds. Close it to let others in."""

    folder: Path
    config: Config
    vault: Vault
    buffer_file: BufferFile

    def close(self) -> None:
        """Write what is pending and let go of the lock."""
        self.buffer_file.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A kiosk folder that is only looked at."""

    folder: Path
    config: Config
    vault: Vault


def create(
    folder: Path, passphrase: str, device: int, confirm: Callable[[RecoveryKey], None]
) -> None:
    """Make a new kiosk: vault, encrypted buffer, device key, root and the device's certificate.

    `confirm` must see the recovery key kept, or raise: nothing is sold before it is. Raises
    StoreExists, and leaves of VaultError and StoreError.
    """
    with _writing_to(folder):
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    refuse_existing(folder)
    made, recovery = vault.make(folder, passphrase, device=device)
    confirm(recovery)
    # The buffer comes last: a set-up that is cut off before it can be done again.
    with _writing_to(folder):
        _write_beside(folder, public_bytes(_root(made)))
    ids = UuidSource(secrets.token_bytes)
    now_ms = SystemClock().now_ms()
    buffer_file = BufferFile.create(
        folder, made.keys, device=device, buffer_id=ids.make(now_ms), now_ms=now_ms
    )
    try:
        _first_secrets(made, buffer_file.till(), now_ms)
    finally:
        buffer_file.close()


def open_kiosk(folder: Path, secret: str) -> OpenKiosk:
    """Unlock and open a kiosk folder for selling. `secret` is the passphrase or recovery key.

    Raises leaves of SetupError, VaultError and StoreError.
    """
    settings = config.load(folder)
    require_existing(folder)
    unlocked = vault.unlock(folder, secret)
    buffer_file = BufferFile.open(folder, unlocked.keys, now_ms=SystemClock().now_ms())
    return OpenKiosk(folder=folder, config=settings, vault=unlocked, buffer_file=buffer_file)


def make_desk(kiosk: OpenKiosk, *, staffed: bool) -> Desk:
    """The desk, on a connection of its own: call this in the thread that will use it."""
    buffer = kiosk.buffer_file.till()
    with buffer.reading() as uow:
        # The set-up was cut off in its last step: nothing was ever signed or written down here.
        unfinished = uow.settings.secret(DEVICE_KEY) is None and uow.journal.head()[0] == 0
    if unfinished and kiosk.vault.root is not None:
        _first_secrets(kiosk.vault, buffer, SystemClock().now_ms())
    return _desk_over(buffer, kiosk, staffed=staffed)


@contextmanager
def looked_at(folder: Path, secret: str) -> Iterator[Desk]:
    """A desk that only reads, beside whoever holds the folder: for export and checks."""
    settings = config.load(folder)
    require_existing(folder)
    unlocked = vault.unlock(folder, secret)
    with BufferFile.look(folder, unlocked.keys) as buffer:
        place = _Place(folder=folder, config=settings, vault=unlocked)
        yield _desk_over(buffer, place, staffed=True)


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
        renew=_renewal(place.vault, key, buffer.identity.device, roots),
    )


def refuse_existing(folder: Path) -> None:
    """Raise StoreExists when the folder holds a buffer: it is never overwritten."""
    if (folder / BUFFER_NAME).exists():
        raise StoreExists(folder=str(folder))


def require_existing(folder: Path) -> None:
    """Raise StoreMissing when there is nothing to open here."""
    if not (folder / BUFFER_NAME).exists():
        raise StoreMissing(folder=str(folder))


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


def read_root(file: Path) -> bytes:
    """A root public key: 64 hexadecimal characters. Raises RootInvalid."""
    try:
        raw = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        raise RootInvalid(file=str(file)) from None
    if len(raw) != 32:
        raise RootInvalid(file=str(file))
    return raw


def _write_beside(folder: Path, root: bytes) -> None:
    file = folder / ROOT_FILE
    file.write_text(root.hex() + "\n", encoding="ascii")
    flush_file(file)
    settings = folder / config.FILE_NAME
    if not settings.exists():
        settings.write_text(config.TEMPLATE, encoding="utf-8")


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """What the disk refuses, as an error with a sentence. Raises StoreFull, StoreReadOnly."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreFull(free_mb=0) from None
        raise StoreReadOnly(folder=str(folder)) from None


def _first_secrets(made: Vault, buffer: Buffer, now_ms: int) -> None:
    key = generate_key()
    day = now_ms // 86_400_000
    claims = own_certificate_claims(buffer.identity.device, public_bytes(key), day)
    certificate = make_device_certificate(_root(made), claims)
    with buffer.writing() as uow:
        uow.settings.put_secret(DEVICE_KEY, private_bytes(key))
        uow.settings.put_secret(CERTIFICATE, certificate)
        uow.settings.put_secret(REFERENCE_KEY, secrets.token_bytes(32))


def _root(held: Vault) -> Ed25519PrivateKey:
    root = held.root_private()
    assert root is not None, "a new vault holds the root it made"
    return root


def _renewal(
    held: Vault, key: bytes, device: int, roots: TrustedRoots
) -> Callable[[int], Signer] | None:
    root = held.root_private()
    if root is None:
        return None

    def renew(day: int) -> Signer:
        claims = own_certificate_claims(device, public_bytes(load_key(key)), day)
        return load_signer(key, make_device_certificate(root, claims), roots)

    return renew
