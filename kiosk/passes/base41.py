"""Base41: bytes as text that survives a URL fragment, a QR alphanumeric segment and a hand scanner.

The arithmetic is that of RFC 9285 (Base45) with an alphabet of 41 characters. Base45 itself will
not do: its `%`, `+` and space break inside a URL fragment, and several are dead keys on the
keyboard layouts that hand scanners type into.
"""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/$.:"

_BASE: Final = len(ALPHABET)
_BASE_SQUARED: Final = _BASE * _BASE
_PAIR_LIMIT: Final = 0xFFFF
_BYTE_LIMIT: Final = 0xFF
_INDEX: Final = {character: index for index, character in enumerate(ALPHABET)}
# By table on purpose: `str.upper()` also maps letters outside ASCII, such as the dotless i, onto
# letters of the alphabet, and then two different texts would be the same pass.
_FOLD: Final = {ord(letter): ord(letter) - 32 for letter in "abcdefghijklmnopqrstuvwxyz"}


class Base41Error(ValueError):
    """The text is not Base41 of anything."""


class AlphabetError(Base41Error):
    """A character outside the alphabet."""


class LengthError(Base41Error):
    """A length no bytes have, or a group of characters above the largest bytes it can stand for."""


def encode(data: bytes) -> str:
    """Bytes as Base41: three characters for each pair of bytes, two for a last single one."""
    characters: list[str] = []
    whole = len(data) - len(data) % 2
    for start in range(0, whole, 2):
        upper, low = divmod(data[start] << 8 | data[start + 1], _BASE)
        high, middle = divmod(upper, _BASE)
        characters += (ALPHABET[low], ALPHABET[middle], ALPHABET[high])
    if whole < len(data):
        middle, low = divmod(data[whole], _BASE)
        characters += (ALPHABET[low], ALPHABET[middle])
    return "".join(characters)


def decode(text: str) -> bytes:
    """The bytes a Base41 text stands for, with ASCII lower case read as upper case.

    No two folded texts stand for the same bytes.

    Raises:
        AlphabetError: a character outside the alphabet, wherever it stands.
        LengthError: a length of 1 modulo 3, or a group above its bound.
    """
    try:
        digits = [_INDEX[character] for character in fold(text)]
    except KeyError:
        raise AlphabetError("a character outside the alphabet") from None
    rest = len(digits) % 3
    if rest == 1:
        raise LengthError("a single character is left over")
    data = bytearray()
    for start in range(0, len(digits) - rest, 3):
        low, middle, high = digits[start : start + 3]
        data += _bounded(low + _BASE * middle + _BASE_SQUARED * high, _PAIR_LIMIT)
    if rest:
        data += _bounded(digits[-2] + _BASE * digits[-1], _BYTE_LIMIT)
    return bytes(data)


def fold(text: str) -> str:
    """ASCII a-z to A-Z, and every other character as it is."""
    return text.translate(_FOLD)


def _bounded(number: int, limit: int) -> bytes:
    if number > limit:
        raise LengthError("a group of characters above its bound")
    return number.to_bytes(2 if limit > _BYTE_LIMIT else 1, "big")
