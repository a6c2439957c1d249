"""Makes sure that a price, or a payment link for it, is at the rail; for provisioning and push.

These objects belong to no sale, so they have no steps: they are looked for by our own names before
they are made, and made under a key that changes only when an answer left us in doubt.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from kiosk.buffer.mirror import RemoteObject
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.money import currency_of
from sync.rails.base import Remote
from sync.rails.troubles import RailTrouble, TroubleKind
from sync.rails.wanted import LinkWanted, PriceWanted, ProductWanted, Request, Wanted
from sync.steps import Carrier

PRODUCT: Final = "product"
PRICE: Final = "price"
LINK: Final = "link"
# After these the same key would only bring the same answer again.
_SPOILS_THE_KEY: Final = frozenset(
    {TroubleKind.SUSPECT, TroubleKind.KEY_MISUSED, TroubleKind.REFUSED, TroubleKind.NEEDS_MEMBER}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """One price of one offer. `every` and `unit`: charged again each period."""

    entity: str
    name: str
    currency: str
    unit_minor: int
    every: int | None = None
    unit: str | None = None

    @property
    def recurring(self) -> bool:
        """Whether the rail charges it again by itself."""
        return self.unit is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An object of the mirror, and whether it had to be made just now."""

    remote_id: str
    created: bool


async def ensure_price(carrier: Carrier, priced: Priced) -> Made:
    """The price's id at the rail. Raises RailTrouble."""
    assert currency_of(priced.currency) is not None
    known = _known(carrier, priced.entity, PRICE)
    if known is not None:
        return Made(remote_id=known, created=False)
    product = await _ensure(
        carrier,
        PRODUCT,
        priced.entity,
        ProductWanted(entity=priced.entity, name=priced.name, device=carrier.device),
    )
    return await _ensure(
        carrier,
        PRICE,
        priced.entity,
        PriceWanted(
            entity=priced.entity,
            product_id=product.remote_id,
            currency=priced.currency,
            unit_minor=priced.unit_minor,
            every=priced.every,
            unit=priced.unit,
            device=carrier.device,
        ),
    )


async def ensure_link(
    carrier: Carrier, priced: Priced, price_id: str, *, limit: int | None, edition: str
) -> Made:
    """The payment link's id at the rail; its address goes to the mirror. Raises RailTrouble.

    Another edition (a drop's other allotment or event) is another link: the old one stays for the
    members who still hold its code.
    """
    edition_name = f"link.edition:{priced.entity}"
    mode = carrier.rail.mode
    held = carrier.ledger.read(lambda uow: uow.mirror.cursor(mode, edition_name))
    known = _known(carrier, priced.entity, LINK)
    if known is not None and held == edition:
        return Made(remote_id=known, created=False)
    wanted = LinkWanted(
        entity=priced.entity,
        price_id=price_id,
        recurring=priced.recurring,
        limit=limit,
        edition=edition,
        device=carrier.device,
    )
    found, created = await _find_or_make(carrier, LINK, priced.entity, wanted)
    now_ms = carrier.time.now_ms()

    def keep(uow: UnitOfWork) -> None:
        link = RemoteObject(remote_id=found.remote_id, url=found.url)
        uow.mirror.put(mode, priced.entity, LINK, link, now_ms)
        uow.mirror.put_cursor(mode, edition_name, edition, now_ms)

    await carrier.ledger.write(keep)
    return Made(remote_id=found.remote_id, created=created)


async def _ensure(carrier: Carrier, kind: str, entity: str, wanted: Wanted) -> Made:
    known = _known(carrier, entity, kind)
    if known is not None:
        return Made(remote_id=known, created=False)
    found, created = await _find_or_make(carrier, kind, entity, wanted)
    mode, now_ms = carrier.rail.mode, carrier.time.now_ms()
    await carrier.ledger.write(
        lambda uow: uow.mirror.put(
            mode, entity, kind, RemoteObject(remote_id=found.remote_id), now_ms
        )
    )
    return Made(remote_id=found.remote_id, created=created)


async def _find_or_make(
    carrier: Carrier, kind: str, entity: str, wanted: Wanted
) -> tuple[Remote, bool]:
    call, params = carrier.rail.word(wanted)
    mode, counter = carrier.rail.mode, f"{kind}.generation:{entity}"
    generation = int(carrier.ledger.read(lambda uow: uow.mirror.cursor(mode, counter)) or "1")
    # The parameters are part of the name: other words are another wish, not a misuse of the key.
    spoken = hashlib.sha256(repr(sorted(params.items())).encode()).hexdigest()[:24]
    key = f"kp1-{carrier.device}-{kind}-{spoken}-g{generation}"
    request = Request(call=call, params=params, key=key)
    found = await carrier.rail.find(request, carrier.time.now_ms() // 1000)
    if found is not None:
        return found, False
    try:
        return await carrier.rail.send(request), True
    except RailTrouble as told:
        if told.trouble.kind in _SPOILS_THE_KEY:
            now_ms = carrier.time.now_ms()
            await carrier.ledger.write(
                lambda uow: uow.mirror.put_cursor(mode, counter, str(generation + 1), now_ms)
            )
        raise


def _known(carrier: Carrier, entity: str, kind: str) -> str | None:
    row = carrier.ledger.read(lambda uow: uow.mirror.get(carrier.rail.mode, entity, kind))
    return row.remote_id if row else None
