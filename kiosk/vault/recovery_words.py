"""The recovery key as 24 words, for reading out: the English list of BIP-39, with its check.

https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki. The words are another spelling of
the same 256 bits as the groups; no seed is made from them, and no coin has to do with them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from kiosk.errors import RecoverySlip, RecoveryUnfit
from kiosk.vault.recovery_key import RecoveryKey, groups_slip, read_recovery_key

if TYPE_CHECKING:
    from mnemonic import Mnemonic

WORDS: Final = 24
_TEXT_MOST: Final = 1000  # characters looked at before anything is computed
_LIKELY: Final = 12  # this many words of the list were meant as a recovery key


def words_of(recovery: RecoveryKey) -> tuple[str, ...]:
    """The key as 24 English words."""
    return tuple(_list().to_mnemonic(recovery.raw).split(" "))


def read_recovery(text: str) -> RecoveryKey | None:
    """The recovery key in groups or in words, or None when it is none or has a slip in it."""
    return read_recovery_key(text) or _read_words(_split(text))


def read_recovery_or_say(text: str) -> RecoveryKey:
    """The recovery key that was meant. Raises RecoverySlip (where to look), RecoveryUnfit."""
    found = read_recovery(text)
    if found is None:
        raise _slip(text) or RecoveryUnfit(reason="none")
    return found


def slip_in(text: str) -> RecoverySlip | RecoveryUnfit | None:
    """What is wrong with a text that was meant as a recovery key; None when it was not."""
    return None if read_recovery(text) is not None else _slip(text)


def _slip(text: str) -> RecoverySlip | RecoveryUnfit | None:
    found = groups_slip(text)
    if found is not None:
        return found
    words = _split(text)
    known = [word in _numbers() for word in words]
    if sum(known) < _LIKELY:
        return None
    if not all(known):
        return RecoverySlip(part="word", place=known.index(False) + 1)
    if len(words) != WORDS:
        return RecoveryUnfit(reason="count")
    return RecoveryUnfit(reason="check")


def _read_words(words: list[str]) -> RecoveryKey | None:
    if len(words) != WORDS or not all(word in _numbers() for word in words):
        return None
    if not _list().check(" ".join(words)):
        return None
    return RecoveryKey(raw=bytes(_list().to_entropy(words)))


def _split(text: str) -> list[str]:
    """The words of a text in small letters; numbers and punctuation between them do not matter."""
    return re.findall(r"[a-z]+", text[:_TEXT_MOST].lower())


@cache
def _list() -> Mnemonic:
    from mnemonic import Mnemonic  # noqa: PLC0415  (late: it reads a file of 2048 words)

    return Mnemonic("english")


@cache
def _numbers() -> frozenset[str]:
    return frozenset(_list().wordlist)
