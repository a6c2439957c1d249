"""The recovery key as people write it down: groups of four, with a check against slips.

The letters are Crockford's base 32 (https://www.crockford.com/base32.html): O reads as 0, I and L
as 1, and case, spaces and dashes do not matter.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from kiosk.errors import RecoverySlip, RecoveryUnfit

RAW_BYTES: Final = 32
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE_OF: Final = {letter: value for value, letter in enumerate(_LETTERS)}
_READ_AS: Final = str.maketrans("OIL", "011")
_KEY_CHARS: Final = 52  # 256 bits and four zero bits
_CHECK_CHARS: Final = 4
_GROUP_CHARS: Final = 4
_GROUPS: Final = (_KEY_CHARS + _CHECK_CHARS) // _GROUP_CHARS
_GROUPS_LIKELY: Final = 10  # this many groups of four were meant as a recovery key
_TEXT_MOST: Final = 200  # characters looked at before anything is computed


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryKey:
    """256 random bits that open the vault when the passphrase is lost."""

    raw: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """14 groups of 4, such as `7Q2K-...-M3XW`; the last group is the check."""
        number = int.from_bytes(self.raw, "big")
        letters = [_LETTERS[(number << 4 >> 5 * place) & 31] for place in range(_KEY_CHARS)]
        text = "".join(reversed(letters)) + _check(self.raw)
        return "-".join(text[at : at + _GROUP_CHARS] for at in range(0, len(text), _GROUP_CHARS))


def read_recovery_key(text: str) -> RecoveryKey | None:
    """The recovery key somebody typed, or None when it is none or has a slip in it."""
    if len(text) > _TEXT_MOST:
        return None
    plain = re.sub(r"[\s\-–—]", "", text).upper().translate(_READ_AS)
    if len(plain) != _KEY_CHARS + _CHECK_CHARS or not set(plain) <= set(_LETTERS):
        return None
    number = 0
    for letter in plain[:_KEY_CHARS]:
        number = number << 5 | _VALUE_OF[letter]
    if number & 15:
        return None
    raw = (number >> 4).to_bytes(RAW_BYTES, "big")
    return RecoveryKey(raw=raw) if plain[_KEY_CHARS:] == _check(raw) else None


def groups_slip(text: str) -> RecoverySlip | RecoveryUnfit | None:
    """What is wrong with a text that looks like groups; None when it is right or no groups.

    A group with a letter that no key has, or of another length, is named by its place; else there
    are too many or too few, or some letter is another one and the check tells.
    """
    groups = re.split(r"[\s\-–—]+", text[:_TEXT_MOST].strip().upper().translate(_READ_AS))
    shaped = [len(group) == _GROUP_CHARS for group in groups]
    if sum(shaped) < _GROUPS_LIKELY or len(groups) - sum(shaped) > 1:
        return None
    for place, group in enumerate(groups, start=1):
        if len(group) != _GROUP_CHARS or not set(group) <= set(_LETTERS):
            return RecoverySlip(part="group", place=place)
    if len(groups) != _GROUPS:
        return RecoveryUnfit(reason="count")
    return None if read_recovery_key(text) else RecoveryUnfit(reason="check")


def _check(raw: bytes) -> str:
    bits = int.from_bytes(hashlib.sha256(b"kiosk recovery key 1" + raw).digest()[:3], "big") >> 4
    return "".join(_LETTERS[bits >> 5 * place & 31] for place in reversed(range(_CHECK_CHARS)))
