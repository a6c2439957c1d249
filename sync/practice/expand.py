"""`expand[]`: ids in an answer replaced by their objects, and parts that come only on demand.

https://docs.stripe.com/api/expanding_objects
"""

from __future__ import annotations

from typing import Final

from sync.practice.refusals import invalid
from sync.practice.wire import JsonObject, copy_of, list_of, public
from sync.practice.world import World

DEPTH_MAX: Final = 4
PATHS_MAX: Final = 20

# Which field names an object of which kind. A field that is not here cannot be expanded.
_KIND_OF_FIELD: Final = {
    "customer": "customer",
    "default_price": "price",
    "invoice": "invoice",
    "latest_invoice": "invoice",
    "payment_intent": "payment_intent",
    "payment_link": "payment_link",
    "price": "price",
    "product": "product",
    "subscription": "subscription",
}


def expand(world: World, answer: JsonObject, paths: list[str]) -> JsonObject:
    """The answer with each path expanded. Raises Refusal(400) for a path that cannot be."""
    if not paths:
        return answer
    if len(paths) > PATHS_MAX:
        raise invalid(f"You may expand at most {PATHS_MAX} properties.", param="expand")
    opened = copy_of(answer)
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEPTH_MAX:
            raise invalid(
                f"You cannot expand more than {DEPTH_MAX} levels of a property.", param="expand"
            )
        _open(world, opened, parts, path)
    return opened


def _open(world: World, held: JsonObject, parts: list[str], path: str) -> None:
    name, rest = parts[0], parts[1:]
    if name == "data" and isinstance(held.get("data"), list):
        for item in held["data"]:
            _open_below(world, item, rest, path)
        return
    if name not in held:
        part = _on_demand(world, held, name)
        if part is None:
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        held[name] = part
    elif isinstance(held[name], str):
        kind = _KIND_OF_FIELD.get(name)
        if kind is None:
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        found = world.find(kind, held[name])
        if found is not None:
            held[name] = copy_of(public(found))
    _open_below(world, held[name], rest, path)


def _open_below(world: World, below: object, rest: list[str], path: str) -> None:
    if rest and isinstance(below, dict):
        _open(world, below, rest, path)


def _on_demand(world: World, held: JsonObject, name: str) -> JsonObject | None:
    owner, kind = str(held.get("id", "")), held.get("object")
    if name == "line_items" and kind in ("checkout.session", "payment_link"):
        room = "checkout/sessions" if kind == "checkout.session" else "payment_links"
        stored = world.must(str(kind), owner)
        return list_of(
            [copy_of(item) for item in stored["_line_items"]], f"/v1/{room}/{owner}/line_items"
        )
    if name == "payments" and kind == "invoice":
        paid = [
            copy_of(public(p)) for p in world.objects("invoice_payment") if p["invoice"] == owner
        ]
        return list_of(paid, f"/v1/invoice_payments?invoice={owner}")
    if name == "subscriptions" and kind == "customer":
        held_by = [
            copy_of(public(s)) for s in world.objects("subscription") if s["customer"] == owner
        ]
        return list_of(held_by, f"/v1/customers/{owner}/subscriptions")
    return None
