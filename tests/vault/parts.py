"""A keychain in memory, places in a folder of the test, and secrets that are cheap to try."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from keyring.errors import KeyringError

from kiosk.errors import KeychainMissing
from kiosk.vault import KeyCost, RecoveryKey
from kiosk.vault.change import NewSlot
from kiosk.vault.keychain import Keychain
from kiosk.vault.places import Places
from kiosk.vault.slots import Method

CHEAP = KeyCost(memory_kib=8, iterations=1, lanes=1)
SECRET = "correct horse"
PIN = "314159"
DAY_MS = 1_795_000_000_000


@dataclass
class BackEndInMemory:
    """A back end that keeps what it is given, and fails when it is told to."""

    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    fails: Exception | None = None

    def get_password(self, service: str, username: str, /) -> str | None:
        self._fail()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self._fail()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        self._fail()
        if self.kept.pop((service, username), None) is None:
            raise KeyringError("no such entry")

    def _fail(self) -> None:
        if self.fails is not None:
            raise self.fails


def no_keychain() -> Keychain:
    raise KeychainMissing


def places_with(state: Path, back_end: BackEndInMemory | None) -> Places:
    if back_end is None:
        return Places(keychain=no_keychain, state=state)
    return Places(keychain=lambda: Keychain(back_end), state=state)


def new_slot(method: Method, secret: str = "", kept: list[RecoveryKey] | None = None) -> NewSlot:
    return NewSlot(
        method=method,
        secret=secret,
        keep=([] if kept is None else kept).append,
        made_ms=DAY_MS,
        cost=CHEAP,
    )
