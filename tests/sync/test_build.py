"""Composition: settings in, an engine out; and the practice controls as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.outbox import QueueHealth, RailMode, RailState
from kiosk.domain.settlement import FindingKind
from kiosk.errors import RailKeyMissing, StoreBusy, StoreCorrupt
from sync.build import RailSettings, build_engine, read_key, run_drain
from sync.engine import DrainReport, Engine
from sync.practice.app import PracticeStripe
from sync.practice.serve import serve
from sync.practice.shelf import MemoryShelf, Row
from sync.thread import SyncThread

if TYPE_CHECKING:
    from tests.sync.conftest import World


def practice(world: World) -> RailSettings:
    return RailSettings(mode=RailMode.PRACTICE, practice=world.stripe)


def drain(world: World) -> DrainReport:
    return run_drain(world.buffer, practice(world), world.clock)


def switch(world: World, state: str) -> None:
    world.write(lambda uow: uow.settings.put("practice.network", state, 1))


def test_practice_needs_no_key_and_no_socket(world: World) -> None:
    world.sell_cash()
    report = drain(world)
    assert (report.delivered, report.rail) == (1, RailState.REACHABLE)


def test_the_network_switch_of_the_till_is_read_at_each_request(world: World) -> None:
    world.sell_cash()
    switch(world, "off")
    assert drain(world).rail is RailState.UNREACHABLE
    assert world.stripe.objects("customer") == []
    switch(world, "on")
    assert drain(world).delivered == 1


def test_a_member_pays_a_code_now(world: World) -> None:
    sold = world.sell_scan(units=((1250, 1),))
    world.write(lambda uow: uow.practice.ask_payment(sold.pay_urls[0], 1))
    assert drain(world).delivered == 1
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]
    assert world.read(lambda uow: uow.practice.open_payments()) == []


def test_a_member_pays_an_invoice_that_is_not_there_yet(world: World) -> None:
    sold = world.sell_later()
    target = f"invoice:{sold.sale.sale_id}"
    switch(world, "off")
    world.write(lambda uow: uow.practice.ask_payment(target, 1))
    drain(world)
    assert len(world.read(lambda uow: uow.practice.open_payments())) == 1
    switch(world, "on")
    report = drain(world)
    assert (report.delivered, report.waiting) == (2, 0)
    assert world.findings(sold) == [FindingKind.PAID_EXACTLY]


@pytest.mark.parametrize("target", ["https://pay.example/none", "", "invoice:nobody"])
def test_a_payment_nobody_can_make_stops_nothing(world: World, target: str) -> None:
    world.write(lambda uow: uow.practice.ask_payment(target, 1))
    world.sell_cash()
    assert drain(world).delivered == 1


class CountedShelf(MemoryShelf):
    """A shelf that counts how often it was opened and closed."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = self.closed = 0
        self.broken = False

    def open(self) -> CountedShelf:
        self.opened += 1
        return self

    def load(self) -> Iterable[Row]:
        if self.broken:
            raise StoreCorrupt(check="practice_shelf")
        return super().load()

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def shelf() -> CountedShelf:
    return CountedShelf()


def shelved(shelf: CountedShelf) -> RailSettings:
    return RailSettings(mode=RailMode.PRACTICE, shelf=shelf.open)


def test_a_drain_closes_the_shelf_it_opened(world: World, shelf: CountedShelf) -> None:
    world.sell_cash()
    for times in (1, 2):
        run_drain(world.buffer, shelved(shelf), world.clock)
        assert (shelf.opened, shelf.closed) == (times, times)


def test_a_drain_without_a_network_closes_the_shelf_too(world: World, shelf: CountedShelf) -> None:
    switch(world, "off")
    run_drain(world.buffer, shelved(shelf), world.clock)
    assert (shelf.opened, shelf.closed) == (1, 1)


def test_a_drain_that_cannot_be_recorded_closes_the_shelf_too(
    world: World, shelf: CountedShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Engine, *, everything: bool) -> bool:
        raise StoreBusy

    monkeypatch.setattr(Engine, "_round", broken)
    with pytest.raises(StoreBusy):
        run_drain(world.buffer, shelved(shelf), world.clock)
    assert (shelf.opened, shelf.closed) == (1, 1)


def test_an_engine_that_cannot_be_built_closes_the_shelf(
    world: World, shelf: CountedShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Engine, _parts: object) -> None:
        raise StoreBusy

    monkeypatch.setattr(Engine, "__init__", broken)
    with pytest.raises(StoreBusy):
        run_drain(world.buffer, shelved(shelf), world.clock)
    assert (shelf.opened, shelf.closed) == (1, 1)


def test_a_shelf_that_cannot_be_read_is_closed(world: World, shelf: CountedShelf) -> None:
    shelf.broken = True
    with pytest.raises(StoreCorrupt):
        run_drain(world.buffer, shelved(shelf), world.clock)
    assert (shelf.opened, shelf.closed) == (1, 1)


def test_the_engine_in_its_thread_closes_the_shelf_however_it_ends(
    world: World, shelf: CountedShelf
) -> None:
    def build(on_health: Callable[[QueueHealth], None]) -> Engine:
        return build_engine(world.buffer, shelved(shelf), world.clock, on_health)

    for grace_seconds in (0.0, 20.0):
        thread = SyncThread(build, lambda _health: None)
        thread.start()
        thread.stop(grace_seconds)
        assert not thread.alive
        assert shelf.opened == shelf.closed


def test_an_address_replaces_the_embedded_stripe(world: World) -> None:
    world.sell_cash()
    with serve(world.stripe) as address:
        settings = RailSettings(mode=RailMode.PRACTICE, base_url=address, paced=False)
        assert run_drain(world.buffer, settings, world.clock).delivered == 1
        switch(world, "off")
        report = run_drain(world.buffer, settings, world.clock)
    assert report.rail is RailState.UNREACHABLE


def test_at_another_address_customers_and_prices_are_found_or_made_anew(world: World) -> None:
    world.sell_cash()
    world.sell_membership()
    assert drain(world).parked == 0
    elsewhere = PracticeStripe(clock=world.clock.now_ms, seed=2)
    with serve(elsewhere) as address:
        settings = RailSettings(mode=RailMode.PRACTICE, base_url=address, paced=False)
        for _ in range(2):
            world.sell_cash()
            world.sell_membership()
            report = run_drain(world.buffer, settings, world.clock)
            assert (report.waiting, report.unknown, report.parked) == (0, 0, 0)
    assert len(elsewhere.objects("customer")) == 4
    assert len(elsewhere.objects("price")) == 1


def test_an_address_where_nobody_listens_is_unreachable(world: World) -> None:
    world.sell_cash()
    settings = RailSettings(mode=RailMode.PRACTICE, base_url="http://127.0.0.1:9")
    report = run_drain(world.buffer, settings, world.clock)
    assert (report.rail, report.waiting) == (RailState.UNREACHABLE, 1)


def test_test_mode_reads_its_key_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "stripe.key"
    file.write_text("rk_test_abc\n")
    assert read_key(RailSettings(mode=RailMode.TEST, key_file=file)) == "rk_test_abc"


@pytest.mark.parametrize("content", ["", "two words", "x" * 2000, "clé"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "stripe.key"
    file.write_text(content)
    with pytest.raises(RailKeyMissing):
        read_key(RailSettings(mode=RailMode.LIVE, key_file=file))


@pytest.mark.parametrize("mode", [RailMode.TEST, RailMode.LIVE])
def test_real_modes_need_a_key(mode: RailMode, tmp_path: Path) -> None:
    with pytest.raises(RailKeyMissing):
        read_key(RailSettings(mode=mode))
    with pytest.raises(RailKeyMissing):
        read_key(RailSettings(mode=mode, key_file=tmp_path / "none"))
