"""What a sale entitles to: its lines become enrollments and passes-to-be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.domain.ids import EnrollmentId, MemberId, SaleId
from kiosk.domain.moments import period_end_ms
from kiosk.domain.offer import Charge, Membership, Offer, Snapshot
from kiosk.domain.sale import Enrollment, PricedCart
from kiosk.errors import TooManyEntitlements

ENTITLEMENTS_PER_PASS: Final = 4
USES_MAX: Final = 1000
PASSES_PER_SALE: Final = 8
AFTER_EVENT_MS: Final = 6 * 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One pass to be issued: `entitlements` maps number to uses (0: as often as they like)."""

    expires_ms: int
    entitlements: Mapping[int, int]
    plan: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolling:
    """Whose enrollment, from which sale, and when it begins."""

    sale_id: SaleId
    member_id: MemberId
    sold_ms: int


def grants(snapshot: Snapshot, cart: PricedCart, sold_ms: int) -> tuple[Grant, ...]:
    """The passes of a sale: one per expiry, split where it would carry more than four things.

    Uses are multiplied by the quantity; what is above a pass's `USES_MAX` goes on to the next, so
    that nothing paid for is lost. Raises TooManyEntitlements above `PASSES_PER_SALE`.
    """
    made: list[tuple[int, dict[int, int], int | None]] = []
    for line in cart.lines:
        offer = snapshot.offer(line.offer)
        assert offer is not None, "a priced cart only holds offers of its snapshot"
        expires = _expires_ms(snapshot, offer, sold_ms)
        for entitlement in offer.entitlements:
            uses = entitlement.uses * line.quantity
            _put(made, expires, entitlement.number, uses, offer.plan)
    if len(made) > PASSES_PER_SALE:
        raise TooManyEntitlements(most=PASSES_PER_SALE * ENTITLEMENTS_PER_PASS)
    return tuple(
        Grant(expires_ms=expires, entitlements=given, plan=plan) for expires, given, plan in made
    )


def enrollments(
    snapshot: Snapshot, cart: PricedCart, enrolling: Enrolling, make_id: Callable[[], str]
) -> tuple[Enrollment, ...]:
    """One enrollment per membership line; quantity is kept by the line."""
    made, sold_ms = [], enrolling.sold_ms
    for line in cart.lines:
        offer = snapshot.offer(line.offer)
        if not isinstance(offer, Membership):
            continue
        zone = snapshot.event.time_zone
        made.append(
            Enrollment(
                enrollment_id=EnrollmentId(make_id()),
                sale_id=enrolling.sale_id,
                member_id=enrolling.member_id,
                offer=offer.code,
                starts_ms=sold_ms,
                period_ends_ms=period_end_ms(sold_ms, offer.cadence, 1, zone),
                ends_ms=None
                if offer.periods is None
                else period_end_ms(sold_ms, offer.cadence, offer.periods, zone),
            )
        )
    return tuple(made)


def _expires_ms(snapshot: Snapshot, offer: Offer, sold_ms: int) -> int:
    if not isinstance(offer, Membership):
        return snapshot.event.ends_ms + AFTER_EVENT_MS
    paid = offer.periods if offer.periods and offer.charge is Charge.UPFRONT else 1
    return period_end_ms(sold_ms, offer.cadence, paid, snapshot.event.time_zone)


def _put(
    made: list[tuple[int, dict[int, int], int | None]],
    expires_ms: int,
    number: int,
    uses: int,
    plan: int | None,
) -> None:
    """Add uses to the passes of this expiry and plan: those that have the number come first."""
    fitting = [given for at, given, tier in made if at == expires_ms and tier == plan]
    holding = [given for given in fitting if number in given]
    if holding and (uses == 0 or any(given[number] == 0 for given in holding)):
        holding[0][number] = 0  # Unlimited stays unlimited.
        return
    for given in holding:
        taken = min(uses, USES_MAX - given[number])
        given[number] += taken
        uses -= taken
    if holding and uses == 0:
        return
    roomy = [
        given for given in fitting if number not in given and len(given) < ENTITLEMENTS_PER_PASS
    ]
    while True:
        given = roomy.pop(0) if roomy else {}
        if not given:
            made.append((expires_ms, given, plan))
        given[number] = min(uses, USES_MAX)
        uses -= given[number]
        if uses == 0:
            return
