"""Lists as Stripe pages them: newest first, cursors, `created` ranges, the envelope.

https://docs.stripe.com/api/pagination
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sync.practice.refusals import invalid, no_such
from sync.practice.router import Call, Handler
from sync.practice.wire import JsonObject, list_of, public
from sync.practice.world import Entry, World

PAGE_MAX: Final = 100
PAGE_DEFAULT: Final = 10


def page(world: World, call: Call, kind: str, keep: Callable[[JsonObject], bool]) -> JsonObject:
    """One page of the objects of a kind that pass `keep` and the `created` range."""
    limit = call.params.get("limit", PAGE_DEFAULT)
    if not 1 <= limit <= PAGE_MAX:
        raise invalid(f"Invalid limit: must be between 1 and {PAGE_MAX}", param="limit")
    after = _cursor(world, call, kind, "starting_after")
    before = _cursor(world, call, kind, "ending_before")
    if after is not None and before is not None:
        raise invalid("You may pass only one of starting_after and ending_before.")
    span = call.params.get("created")
    kept = [e for e in reversed(world.entries(kind)) if within(e.value, span) and keep(e.value)]
    taken, has_more = _cut(kept, limit, after, before)
    return list_of([public(entry.value) for entry in taken], call.path, has_more=has_more)


def retrieve(kind: str) -> Handler:
    """The operation that answers one object by its id."""

    def answer(world: World, call: Call) -> JsonObject:
        return public(world.must(kind, call.ids["id"]))

    return answer


def within(value: JsonObject, span: object, *, name: str = "created") -> bool:
    """Whether a time of the object lies in Stripe's range object (`gt`, `gte`, `lt`, `lte`)."""
    if span is None or name not in value:
        return True
    at: int = value[name]
    if not isinstance(span, dict):
        return at == span
    bounds: dict[str, int] = span
    return bounds.get("gte", at) <= at <= bounds.get("lte", at) and bounds.get(
        "gt", at - 1
    ) < at < bounds.get("lt", at + 1)


def _cursor(world: World, call: Call, kind: str, name: str) -> int | None:
    object_id = call.params.get(name)
    if object_id is None:
        return None
    number = world.number_of(kind, object_id)
    if number is None:
        raise no_such(kind, object_id, param=name)
    return number


def _cut(
    newest_first: list[Entry], limit: int, after: int | None, before: int | None
) -> tuple[list[Entry], bool]:
    if before is not None:
        newer = [entry for entry in newest_first if entry.number > before]
        return newer[-limit:], len(newer) > limit
    older = [entry for entry in newest_first if after is None or entry.number < after]
    return older[:limit], len(older) > limit
