"""Signing in: the staff's PIN opens the back of the program. Wrong tries are counted and slow down.

The PIN guards the screen, not the file: what encrypts the buffer is the vault's passphrase.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kiosk.buffer.journal import JournalLine
from kiosk.buffer.staff import StaffRecord
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import StaffId
from kiosk.errors import LockedOut, PinAlreadySet, PinInvalid, PinWrong
from kiosk.service.desk import Desk

PIN_LEAST: Final = 4
PIN_MOST: Final = 12
FREE_TRIES: Final = 5
LOCK_SECONDS: Final = (30, 60, 120, 300, 900)
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who signed in."""

    staff_id: StaffId
    name: str
    role: str


def first_start(desk: Desk) -> bool:
    """Whether nobody has set a PIN yet."""
    with desk.buffer.reading() as uow:
        return uow.staff.count() == 0


def set_first_pin(desk: Desk, pin: str) -> StaffId:
    """Make the owner, with this PIN. Raises PinInvalid, PinAlreadySet."""
    _check(pin)
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _digest(pin, salt)
    with desk.buffer.writing() as uow:
        if uow.staff.count():
            raise PinAlreadySet
        staff_id, now_ms = StaffId(desk.make_id()), desk.time(uow).best_ms
        uow.staff.add(
            StaffRecord(
                staff_id=staff_id,
                name="Owner",
                role="owner",
                pin_salt=salt,
                pin_hash=digest,
            ),
            now_ms,
        )
        _note(uow, "pin.set", staff_id, now_ms)
        return staff_id


def sign_in(desk: Desk, pin: str) -> Staff:
    """The member of staff with this PIN. Raises PinWrong, or LockedOut after too many tries."""
    with desk.buffer.writing() as uow:
        rows = uow.staff.all()
        now_ms = desk.clock.now_ms()
        wrong = max((row.wrong_tries for row in rows), default=0)
        locked_ms = max((row.locked_until_ms - now_ms for row in rows), default=0)
        # More than the lock ever was: the clock was set back, which must not lock out for years.
        if 0 < locked_ms <= _lock_ms(wrong):
            raise LockedOut(seconds=-(-locked_ms // 1000))
        found = next((row for row in rows if _matches(pin, row)), None)
        if found is not None:
            uow.staff.right(None)
            return Staff(staff_id=found.staff_id, name=found.name, role=found.role)
        tries = wrong + 1
        # Nobody knows whose PIN was meant, so the try counts for everybody.
        uow.staff.wrong_try(None, now_ms + _lock_ms(tries))
    # Raised outside, so that the count above is committed.
    raise PinWrong(tries_left=max(FREE_TRIES - tries, 0))


def _lock_ms(tries: int) -> int:
    over = tries - FREE_TRIES
    return 0 if over < 0 else 1000 * LOCK_SECONDS[min(over, len(LOCK_SECONDS) - 1)]


def _check(pin: str) -> None:
    if not (pin.isascii() and pin.isdigit() and PIN_LEAST <= len(pin) <= PIN_MOST):
        raise PinInvalid(least=PIN_LEAST, most=PIN_MOST)


def _matches(pin: str, row: StaffRecord) -> bool:
    return hmac.compare_digest(_digest(pin, row.pin_salt), row.pin_hash)


def _digest(pin: str, salt: bytes) -> bytes:
    # Parameters of OWASP's password storage page for scrypt: 16 MiB, some 40 ms.
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=5).derive(pin.encode())


def _note(uow: UnitOfWork, kind: str, entity_id: str, now_ms: int) -> None:
    line = JournalLine(kind=kind, entity_id=entity_id, member_id=None, payload={}, personal=None)
    uow.journal.append(line, now_ms)
