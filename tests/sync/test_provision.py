"""Products, prices and links: made once, found again, refused one by one."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.ids import OfferCode
from kiosk.domain.offer import (
    Cadence,
    CadenceUnit,
    Charge,
    Drop,
    Event,
    Item,
    Limits,
    LocalText,
    Membership,
    Offer,
    Seller,
    Snapshot,
    TaxRate,
)
from kiosk.domain.outbox import RailMode
from kiosk.errors import RailRefused, RailUnreachable
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.prices import LINK, PRICE
from sync.provision import ProvisionReport, RefusedOffer, priced_of, provision, unprovisioned

if TYPE_CHECKING:
    from tests.sync.conftest import World

WRITES = 9  # three offers, each with product, price and link


def text(words: str) -> LocalText:
    return LocalText(default=words)


def item(price_minor: int = 1250, code: str = "zine") -> Item:
    return Item(
        code=OfferCode(code),
        name=text("Zine"),
        description=text(""),
        price_minor=price_minor,
        tax="vat",
        entitlements=(),
    )


def drop(allotment: int = 40) -> Drop:
    return Drop(
        code=OfferCode("print"),
        name=text("Print"),
        description=text(""),
        price_minor=3000,
        tax="vat",
        entitlements=(),
        opens_ms=0,
        closes_ms=1,
        stock=allotment,
        allotment=allotment,
        per_member=None,
    )


def club(periods: int | None = None, charge: Charge = Charge.UPFRONT) -> Membership:
    return Membership(
        code=OfferCode("club"),
        name=text("Recipe club"),
        description=text(""),
        price_minor=900,
        tax="vat",
        entitlements=(),
        cadence=Cadence(every=2, unit=CadenceUnit.WEEK),
        periods=periods,
        charge=charge,
    )


def snapshot(*offers: Offer, event: int = 7, included: bool = True) -> Snapshot:
    return Snapshot(
        number=1,
        event=Event(
            number=event,
            name=text("Fair"),
            venue="Hall",
            starts_ms=0,
            ends_ms=1,
            time_zone="Europe/Berlin",
            currency="eur",
            country="DE",
            languages=("en",),
            pass_host=None,
        ),
        seller=Seller(legal_name="Z", address="A", tax_id=None, contact="C"),
        terms=(),
        taxes=(TaxRate(code="vat", rate_bp=1000, included=included),),
        offers=offers or (item(), drop(), club()),
        limits=Limits(
            per_sale_minor=None, per_device_minor=None, grace_minutes=30, pay_later_days=14
        ),
    )


def run(world: World, wanted: Snapshot) -> ProvisionReport:
    return asyncio.run(provision(world.engine().carrier, wanted))


def test_each_offer_gets_a_link_with_its_price(world: World) -> None:
    report = run(world, snapshot())
    assert report == ProvisionReport(offers=3, created=3, kept=0, refused=())
    assert len(world.at_rail("product")) == 3
    assert sorted(p["unit_amount"] for p in world.at_rail("price")) == [900, 1250, 3000]
    for link in world.at_rail("payment_link"):
        assert link["payment_method_types"] == ["card"]
        assert link["allow_promotion_codes"] is False
        assert link["metadata"]["kp_device"] == "3"


def test_a_second_run_asks_the_rail_for_nothing(world: World) -> None:
    run(world, snapshot())
    world.wire.requests.clear()
    report = run(world, snapshot())
    assert (report.created, report.kept) == (0, 3)
    assert not world.wire.requests


def test_a_drops_link_is_limited_to_its_allotment(world: World) -> None:
    run(world, snapshot())
    limited = [link for link in world.at_rail("payment_link") if link["restrictions"]]
    (only,) = limited
    assert only["restrictions"]["completed_sessions"]["limit"] == 40
    assert only["metadata"]["kp_offer"] == "offer:print:eur:3000"


def test_a_recurring_membership_is_charged_each_period(world: World) -> None:
    run(world, snapshot())
    (price,) = [p for p in world.at_rail("price") if p["recurring"]]
    assert (price["recurring"]["interval"], price["recurring"]["interval_count"]) == ("week", 2)


def test_a_membership_paid_up_front_is_paid_once(world: World) -> None:
    run(world, snapshot(club(periods=4)))
    assert world.at_rail("price")[0]["recurring"] is None


def test_added_tax_is_in_the_price(world: World) -> None:
    run(world, snapshot(item(1000), included=False))
    assert world.at_rail("price")[0]["unit_amount"] == 1100


def test_a_changed_price_gets_its_own_link_and_the_old_one_stays(world: World) -> None:
    run(world, snapshot(item(1250)))
    report = run(world, snapshot(item(1300)))
    assert report.created == 1
    assert [link["active"] for link in world.at_rail("payment_link")] == [True, True]


def test_another_allotment_or_event_is_another_link(world: World) -> None:
    run(world, snapshot(drop(40)))
    assert run(world, snapshot(drop(60))).created == 1
    assert run(world, snapshot(drop(60), event=8)).created == 1
    assert run(world, snapshot(drop(60), event=8)).kept == 1
    assert len(world.at_rail("price")) == 1
    row = world.read(lambda u: u.mirror.get(RailMode.PRACTICE, "offer:print:eur:3000", LINK))
    assert row.remote_id == world.at_rail("payment_link")[-1]["id"]


def test_an_amount_below_the_least_is_refused_and_the_others_go_on(world: World) -> None:
    report = run(world, snapshot(item(10, "pin"), item()))
    assert report.refused == (RefusedOffer(offer="pin", reason="below_least"),)
    assert report.created == 1


def test_an_offer_for_nothing_needs_no_link(world: World) -> None:
    assert run(world, snapshot(item(0))).refused[0].reason == "nothing_due"


def test_what_the_mirror_forgot_is_found_at_the_rail(world: World) -> None:
    run(world, snapshot())
    world.write(lambda uow: uow.outbox._execute("DELETE FROM remote_objects"))
    report = run(world, snapshot())
    assert report.kept == 3
    assert len(world.at_rail("payment_link")) == 3
    assert len(world.at_rail("price")) == 3
    url = world.read(lambda u: u.mirror.get(RailMode.PRACTICE, "offer:zine:eur:1250", LINK)).url
    assert url in {link["url"] for link in world.at_rail("payment_link")}


@pytest.mark.parametrize("nth", range(1, WRITES + 1))
@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.LOST_AFTER,
        FaultKind.LOST_BEFORE,
        FaultKind.ERROR_500_WITH_EFFECT,
        FaultKind.ERROR_500_WITHOUT_EFFECT,
    ],
)
def test_it_resumes_after_any_fault(world: World, kind: FaultKind, nth: int) -> None:
    world.stripe.faults = FaultPlan(rules=(FaultRule(kind=kind, method="POST", nth=(nth,)),))
    with pytest.raises(RailUnreachable):
        run(world, snapshot())
    world.stripe.faults = FaultPlan()
    run(world, snapshot())
    for kind_of_thing in ("product", "price", "payment_link"):
        assert len(world.at_rail(kind_of_thing)) == 3
    assert unprovisioned(world.engine().carrier, snapshot()) == ()


def test_a_refused_key_ends_it(world: World) -> None:
    world.stripe.faults = FaultPlan(rules=(FaultRule(kind=FaultKind.BAD_KEY, probability=1.0),))
    with pytest.raises(RailRefused) as told:
        run(world, snapshot())
    assert told.value.fields == {"reason": "key_refused"}


def test_an_unreachable_rail_ends_it(world: World) -> None:
    world.stripe.faults = FaultPlan.offline()
    with pytest.raises(RailUnreachable):
        run(world, snapshot())


def test_what_is_missing_is_known_without_the_rail(world: World) -> None:
    carrier = world.engine().carrier
    assert unprovisioned(carrier, snapshot()) == ("zine", "print", "club")
    run(world, snapshot())
    world.wire.requests.clear()
    assert unprovisioned(carrier, snapshot(item(10, "pin"), item())) == ()
    assert not world.wire.requests


def test_push_and_provision_mean_the_same_price(world: World) -> None:
    wanted = snapshot(dataclasses.replace(club(), cadence=Cadence(every=1, unit=CadenceUnit.WEEK)))
    run(world, wanted)
    world.sell_membership()
    world.drain()
    assert len(world.at_rail("price")) == 1
    entity = priced_of(wanted, wanted.offers[0]).entity
    row = world.read(lambda uow: uow.mirror.get(RailMode.PRACTICE, entity, PRICE))
    (subscription,) = world.at_rail("subscription")
    assert subscription["items"]["data"][0]["price"]["id"] == row.remote_id
