"""The strict subset of deterministic CBOR (RFC 8949, section 4.2) that EP1 objects are made of.

One value has exactly one encoding, and nothing else decodes. General decoders accept duplicate
keys, trailing bytes and integers longer than needed; each of those lets two readers of the same
signed bytes see different claims. Must never be made lenient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, TypeAlias, assert_never

# What decode() returns uses int, bytes, str, bool, list and dict only.
Value: TypeAlias = "int | bytes | str | bool | Sequence[Value] | Mapping[int, Value]"

MAX_DEPTH: Final = 4
"""Most arrays and maps inside one another."""
INTEGER_LIMIT: Final = 2**53
"""Magnitude that integers stay below, so that a browser's numbers hold them exactly."""

_FALSE: Final = 20
_TRUE: Final = 21
# In the low five bits of a head: up to 23 is the argument itself, then 1, 2, 4 or 8 bytes follow.
_LARGEST_INLINE: Final = 23
_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
# The least argument that needs that width; anything less has a shorter head.
_LEAST: Final = {24: _LARGEST_INLINE + 1, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}


class _Major(IntEnum):
    """The kind of a data item: the high three bits of its head."""

    UNSIGNED = 0
    NEGATIVE = 1
    BYTES = 2
    TEXT = 3
    ARRAY = 4
    MAP = 5
    TAG = 6
    SIMPLE = 7


_MAJORS: Final = tuple(_Major)


class CborError(ValueError):
    """Bytes or a value outside the subset. The message says which rule was broken."""


def encode(value: Value) -> bytes:
    """The one encoding of a value: shortest heads, map keys ascending.

    Raises:
        CborError: the value is outside the subset.
    """
    encoded = bytearray()
    _write(value, encoded, MAX_DEPTH)
    return bytes(encoded)


def decode(data: bytes) -> Value:
    """The value whose one encoding is `data`, all of it.

    Raises:
        CborError: `data` is anything but the deterministic encoding of a value of the subset.
    """
    reader = _Reader(data)
    value = reader.item(MAX_DEPTH)
    if reader.position != len(data):
        raise CborError("bytes after the end")
    return value


def first_entry(data: bytes) -> tuple[int, Value]:
    """The first key and value of a map, without a look at what follows.

    Raises:
        CborError: `data` does not begin with a map of at least one entry.
    """
    reader = _Reader(data)
    major, length = reader.head()
    if major != _Major.MAP or length == 0:
        raise CborError("not a map with an entry")
    return reader.key(-1), reader.item(MAX_DEPTH - 1)


class _Reader:
    """A position in the bytes being decoded; each method takes one thing and moves on."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def item(self, depth_left: int) -> Value:
        major, argument = self.head()
        match major:
            case _Major.UNSIGNED:
                return argument
            case _Major.NEGATIVE:
                return -1 - argument
            case _Major.BYTES:
                return self.take(argument)
            case _Major.TEXT:
                return self.text(argument)
            case _Major.ARRAY:
                deeper = _one_deeper(depth_left)
                return [self.item(deeper) for _ in range(argument)]
            case _Major.MAP:
                return self.entries(argument, _one_deeper(depth_left))
            case _Major.SIMPLE:
                return argument == _TRUE
            case _Major.TAG:
                raise CborError("a tag")
            case _:
                assert_never(major)

    def head(self) -> tuple[_Major, int]:
        """The major type and its argument, which is in its shortest form."""
        initial = self.take(1)[0]
        major, low = _MAJORS[initial >> 5], initial & 0x1F
        if major is _Major.SIMPLE and low not in (_FALSE, _TRUE):
            raise CborError("a float, null or another simple value")
        if low <= _LARGEST_INLINE:
            return major, low
        if low not in _WIDTHS:
            raise CborError("an indefinite length or a reserved head")
        argument = int.from_bytes(self.take(_WIDTHS[low]), "big")
        if argument >= INTEGER_LIMIT - (major is _Major.NEGATIVE):
            raise CborError("an integer out of range")
        if argument < _LEAST[low]:
            raise CborError("an integer longer than needed")
        return major, argument

    def take(self, count: int) -> bytes:
        taken = self.data[self.position : self.position + count]
        if len(taken) != count:
            raise CborError("ends too early")
        self.position += count
        return taken

    def text(self, count: int) -> str:
        try:
            return self.take(count).decode("utf-8")
        except UnicodeDecodeError:
            raise CborError("text that is not UTF-8") from None

    def entries(self, count: int, depth_left: int) -> dict[int, Value]:
        found: dict[int, Value] = {}
        last = -1
        for _ in range(count):
            last = self.key(last)
            found[last] = self.item(depth_left)
        return found

    def key(self, last: int) -> int:
        major, key = self.head()
        if major != _Major.UNSIGNED:
            raise CborError("a map key that is not a non-negative integer")
        if key <= last:
            raise CborError("map keys that do not ascend")
        return key


def _write(value: Value, out: bytearray, depth_left: int) -> None:
    match value:
        case bool():
            out += _head(_Major.SIMPLE, _TRUE if value else _FALSE)
        case int():
            if abs(value) >= INTEGER_LIMIT:
                raise CborError("an integer out of range")
            unsigned = value >= 0
            out += _head(_Major.UNSIGNED, value) if unsigned else _head(_Major.NEGATIVE, ~value)
        case bytes():
            out += _head(_Major.BYTES, len(value)) + value
        case str():
            encoded = _utf8(value)
            out += _head(_Major.TEXT, len(encoded)) + encoded
        case Mapping():
            _write_map(value, out, _one_deeper(depth_left))
        case Sequence():
            deeper = _one_deeper(depth_left)
            out += _head(_Major.ARRAY, len(value))
            for item in value:
                _write(item, out, deeper)
        case _:
            raise CborError("a type outside the subset")


def _write_map(value: Mapping[int, Value], out: bytearray, depth_left: int) -> None:
    if not all(type(key) is int and 0 <= key < INTEGER_LIMIT for key in value):
        raise CborError("a map key that is not a non-negative integer")
    out += _head(_Major.MAP, len(value))
    for key in sorted(value):
        out += _head(_Major.UNSIGNED, key)
        _write(value[key], out, depth_left)


def _one_deeper(depth_left: int) -> int:
    if depth_left == 0:
        raise CborError("nested too deep")
    return depth_left - 1


def _head(major: _Major, argument: int) -> bytes:
    """The shortest head. `argument` is below 2^64 by the limits above."""
    if argument <= _LARGEST_INLINE:
        return bytes((major << 5 | argument,))
    for low, width in _WIDTHS.items():
        if argument < 1 << 8 * width:
            return bytes((major << 5 | low,)) + argument.to_bytes(width, "big")
    raise CborError("an integer out of range")


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise CborError("text that is not UTF-8") from None
