"""The numbers of claims that an event's author left to us: one for each offer, for good.

A number stands on passes that are out, so it must never go over to another offer: not when offers
are put before it, taken away or moved, and not on another kiosk that loads the same file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from kiosk.domain.ids import OfferCode
from kiosk.domain.offer import Snapshot

# Numbers up to here are for authors to give by hand; ours lie above, and within 16 bits, so that
# they make no pass larger.
CLAIM_NUMBER_BASE: Final = 1000
CLAIM_NUMBER_MAX: Final = 2**16 - 1


def claim_numbers(codes: Iterable[str], kept: Mapping[OfferCode, int]) -> dict[str, int]:
    """A number for each code, no two alike: the one it is `kept` under, else one by its letters.

    Where two codes come to the same number, the later one takes the next that is free; it keeps
    that from then on.
    """
    wanted = dict.fromkeys(codes)
    found = {code: kept[OfferCode(code)] for code in wanted if code in kept}
    # Those of offers that are gone are spent as well: their passes may still be out.
    used = set(kept.values())
    for code in wanted:
        if code in found:
            continue
        number = _number_of(code)
        while number in used:  # at most once for each offer that the event ever had
            number = number + 1 if number < CLAIM_NUMBER_MAX else CLAIM_NUMBER_BASE + 1
        found[code] = number
        used.add(number)
    return found


def numbers_kept(snapshots: Iterable[Snapshot]) -> dict[OfferCode, int]:
    """Under which number of ours each offer stood in these snapshots, the newest first."""
    kept: dict[OfferCode, int] = {}
    for snapshot in snapshots:
        for offer in snapshot.offers:
            numbers = [given.number for given in offer.entitlements]
            if len(numbers) == 1 and numbers[0] > CLAIM_NUMBER_BASE:
                kept.setdefault(offer.code, numbers[0])
    return kept


def _number_of(code: str) -> int:
    digest = hashlib.sha256(code.encode(errors="replace")).digest()
    span = CLAIM_NUMBER_MAX - CLAIM_NUMBER_BASE
    return CLAIM_NUMBER_BASE + 1 + int.from_bytes(digest[:8]) % span
