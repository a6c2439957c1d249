"""What crosses the wire: the one place where the practice Stripe says `Any`, for JSON and ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

API_VERSION: Final = "2026-10-28.endive"

# A Stripe object as its JSON. Its shape is Stripe's and is compared with the published fixtures
# by test; a second set of types for it here would only be a second opinion.
JsonObject: TypeAlias = dict[str, Any]

# ASGI 3, whose messages are dictionaries of many kinds (https://asgi.readthedocs.io).
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


def copy_of(value: JsonObject) -> JsonObject:
    """A copy that shares nothing; JSON has no cycles, so this needs no bookkeeping."""
    return {name: _copied(below) for name, below in value.items()}


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return copy_of(value)
    if isinstance(value, list):
        return [_copied(below) for below in value]
    return value


def public(stored: JsonObject) -> JsonObject:
    """The object as an answer shows it: what the practice Stripe notes for itself is left out.

    Own notes are top-level fields that begin with an underscore.
    """
    return {name: value for name, value in stored.items() if not name.startswith("_")}


def list_of(items: list[JsonObject], url: str, *, has_more: bool = False) -> JsonObject:
    """Stripe's list envelope (https://docs.stripe.com/api/pagination)."""
    return {"object": "list", "data": items, "has_more": has_more, "url": url}


def merge_metadata(held: dict[str, str], given: object) -> dict[str, str]:
    """Metadata after an update: an empty value removes its key, an empty string removes all.

    https://docs.stripe.com/api/metadata
    """
    if not given:
        return {} if given == "" else dict(held)
    assert isinstance(given, dict)
    merged = {**held, **given}
    return {key: value for key, value in merged.items() if value != ""}
