"""Events: what happened, with a copy of the object, and the request that caused it.

https://docs.stripe.com/api/events. Stripe lists them for 30 days; so do we, and then forget them.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from sync.practice.listing import page, retrieve
from sync.practice.refusals import invalid
from sync.practice.router import Call, Route
from sync.practice.wire import API_VERSION, JsonObject, copy_of, public
from sync.practice.world import World

EVENT_SECONDS: Final = 30 * 24 * 3600
TYPES_MAX: Final = 20
FORGET_MAX: Final = 50


def emit(world: World, event_type: str, about: JsonObject) -> None:
    """Record an event about an object as it is now."""
    _forget_old(world)
    world.add(
        "event",
        {
            "id": world.new_id("evt_1"),
            "object": "event",
            "api_version": API_VERSION,
            "created": world.now(),
            "data": {"object": copy_of(public(about))},
            "livemode": False,
            "pending_webhooks": 0,
            "type": event_type,
            "request": {
                "id": world.cause.request_id,
                "idempotency_key": world.cause.idempotency_key,
            },
        },
    )


def _forget_old(world: World) -> None:
    oldest = world.now() - EVENT_SECONDS
    for entry in world.oldest("event", FORGET_MAX):
        if entry.value["created"] >= oldest:
            return
        world.remove("event", entry.value["id"])


def _list(world: World, call: Call) -> JsonObject:
    one, several = call.params.get("type"), call.params.get("types")
    if one is not None and several is not None:
        raise invalid("You may pass only one of type and types.", param="types")
    if several is not None and len(several) > TYPES_MAX:
        raise invalid(f"types takes at most {TYPES_MAX} event names.", param="types")
    wanted = several if several is not None else [one or "*"]
    oldest = world.now() - EVENT_SECONDS

    def keep(event: JsonObject) -> bool:
        fits = any(fnmatchcase(event["type"], name) for name in wanted)
        return fits and event["created"] >= oldest

    return page(world, call, "event", keep)


ROUTES: Final = (
    Route(method="GET", template="/v1/events", params="EventListParams", handler=_list),
    Route(
        method="GET",
        template="/v1/events/{id}",
        params="EventRetrieveParams",
        handler=retrieve("event"),
    ),
)
