"""How far a kiosk's journal had come, kept at the rail as metadata of one product for each kiosk.

The product is inactive, so that nobody can sell it, and its id is ours: reading it by that id is
immediate and needs no search. https://docs.stripe.com/api/products/create (`id`, `active`),
https://docs.stripe.com/api/metadata (50 keys of 40 characters, values of 500). A key that may not
write products keeps no mark; that is no reason to stop what it may do.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from sync.rails.base import KeptMark
from sync.rails.stripe.client import Ask, StripeDoor, Thing, field_of
from sync.rails.stripe.words import BUFFER, DEVICE, HASH, INCARNATION, MARK, SEQ, WRITTEN_AT
from sync.rails.troubles import RailTrouble, Trouble, TroubleKind

SEALED_MAX_CHARS: Final = 500
_FORBIDDEN: Final = 403
_MISSING: Final = "resource_missing"


async def read(door: StripeDoor, buffer_id: str) -> bytes | None:
    """The sealed mark kept for this buffer; None when there is none. Raises RailTrouble."""
    try:
        thing = await _asked(
            door,
            "GET product",
            lambda client: client.v1.products.retrieve_async(_id_of(buffer_id)),
        )
    except RailTrouble as told:
        if told.trouble.code == _MISSING:
            return None
        raise
    return _sealed_in(thing)


async def keep(door: StripeDoor, mark: KeptMark) -> None:
    """Write the mark over the one before; the first one makes the product. Raises RailTrouble.

    Without a key of ours: to do it twice comes to the same, and an old answer is of no use.
    """
    try:
        await _update(door, mark)
    except RailTrouble as told:
        if told.trouble.code != _MISSING:
            raise
        await _create(door, mark)


async def _update(door: StripeDoor, mark: KeptMark) -> None:
    await _asked(
        door,
        "POST product",
        lambda client: client.v1.products.update_async(
            _id_of(mark.buffer_id),
            params={"metadata": _metadata(mark)},
        ),
    )


async def _create(door: StripeDoor, mark: KeptMark) -> None:
    await _asked(
        door,
        "POST products",
        lambda client: client.v1.products.create_async(
            params={
                "id": _id_of(mark.buffer_id),
                "name": f"Kiosk {mark.device}: how far its journal had come. Please keep it.",
                "active": False,
                "metadata": _metadata(mark),
            },
        ),
    )


async def _asked(door: StripeDoor, endpoint: str, ask: Ask) -> Thing:
    """As the door asks; a refusal of this one kind of object does not lock it for the others."""
    try:
        return await door.ask(endpoint, ask)
    except RailTrouble as told:
        if told.trouble.kind is TroubleKind.LOCKED and told.trouble.http_status == _FORBIDDEN:
            door.reopen()
            refused = Trouble(kind=TroubleKind.REFUSED, code="not_allowed", http_status=_FORBIDDEN)
            raise RailTrouble(refused) from None
        raise


def _sealed_in(thing: Thing) -> bytes | None:
    """What the product carries; whoever edited it in the Dashboard left nothing to believe."""
    metadata = field_of(thing, "metadata")
    text = metadata[MARK] if metadata is not None and MARK in metadata else ""
    if len(text) > SEALED_MAX_CHARS:
        return None
    try:
        return base64.b64decode(text, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _metadata(mark: KeptMark) -> dict[str, str]:
    """The sealed mark, which alone is believed, and beside it what people may want to read."""
    return {
        MARK: base64.b64encode(mark.sealed).decode("ascii"),
        DEVICE: str(mark.device),
        BUFFER: mark.buffer_id,
        INCARNATION: str(mark.incarnation),
        SEQ: str(mark.seq),
        HASH: mark.hash_start.hex(),
        WRITTEN_AT: str(mark.written_s),
    }


def _id_of(buffer_id: str) -> str:
    return f"kp_mark_{buffer_id.replace('-', '')}"
