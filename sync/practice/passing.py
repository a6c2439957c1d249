"""What the passing of time alone does: drafts advance, periods end, sessions expire, dues go by.

It happens when somebody looks, in the order of its own times, each change with its own time.
"""

from __future__ import annotations

from typing import Final

from sync.practice.events import emit
from sync.practice.invoice_life import finalize, overdue, settle
from sync.practice.sessions import expire
from sync.practice.subscriptions import end, renew
from sync.practice.wire import JsonObject
from sync.practice.world import Cause, World

RINGS_MAX: Final = 1_000


def alarm_of(kind: str, value: JsonObject) -> int | None:
    """When time will change this object next, in seconds, or None."""
    match kind, value.get("status"):
        case "invoice", "draft":
            at: int | None = value["automatically_finalizes_at"]
            return at
        case "invoice", "open":
            waits = value["due_date"] is not None and not value.get("_overdue")
            return int(value["due_date"]) if waits else None
        case "subscription", "active" | "past_due":
            return _next_of_subscription(value)
        case "checkout.session", "open":
            return int(value["expires_at"])
        case _:
            return None


def let_time_pass(world: World) -> None:
    """Do what fell due since somebody last looked, at most `RINGS_MAX` things in one go."""
    with world.lock:
        now = world.now_ms() // 1000
        for _ in range(RINGS_MAX):
            due = min(((at, key) for key, at in world.alarms.items() if at <= now), default=None)
            if due is None:
                return
            at, (kind, object_id) = due
            with world.transaction(Cause(), at_seconds=at):
                _ring(world, kind, object_id)


def _next_of_subscription(subscription: JsonObject) -> int:
    ends = [int(item["current_period_end"]) for item in subscription["items"]["data"]]
    if subscription["cancel_at"] is not None:
        ends.append(int(subscription["cancel_at"]))
    return min(ends)


def _ring(world: World, kind: str, object_id: str) -> None:
    value = world.must(kind, object_id)
    match kind, value["status"]:
        case "invoice", "draft":
            _advance(world, object_id)
        case "invoice", _:
            overdue(world, object_id)
        case "subscription", _:
            if value["cancel_at"] is not None and value["cancel_at"] <= world.now():
                end(world, object_id, "cancellation_requested")
            else:
                renew(world, object_id)
        case _:
            expire(world, object_id)


def _advance(world: World, invoice_id: str) -> None:
    invoice = finalize(world, invoice_id)
    if invoice["status"] != "open":
        return
    if invoice["collection_method"] == "send_invoice":
        emit(world, "invoice.sent", invoice)
        return
    customer = world.must("customer", invoice["customer"])
    if customer["invoice_settings"]["default_payment_method"] is not None:
        settle(world, invoice_id)
