"""What people do outside the API: a payer at a link or an invoice page, the seller's Dashboard.

Every action makes the same objects and events as at Stripe, with no request behind them.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from sync.practice.events import emit
from sync.practice.invoice_life import settle
from sync.practice.passing import let_time_pass
from sync.practice.payments import new_refund
from sync.practice.sessions import complete, new_session
from sync.practice.wire import JsonObject
from sync.practice.world import Cause, World

# Anything else is dropped without a word: https://docs.stripe.com/payment-links/url-parameters
_REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
_UNTOLD_EMAIL: Final = "payer@example.com"


class PayerTurnedAway(Exception):
    """The page does not let the payer pay; `reason` says why, for the person rehearsing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def open_session(world: World, url: str) -> str:
    """A payer opens a payment link; the new Checkout Session's id.

    Raises PayerTurnedAway when the link is unknown, inactive, or has met its limit.
    """
    let_time_pass(world)
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    with world.transaction(Cause()):
        link = _open_link(world, parts.path)
        reference = asked.get("client_reference_id", "")
        session = new_session(
            world,
            [dict(item) for item in link["_line_items"]],
            {
                "client_reference_id": reference if _REFERENCE.fullmatch(reference) else None,
                "customer_creation": link["customer_creation"],
                "locale": asked.get("locale"),
                "metadata": link["metadata"],
                "payment_intent_data": link["payment_intent_data"],
                "subscription_data": link["subscription_data"],
            },
            link=link,
        )
        session["_locked_email"] = asked.get("locked_prefilled_email")
        session["_prefilled_email"] = asked.get("prefilled_email")
        return str(session["id"])


def complete_session(
    world: World, session_id: str, *, email: str | None, amount_minor: int | None
) -> None:
    """The payer pays. A locked e-mail address is not the payer's to change."""
    let_time_pass(world)
    with world.transaction(Cause()):
        session = world.must("checkout.session", session_id)
        if session["status"] != "open":
            raise PayerTurnedAway(f"this session is {session['status']}")
        if session["payment_link"] is not None:
            _count_completion(world, session["payment_link"])
        address = (
            session.get("_locked_email")
            or email
            or session["customer_email"]
            or session.get("_prefilled_email")
            or _UNTOLD_EMAIL
        )
        complete(world, session_id, email=address, amount_minor=amount_minor)


def pay_invoice(world: World, invoice_id: str) -> None:
    """The member pays the hosted invoice page. Raises PayerTurnedAway when nothing is open."""
    let_time_pass(world)
    with world.transaction(Cause()):
        invoice = world.must("invoice", invoice_id)
        if invoice["status"] not in ("open", "uncollectible"):
            raise PayerTurnedAway(f"this invoice is {invoice['status']}")
        settle(world, invoice_id)


def refund(world: World, payment_intent_id: str, amount_minor: int | None) -> str:
    """The seller refunds in the Dashboard, in whole or in part; the refund's id."""
    let_time_pass(world)
    with world.transaction(Cause()):
        made = new_refund(world, payment_intent_id, amount_minor)
        return str(made["id"])


def advance(world: World, seconds: int) -> None:
    """Time passes on the practice clock, and what falls due in it happens."""
    if seconds < 0:
        raise ValueError("the practice clock only goes forward")
    with world.transaction(Cause()):
        world.count("advanced_ms", seconds * 1000)
    let_time_pass(world)


def _open_link(world: World, path: str) -> JsonObject:
    word = path.rpartition("/")[2]
    for link in world.objects("payment_link"):
        if word and link["url"].endswith(f"/{word}"):
            if not link["active"]:
                raise PayerTurnedAway("this link is no longer active")
            if _limit_met(link):
                raise PayerTurnedAway("this link has been used as often as it may be")
            return link
    raise PayerTurnedAway("there is no such link")


def _limit_met(link: JsonObject) -> bool:
    restricted = (link["restrictions"] or {}).get("completed_sessions")
    return bool(restricted and restricted["count"] >= restricted["limit"])


def _count_completion(world: World, link_id: str) -> None:
    """A session opened in time is still turned away when the limit was met meanwhile."""
    link = world.edit("payment_link", link_id)
    if _limit_met(link):
        raise PayerTurnedAway("this link has been used as often as it may be")
    if link["restrictions"]:
        link["restrictions"]["completed_sessions"]["count"] += 1
        emit(world, "payment_link.updated", link)
