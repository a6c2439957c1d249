"""The reference a member's payment carries, which only this kiosk can have made.

Stripe keeps `client_reference_id` only when it is at most 200 of `[A-Za-z0-9_-]` and drops anything
else without a word (https://docs.stripe.com/payment-links/url-parameters). The payer can edit the
address, hence the tag.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final

from kiosk.domain.ids import SaleId, is_uuid

TAG_CHARS: Final = 8
_SHAPE = re.compile(r"kp1_([1-9][0-9]{0,9})_([0-9a-f-]{36})_([A-Za-z0-9_-]{8})")


def make_reference(device: int, sale_id: SaleId, key: bytes) -> str:
    """`kp1_<device>_<sale>_<tag>` for the payment link's address."""
    body = f"kp1_{device}_{sale_id}"
    return f"{body}_{_tag(body, key)}"


def read_reference(text: str | None, device: int, key: bytes) -> SaleId | None:
    """The sale this reference names, or None when it is missing, forged or another device's."""
    found = _SHAPE.fullmatch(text or "")
    if found is None or int(found[1]) != device or not is_uuid(found[2]):
        return None
    expected = _tag(f"kp1_{found[1]}_{found[2]}", key)
    return SaleId(found[2]) if hmac.compare_digest(expected, found[3]) else None


def _tag(body: str, key: bytes) -> str:
    digest = hmac.new(key, body.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:TAG_CHARS]
