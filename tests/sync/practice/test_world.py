"""The world keeps its promises: all or nothing, the same ids for the same seed, nothing lost."""

import json
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from sync.practice.refusals import Refusal
from sync.practice.shelf import MemoryShelf, RowChange
from sync.practice.world import Cause, World
from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api, Clock


def world_on(shelf: MemoryShelf, seed: int = 1) -> World:
    return World(clock=Clock(), seed=seed, shelf=shelf, alarm_of=lambda _kind, _value: None)


class FullShelf(MemoryShelf):
    """A shelf that one day has no room left."""

    full = False

    def put(self, rows: Sequence[RowChange]) -> None:
        if self.full:
            raise OSError("no space left")
        super().put(rows)


def test_what_a_transaction_adds_and_edits_is_kept() -> None:
    world = world_on(MemoryShelf())
    with world.transaction(Cause()):
        world.add("thing", {"id": "a", "size": 1})
        world.edit("thing", "a")["size"] = 2
    assert world.find("thing", "a") == {"id": "a", "size": 2}


def test_a_transaction_that_raises_leaves_no_trace() -> None:
    shelf = MemoryShelf()
    world = world_on(shelf)
    with world.transaction(Cause()):
        world.add("thing", {"id": "a", "parts": [1]})
        world.add("thing", {"id": "b"})
    before = sorted(shelf.load())

    def fail_late() -> None:
        world.edit("thing", "a")["parts"].append(2)
        world.add("thing", {"id": "c"})
        world.remove("thing", "b")
        world.count("things", 5)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), world.transaction(Cause()):
        fail_late()
    assert world.find("thing", "a") == {"id": "a", "parts": [1]}
    assert [entry.value["id"] for entry in world.entries("thing")] == ["a", "b"]
    assert sorted(shelf.load()) == before


def test_a_shelf_that_fails_takes_the_change_back() -> None:
    shelf = FullShelf()
    world = world_on(shelf)
    shelf.full = True
    with pytest.raises(OSError, match="no space"), world.transaction(Cause()):
        world.add("thing", {"id": "a"})
    assert world.find("thing", "a") is None
    shelf.full = False
    with world.transaction(Cause()):
        world.add("thing", {"id": "a"})
    assert world.find("thing", "a") is not None


def test_nothing_changes_outside_a_transaction() -> None:
    world = world_on(MemoryShelf())
    with pytest.raises(AssertionError):
        world.add("thing", {"id": "a"})
    with pytest.raises(AssertionError):
        world.count("things")


def test_a_missing_object_of_the_path_is_404_and_of_a_parameter_400() -> None:
    world = world_on(MemoryShelf())
    with pytest.raises(Refusal) as by_path:
        world.must("customer", "cus_x")
    with pytest.raises(Refusal) as by_param:
        world.must("customer", "cus_x", param="customer")
    assert (by_path.value.status, by_param.value.status) == (404, 400)
    assert by_path.value.fields["code"] == by_param.value.fields["code"] == "resource_missing"


@given(st.integers(), st.integers(min_value=1, max_value=60))
def test_ids_follow_from_the_seed(seed: int, length: int) -> None:
    one, two = world_on(MemoryShelf(), seed), world_on(MemoryShelf(), seed)
    with one.transaction(Cause()), two.transaction(Cause()):
        assert one.new_id("cus_", length) == two.new_id("cus_", length)
        fresh = one.new_id("cus_", length)
    assert fresh.isascii()
    assert fresh.removeprefix("cus_").isalnum()
    assert len(fresh) == length + len("cus_")


def test_another_seed_has_other_ids() -> None:
    ids = set()
    for seed in range(50):
        world = world_on(MemoryShelf(), seed)
        with world.transaction(Cause()):
            ids |= {world.new_id("cus_", 14) for _ in range(20)}
    assert len(ids) == 1000


def test_request_ids_differ_after_a_restart_without_a_write() -> None:
    shelf = MemoryShelf()
    first = world_on(shelf)
    ids = {first.new_request_id() for _ in range(3)}
    again = world_on(shelf)
    ids |= {again.new_request_id() for _ in range(3)}
    assert len(ids) == 6


def test_the_order_of_creation_survives_any_order_of_rows() -> None:
    shelf = MemoryShelf()
    world = world_on(shelf)
    for number in range(20):
        with world.transaction(Cause()):
            world.add("thing", {"id": f"t{number}"})

    class Shuffled(MemoryShelf):
        def load(self) -> list[tuple[str, str, str]]:
            return sorted(shelf.load(), key=lambda row: hash(row[2]))

    again = world_on(Shuffled())
    assert [e.value["id"] for e in again.entries("thing")] == [f"t{n}" for n in range(20)]


def test_rows_are_plain_json() -> None:
    shelf = MemoryShelf()
    Api(PracticeStripe(clock=Clock(), seed=1, shelf=shelf)).post("/v1/customers", {"name": "Ü"})
    for kind, row_id, text in shelf.load():
        assert kind
        assert row_id
        assert set(json.loads(text)) == {"n", "o"}


def test_threads_take_turns() -> None:
    world = world_on(MemoryShelf())

    def add_some() -> None:
        for _ in range(100):
            with world.transaction(Cause()):
                world.count("things")

    threads = [threading.Thread(target=add_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.transaction(Cause()):
        assert world.count("things") == 401


def test_a_new_practice_on_the_same_shelf_continues_in_the_middle(clock: Clock) -> None:
    shelf = MemoryShelf()

    def api() -> Api:
        return Api(PracticeStripe(clock=clock, seed=5, shelf=shelf))

    customer = made.customer(api())
    invoice = api().post(
        "/v1/invoices",
        {"customer": customer["id"], "collection_method": "send_invoice", "days_until_due": 3},
    )
    made.item(api(), invoice, 700)
    opened = api().post(f"/v1/invoices/{invoice['id']}/finalize")
    assert opened["total"] == 700
    api().practice.pay_invoice(invoice["id"])
    paid = api().get(f"/v1/invoices/{invoice['id']}")
    assert paid["status"] == "paid"
    second = api().post("/v1/customers", {"email": "b@example.com"})
    assert second["id"] != customer["id"]
    assert api().ids("/v1/customers") == [second["id"], customer["id"]]


def test_the_moved_clock_survives_a_restart(clock: Clock) -> None:
    shelf = MemoryShelf()
    PracticeStripe(clock=clock, seed=5, shelf=shelf).advance(3600)
    again = PracticeStripe(clock=clock, seed=5, shelf=shelf)
    assert again.now_ms() == START_MS + 3_600_000


def test_the_same_seed_and_history_make_the_same_world() -> None:
    def history() -> list[tuple[str, str, str]]:
        shelf = MemoryShelf()
        api = Api(PracticeStripe(clock=Clock(), seed=9, shelf=shelf))
        made.opened(api)
        made.subscription(api)
        api.practice.pay_link(made.link(api)["url"])
        return sorted(shelf.load())

    assert history() == history()
