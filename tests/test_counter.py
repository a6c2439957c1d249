"""The counter: the use cases bound to a desk, in the shape the screens ask for."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.counter import Counter, Today
from kiosk.domain.ids import OfferCode, SaleId, StaffId, is_uuid
from kiosk.domain.outbox import EntryState, RailMode
from kiosk.domain.sale import CartLine, CashTaken
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.errors import (
    NotPermitted,
    ParkedCartUnknown,
    PinAlreadySet,
    PinWrong,
    SaleUnknown,
    SoldOut,
)
from kiosk.service.desk import ServiceMode
from kiosk.service.park import ParkedCart
from kiosk.ui import services
from tests.service.world import World

PIN = "4711"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The recipe club at a screen that visitors reach."""
    made = World(folder=tmp_path, staffed=False)
    made.load("recipe-club.toml")
    made.provision()
    yield made
    made.file.close()


@pytest.fixture
def counter(world: World) -> Counter:
    return Counter(world.desk)


def lines(code: str, quantity: int = 1) -> tuple[CartLine, ...]:
    return (CartLine(offer=OfferCode(code), quantity=quantity),)


def test_a_visit_from_the_window_to_the_pass(world: World, counter: Counter) -> None:
    window = counter.shop_window("de")
    assert window.event_name == "Der Sonntagstisch"
    cart = counter.price(lines("tasting", 2), "de")
    choices = counter.tender_choices(cart, lines("tasting", 2), self_service=False)
    assert {choice.why_not for choice in choices} == {None}
    draft = world.draft(
        lines=lines("tasting", 2), sale_id=counter.new_sale_id(), shown_minor=cart.total_minor
    )
    completed = counter.complete_sale(draft)
    assert completed.sale.total_minor == 2500
    assert len(completed.qr) == len(completed.passes) == 1
    newest = counter.newest_pass()
    assert newest is not None
    assert newest.qr == completed.qr
    assert counter.find_sale(draft.sale_id).passes == completed.passes


def test_a_new_counter_has_no_newest_pass_and_knows_no_sale(counter: Counter) -> None:
    assert counter.newest_pass() is None
    with pytest.raises(SaleUnknown):
        counter.find_sale(counter.new_sale_id())


def test_each_draft_is_born_with_an_id_of_its_own(counter: Counter) -> None:
    made = [counter.new_sale_id() for _ in range(50)]
    assert len(set(made)) == 50
    assert all(is_uuid(sale_id) for sale_id in made)
    assert made == sorted(made)


def test_a_double_tap_is_one_sale(world: World, counter: Counter) -> None:
    draft = world.draft("tasting")
    first, second = counter.complete_sale(draft), counter.complete_sale(draft)
    assert (first.sale, first.qr) == (second.sale, second.qr)
    assert (first.repeated, second.repeated) == (False, True)
    assert world.facts()["sales"] == 1


def test_cash_in_self_service_goes_by_the_counter(world: World, counter: Counter) -> None:
    counter.set_service_mode("self-service")
    assert counter.preferences().service_mode is ServiceMode.SELF_SERVICE
    draft = world.draft("tasting")
    with pytest.raises(NotPermitted):
        counter.complete_sale(draft)
    counter.park_cart(draft)
    assert counter.first_start()
    owner = counter.set_first_pin(PIN)
    assert counter.sign_in(PIN).staff_id == owner
    (cart,) = counter.parked_carts()
    taken = paid(cart, owner, 2000)
    completed = counter.complete_parked(taken)
    assert completed.change_due_minor == 750
    assert completed.sale.staff_id == owner
    assert counter.parked_carts() == ()
    again = counter.complete_parked(taken)
    assert (again.sale, again.passes, again.repeated) == (completed.sale, completed.passes, True)
    assert again.change_due_minor == 750
    with pytest.raises(ParkedCartUnknown):
        counter.complete_parked(dataclasses.replace(taken, sale_id=counter.new_sale_id()))
    assert world.facts()["sales"] == 1


def test_a_failed_completion_leaves_the_cart_and_dropping_it_ends_it(
    world: World, counter: Counter
) -> None:
    owner = counter.set_first_pin(PIN)
    number = counter.park_cart(world.draft(lines=lines("tasting", 2)))
    for n in range(23):
        draft = world.draft("tasting", email=f"m{n}@example.org", tender=TenderKind.SCAN_TO_PAY)
        counter.complete_sale(draft)
    with pytest.raises(SoldOut):
        counter.complete_parked(paid(counter.parked_carts()[0], owner, 5000))
    assert [cart.number for cart in counter.parked_carts()] == [number]
    for nobody in (StaffId(""), StaffId(world.desk.make_id())):
        with pytest.raises(NotPermitted):
            counter.drop_parked(number, nobody)
    counter.drop_parked(number, owner)
    assert counter.parked_carts() == ()


def test_the_back_is_behind_the_pin(counter: Counter) -> None:
    counter.set_first_pin(PIN)
    assert not counter.first_start()
    with pytest.raises(PinAlreadySet):
        counter.set_first_pin("9999")
    with pytest.raises(PinWrong):
        counter.sign_in("9999")


def test_the_day_with_the_practice_controls_beside_it(world: World, counter: Counter) -> None:
    counter.complete_sale(world.draft("spice-jar"))
    scan = counter.complete_sale(world.draft("apron", tender=TenderKind.SCAN_TO_PAY))
    today = counter.today()
    assert isinstance(today, Today)
    assert (today.sales, dict(today.takings_minor)) == (2, {"eur": 4650})
    assert (today.provisional_minor, today.limit_minor, today.currency) == (3900, 100_000, "eur")
    assert today.network_on
    assert [payment.sale_id for payment in today.open_payments] == [scan.sale.sale_id]
    counter.set_network(False)
    assert not counter.today().network_on


def test_the_practice_member_pays_by_code_or_by_bill(world: World, counter: Counter) -> None:
    scan = counter.complete_sale(world.draft("apron", tender=TenderKind.SCAN_TO_PAY))
    later = counter.complete_sale(world.draft("weekly", tender=TenderKind.PAY_LATER))
    counter.member_pays(scan.sale.sale_id)
    counter.member_pays(later.sale.sale_id)
    with world.desk.buffer.reading() as uow:
        targets = [target for _, target in uow.practice.open_payments()]
    assert targets == [scan.pay_codes[0].url, f"invoice:{later.sale.sale_id}"]
    with pytest.raises(SaleUnknown):
        counter.member_pays(SaleId(world.desk.make_id()))


def test_the_outbox_is_shown_and_an_entry_retried(world: World, counter: Counter) -> None:
    owner = counter.set_first_pin(PIN)
    counter.complete_sale(world.draft("spice-jar"))
    page = counter.outbox_page(EntryState.WAITING, 0)
    assert (len(page.entries), page.counts.waiting) == (1, 1)
    before = world.facts()
    counter.retry_entry(page.entries[0].entry_id, owner)
    assert world.facts() == before
    with pytest.raises(NotPermitted):
        counter.retry_entry(page.entries[0].entry_id, StaffId(world.desk.make_id()))


def test_a_finding_is_answered_by_staff_and_by_nobody_else(world: World, counter: Counter) -> None:
    owner = counter.set_first_pin("4711")
    finding = Finding(
        kind=FindingKind.REFERENCE_UNKNOWN, sale_id=None, remote_id="cs_1", amount_minor=100,
        currency="eur", at_ms=world.clock.at_ms,
    )  # fmt: skip
    with world.desk.buffer.writing() as uow:
        uow.sales.record_finding(finding, world.mode)
    (found,) = counter.outbox_page(None, 0).findings
    with pytest.raises(NotPermitted):
        counter.answer_finding(found.finding_id, StaffId(world.desk.make_id()))
    counter.answer_finding(found.finding_id, owner)
    assert counter.outbox_page(None, 0).findings == ()


def test_choices_are_kept(counter: Counter) -> None:
    counter.keep_preference("language", "de")
    counter.keep_preference("theme", "dark")
    found = counter.preferences()
    assert (found.language, found.theme, found.practice) == ("de", "dark", True)
    with pytest.raises(NotPermitted):
        counter.set_service_mode("nobody")


def test_idle_moments_tidy_the_file(world: World, counter: Counter) -> None:
    counter.complete_sale(world.draft("spice-jar"))
    counter.rest()
    assert (world.folder / "buffer.ballast").exists()
    assert counter.newest_pass() is not None


def test_a_live_counter_shows_no_practice_sale_and_plays_no_member(
    world: World, counter: Counter
) -> None:
    sale = counter.complete_sale(world.draft("apron", tender=TenderKind.SCAN_TO_PAY)).sale
    world.mode = RailMode.LIVE
    live = Counter(world.reopen())
    assert live.newest_pass() is None
    with pytest.raises(NotPermitted):
        live.member_pays(sale.sale_id)
    assert not live.preferences().training
    assert live.complete_sale(world.draft("spice-jar")).sale.mode is RailMode.LIVE


def test_the_counter_offers_all_that_the_screens_ask_for(
    counter: Counter, parameters: Callable[[object], list[str]]
) -> None:
    protocols = [
        kind
        for _, kind in inspect.getmembers(services, inspect.isclass)
        if kind.__module__ == services.__name__ and hasattr(kind, "complete_sale")
    ]
    assert protocols
    for protocol in protocols:
        for name, wanted in inspect.getmembers(protocol, inspect.isfunction):
            if not name.startswith("_"):
                assert parameters(getattr(Counter, name)) == parameters(wanted), name


@pytest.fixture
def parameters() -> Callable[[object], list[str]]:
    def names(function: object) -> list[str]:
        assert callable(function)
        return list(inspect.signature(function).parameters)

    return names


def paid(cart: ParkedCart, staff_id: StaffId, given_minor: int) -> CashTaken:
    """The cash for a cart at the total it shows."""
    return CashTaken(
        number=cart.number,
        sale_id=cart.sale_id,
        shown_minor=cart.total_minor,
        given_minor=given_minor,
        staff_id=staff_id,
    )
