"""Settings, stock, staff, parked carts, the mirror and the practice controls."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer import parked as parked_module
from kiosk.buffer.buffer import Buffer
from kiosk.buffer.database import FactRefusedError
from kiosk.buffer.mirror import RemoteObject, RemoteReference
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.buffer.staff import StaffRecord
from kiosk.domain.ids import SaleId, StaffId
from kiosk.domain.outbox import RailMode
from kiosk.errors import StoreReadOnly, TenderNotAvailable, WrongKey

NOW_MS = 1_800_000_000_000
MODE = RailMode.PRACTICE
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=json_values)
def test_a_setting_comes_back_as_it_was_put(till: Buffer, value: object) -> None:
    with till.writing() as uow:
        uow.settings.put("k", value, NOW_MS)
    with till.reading() as uow:
        assert uow.settings.get("k") == value


def test_secrets_are_bytes_and_apart_from_settings(till: Buffer) -> None:
    with till.writing() as uow:
        assert uow.settings.secret("device_key") is None
        uow.settings.put_secret("device_key", b"\x00one")
        uow.settings.put_secret("device_key", b"\x00two")
        assert uow.settings.secret("device_key") == b"\x00two"
        assert uow.settings.get("device_key") is None


def test_counters_have_no_gap_after_an_error(till: Buffer) -> None:
    with till.writing() as uow:
        assert [uow.settings.next_number("pass") for _ in range(3)] == [1, 2, 3]
        assert uow.settings.next_number("receipt") == 1
    with pytest.raises(ZeroDivisionError), till.writing() as uow:
        uow.settings.next_number("pass")
        raise ZeroDivisionError
    with till.writing() as uow:
        assert uow.settings.next_number("pass") == 4


def test_the_highest_instant_only_rises(till: Buffer) -> None:
    with till.writing() as uow:
        assert uow.settings.highest_ms() == NOW_MS
        uow.settings.raise_highest(NOW_MS + 5)
        uow.settings.raise_highest(NOW_MS - 5)
        assert uow.settings.highest_ms() == NOW_MS + 5


def test_the_snapshot_stored_last_is_current(till: Buffer) -> None:
    with till.writing() as uow:
        assert uow.catalog.current() is None
        assert uow.catalog.current_number() is None
        assert uow.catalog.store('{"a": 1}', b"1" * 64, 9, NOW_MS) == 1
        assert uow.catalog.store('{"a": 2}', b"2" * 64, 9, NOW_MS + 1) == 2
        current = uow.catalog.current()
        assert current is not None
        assert (current.number, current.document) == (2, '{"a": 2}')
        assert (current.signature, current.loaded_ms) == (b"2" * 64, NOW_MS + 1)
        assert uow.catalog.current_number() == 2
        first = uow.catalog.get(1)
        assert first is not None
        assert first.document == '{"a": 1}'
        assert uow.catalog.get(3) is None


def test_stock_is_sold_until_there_is_none(till: Buffer) -> None:
    with till.writing() as uow:
        assert uow.stock.left(1, "zine") == 0
        assert uow.stock.sell(1, "zine", 1) is False
        assert uow.stock.allot(1, "zine", 5) == 5
        assert uow.stock.sell(1, "zine", 3) is True
        assert uow.stock.sell(1, "zine", 3) is False
        assert uow.stock.left(1, "zine") == 2
        assert uow.stock.sell(1, "zine", 2) is True
        assert uow.stock.left_all(1) == {"zine": 0}
        assert uow.stock.left_all(2) == {}


def test_an_allotment_is_lowered_to_what_is_sold_and_no_further(till: Buffer) -> None:
    with till.writing() as uow:
        uow.stock.allot(1, "zine", 5)
        uow.stock.sell(1, "zine", 3)
        assert uow.stock.allot(1, "zine", 1) == 3
        assert uow.stock.left(1, "zine") == 0
        assert uow.stock.allot(1, "zine", 9) == 9
        assert uow.stock.left(1, "zine") == 6


@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_is_sold_backwards(till: Buffer, quantity: int) -> None:
    with till.writing() as uow:
        uow.stock.allot(1, "zine", 5)
        with pytest.raises(AssertionError):
            uow.stock.sell(1, "zine", quantity)
        assert uow.stock.left(1, "zine") == 5


def staff(shop, role: str = "owner") -> StaffRecord:
    return StaffRecord(
        staff_id=StaffId(shop.make_id()), name="Ana", role=role, pin_salt=b"s", pin_hash=b"h"
    )


def test_wrong_pins_are_counted_until_a_right_one(till: Buffer, shop) -> None:
    ana, ben = staff(shop), staff(shop, "seller")
    with till.writing() as uow:
        assert uow.staff.count() == 0
        uow.staff.add(ana, NOW_MS)
        uow.staff.add(ben, NOW_MS)
        assert uow.staff.all() == (ana, ben)
        assert uow.staff.wrong_try(None, NOW_MS + 9) == 1
        assert uow.staff.wrong_try(ana.staff_id, NOW_MS) == 2
        found = uow.staff.get(ana.staff_id)
        assert found is not None
        assert (found.wrong_tries, found.locked_until_ms) == (
            2,
            NOW_MS,
        )  # a new lock replaces the old
        uow.staff.right(ana.staff_id)
        assert uow.staff.get(ana.staff_id) == ana
        other = uow.staff.get(ben.staff_id)
        assert other is not None
        assert other.wrong_tries == 1
        uow.staff.right(None)
        assert uow.staff.all() == (ana, ben)
        assert uow.staff.get(StaffId(shop.make_id())) is None
        assert "pin" not in repr(ana)


def test_an_unknown_role_is_refused(till: Buffer, shop) -> None:
    with pytest.raises(FactRefusedError), till.writing() as uow:
        uow.staff.add(staff(shop, "king"), NOW_MS)


def test_parked_carts_wait_under_numbers_of_their_own(till: Buffer, shop) -> None:
    one, two = SaleId(shop.make_id()), SaleId(shop.make_id())
    with till.writing() as uow:
        assert uow.parked.park(one, '{"a": 1}', NOW_MS) == 1
        assert uow.parked.park(two, '{"a": 2}', NOW_MS) == 2
        assert uow.parked.park(one, '{"a": 3}', NOW_MS) == 1  # the same cart again
        assert [cart.number for cart in uow.parked.open()] == [1, 2]
        cart = uow.parked.get(1)
        assert cart is not None
        assert (cart.sale_id, cart.draft, cart.parked_ms) == (one, '{"a": 3}', NOW_MS)
        assert uow.parked.number_of(two) == 2
        assert cart.draft not in repr(cart)


def test_a_closed_cart_is_forgotten_and_its_number_comes_round(till, shop, monkeypatch) -> None:
    monkeypatch.setattr(parked_module, "NUMBER_MAX", 3)
    with till.writing() as uow:
        numbers = [uow.parked.park(shop.make_id(), "{}", NOW_MS) for _ in range(3)]
        assert uow.parked.close(2, NOW_MS) is True
        assert uow.parked.close(2, NOW_MS) is False
        assert uow.parked.get(2) is None
        assert uow.parked.park(shop.make_id(), "{}", NOW_MS) == 2
        drafts = uow.parked._session.connection.execute(
            "SELECT draft FROM parked_carts WHERE closed_ms IS NOT NULL"
        ).fetchall()
    assert numbers == [1, 2, 3]
    assert drafts == [(None,)]


def test_a_cart_may_be_parked_again_after_it_was_closed(till: Buffer, shop) -> None:
    sale_id = SaleId(shop.make_id())
    with till.writing() as uow:
        uow.parked.close(uow.parked.park(sale_id, "{}", NOW_MS), NOW_MS)
        assert uow.parked.number_of(sale_id) is None
        assert uow.parked.park(sale_id, "{}", NOW_MS) == 2


def test_too_many_parked_carts_are_refused(till: Buffer, shop, monkeypatch) -> None:
    monkeypatch.setattr(parked_module, "OPEN_MAX", 2)
    with till.writing() as uow:
        uow.parked.park(shop.make_id(), "{}", NOW_MS)
        uow.parked.park(shop.make_id(), "{}", NOW_MS)
        with pytest.raises(TenderNotAvailable):
            uow.parked.park(shop.make_id(), "{}", NOW_MS)


def test_at_another_address_only_what_sales_refer_to_is_kept(till: Buffer) -> None:
    edition = "link.edition:offer:zine"
    with till.writing() as uow:
        for mode in (MODE, RailMode.LIVE):
            for kind in ("product", "price", "customer", "link", "bill"):
                remote = RemoteObject(remote_id=f"{mode.value}_{kind}")
                uow.mirror.put(mode, "offer:zine", kind, remote, NOW_MS)
            uow.mirror.put_cursor(mode, edition, "open", NOW_MS)
            uow.mirror.put_cursor(mode, "events", "7", NOW_MS)
        assert not uow.mirror.settle(MODE, "here", NOW_MS)
        assert not uow.mirror.settle(MODE, "here", NOW_MS)
        assert uow.mirror.get(MODE, "offer:zine", "price") is not None
        assert uow.mirror.settle(MODE, "there", NOW_MS)
    with till.reading() as uow:
        kept = [
            kind
            for kind in ("product", "price", "customer", "link", "bill")
            if uow.mirror.get(MODE, "offer:zine", kind)
        ]
        assert kept == ["link", "bill"]
        assert uow.mirror.cursor(MODE, edition) is None
        assert uow.mirror.cursor(MODE, "events") == "7"
        assert uow.mirror.get(RailMode.LIVE, "offer:zine", "price") is not None
        assert uow.mirror.cursor(RailMode.LIVE, edition) == "open"


def test_the_mirror_keeps_one_object_of_a_kind_for_each_mode(till: Buffer) -> None:
    with till.writing() as uow:
        link = RemoteObject(remote_id="plink_1", url="https://pay.example/1")
        assert uow.mirror.get(MODE, "offer:zine", "link") is None
        uow.mirror.put(MODE, "offer:zine", "link", link, NOW_MS)
        assert uow.mirror.get(MODE, "offer:zine", "link") == link
        assert uow.mirror.get(RailMode.LIVE, "offer:zine", "link") is None
        assert uow.mirror.by_remote("plink_1") == RemoteReference(
            mode=MODE, entity="offer:zine", kind="link"
        )
        uow.mirror.put(MODE, "offer:zine", "link", RemoteObject(remote_id="plink_2"), NOW_MS)
        assert uow.mirror.get(MODE, "offer:zine", "link") == RemoteObject(remote_id="plink_2")
        assert uow.mirror.by_remote("plink_1") is None


def test_cursors_and_seen_events_are_remembered(till: Buffer) -> None:
    with till.writing() as uow:
        assert uow.mirror.cursor(MODE, "events") is None
        uow.mirror.put_cursor(MODE, "events", "evt_1", NOW_MS)
        uow.mirror.put_cursor(MODE, "events", "evt_2", NOW_MS)
        assert uow.mirror.cursor(MODE, "events") == "evt_2"
        assert uow.mirror.event_seen(MODE, "evt_1", NOW_MS) is False
        assert uow.mirror.event_seen(MODE, "evt_1", NOW_MS) is True
        assert uow.mirror.event_seen(RailMode.LIVE, "evt_1", NOW_MS) is False
        assert uow.mirror.prune_events(MODE, NOW_MS) == 0
        assert uow.mirror.prune_events(MODE, NOW_MS + 1) == 1
        assert uow.mirror.event_seen(MODE, "evt_1", NOW_MS) is False


def test_practice_payments_are_asked_for_and_done(till: Buffer) -> None:
    with till.writing() as uow:
        first = uow.practice.ask_payment("https://pay.example/1", NOW_MS)
        second = uow.practice.ask_payment("invoice:1", NOW_MS)
        assert uow.practice.open_payments() == [
            (first, "https://pay.example/1"), (second, "invoice:1"),
        ]  # fmt: skip
        uow.practice.payment_done(first, NOW_MS)
        assert uow.practice.open_payments() == [(second, "invoice:1")]


def test_the_practice_shelf_keeps_rows_encrypted(tmp_path: Path) -> None:
    key = b"p" * 32
    shelf = PracticeShelf.open(tmp_path, key)
    shelf.put([("customer", "cus_1", '{"name": "Marker"}'), ("invoice", "in_1", "{}")])
    shelf.put([("customer", "cus_1", '{"name": "Marker2"}'), ("invoice", "in_1", None)])
    with pytest.raises(Exception, match="CHECK"):
        shelf.put([("customer", "cus_2", "{}"), ("customer", "cus_3", "no json")])
    assert list(shelf.load()) == [("customer", "cus_1", '{"name": "Marker2"}')]
    shelf.close()
    again = PracticeShelf.open(tmp_path, key)
    assert len(list(again.load())) == 1
    again.close()
    assert all(b"Marker" not in path.read_bytes() for path in tmp_path.iterdir())
    with pytest.raises(WrongKey):
        PracticeShelf.open(tmp_path, b"q" * 32)
    with pytest.raises(StoreReadOnly):
        PracticeShelf.open(tmp_path / "nowhere", key)
