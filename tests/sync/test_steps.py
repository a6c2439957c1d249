"""The steps machine by itself: keys, generations, and when it looks before it sends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest

from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.outbox import Entry, Outcome, RailMode
from sync.rails.base import Remote
from sync.rails.troubles import RailTrouble, Trouble, TroubleKind
from sync.rails.wanted import CustomerWanted, Mark
from sync.steps import KEY_LIVES_MS, Aim, Visit, outcome_of

if TYPE_CHECKING:
    from tests.sync.conftest import World


def claim(world: World) -> Entry:
    request = ClaimRequest(
        mode=RailMode.PRACTICE,
        now_ms=world.clock.now_ms(),
        lease_ms=60_000,
        limit=1,
        everything=True,
    )
    with world.buffer.writing() as uow:
        (entry,) = uow.outbox.claim(request)
    return entry


def aim(world: World, entry: Entry, *, look_first: bool = False) -> Aim:
    mark = Mark(sale_id=entry.sale_id, device=3, step="customer")
    wanted = CustomerWanted(name="M", email="m@example.org", language="en", mark=mark)
    return Aim(name="customer", wanted=wanted, look_first=look_first)


class Scene:
    """One entry, visited again and again, with a rail whose answers a test chooses."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.sell_cash()
        self.calls: list[str] = []
        self.sends: list[TroubleKind | None] = []
        self.found: Remote | None = None

    def visit(self, *, look_first: bool = False) -> Remote | TroubleKind:
        async def run() -> Remote | TroubleKind:
            carrier = self.world.engine().carrier
            entry = claim(self.world)
            visit = Visit(carrier, entry)
            carrier.rail.send = self.send  # type: ignore[method-assign]
            carrier.rail.find = self.find  # type: ignore[assignment,method-assign]
            ended: Remote | TroubleKind
            try:
                ended = await visit.ensure(aim(self.world, entry, look_first=look_first))
            except RailTrouble as told:
                ended = told.trouble.kind
            now_ms = self.world.clock.now_ms()
            await visit.close(lambda uow: uow.outbox.later(entry, now_ms, "next"))
            return ended

        return asyncio.run(run())

    async def send(self, request: object) -> Remote:
        self.calls.append(request.key.rpartition("-")[2])  # type: ignore[attr-defined]
        kind = self.sends.pop(0) if self.sends else None
        if kind is None:
            return Remote(remote_id="cus_1")
        raise RailTrouble(Trouble(kind=kind, code="x", http_status=500))

    async def find(self, _request: object, _since_s: int) -> Remote | None:
        self.calls.append("find")
        return self.found


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def test_a_first_send_does_not_look(scene: Scene) -> None:
    assert scene.visit() == Remote(remote_id="cus_1")
    assert scene.calls == ["g1"]


def test_a_done_step_is_not_sent_again(scene: Scene) -> None:
    scene.visit()
    assert scene.visit() == Remote(remote_id="cus_1")
    assert scene.calls == ["g1"]


@pytest.mark.parametrize(
    "kind",
    [
        TroubleKind.NOT_SENT,
        TroubleKind.LOST,
        TroubleKind.NOT_STRIPE,
        TroubleKind.BUSY,
        TroubleKind.LIMITED,
        TroubleKind.LOCKED,
    ],
)
def test_these_are_sent_again_under_the_same_key(scene: Scene, kind: TroubleKind) -> None:
    scene.sends = [kind]
    assert scene.visit() is kind
    scene.visit()
    assert scene.calls == ["g1", "g1"]


@pytest.mark.parametrize(
    "kind",
    [
        TroubleKind.SUSPECT,
        TroubleKind.KEY_MISUSED,
        TroubleKind.NEEDS_MEMBER,
        TroubleKind.REFUSED,
    ],
)
def test_these_are_looked_for_and_sent_under_a_new_key(scene: Scene, kind: TroubleKind) -> None:
    scene.sends = [kind]
    scene.visit()
    scene.visit()
    assert scene.calls == ["g1", "find", "g2"]


def test_what_is_found_is_not_sent(scene: Scene) -> None:
    scene.sends = [TroubleKind.SUSPECT]
    scene.visit()
    scene.found = Remote(remote_id="cus_old")
    assert scene.visit() == Remote(remote_id="cus_old")
    assert scene.visit() == Remote(remote_id="cus_old")
    assert scene.calls == ["g1", "find"]


def test_a_key_older_than_twenty_hours_is_not_trusted(scene: Scene) -> None:
    scene.sends = [TroubleKind.LOST, TroubleKind.LOST]
    scene.visit()
    scene.world.clock.true_ms += KEY_LIVES_MS - 1
    scene.visit()
    scene.world.clock.true_ms += 1
    scene.visit()
    assert scene.calls == ["g1", "g1", "find", "g2"]


def test_the_age_of_a_key_counts_from_its_first_send(scene: Scene) -> None:
    scene.sends = [TroubleKind.LOST] * 4
    for _ in range(4):
        scene.visit()
        scene.world.clock.advance(hours=6)
    scene.visit()
    assert scene.calls == ["g1", "g1", "g1", "g1", "find", "g2"]


def test_a_clock_that_went_back_is_a_reason_to_look(scene: Scene) -> None:
    scene.sends = [TroubleKind.LOST]
    scene.visit()
    scene.world.clock.advance(hours=-1)
    scene.visit()
    assert scene.calls == ["g1", "find", "g2"]


def test_looking_first_is_for_what_may_be_there_already(scene: Scene) -> None:
    scene.found = Remote(remote_id="cus_old")
    assert scene.visit(look_first=True) == Remote(remote_id="cus_old")
    assert scene.calls == ["find"]


def test_looking_first_and_finding_nothing_sends(scene: Scene) -> None:
    assert scene.visit(look_first=True) == Remote(remote_id="cus_1")
    assert scene.calls == ["find", "g1"]


def test_a_crash_is_looked_into_and_then_settled_by_the_same_key(world: World) -> None:
    """The dead process's request may still be on its way: a new key would not know of it."""
    sold = world.sell_cash()

    def cut(request: httpx.Request) -> None:
        if request.method == "POST":
            raise KeyboardInterrupt

    world.wire.before = cut
    with pytest.raises(KeyboardInterrupt):
        world.drain()
    world.write(lambda uow: uow.outbox._execute(
        "UPDATE outbox_attempts SET outcome = NULL, finished_ms = NULL"))  # fmt: skip
    world.write(lambda uow: uow.outbox._execute(
        "UPDATE outbox_steps SET last_error = NULL"))  # fmt: skip
    world.wire.before = lambda _request: None
    world.wire.requests.clear()
    world.restart()
    world.drain()
    customers = [r for r in world.wire.requests if r.url.path == "/v1/customers"]
    assert [r.method for r in customers] == ["GET", "POST"]
    key = customers[1].headers["idempotency-key"]
    assert key == f"kp1-3-{sold.sale.sale_id}-customer-g1"


def test_the_attempt_is_committed_before_the_bytes_leave(world: World) -> None:
    world.sell_cash()
    seen: list[int] = []

    def look(request: httpx.Request) -> None:
        if request.method == "POST":
            sql = "SELECT count(*) FROM outbox_attempts WHERE outcome IS NULL"
            seen.append(world.read(lambda uow: uow.outbox._execute(sql).fetchone())[0])

    world.wire.before = look
    world.drain()
    assert seen == [1, 1, 1, 1, 1]


def test_every_attempt_is_written_down_with_its_outcome(world: World) -> None:
    world.sell_cash()
    world.drain()
    rows = world.read(lambda uow: uow.outbox._execute(
        "SELECT step, outcome FROM outbox_attempts ORDER BY attempt_no").fetchall())  # fmt: skip
    assert rows == [
        (step, "delivered") for step in ("customer", "invoice", "item-1", "finalize", "pay")
    ]


@pytest.mark.parametrize("kind", TroubleKind)
def test_every_trouble_has_an_outcome_that_is_not_delivered(kind: TroubleKind) -> None:
    assert outcome_of(Trouble(kind=kind, code="x")) is not Outcome.DELIVERED
