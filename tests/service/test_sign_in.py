"""Signing in: a first PIN, wrong tries that slow down, and clocks that are set back."""

from __future__ import annotations

import pytest

from kiosk.errors import LockedOut, PinAlreadySet, PinInvalid, PinWrong
from kiosk.service.sign_in import FREE_TRIES, LOCK_SECONDS, first_start, set_first_pin, sign_in
from tests.service.world import DAY_MS, World

PIN, WRONG = "4711", "0000"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting is what most of these are about; `test_the_real_hash` pays the real price."""
    monkeypatch.setattr("kiosk.service.sign_in._digest", lambda pin, salt: salt + pin.encode())


def try_wrong(world: World) -> int:
    """One wrong PIN; the seconds of the lock it leads to."""
    with pytest.raises(PinWrong):
        sign_in(world.desk, WRONG)
    try:
        sign_in(world.desk, WRONG)
    except LockedOut as locked:
        return int(locked.fields["seconds"])
    except PinWrong:
        return 0
    raise AssertionError("a wrong PIN was taken")


def lock_out(world: World) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(PinWrong):
            sign_in(world.desk, WRONG)


def test_the_first_pin_makes_the_owner(world: World) -> None:
    assert first_start(world.desk)
    owner = set_first_pin(world.desk, PIN)
    assert not first_start(world.desk)
    found = sign_in(world.desk, PIN)
    assert (found.staff_id, found.name, found.role) == (owner, "Owner", "owner")


def test_setting_the_first_pin_is_in_the_journal_without_the_pin(world: World) -> None:
    owner = set_first_pin(world.desk, PIN)
    with world.desk.buffer.reading() as uow:
        line = list(uow.journal.each())[-1]
    assert (line.kind, line.entity_id) == ("pin.set", owner)
    assert PIN not in repr(line.payload)


@pytest.mark.parametrize(
    "pin", ["", "123", "1234567890123", "12a4", " 1234", "1234\n", "१२३४", "²²²²", "-123", "12.4"]
)
def test_a_pin_is_four_to_twelve_plain_digits(world: World, pin: str) -> None:
    with pytest.raises(PinInvalid) as refused:
        set_first_pin(world.desk, pin)
    assert refused.value.fields == {"least": 4, "most": 12}
    assert first_start(world.desk)


@pytest.mark.parametrize("pin", ["0000", "123456789012"])
def test_the_shortest_and_the_longest_pin_open(world: World, pin: str) -> None:
    owner = set_first_pin(world.desk, pin)
    assert sign_in(world.desk, pin).staff_id == owner


def test_the_first_pin_is_set_once(world: World) -> None:
    set_first_pin(world.desk, PIN)
    with pytest.raises(PinAlreadySet):
        set_first_pin(world.desk, "9999")
    assert sign_in(world.desk, PIN).role == "owner"
    with pytest.raises(PinWrong):
        sign_in(world.desk, "9999")


def test_without_staff_no_pin_opens_anything(world: World) -> None:
    for pin in (PIN, "", "0000"):
        with pytest.raises(PinWrong):
            sign_in(world.desk, pin)


def test_a_wrong_pin_says_how_many_tries_are_left(world: World) -> None:
    set_first_pin(world.desk, PIN)
    left = []
    for _ in range(FREE_TRIES):
        with pytest.raises(PinWrong) as refused:
            sign_in(world.desk, WRONG)
        left.append(refused.value.fields["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(LockedOut) as locked:
        sign_in(world.desk, WRONG)
    assert locked.value.fields == {"seconds": LOCK_SECONDS[0]}


def test_even_the_right_pin_waits_for_the_lock_to_end(world: World) -> None:
    set_first_pin(world.desk, PIN)
    lock_out(world)
    world.clock.at_ms += LOCK_SECONDS[0] * 1000 - 1
    with pytest.raises(LockedOut) as locked:
        sign_in(world.desk, PIN)
    assert locked.value.fields == {"seconds": 1}
    world.clock.at_ms += 1
    assert sign_in(world.desk, PIN).role == "owner"


def test_each_further_wrong_pin_locks_for_longer_up_to_a_most(world: World) -> None:
    set_first_pin(world.desk, PIN)
    lock_out(world)
    seconds, locks = LOCK_SECONDS[0], []
    for _ in range(7):
        world.clock.at_ms += seconds * 1000
        seconds = try_wrong(world)
        locks.append(seconds)
    assert locks == [60, 120, 300, 900, 900, 900, 900]


def test_wrong_tries_are_remembered_over_a_restart(world: World) -> None:
    set_first_pin(world.desk, PIN)
    for _ in range(FREE_TRIES):
        with pytest.raises(PinWrong):
            sign_in(world.reopen(), WRONG)
    with pytest.raises(LockedOut):
        sign_in(world.reopen(), PIN)


def test_the_right_pin_ends_the_count(world: World) -> None:
    set_first_pin(world.desk, PIN)
    for _ in range(3):
        for _ in range(FREE_TRIES - 1):
            with pytest.raises(PinWrong):
                sign_in(world.desk, WRONG)
        assert sign_in(world.desk, PIN).role == "owner"


@pytest.mark.parametrize("back_ms", [60_000, 600_000, DAY_MS, 730 * DAY_MS])
def test_a_clock_set_back_locks_nobody_out_for_longer(world: World, back_ms: int) -> None:
    set_first_pin(world.desk, PIN)
    lock_out(world)
    world.clock.at_ms -= back_ms
    assert sign_in(world.desk, PIN).role == "owner"


def test_a_clock_set_back_does_not_give_tries_without_end(world: World) -> None:
    """The lock of a clock that ran two years ahead must not stand in the way of the next lock."""
    set_first_pin(world.desk, PIN)
    world.clock.at_ms += 730 * DAY_MS
    lock_out(world)
    world.clock.at_ms -= 730 * DAY_MS
    assert try_wrong(world) == 60
    with pytest.raises(LockedOut):
        sign_in(world.desk, PIN)
    world.clock.at_ms += 60_000
    assert sign_in(world.desk, PIN).role == "owner"


def test_a_refused_pin_writes_nothing_but_the_count(world: World) -> None:
    set_first_pin(world.desk, PIN)
    before = world.facts()
    lock_out(world)
    assert world.facts() == before


def test_the_real_hash(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    set_first_pin(world.desk, PIN)
    assert sign_in(world.desk, PIN).role == "owner"
    with pytest.raises(PinWrong):
        sign_in(world.desk, WRONG)
    with world.desk.buffer.reading() as uow:
        (row,) = uow.staff.all()
    assert (len(row.pin_salt), len(row.pin_hash)) == (16, 32)
    assert PIN.encode() not in row.pin_hash + row.pin_salt
