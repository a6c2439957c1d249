"""Ends erasures: those that waited are made, and the wrapping key that older copies need goes.

It works on a folder that nobody holds. The key file has the old and the new key until every key of
a member is under the new one; cut off anywhere, the next start goes on from there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.erasures import MEMBER_ERASED
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.keys import KEY_BYTES
from kiosk.buffer.practice_shelf import SHELF_NAME, PracticeShelf
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.buffer.upgrade import drop_older
from kiosk.domain.ids import MemberId
from kiosk.errors import KioskError
from kiosk.opening.backups import SUFFIX, renew_backups
from kiosk.opening.place import Place
from kiosk.service.members import erase_wanted
from kiosk.vault import Vault
from kiosk.vault.change import replace_member_keks

BATCH: Final = 500  # members of one transaction
BATCHES_MOST: Final = 20_000


class Backups(StrEnum):
    """What became of the kiosk's own backups, which still held the person."""

    NONE = "none"
    RENEWED = "renewed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How far it came. `problem` is the code of what stood in the way; the next start goes on.

    `log_emptied`: false while somebody else reads the file; what was erased leaves it afterwards.
    """

    vault: Vault = field(repr=False)
    problem: str | None
    backups: Backups
    log_emptied: bool


def end_erasures(place: Place, now_ms: int) -> Ended:
    """Make the erasures that waited, and replace the wrapping key; the vault there is then.

    A failure is told and not raised: the erasure stands, and an older copy is all that is left.
    """
    work = _Work(place, now_ms)
    problem = None
    try:
        work.end()
    except KioskError as error:
        problem = error.code
    backups = Backups.KEPT if problem else _renewed_backups(place, work.vault, now_ms)
    log = BufferPaths(folder=place.folder).log
    return Ended(
        vault=work.vault,
        problem=problem,
        backups=backups,
        log_emptied=not log.exists() or log.stat().st_size == 0,
    )


class _Work:
    """The steps, and the vault as the key file has it after each."""

    def __init__(self, place: Place, now_ms: int) -> None:
        self.place = place
        self.now_ms = now_ms
        self.vault = place.vault

    def end(self) -> None:
        """Every step that is still to be done. Raises leaves of StoreError and VaultError."""
        with self._opened() as buffer_file:
            unfinished, needs_new = self._erase(buffer_file)
        if not unfinished:
            return
        keks = dict(self.vault.keys.member_kek)
        if needs_new:
            keks[max(keks) + 1] = os.urandom(KEY_BYTES)
            self.vault = replace_member_keks(self.place.folder, self.vault, keks)
        with self._opened() as buffer_file:
            self._rewrap(buffer_file)
            with buffer_file.sync().reading() as uow:
                practised = uow.erasures.practised()
        self._forget_in_practice(practised)
        # Nothing is wrapped under the old keys any more. The file that an earlier version left goes
        # with them: its columns for searching hold the person without any such key.
        drop_older(BufferPaths(folder=self.place.folder), most=0)
        newest = max(keks)
        self.vault = replace_member_keks(self.place.folder, self.vault, {newest: keks[newest]})

    def _forget_in_practice(self, customers: frozenset[str]) -> None:
        """The practice rail lies in this folder: nobody else could take the person out of it."""
        if customers and (self.place.folder / SHELF_NAME).exists():
            shelf = PracticeShelf.open(self.place.folder, self.vault.practice_key)
            try:
                shelf.forget(customers)
            finally:
                shelf.close()

    def _opened(self) -> BufferFile:
        return BufferFile.open(self.place.folder, self.vault.keys, now_ms=self.now_ms)

    def _erase(self, buffer_file: BufferFile) -> tuple[bool, bool]:
        """Make what waited; whether a key has to go now, and whether that is the newest one."""
        mode = self.place.config.stripe.mode
        with buffer_file.sync().writing() as uow:
            erase_wanted(uow, mode, self.now_ms)
            behind = uow.erasures.is_behind
        if behind:
            self._erase_unreadable(buffer_file)
        with buffer_file.sync().reading() as uow:
            return uow.erasures.unfinished, uow.erasures.needs_new_key

    def _erase_unreadable(self, buffer_file: BufferFile) -> None:
        """An older file was put back beside newer keys: what they cannot open is not there."""
        after: MemberId | None = None
        for _ in range(BATCHES_MOST):
            with buffer_file.sync().writing() as uow:
                after = self._erase_some(uow, after)
            if after is None:
                return
        raise AssertionError("more members than one kiosk has")

    def _erase_some(self, uow: UnitOfWork, after: MemberId | None) -> MemberId | None:
        """The next of them; the last of these, or None when there was nobody left."""
        members = uow.erasures.unreadable(after, BATCH)
        if not members:
            if not uow.erasures.unfinished:
                uow.erasures.rewrapped(self.now_ms)
            return None
        for member_id in members:
            self._forget(uow, member_id)
        payload = {"because": "wrapping_key_gone", "members": len(members)}
        line = JournalLine(kind=MEMBER_ERASED, entity_id=members[0], payload=payload)
        uow.journal.append(line, self.now_ms)
        return members[-1]

    def _forget(self, uow: UnitOfWork, member_id: MemberId) -> None:
        uow.people.erase(member_id, self.now_ms)
        uow.passes.forget_texts(member_id)
        uow.erasures.settle(member_id)

    def _rewrap(self, buffer_file: BufferFile) -> None:
        after: MemberId | None = None
        for _ in range(BATCHES_MOST):
            # A transaction each: nobody waits for more than one of them.
            with buffer_file.sync().writing() as uow:
                after = uow.erasures.rewrap(after, BATCH)
                if after is None:
                    uow.erasures.rewrapped(self.now_ms)
                    return
        raise AssertionError("more members than one kiosk has")


def _renewed_backups(place: Place, vault: Vault, now_ms: int) -> Backups:
    """One new backup in place of all the older ones, where there are any."""
    folder = place.folder / place.config.backup.folder
    if not any(folder.glob(f"kiosk-*{SUFFIX}")):
        return Backups.NONE
    try:
        renew_backups(Place(folder=place.folder, config=place.config, vault=vault), now_ms)
    except KioskError:
        return Backups.KEPT
    return Backups.RENEWED
