"""The operating system's keychain, by a short list of back ends that really keep a secret.

What `keyring` would find by itself is never asked: a plain-text back end that some other program
installed must not get a key. Entries are named after their slot and hold nothing else.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Final, Protocol

from kiosk.errors import KeychainEntryMissing, KeychainLocked, KeychainMissing

SERVICE: Final = "kiosk"
SECRET_BYTES: Final = 32
NOTE_MAX_BYTES: Final = 512
# Module and class; the first that works here is used. KWallet speaks for itself where it does not
# offer the Secret Service.
_SECRET_SERVICE: Final = "keyring.backends.SecretService"
BACK_ENDS: Final[dict[str, tuple[str, ...]]] = {
    "darwin": ("keyring.backends.macOS",),
    "win32": ("keyring.backends.Windows",),
    "linux": (
        _SECRET_SERVICE,
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    ),
}
_CLASS_OF: Final = {
    "keyring.backends.Windows": "WinVaultKeyring",
    "keyring.backends.kwallet": "DBusKeyring",
}
_FOREIGN: Final = (
    ("KeyringError", "keyring.errors"),
    ("SecretStorageException", "secretstorage.exceptions"),
    ("DBusErrorResponse", "jeepney.wrappers"),
    ("AuthenticationError", "jeepney.auth"),
    ("Error", "gi.repository.GLib"),
    ("DBusException", "dbus.exceptions"),
    ("error", "win32ctypes.pywin32.pywintypes"),
)


class BackEnd(Protocol):
    """The part of a back end of `keyring` that is used here."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


class Keychain:
    """Secrets of `SECRET_BYTES` bytes by account name, in one back end."""

    def __init__(self, back_end: BackEnd, locked: Callable[[], bool] = lambda: False) -> None:
        """`locked` tells without asking anybody; where nothing can, reading is what finds out."""
        self._back_end = back_end
        self._locked = locked

    def refuse_locked(self) -> None:
        """Raise KeychainLocked where reading would put a prompt on the screen.

        With nobody there it would stand for ever, and the program behind it.
        """
        with _our_errors():
            if self._locked():
                raise KeychainLocked

    def read(self, account: str) -> bytes:
        """The secret under this name.

        Raises:
            KeychainEntryMissing: there is none, or it is not one of ours.
            KeychainLocked: it is locked, and nobody opened it.
            KeychainMissing: it went away.
        """
        with _our_errors():
            text = self._back_end.get_password(SERVICE, account)
        try:
            secret = bytes.fromhex(text or "")
        except ValueError:
            secret = b""
        if len(secret) != SECRET_BYTES:
            raise KeychainEntryMissing
        return secret

    def keep(self, account: str, secret: bytes) -> None:
        """Keep it, and make sure that it can be read again. Raises as `read` does."""
        if len(secret) != SECRET_BYTES:
            raise AssertionError("a secret of the keychain has 32 bytes")
        with _our_errors():
            self._back_end.set_password(SERVICE, account, secret.hex())
        if self.read(account) != secret:
            raise KeychainEntryMissing

    def read_note(self, account: str) -> bytes | None:
        """What `keep_note` kept under this name; None when nothing of ours is there.

        Nobody is asked to open it. Raises KeychainLocked, KeychainMissing.
        """
        self.refuse_locked()
        with _our_errors():
            text = self._back_end.get_password(SERVICE, account) or ""
        if len(text) > 2 * NOTE_MAX_BYTES:
            return None
        try:
            return bytes.fromhex(text) or None
        except ValueError:
            return None

    def keep_note(self, account: str, note: bytes) -> None:
        """Keep what is no secret but must not lie in the kiosk's folder. Raises as `read_note`."""
        if len(note) > NOTE_MAX_BYTES:
            raise AssertionError("a note of the keychain is short")
        self.refuse_locked()
        with _our_errors():
            self._back_end.set_password(SERVICE, account, note.hex())

    def remove(self, account: str) -> None:
        """Forget it; one that is not there is no matter. Raises KeychainLocked, KeychainMissing."""
        try:
            self.read(account)
        except KeychainEntryMissing:
            return
        with _our_errors():
            self._back_end.delete_password(SERVICE, account)


def system_keychain(platform: str = sys.platform) -> Keychain:
    """The keychain of this machine. Raises KeychainMissing when none on the list works here."""
    # Late, and only here: importing keyring and asking the session bus takes 50 ms.
    for module in BACK_ENDS.get(platform, ()):
        back_end = _working(module)
        if back_end is not None:
            asks = module == _SECRET_SERVICE
            return Keychain(back_end, _secret_service_locked) if asks else Keychain(back_end)
    raise KeychainMissing


def _secret_service_locked() -> bool:
    """Whether somebody would have to open the default collection, or make one."""
    import secretstorage  # noqa: PLC0415  (Linux alone has it)

    with closing(secretstorage.dbus_init()) as bus:
        try:
            return bool(secretstorage.get_collection_by_alias(bus, "default").is_locked())
        except secretstorage.exceptions.ItemNotFoundException:
            return True


def _working(module: str) -> BackEnd | None:
    """This back end if it works here; it says so itself, after asking the session bus or so."""
    # A broken session bus is written to the log by its own library, with a traceback.
    logging.getLogger("keyring").setLevel(logging.CRITICAL)
    kind = getattr(importlib.import_module(module), _CLASS_OF.get(module, "Keyring"))
    make: Callable[[], BackEnd] = kind
    return make() if kind.viable else None


@contextmanager
def _our_errors() -> Iterator[None]:
    """What a back end raises, as one of our two: none here, or locked. Its text is dropped."""
    from keyring.errors import InitError, KeyringLocked  # noqa: PLC0415

    try:
        yield
    except (KeyringLocked, InitError):
        # InitError: the prompt was dismissed, or there is no screen to ask on.
        raise KeychainLocked from None
    except _foreign() as error:
        named = type(error).__name__
        locked = "Locked" in named or "Dismissed" in named
        raise (KeychainLocked if locked else KeychainMissing) from None


def _foreign() -> tuple[type[Exception], ...]:
    """The errors of the libraries below `keyring`, some of which it lets through."""
    found: list[type[Exception]] = [OSError]
    for name, module in _FOREIGN:
        # Only what is imported by now can have been raised.
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            found.append(kind)
    return tuple(found)
