"""A day of the outbox, thrown by dice: workers that die, clocks that jump, entries that go wrong.

Whatever happens, a lane is carried in order, nothing is held by two, and nothing is forgotten.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.ids import EntryId
from kiosk.domain.outbox import Entry, EntryState, NewEntry, RailMode
from tests.buffer.conftest import Shop

NOW_MS = 1_800_000_000_000
LEASE_MS = 30_000
MODE = RailMode.PRACTICE
STEPS = 90
OPEN_STATES = (EntryState.WAITING, EntryState.UNKNOWN)


@dataclass
class World:
    """What the test knows, apart from the file."""

    folder: Path
    keys: BufferKeys
    shop: Shop
    dice: random.Random
    held: BufferFile
    now_ms: int = NOW_MS
    added: list[NewEntry] = field(default_factory=list)
    leased: dict[EntryId, Entry] = field(default_factory=dict)
    states: dict[EntryId, EntryState] = field(default_factory=dict)

    def sell(self) -> None:
        with self.held.till().writing() as uow:
            sale = self.shop.open_sale(uow)
            previous: NewEntry | None = None
            for _ in range(self.dice.randint(1, 3)):
                depends = previous.entry_id if previous and self.dice.random() < 0.3 else None
                entry = self.shop.entry(
                    sale,
                    due_ms=self.now_ms,
                    depends_on=depends,
                    lane=f"lane{self.dice.randint(1, 5)}",
                )
                uow.outbox.add(entry, self.now_ms)
                self.added.append(entry)
                self.states[entry.entry_id] = EntryState.WAITING
                previous = entry
            self.shop.close_sale(uow, sale)

    def claim(self) -> None:
        request = ClaimRequest(
            mode=MODE, now_ms=self.now_ms, lease_ms=LEASE_MS, limit=self.dice.randint(1, 6),
            everything=self.dice.random() < 0.3,
        )  # fmt: skip
        with self.held.sync().writing() as uow:
            claimed = uow.outbox.claim(request)
        for entry in claimed:
            self.check_claim(entry)
            self.leased[entry.entry_id] = entry

    def check_claim(self, entry: Entry) -> None:
        """Nobody holds it, it leads its lane, and what it depends on is done."""
        before = self.leased.get(entry.entry_id)
        assert before is None or (before.due_ms or 0) <= self.now_ms
        assert self.states[entry.entry_id] in OPEN_STATES
        order = [one.entry_id for one in self.added if one.lane == entry.lane]
        earlier = order[: order.index(entry.entry_id)]
        assert all(self.states[one] not in OPEN_STATES for one in earlier)
        for one in order:
            other = self.leased.get(one)
            assert one == entry.entry_id or other is None or (other.due_ms or 0) <= self.now_ms
        if entry.depends_on is not None:
            assert self.states[entry.depends_on] is EntryState.DELIVERED

    def release(self) -> None:
        if not self.leased:
            return
        entry = self.leased.pop(self.dice.choice(sorted(self.leased)))
        what = self.dice.choice(["deliver", "deliver", "park", "later", "unknown"])
        with self.held.sync().writing() as uow:
            outbox, due_ms = uow.outbox, self.now_ms + self.dice.randint(0, 60_000)
            if what == "deliver":
                done, state = outbox.deliver(entry, self.now_ms), EntryState.DELIVERED
            elif what == "park":
                done, state = outbox.park(entry, "refused", self.now_ms), EntryState.PARKED
            else:
                unknown = what == "unknown"
                done = outbox.later(entry, due_ms, "unreachable", unknown=unknown)
                state = EntryState.UNKNOWN if unknown else EntryState.WAITING
        assert done, "the newest lease of an entry is good until somebody else has one"
        self.states[entry.entry_id] = state

    def retry(self) -> None:
        parked = [key for key, state in self.states.items() if state is EntryState.PARKED]
        if not parked:
            return
        entry_id = self.dice.choice(parked)
        with self.held.till().writing() as uow:
            assert uow.outbox.retry(entry_id, self.now_ms)
        self.states[entry_id] = EntryState.WAITING

    def restart(self) -> None:
        """Leases die with their process."""
        self.held.close()
        self.held = BufferFile.open(self.folder, self.keys, now_ms=self.now_ms)
        self.leased.clear()

    def jump(self) -> None:
        self.now_ms += self.dice.choice([1_000, 20_000, 40_000, 3_600_000])

    def turn_back(self) -> None:
        """The clock goes back an hour, and the engine says so."""
        self.now_ms -= 3_600_000
        with self.held.sync().writing() as uow:
            uow.outbox.hurry(MODE, self.now_ms)

    def check(self) -> None:
        with self.held.till().reading() as uow:
            found = {
                key: entry.state
                for key in self.states
                if (entry := uow.outbox.get(key)) is not None
            }
            counts = uow.outbox.counts(MODE)
        assert found == self.states
        tally = list(self.states.values())
        assert counts.waiting == tally.count(EntryState.WAITING)
        assert counts.unknown == tally.count(EntryState.UNKNOWN)
        assert counts.delivered == tally.count(EntryState.DELIVERED)
        assert counts.parked == tally.count(EntryState.PARKED)

    def finish(self) -> None:
        """With a rail that takes everything, every entry arrives."""
        self.restart()
        for _ in range(10 * len(self.added) + 10):
            if all(state is EntryState.DELIVERED for state in self.states.values()):
                return
            self.retry()
            request = ClaimRequest(
                mode=MODE, now_ms=self.now_ms, lease_ms=LEASE_MS, limit=20, everything=True
            )
            with self.held.sync().writing() as uow:
                for entry in uow.outbox.claim(request):
                    assert uow.outbox.deliver(entry, self.now_ms)
                    self.states[entry.entry_id] = EntryState.DELIVERED
        raise AssertionError("an entry never became claimable")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_lost_doubled_or_out_of_order(tmp_path, keys, new_shop, seed: int) -> None:
    shop = new_shop(seed)
    held = BufferFile.create(tmp_path, keys, device=3, buffer_id=shop.make_id(), now_ms=NOW_MS)
    world = World(folder=tmp_path, keys=keys, shop=shop, dice=random.Random(seed), held=held)
    acts = [world.sell, world.claim, world.claim, world.release, world.release, world.release,
            world.retry, world.jump, world.jump, world.restart, world.turn_back]  # fmt: skip
    weights = [6, 6, 6, 5, 5, 5, 2, 3, 3, 1, 1]
    try:
        for act in world.dice.choices(acts, weights, k=STEPS):
            act()
        world.check()
        world.finish()
        world.check()
        assert len(world.added) > 10
    finally:
        world.held.close()
