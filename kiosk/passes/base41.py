"""Base41: bytes as text that survives a URL fragment, a QR alphanumeric segment and a hand scanner.

The arithmetic is that of RFC 9285 (Base45) with an alphabet of 41 characters. Base45 itself will
not do: its `%`, `+` and space break inside a URL fragment, and several are dead keys on the
keyboard layouts that hand scanners type into.
"""

from __future__ import annotations

import struct
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/$.:"

_BASE: Final = len(ALPHABET)
_BASE_SQUARED: Final = _BASE * _BASE
_PAIR_LIMIT: Final = 0xFFFF
_BYTE_LIMIT: Final = 0xFF
# The first two characters of a group, which stand for its remainder by 41 squared, in one step.
_TWO: Final = tuple(low + middle for middle in ALPHABET for low in ALPHABET)
# By table on purpose: `str.upper()` also maps letters outside ASCII, such as the dotless i, onto
# letters of the alphabet, and then two different texts would be the same pass.
_FOLD: Final = {ord(letter): ord(letter) - 32 for letter in "abcdefghijklmnopqrstuvwxyz"}
_NO_DIGIT: Final = 0xFF
_DIGITS: Final = bytes(
    _NO_DIGIT if digit < 0 else digit
    for digit in (ALPHABET.find(chr(_FOLD.get(code, code))) for code in range(256))
)


class Base41Error(ValueError):
    """The text is not Base41 of anything."""


class AlphabetError(Base41Error):
    """A character outside the alphabet."""


class LengthError(Base41Error):
    """A length no bytes have, or a group of characters above the largest bytes it can stand for."""


def encode(data: bytes) -> str:
    """Bytes as Base41: three characters for each pair of bytes, two for a last single one."""
    pairs = struct.unpack_from(f">{len(data) // 2}H", data)
    characters = [_TWO[pair % _BASE_SQUARED] + ALPHABET[pair // _BASE_SQUARED] for pair in pairs]
    if len(data) % 2:
        characters.append(_TWO[data[-1]])
    return "".join(characters)


def decode(text: str) -> bytes:
    """The bytes a Base41 text stands for, with ASCII lower case read as upper case.

    No two folded texts stand for the same bytes.

    Raises:
        AlphabetError: a character outside the alphabet, wherever it stands.
        LengthError: a length of 1 modulo 3, or a group above its bound.
    """
    # A character beyond Latin-1 becomes a question mark, which is outside the alphabet as well.
    digits = text.encode("latin-1", "replace").translate(_DIGITS)
    if _NO_DIGIT in digits:
        raise AlphabetError("a character outside the alphabet")
    rest = len(digits) % 3
    if rest == 1:
        raise LengthError("a single character is left over")
    whole = digits[: len(digits) - rest]
    pairs = [
        low + _BASE * middle + _BASE_SQUARED * high
        for low, middle, high in zip(whole[::3], whole[1::3], whole[2::3], strict=True)
    ]
    last = [digits[-2] + _BASE * digits[-1]] if rest else []
    if max(pairs, default=0) > _PAIR_LIMIT or max(last, default=0) > _BYTE_LIMIT:
        raise LengthError("a group of characters above its bound")
    return struct.pack(f">{len(pairs)}H", *pairs) + bytes(last)


def fold(text: str) -> str:
    """ASCII a-z to A-Z, and every other character as it is."""
    return text.translate(_FOLD)
