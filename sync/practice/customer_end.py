"""Deleting a customer: memberships end, drafts go, what was billed stays with the bare id.

https://docs.stripe.com/api/customers/delete
"""

from __future__ import annotations

from typing import Final

from sync.practice.events import emit
from sync.practice.invoice_life import remove_draft
from sync.practice.router import Call, Route
from sync.practice.subscriptions import end
from sync.practice.wire import JsonObject, public
from sync.practice.world import World

_ENDED: Final = ("canceled", "incomplete_expired")


def _delete(world: World, call: Call) -> JsonObject:
    customer_id = call.ids["id"]
    customer = world.must("customer", customer_id)
    if not customer.get("deleted"):
        for subscription in world.objects("subscription"):
            if subscription["customer"] == customer_id and subscription["status"] not in _ENDED:
                end(world, subscription["id"], "cancellation_requested")
        for invoice in world.objects("invoice"):
            if invoice["customer"] == customer_id and invoice["status"] == "draft":
                remove_draft(world, invoice)
        emit(world, "customer.deleted", customer)
        kept = world.edit("customer", customer_id)
        kept.clear()
        kept.update({"id": customer_id, "object": "customer", "deleted": True})
    return public(world.must("customer", customer_id))


ROUTES: Final = (
    Route(
        method="DELETE",
        template="/v1/customers/{id}",
        params="CustomerDeleteParams",
        handler=_delete,
    ),
)
