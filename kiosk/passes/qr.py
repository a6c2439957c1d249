"""QR codes as plain matrices of modules: the pass code, and codes for any other text.

Drawing them is the screen's work. Must never need an imaging library: the kiosk ships none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from qrcode import constants, util
from qrcode.main import QRCode

from kiosk.passes.url import pass_prefix

MAX_VERSION: Final = 40
# A pass is random bytes: no mask suits it better than another, and the library's search for the
# best one costs three quarters of the time.
_MASK: Final = 3
_ALPHANUMERIC: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


class Level(Enum):
    """Error correction level (ISO/IEC 18004): how much of a code may be lost; L is 7 %, M 15 %."""

    L = constants.ERROR_CORRECT_L
    M = constants.ERROR_CORRECT_M


class Mode(Enum):
    """How the characters of a segment become bits; 8 bits each, or 11 for every two."""

    BYTE = util.MODE_8BIT_BYTE
    ALPHANUMERIC = util.MODE_ALPHA_NUM


class TooLongForQr(ValueError):
    """More text than version 40 holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrMatrix:
    """A code without its quiet zone: `size` rows of `size` bytes, 1 for a dark module."""

    size: int
    rows: tuple[bytes, ...] = field(repr=False)

    @property
    def version(self) -> int:
        """1 to 40; each version is four modules wider than the one before."""
        return (self.size - 17) // 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Bytes to be encoded in one mode."""

    data: bytes
    mode: Mode


def qr_pass(host: str | None, text: str) -> QrMatrix:
    """The code of a pass: the smallest version at level L that holds its link.

    The link is two segments, the token in the denser alphanumeric one. A token that does not fit
    an ordinary version makes a larger code; it is never refused for that.
    """
    return _matrix(pass_segments(host, text), Level.L)


def qr_text(text: str) -> QrMatrix:
    """The code of any text, such as a payment link, in byte mode at level M.

    Raises:
        TooLongForQr: more than 2331 bytes of UTF-8.
    """
    return _matrix((Segment(data=text.encode("utf-8"), mode=Mode.BYTE),), Level.M)


def pass_segments(host: str | None, text: str) -> tuple[Segment, ...]:
    """How a pass link is encoded: as bytes up to the fragment, then the Base41 token.

    With no host the `EP1:` before the token is alphanumeric too, and one segment does.
    """
    prefix = pass_prefix(host)
    if _ALPHANUMERIC.issuperset(prefix):
        return (Segment(data=(prefix + text).encode("ascii"), mode=Mode.ALPHANUMERIC),)
    return (
        Segment(data=prefix.encode("utf-8"), mode=Mode.BYTE),
        Segment(data=text.encode("ascii"), mode=Mode.ALPHANUMERIC),
    )


def smallest_version(segments: Sequence[Segment], level: Level) -> int:
    """The smallest version, 1 to 40, that holds these segments.

    Raises:
        TooLongForQr: not even version 40 does.
    """
    for version in range(1, MAX_VERSION + 1):
        if _bits(segments, version) <= util.BIT_LIMIT_TABLE[level.value][version]:
            return version
    raise TooLongForQr


def _matrix(segments: Sequence[Segment], level: Level) -> QrMatrix:
    version = smallest_version(segments, level)
    code = QRCode(version=version, error_correction=level.value, border=0, mask_pattern=_MASK)
    for segment in segments:
        code.add_data(util.QRData(segment.data, mode=segment.mode.value), optimize=0)
    # The version is known, so the library need not encode everything once more to find it.
    code.make(fit=False)
    return QrMatrix(size=code.modules_count, rows=tuple(bytes(row) for row in code.modules))


def _bits(segments: Sequence[Segment], version: int) -> int:
    """What the segments take: each four bits of mode, a count, and its characters."""
    return sum(
        4 + util.length_in_bits(segment.mode.value, version) + _data_bits(segment)
        for segment in segments
    )


def _data_bits(segment: Segment) -> int:
    length = len(segment.data)
    if segment.mode is Mode.BYTE:
        return 8 * length
    return 11 * (length // 2) + 6 * (length % 2)
