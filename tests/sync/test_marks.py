"""The rail remembers how far a kiosk's journal had come; without an answer there is no verdict."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.domain.outbox import EntryState, RailMode, RailState
from sync.marks import COMPARE_MS, KEEP_MS, MarkKeeper
from sync.pull import CURSOR
from tests.sync.copies import check_selling, keep_copy, kept_at_rail, put_back

if TYPE_CHECKING:
    from tests.sync.conftest import World


@pytest.fixture
def kiosk(world: World) -> World:
    """A kiosk whose journal is held against the rail's mark, as the program does it."""
    world.marks = MarkKeeper
    return world


def products(kiosk: World) -> list[dict[str, object]]:
    return [one for one in kiosk.stripe.objects("product") if str(one["id"]).startswith("kp_mark_")]


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
    looked = kiosk.read(lambda uow: uow.mirror.cursor(RailMode.PRACTICE, CURSOR))
    assert looked is not None, "and it looked for payments in the same round"
