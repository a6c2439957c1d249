"""The rail remembers how far a kiosk's journal had come, and finds old and second copies by it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
from kiosk.domain.outbox import Doubt, EntryState, RailState
from kiosk.errors import RolledBack, StoreForked
from sync.marks import COMPARE_MS, KEEP_MS, MarkKeeper
from tests.sync.conftest import KEYS
from tests.sync.conftest import World as Kiosk

if TYPE_CHECKING:
    from tests.sync.conftest import World

SECOND_ID = 1_000
FILES = ("buffer.db", "buffer.anchor")


@pytest.fixture
def kiosk(world: World) -> World:
    """A kiosk whose journal is held against the rail's mark, as the program does it."""
    world.marks = MarkKeeper
    return world


@pytest.fixture
def twin(kiosk: World, tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Copies the kiosk's folder to another laptop, which talks to the same rail."""
    made: list[World] = []

    def copy() -> World:
        kiosk.file.close()
        folder = shutil.copytree(kiosk.folder, tmp_path / f"twin{len(made)}")
        kiosk.restart_closed()
        other = Kiosk(Path(folder))
        other.stripe, other.wire, other.clock = kiosk.stripe, kiosk.wire, kiosk.clock
        other.marks, other._ids = MarkKeeper, SECOND_ID * (len(made) + 1)
        made.append(other)
        return other

    yield copy
    for other in made:
        other.file.close()


def keep_copy(kiosk: World, tmp_path: Path) -> Path:
    kiosk.file.close()
    kept = Path(shutil.copytree(kiosk.folder, tmp_path / "kept"))
    kiosk.restart_closed()
    return kept


def put_back(kiosk: World, kept: Path) -> None:
    """The whole folder is what it was: nothing in it knows better."""
    kiosk.file.close()
    shutil.rmtree(kiosk.folder)
    shutil.copytree(kept, kiosk.folder)
    kiosk.restart_closed()


def acknowledge(kiosk: World, *, whole_folder: bool = False) -> int:
    kiosk.file.close()
    said = Acknowledgement(
        passes_most=1_000_000, now_ms=kiosk.clock.now_ms(), whole_folder=whole_folder
    )
    life = acknowledge_restore(kiosk.folder, KEYS, said)
    kiosk.restart_closed()
    return life.number


def check_selling(kiosk: World) -> None:
    kiosk.read(lambda uow: uow.incarnations.check_selling())


def products(kiosk: World) -> list[dict[str, object]]:
    return [one for one in kiosk.stripe.objects("product") if str(one["id"]).startswith("kp_mark_")]


def kept_at_rail(kiosk: World) -> tuple[int, int]:
    (product,) = kiosk.stripe.objects("product")
    told = product["metadata"]
    return int(told["kp_incarnation"]), int(told["kp_seq"])


def asked(kiosk: World, method: str) -> int:
    return sum(r.method == method and "/products" in r.url.path for r in kiosk.wire.requests)


# ---------------------------------------------------------------- what is kept


def test_a_drain_leaves_a_mark_in_a_product_that_cannot_be_sold(kiosk: World) -> None:
    kiosk.sell_cash()
    assert kiosk.drain().doubt is None
    (product,) = products(kiosk)
    assert product["active"] is False
    told = product["metadata"]
    mark = kiosk.read(lambda uow: uow.incarnations.mark())
    assert isinstance(told, dict)
    assert told["kp_buffer"] == mark.buffer_id
    assert told["kp_hash"] == mark.hash_start.hex()
    assert kept_at_rail(kiosk) == (1, mark.seq)
    assert all(len(name) <= 40 and len(value) <= 500 for name, value in told.items())
    assert "example.org" not in str(product), "nothing of a person"


def test_a_second_run_compares_and_writes_only_what_is_news(kiosk: World) -> None:
    kiosk.sell_cash()
    kiosk.drain()
    first = kept_at_rail(kiosk)
    writes = asked(kiosk, "POST")
    kiosk.drain()
    assert asked(kiosk, "POST") == writes
    kiosk.sell_cash()
    kiosk.drain()
    assert kept_at_rail(kiosk) > first
    assert len(products(kiosk)) == 1


def test_one_run_asks_now_and_then_and_not_each_round(kiosk: World) -> None:
    kiosk.sell_cash()

    async def day() -> list[tuple[int, int]]:
        engine, counts = kiosk.engine(), []
        keeper = MarkKeeper(engine.carrier)
        for seconds in (0, 1, KEEP_MS // 1000, COMPARE_MS // 1000):
            kiosk.clock.advance(seconds=seconds)
            kiosk.sell_cash()
            await keeper.compare()
            await keeper.keep()
            counts.append((asked(kiosk, "GET"), asked(kiosk, "POST")))
        await engine.carrier.rail.close()
        return counts

    first, soon, later, much_later = asyncio.run(day())
    assert first == (1, 2), "one look; an update that finds nothing, and the making of it"
    assert soon == first
    assert later == (first[0] + 1, first[1] + 1)
    assert much_later == (later[0] + 1, later[1] + 1)


def test_a_mark_that_somebody_edited_is_not_believed_and_is_replaced(kiosk: World) -> None:
    kiosk.sell_cash()
    kiosk.drain()
    (product,) = products(kiosk)
    told = dict(product["metadata"])  # type: ignore[call-overload]
    for sealed in ("", "not base64!", "AAAA", "x" * 400):
        with kiosk.stripe._world.transaction(None):  # type: ignore[arg-type]
            edited = kiosk.stripe._world.edit("product", str(product["id"]))
            edited["metadata"] = {**told, "kp_mark": sealed, "kp_seq": "99999"}
        assert kiosk.drain().doubt is None
        check_selling(kiosk)
        assert kept_at_rail(kiosk)[1] < 99999


# ---------------------------------------------------------------- no verdict


def test_without_a_network_there_is_no_verdict(kiosk: World, tmp_path: Path) -> None:
    kept = keep_copy(kiosk, tmp_path)
    kiosk.sell_cash()
    kiosk.drain()
    put_back(kiosk, kept)

    def unplugged(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no network")

    kiosk.wire.before = unplugged
    report = kiosk.drain()
    assert (report.rail, report.doubt) == (RailState.UNREACHABLE, None)
    check_selling(kiosk)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_key_that_may_not_keep_marks_may_do_everything_else(kiosk: World, status: int) -> None:
    def refuse(request: httpx.Request) -> httpx.Response | None:
        if "/products" not in request.url.path:
            return None
        error = {"error": {"type": "invalid_request_error", "code": "x", "message": "no"}}
        return httpx.Response(status, headers={"Request-Id": "req_1"}, json=error)

    kiosk.wire.before = refuse
    sold = kiosk.sell_cash()
    report = kiosk.drain()
    assert (report.delivered, report.rail, report.doubt) == (1, RailState.REACHABLE, None)
    assert kiosk.entry(sold.entries[0]).state is EntryState.DELIVERED


# ---------------------------------------------------------------- rolled back


def test_a_whole_folder_that_was_put_back_stops_selling_and_still_sends(
    kiosk: World, tmp_path: Path
) -> None:
    shared = kiosk.sell_cash()
    kept = keep_copy(kiosk, tmp_path)
    kiosk.sell_cash()
    kiosk.drain()
    put_back(kiosk, kept)
    report = kiosk.drain()
    assert (report.doubt, report.delivered, report.waiting) == (Doubt.ROLLED_BACK, 1, 0)
    assert len(kiosk.at_rail("invoice", shared)) == 1, "it was sent in the life that is gone"
    with pytest.raises(RolledBack) as caught:
        check_selling(kiosk)
    assert caught.value.fields["place"] == "rail"
    assert kiosk.healths[-1].doubt is Doubt.ROLLED_BACK
    kiosk.restart()
    with pytest.raises(RolledBack):
        check_selling(kiosk)
    assert kept_at_rail(kiosk)[0] == 1, "what contradicts us is not overwritten"


def test_an_acknowledged_restore_sells_on_and_the_rail_learns_of_it(
    kiosk: World, tmp_path: Path
) -> None:
    kept = keep_copy(kiosk, tmp_path)
    kiosk.sell_cash()
    kiosk.drain()
    put_back(kiosk, kept)
    kiosk.drain()
    assert acknowledge(kiosk) == 2
    check_selling(kiosk)
    sold = kiosk.sell_cash()
    assert sold.sale.receipt_number == "K3.2-000001"
    report = kiosk.drain()
    assert (report.doubt, report.waiting) == (None, 0)
    assert kept_at_rail(kiosk)[0] == 2
    assert kiosk.drain().doubt is None


@pytest.mark.parametrize("days", [0, 2, 45])
def test_nothing_is_sent_twice_however_long_the_copy_lay(
    kiosk: World, tmp_path: Path, days: int
) -> None:
    sales = [
        kiosk.sell_cash(units=((1250, 2), (300, 1))),
        kiosk.sell_later(),
        kiosk.sell_membership(),
    ]
    kept = keep_copy(kiosk, tmp_path)
    kiosk.drain_until_quiet()
    before = {kind: len(kiosk.at_rail(kind)) for kind in ("customer", "invoice", "subscription")}
    put_back(kiosk, kept)
    assert acknowledge(kiosk, whole_folder=True) == 2
    kiosk.clock.advance(days=days)
    kiosk.drain_until_quiet()
    after = {kind: len(kiosk.at_rail(kind)) for kind in before}
    # Stripe itself bills the membership's later weeks.
    weeks = days // 7
    assert after == {**before, "invoice": before["invoice"] + weeks}
    for sold in sales[:2]:
        (invoice,) = kiosk.at_rail("invoice", sold)
        assert len(invoice["lines"]["data"]) == len(sold.sale.lines)
    assert all(kiosk.entry(sold.entries[0]).state is EntryState.DELIVERED for sold in sales)


# ---------------------------------------------------------------- forked


def test_of_two_copies_that_sell_the_second_at_the_rail_stops(
    kiosk: World, twin: Callable[[], World]
) -> None:
    kiosk.sell_cash()
    other = twin()
    kiosk.sell_cash()
    mine = [other.sell_cash(), other.sell_cash()]
    assert kiosk.drain().doubt is None
    report = other.drain()
    assert report.doubt is Doubt.FORKED
    assert report.waiting == 0, "what it sold is sent all the same"
    with pytest.raises(StoreForked):
        check_selling(other)
    assert [len(other.at_rail("invoice", sold)) for sold in mine] == [1, 1]
    assert len(kiosk.at_rail("invoice")) == 4
    kiosk.sell_cash()
    assert kiosk.drain().doubt is None, "the first one never hears of it and sells on"


def test_the_copy_that_staff_acknowledge_goes_on_and_the_other_is_told(
    kiosk: World, twin: Callable[[], World]
) -> None:
    kiosk.sell_cash()
    other = twin()
    kiosk.sell_cash()
    other.sell_cash()
    other.sell_cash()
    kiosk.drain()
    other.drain()
    assert acknowledge(other) == 2
    assert other.sell_cash().sale.receipt_number == "K3.2-000001"
    assert other.drain().doubt is None
    late = kiosk.sell_cash()  # before it hears of it, without a network
    report = kiosk.drain()
    assert report.doubt is Doubt.FORKED
    assert len(kiosk.at_rail("invoice", late)) == 1
    with pytest.raises(StoreForked):
        check_selling(kiosk)
    assert other.drain().doubt is None
    assert acknowledge(kiosk) == 3, "should staff decide the other way round"
    assert kiosk.drain().doubt is None
    assert other.drain().doubt is Doubt.FORKED


def test_sales_of_before_the_fork_are_sent_by_one_of_the_two(
    kiosk: World, twin: Callable[[], World]
) -> None:
    shared = [kiosk.sell_cash() for _ in range(2)]
    other = twin()
    kiosk.drain()
    kiosk.clock.advance(days=3)  # longer than any key lives
    other.sell_cash()
    assert other.drain().doubt is Doubt.FORKED
    assert [len(kiosk.at_rail("invoice", sold)) for sold in shared] == [1, 1]
