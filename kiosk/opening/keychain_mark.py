"""The mark of the journal that the keychain of this machine keeps, where one was set up.

It finds a whole folder that was put back on the same machine, with no network at all. A keychain
that is locked or gone gives no verdict, and never stops anything.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk import vault
from kiosk.buffer.anchor import AnchorMark
from kiosk.buffer.buffer import Buffer
from kiosk.buffer.incarnations import ITS_OWN, Place
from kiosk.errors import KeychainLocked, KeychainMissing
from kiosk.vault import Method
from kiosk.vault.keychain import Keychain
from kiosk.vault.places import system_places

LINKS_BETWEEN: Final = 20  # an entry costs tens of milliseconds: not with each sale


class KeychainMark:
    """One open kiosk's dealings with its mark in the keychain."""

    def __init__(self, keychain: Callable[[], Keychain]) -> None:
        self._keychain = keychain
        self._known: AnchorMark | None = None

    def compare(self, buffer: Buffer, now_ms: int) -> None:
        """Hold the keychain's mark against the journal; what contradicts it is written down.

        Nothing is sold from then on until the restore is acknowledged. Raises leaves of StoreError.
        """
        sealed = self.read(buffer.identity.buffer_id)
        if sealed is None:
            return
        with buffer.reading() as uow:
            self._known = uow.incarnations.read_mark(sealed)
            known = self._known is None or uow.incarnations.standing_of(self._known) in ITS_OWN
        if not known:
            with buffer.writing() as uow:
                uow.incarnations.sight(Place.KEYCHAIN, sealed, now_ms)

    def keep(self, buffer: Buffer, *, least_links: int = 1) -> None:
        """Let the keychain know how far the journal has come, if it went on by so many links.

        A mark that contradicts this journal is left as it is. Raises leaves of StoreError.
        """
        with buffer.reading() as uow:
            mark, sealed = uow.incarnations.mark(), uow.incarnations.sealed_mark()
            doubted = uow.incarnations.doubt() is not None
        if doubted or not _is_news(mark, self._known, least_links):
            return
        try:
            self._keychain().keep_note(_account(mark.buffer_id), sealed)
        except (KeychainLocked, KeychainMissing):
            return
        self._known = mark

    def read(self, buffer_id: str) -> bytes | None:
        """The sealed mark that is kept for this buffer, or None."""
        try:
            return self._keychain().read_note(_account(buffer_id))
        except (KeychainLocked, KeychainMissing):
            return None


def keychain_mark(folder: Path) -> KeychainMark | None:
    """For a kiosk that its keychain opens; None for others, whose keychain is not ours to use."""
    if Method.KEYCHAIN not in {way.method for way in vault.ways(folder)}:
        return None
    return KeychainMark(system_places().keychain)


def _is_news(mark: AnchorMark, known: AnchorMark | None, least_links: int) -> bool:
    if known is None or known.incarnation != mark.incarnation:
        return True
    return mark.seq - known.seq >= least_links


def _account(buffer_id: str) -> str:
    return f"mark-{buffer_id}"
