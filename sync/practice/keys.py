"""Which API keys and versions the practice Stripe accepts. A live key is always refused here."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from sync.practice.refusals import bad_key, invalid, no_key
from sync.practice.wire import API_VERSION

_ACCEPTED: Final = ("sk_test_", "rk_test_", "rk_practice_")


def check_key(headers: dict[str, str], refused: tuple[str, ...]) -> str:
    """The key of the request, masked. Refusal(401) for none, a live one, or a refused one.

    Bearer, or Basic with the key as user name (https://docs.stripe.com/api/authentication).
    """
    key = _key_of(headers.get("authorization", ""))
    if not key:
        raise no_key()
    # Enough to recognise one's own key, too little to use it.
    shown = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * len(key)
    if not key.startswith(_ACCEPTED) or key in refused:
        raise bad_key(shown)
    return shown


def check_version(headers: dict[str, str]) -> None:
    """The shapes here are those of one version; a client pinned to another must hear of it."""
    asked = headers.get("stripe-version", API_VERSION)
    if asked != API_VERSION:
        raise invalid(f"Invalid Stripe API version: {asked}")


def _key_of(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
