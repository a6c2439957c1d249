"""Writes a snapshot back as a document with absolute moments: reading it again gives the same."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kiosk.domain.event_file import numbered, read_event
from kiosk.domain.moments import rfc3339
from kiosk.domain.offer import (
    Drop,
    Event,
    Item,
    Limits,
    LocalText,
    Membership,
    Offer,
    Seller,
    Snapshot,
)

Document = dict[str, object]


def to_json(snapshot: Snapshot) -> str:
    """The document as canonical JSON: sorted keys, no spaces. This is what is signed and stored."""
    return json.dumps(
        to_document(snapshot), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def from_json(text: str, number: int) -> Snapshot:
    """The snapshot stored under this number. Raises EventFileInvalid if it is not one of ours."""
    document = json.loads(text)
    assert isinstance(document, Mapping)
    return numbered(read_event(document, loaded_ms=0).snapshot, number)


def to_document(snapshot: Snapshot) -> Document:
    """The same shape as the event file."""
    return {
        "event": _event(snapshot.event),
        "seller": _seller(snapshot.seller),
        "terms": [
            {
                "kind": terms.kind,
                "version": terms.version,
                "language": terms.language,
                "text": terms.text,
            }
            for terms in snapshot.terms
        ],
        "tax": [
            {"code": rate.code, "rate_bp": rate.rate_bp, "included": rate.included}
            for rate in snapshot.taxes
        ],
        "membership": [_membership(o) for o in snapshot.offers if isinstance(o, Membership)],
        "drop": [_drop(offer) for offer in snapshot.offers if isinstance(offer, Drop)],
        "item": [_offer(offer) for offer in snapshot.offers if isinstance(offer, Item)],
        "limits": _limits(snapshot.limits),
    }


def _event(event: Event) -> Document:
    return _without_none(
        number=event.number,
        name=_text(event.name),
        venue=event.venue,
        starts=rfc3339(event.starts_ms),
        ends=rfc3339(event.ends_ms),
        time_zone=event.time_zone,
        currency=event.currency,
        country=event.country,
        languages=list(event.languages),
        pass_host=event.pass_host,
    )


def _seller(seller: Seller) -> Document:
    return _without_none(
        legal_name=seller.legal_name,
        address=seller.address,
        tax_id=seller.tax_id,
        contact=seller.contact,
    )


def _offer(offer: Offer) -> Document:
    return _without_none(
        code=offer.code,
        name=_text(offer.name),
        description=_text(offer.description) if offer.description.default else None,
        price_minor=offer.price_minor,
        tax=offer.tax,
        plan=offer.plan,
        entitlements=[
            {"number": given.number, "uses": given.uses, "name": _text(given.name)}
            for given in offer.entitlements
        ],
    )


def _membership(offer: Membership) -> Document:
    cadence = {"every": offer.cadence.every, "unit": str(offer.cadence.unit)}
    fixed = {} if offer.periods is None else {"periods": offer.periods, "charge": str(offer.charge)}
    return {**_offer(offer), "cadence": cadence, **fixed}


def _drop(offer: Drop) -> Document:
    return {
        **_offer(offer),
        **_without_none(
            opens=rfc3339(offer.opens_ms),
            closes=rfc3339(offer.closes_ms),
            stock=offer.stock,
            allotment=offer.allotment,
            per_member=offer.per_member,
        ),
    }


def _limits(limits: Limits) -> Document:
    return _without_none(
        per_sale_minor=limits.per_sale_minor,
        per_device_minor=limits.per_device_minor,
        grace_minutes=limits.grace_minutes,
        pay_later_days=limits.pay_later_days,
    )


def _text(text: LocalText) -> object:
    return dict(text.translations) if text.translations else text.default


def _without_none(**values: object) -> Document:
    return {key: value for key, value in values.items() if value is not None}
