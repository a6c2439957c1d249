"""Practice controls and preferences: rows that the rail and the next start read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.ids import SaleId
from kiosk.domain.outbox import RailMode
from kiosk.domain.tender import TenderKind
from kiosk.errors import NotPermitted, SaleUnknown
from kiosk.service.desk import ServiceMode
from kiosk.service.practice import member_pays, network_on, open_payments, set_network
from kiosk.service.preferences import Preferences, keep_preference, preferences
from kiosk.service.sell import record_sale
from tests.service.world import World


def asked(world: World) -> list[str]:
    with world.desk.buffer.reading() as uow:
        return [target for _, target in uow.practice.open_payments()]


def test_the_network_is_on_until_somebody_pulls_it(world: World) -> None:
    assert network_on(world.desk)
    set_network(world.desk, on=False)
    assert not network_on(world.desk)
    world.reopen()
    assert not network_on(world.desk)
    set_network(world.desk, on=True)
    assert network_on(world.desk)


@pytest.mark.parametrize("mode", [RailMode.TEST, RailMode.LIVE])
def test_a_real_rail_has_no_practice_controls(make_world: Callable[..., World], mode) -> None:
    world = make_world(mode=mode)
    world.load("recipe-club.toml")
    sale = record_sale(world.desk, world.draft("apron", tender=TenderKind.PAY_LATER)).sale
    for forbidden in (
        lambda: set_network(world.desk, on=False),
        lambda: member_pays(world.desk, sale.sale_id, ()),
    ):
        with pytest.raises(NotPermitted) as refused:
            forbidden()
        assert refused.value.fields == {"action": "practice"}
    assert network_on(world.desk)
    assert asked(world) == []


def test_a_member_who_scans_pays_each_code(world: World) -> None:
    draft = world.draft("apron", "spice-jar", tender=TenderKind.SCAN_TO_PAY)
    recorded = record_sale(world.desk, draft)
    urls = [code.url for code in recorded.pay_codes]
    member_pays(world.desk, recorded.sale.sale_id, urls)
    assert asked(world) == urls
    assert len(urls) == 2


def test_a_member_who_was_billed_pays_the_bill(world: World) -> None:
    sale = record_sale(world.desk, world.draft("apron", tender=TenderKind.PAY_LATER)).sale
    member_pays(world.desk, sale.sale_id, ())
    assert asked(world) == [f"invoice:{sale.sale_id}"]


def test_nobody_pays_for_a_sale_that_is_not_there(world: World) -> None:
    with pytest.raises(SaleUnknown):
        member_pays(world.desk, SaleId(world.desk.make_id()), ())
    assert asked(world) == []


def test_open_payments_are_the_sales_on_trust_newest_first(world: World) -> None:
    record_sale(world.desk, world.draft("spice-jar"))
    later = record_sale(world.desk, world.draft("apron", tender=TenderKind.PAY_LATER)).sale
    scan = record_sale(world.desk, world.draft("weekly", tender=TenderKind.SCAN_TO_PAY)).sale
    found = open_payments(world.desk)
    assert [payment.sale_id for payment in found] == [scan.sale_id, later.sale_id]
    assert [payment.receipt_number for payment in found] == ["K3-000003", "K3-000002"]
    assert [payment.tender for payment in found] == [TenderKind.SCAN_TO_PAY, TenderKind.PAY_LATER]
    assert [(payment.amount_minor, payment.currency) for payment in found] == [
        (490, "eur"),
        (3900, "eur"),
    ]


# --------------------------------------------------------------------------------- preferences


def test_a_new_kiosk_is_assisted_english_and_light(world: World) -> None:
    assert preferences(world.desk) == Preferences(
        service_mode=ServiceMode.ASSISTED,
        language="en",
        theme="light",
        training=True,
        practice=True,
    )


def test_choices_survive_a_restart(world: World) -> None:
    keep_preference(world.desk, "language", "de")
    keep_preference(world.desk, "theme", "dark")
    keep_preference(world.desk, "mode_of_service", "self-service")
    kept = preferences(world.reopen())
    assert (kept.language, kept.theme) == ("de", "dark")
    assert kept.service_mode is ServiceMode.SELF_SERVICE


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("practice.network", "off"),
        ("rail.skew_ms", "0"),
        ("", "x"),
        ("language", "x" * 41),
        ("mode_of_service", "unattended"),
        ("mode_of_service", ""),
    ],
)
def test_what_is_no_preference_is_refused_and_not_kept(world: World, key, value) -> None:
    before = preferences(world.desk)
    with pytest.raises(NotPermitted):
        keep_preference(world.desk, key, value)
    assert preferences(world.desk) == before
    assert network_on(world.desk)


@pytest.mark.parametrize(
    ("mode", "training", "practice"),
    [(RailMode.PRACTICE, True, True), (RailMode.TEST, True, False), (RailMode.LIVE, False, False)],
)
def test_the_mode_says_whether_it_is_training(
    make_world: Callable[..., World], mode, training, practice
) -> None:
    found = preferences(make_world(mode=mode).desk)
    assert (found.training, found.practice) == (training, practice)
