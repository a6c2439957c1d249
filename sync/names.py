"""How the mirror names what the rail holds for a sale, so that an answer finds its way back."""

from __future__ import annotations

from typing import Final

from kiosk.domain.ids import EntryId, SaleId

BILL: Final = "bill"
_PREFIX: Final = "bill"


def bill_entity(sale_id: SaleId, entry_id: EntryId) -> str:
    """The mirror's entity for the invoice that came of an entry."""
    return f"{_PREFIX}:{sale_id}:{entry_id}"


def read_bill_entity(entity: str) -> tuple[SaleId, EntryId] | None:
    """The sale and entry behind an entity, or None when it names something else."""
    parts = entity.split(":")
    if len(parts) != 3 or parts[0] != _PREFIX:
        return None
    return SaleId(parts[1]), EntryId(parts[2])
