"""The few parameters that every object of ours shares at Stripe."""

from __future__ import annotations

from typing import Final

from sync.rails.wanted import Mark

SALE: Final = "kp_sale"
DEVICE: Final = "kp_device"
STEP: Final = "kp_step"
OFFER: Final = "kp_offer"
EDITION: Final = "kp_edition"
MARK: Final = "kp_mark"
BUFFER: Final = "kp_buffer"
INCARNATION: Final = "kp_incarnation"
SEQ: Final = "kp_seq"
HASH: Final = "kp_hash"
WRITTEN_AT: Final = "kp_written_at"


def metadata_of(mark: Mark) -> dict[str, str]:
    """Our mark as metadata: opaque ids, nothing personal."""
    return {SALE: mark.sale_id, DEVICE: str(mark.device), STEP: mark.step}
