"""How an entry's work ends and begins again: what is kept of it, and what starts from nothing."""

from __future__ import annotations

import dataclasses

import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.ids import EntryId
from kiosk.domain.outbox import Attempt, Entry, EntryState, Outcome, RailMode, Topic
from kiosk.errors import StoreCorrupt

NOW_MS = 1_800_000_000_000
LEASE_MS = 60_000
MODE = RailMode.PRACTICE


def claim(
    buffer: Buffer, now_ms: int = NOW_MS, mode: RailMode = MODE, limit: int = 10
) -> tuple[Entry, ...]:
    request = ClaimRequest(mode=mode, now_ms=now_ms, lease_ms=LEASE_MS, limit=limit)
    with buffer.writing() as uow:
        return uow.outbox.claim(request)


def take(buffer: Buffer, now_ms: int = NOW_MS) -> Entry:
    (entry,) = claim(buffer, now_ms, limit=1)
    return entry


def take_in(uow: UnitOfWork) -> Entry:
    (entry,) = uow.outbox.claim(ClaimRequest(mode=MODE, now_ms=NOW_MS, lease_ms=LEASE_MS, limit=1))
    return entry


def get(buffer: Buffer, entry_id: EntryId) -> Entry:
    with buffer.reading() as uow:
        found = uow.outbox.get(entry_id)
    assert found is not None
    return found


def column(buffer: Buffer, sql: str, *values: object) -> object:
    with buffer.reading() as uow:
        return uow.sales._session.connection.execute(sql, values).fetchone()[0]


def counts(buffer: Buffer, mode: RailMode = MODE):
    with buffer.reading() as uow:
        return uow.outbox.counts(mode)


# ---------------------------------------------------------------- one entry's end


def test_an_entry_carries_no_old_trouble_once_it_is_delivered(till: Buffer, shop) -> None:
    shop.sell(till)
    with till.writing() as uow:
        uow.outbox.later(take_in(uow), NOW_MS + 1, "lost:timeout")
    entry = take(till, NOW_MS + 1)
    assert entry.reason == "lost:timeout"
    with till.writing() as uow:
        assert uow.outbox.deliver(entry, NOW_MS + 7)
    done = get(till, entry.entry_id)
    assert (done.state, done.reason) == (EntryState.DELIVERED, None)
    assert (done.due_ms, done.lease_token) == (None, None)
    assert column(till, "SELECT closed_ms FROM outbox") == NOW_MS + 7


def test_the_staff_see_when_an_entry_was_parked_and_nobody_holds_it(till: Buffer, shop) -> None:
    shop.sell(till)
    entry = take(till)
    with till.writing() as uow:
        assert uow.outbox.park(entry, "refused:card_declined", NOW_MS + 3)
    parked = get(till, entry.entry_id)
    assert (parked.lease_token, parked.due_ms) == (None, None)
    assert column(till, "SELECT closed_ms FROM outbox") == NOW_MS + 3


def test_what_staff_send_again_starts_with_the_shortest_back_off(till: Buffer, shop) -> None:
    shop.sell(till)
    taken = [take(till, NOW_MS + late * LEASE_MS) for late in range(4)]
    entry = taken[-1]
    assert [one.attempts for one in taken] == [1, 2, 3, 4]
    with till.writing() as uow:
        uow.outbox.park(entry, "refused", NOW_MS)
        assert uow.outbox.retry(entry.entry_id, NOW_MS + 9)
    again = get(till, entry.entry_id)
    assert (again.state, again.due_ms, again.attempts) == (EntryState.WAITING, NOW_MS + 9, 0)
    assert column(till, "SELECT closed_ms FROM outbox") is None
    assert take(till, NOW_MS + 9).attempts == 1


def test_a_parked_entry_is_counted_once_however_often_it_is_parked(till: Buffer, shop) -> None:
    shop.sell(till)
    for round_ms in (NOW_MS, NOW_MS + 10):
        entry = take(till, round_ms)
        with till.writing() as uow:
            uow.outbox.park(entry, "refused", round_ms)
        assert (counts(till).parked, counts(till).waiting) == (1, 0)
        with till.writing() as uow:
            assert uow.outbox.retry(entry.entry_id, round_ms)
            assert not uow.outbox.retry(entry.entry_id, round_ms)
    assert (counts(till).parked, counts(till).waiting) == (0, 1)


def test_an_unknown_entry_becomes_plain_waiting_when_nothing_was_sent(till: Buffer, shop) -> None:
    shop.sell(till)
    with till.writing() as uow:
        uow.outbox.later(take_in(uow), NOW_MS, "lost", unknown=True)
    assert (counts(till).unknown, counts(till).waiting) == (1, 0)
    with till.writing() as uow:
        uow.outbox.later(take_in(uow), NOW_MS, "not_sent")
    assert (counts(till).unknown, counts(till).waiting) == (0, 1)


@pytest.mark.parametrize("release", ["deliver", "park", "later"])
def test_an_entry_nobody_claimed_cannot_be_closed(till: Buffer, shop, release: str) -> None:
    sale = shop.sell(till)
    values = {"deliver": (1,), "park": ("refused", 1), "later": (1, "lost")}[release]
    with till.writing() as uow:
        (entry,) = uow.outbox.of_sale(sale.sale_id)
        with pytest.raises(AssertionError, match="claimed before"):
            getattr(uow.outbox, release)(entry, *values)
        assert uow.outbox.get(entry.entry_id) == entry


def test_one_lease_does_not_close_another_entry(till: Buffer, shop) -> None:
    shop.sell(till)
    shop.sell(till)
    first, second = claim(till)
    forged = dataclasses.replace(first, lease_token=second.lease_token)
    with till.writing() as uow:
        assert not uow.outbox.deliver(forged, NOW_MS)
        assert uow.outbox.get(first.entry_id) == first
        assert uow.outbox.get(second.entry_id) == second


def test_what_a_dead_process_held_is_not_its_own_any_more(till: Buffer, shop) -> None:
    """The old process may still be writing its last line when the new one has begun."""
    shop.sell(till)
    shop.sell(till, mode=RailMode.LIVE)
    dead = take(till)
    claim(till, mode=RailMode.LIVE)
    with till.writing() as uow:
        assert uow.outbox.break_leases(NOW_MS + 2) == 2  # whatever mode the next engine has
        assert not uow.outbox.deliver(dead, NOW_MS + 3)
    freed = get(till, dead.entry_id)
    assert (freed.state, freed.due_ms, freed.lease_token) == (
        EntryState.WAITING, NOW_MS + 2, None,
    )  # fmt: skip
    assert freed.attempts == 1
    with till.writing() as uow:
        assert uow.outbox.break_leases(NOW_MS + 4) == 0


# ---------------------------------------------------------------- the whole queue


def test_hurrying_leaves_the_other_modes_and_what_is_due_alone(till: Buffer, shop) -> None:
    late = {"entry": {"due_ms": NOW_MS + 5000}}
    shop.sell(till, **late)
    shop.sell(till)
    live = shop.sell(till, mode=RailMode.LIVE, **late)
    with till.writing() as uow:
        assert uow.outbox.hurry(MODE, NOW_MS) == 1
        assert uow.outbox.hurry(MODE, NOW_MS) == 0
        (other,) = uow.outbox.of_sale(live.sale_id)
    assert other.due_ms == NOW_MS + 5000


def test_hurrying_forgets_how_often_it_was_in_vain(till: Buffer, shop) -> None:
    shop.sell(till)
    *_, entry = (take(till, NOW_MS + turn * LEASE_MS) for turn in range(5))
    with till.writing() as uow:
        uow.outbox.later(entry, NOW_MS + 10**7, "not_sent:offline")
        uow.outbox.hurry(MODE, NOW_MS)
    assert take(till).attempts == 1


def test_claimed_entries_come_in_the_order_of_their_sales(till: Buffer, shop) -> None:
    """The longest due is taken first, and what was taken is worked on in the order of commits."""
    sales = [shop.sell(till, entry={"due_ms": NOW_MS - due}) for due in (1, 9, 5)]
    assert [entry.sale_id for entry in claim(till)] == [sale.sale_id for sale in sales]


def test_of_two_due_at_once_the_older_sale_is_taken(till: Buffer, shop) -> None:
    first, _second = shop.sell(till), shop.sell(till)
    assert [entry.sale_id for entry in claim(till, limit=1)] == [first.sale_id]


def test_a_claimed_entry_says_what_it_depends_on_and_when_it_was_made(till: Buffer, shop) -> None:
    bill = EntryId(shop.make_id())
    with till.writing() as uow:
        sale = shop.open_sale(uow)
        uow.outbox.add(shop.entry(sale, entry_id=bill), NOW_MS - 3)
        watch = shop.entry(sale, topic=Topic.WATCH, lane="w", depends_on=bill)
        uow.outbox.add(watch, NOW_MS - 2)
        shop.close_sale(uow, sale)
    entry = take(till)
    assert (entry.created_ms, entry.depends_on) == (NOW_MS - 3, None)
    with till.writing() as uow:
        uow.outbox.deliver(entry, NOW_MS)
    watching = take(till)
    assert (watching.entry_id, watching.depends_on) == (watch.entry_id, bill)
    assert watching.created_ms == NOW_MS - 2


def test_the_oldest_that_waits_is_never_one_that_only_watches(till: Buffer, shop) -> None:
    """A member has weeks to pay an invoice: that is nothing staff should worry about."""
    with till.writing() as uow:
        sale = shop.open_sale(uow)
        uow.outbox.add(shop.entry(sale, topic=Topic.WATCH, lane="w"), NOW_MS - 9)
        shop.close_sale(uow, sale)
    assert counts(till).oldest_waiting_ms is None
    shop.sell(till)
    assert counts(till).oldest_waiting_ms == NOW_MS
    watch = next(entry for entry in claim(till) if entry.topic is Topic.WATCH)
    with till.writing() as uow:
        uow.outbox.later(watch, NOW_MS, "lost", unknown=True)
    assert counts(till).oldest_waiting_ms == NOW_MS - 9  # nobody knows what became of it


def test_the_next_due_instant_is_the_earliest_of_all_lanes(till: Buffer, shop) -> None:
    for late in (900, 300, 600):
        shop.sell(till, entry={"due_ms": NOW_MS + late})
    with till.reading() as uow:
        assert uow.outbox.next_due_ms(MODE) == NOW_MS + 300


def test_what_waits_for_a_parked_entry_is_never_the_next_due(till: Buffer, shop) -> None:
    bill = EntryId(shop.make_id())
    with till.writing() as uow:
        sale = shop.open_sale(uow)
        uow.outbox.add(shop.entry(sale, entry_id=bill), NOW_MS)
        uow.outbox.add(shop.entry(sale, topic=Topic.WATCH, lane="w", depends_on=bill), NOW_MS)
        shop.close_sale(uow, sale)
    entry = take(till)
    with till.writing() as uow:
        uow.outbox.park(entry, "refused", NOW_MS)
        assert uow.outbox.next_due_ms(MODE) is None


def test_the_staff_s_list_is_of_one_mode(till: Buffer, shop) -> None:
    sale, live = shop.sell(till), shop.sell(till, mode=RailMode.LIVE)
    with till.reading() as uow:
        (here,) = uow.outbox.listed(MODE, None, 9)
        (there,) = uow.outbox.listed(RailMode.LIVE, EntryState.WAITING, 9)
        assert uow.outbox.listed(MODE, EntryState.UNKNOWN, 9) == ()
    assert (here.sale_id, there.sale_id) == (sale.sale_id, live.sale_id)
    assert (here.topic, here.state, here.currency) == (Topic.INVOICE, EntryState.WAITING, "eur")
    assert (here.created_ms, here.attempts, here.reason) == (NOW_MS, 0, None)


# ---------------------------------------------------------------- what is sealed


def tampered(buffer: Buffer, trigger: str, sql: str, *values: object) -> None:
    with buffer.writing() as uow:
        connection = uow.sales._session.connection
        connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(sql, values)


def test_a_member_s_details_open_in_their_own_entry_only(till: Buffer, shop) -> None:
    """Two entries of one member share a key, and still neither can pose as the other."""
    maria = shop.member()
    first, second = shop.sell(till, maria), shop.sell(till, maria)
    tampered(
        till, "outbox_frozen",
        "UPDATE outbox SET sealed = (SELECT sealed FROM outbox WHERE sale_id = ?)"
        " WHERE sale_id = ?",
        first.sale_id, second.sale_id,
    )  # fmt: skip
    with till.reading() as uow:
        assert uow.outbox.of_sale(first.sale_id)[0].person is not None
        with pytest.raises(StoreCorrupt):
            uow.outbox.of_sale(second.sale_id)


@pytest.mark.parametrize("change", ["name = 'refund'", "generation = 2"])
def test_what_is_sent_was_frozen_for_this_step_and_generation(till: Buffer, shop, change) -> None:
    shop.sell(till)
    entry = take(till)
    with till.writing() as uow:
        uow.outbox.freeze(entry, "invoice", 1, {"amount": 2500}, "kp1-3-sale-invoice-g1")
        assert uow.outbox.steps(entry)["invoice"].params == {"amount": 2500}
    tampered(till, "outbox_steps_frozen", f"UPDATE outbox_steps SET {change}")
    with till.reading() as uow, pytest.raises(StoreCorrupt):
        uow.outbox.steps(entry)


# ---------------------------------------------------------------- attempts


@pytest.fixture
def entry(till: Buffer, shop) -> Entry:
    shop.sell(till)
    return take(till)


def attempts(buffer: Buffer) -> list[tuple[object, ...]]:
    with buffer.reading() as uow:
        return uow.sales._session.connection.execute(
            "SELECT attempt_no, step, generation, started_ms, finished_ms, outcome, http_status,"
            " request_id, detail FROM outbox_attempts ORDER BY entry_seq, attempt_no"
        ).fetchall()


def freeze(buffer: Buffer, entry: Entry, name: str, generation: int = 1) -> None:
    with buffer.writing() as uow:
        uow.outbox.freeze(entry, name, generation, {}, f"kp1-{entry.seq}-sale-{name}-g{generation}")


@pytest.fixture
def other(till: Buffer, shop, entry: Entry) -> Entry:
    """A second entry; both have the same two steps."""
    shop.sell(till)
    second = take(till)
    for one in (entry, second):
        freeze(till, one, "customer")
        freeze(till, one, "invoice")
    return second


def test_an_attempt_is_kept_with_its_instants_and_the_rail_s_own_words(till, entry) -> None:
    freeze(till, entry, "customer")
    with till.writing() as uow:
        number = uow.outbox.sending(entry, "customer", NOW_MS + 1)
        told = Attempt(
            outcome=Outcome.REFUSED, http_status=402, request_id="req_9", detail="card_declined"
        )
        uow.outbox.answered(entry, number, told, NOW_MS + 4)
    assert attempts(till) == [
        (1, "customer", 1, NOW_MS + 1, NOW_MS + 4, "refused", 402, "req_9", "card_declined")
    ]


def test_attempts_are_numbered_through_all_steps_of_one_entry(till, entry, shop) -> None:
    for name in ("customer", "invoice"):
        freeze(till, entry, name)
    with till.writing() as uow:
        assert uow.outbox.sending(entry, "customer", NOW_MS) == 1
        assert uow.outbox.sending(entry, "invoice", NOW_MS) == 2
        assert uow.outbox.sending(entry, "customer", NOW_MS) == 3
        assert uow.outbox.unfinished_attempts(entry) == (
            (1, "customer"), (2, "invoice"), (3, "customer"),
        )  # fmt: skip
    shop.sell(till)
    other = take(till)
    freeze(till, other, "customer")
    with till.writing() as uow:
        assert uow.outbox.sending(other, "customer", NOW_MS) == 1
        assert uow.outbox.unfinished_attempts(other) == ((1, "customer"),)


def test_an_answer_touches_its_own_step_of_its_own_entry(till, entry, other) -> None:
    with till.writing() as uow:
        number = uow.outbox.sending(entry, "customer", NOW_MS)
        uow.outbox.sending(other, "customer", NOW_MS)
        told = Attempt(outcome=Outcome.UNKNOWN, detail="http_500")
        uow.outbox.answered(entry, number, told, NOW_MS, suspect=True)
        mine, others = uow.outbox.steps(entry), uow.outbox.steps(other)
        assert uow.outbox.unfinished_attempts(other) == ((1, "customer"),)
    assert (mine["customer"].suspect, mine["customer"].last_error) == (True, "http_500")
    for step in (mine["invoice"], others["customer"], others["invoice"]):
        assert (step.suspect, step.last_error) == (False, None)
    assert mine["invoice"].first_sent_ms is None


def test_a_doubt_and_an_id_are_kept_for_their_own_step(till, entry, other) -> None:
    with till.writing() as uow:
        uow.outbox.mark_suspect(entry, "customer")
        uow.outbox.keep_remote_id(entry, "invoice", "in_1")
        mine, others = uow.outbox.steps(entry), uow.outbox.steps(other)
    assert (mine["customer"].suspect, mine["customer"].remote_id) == (True, None)
    assert (mine["invoice"].suspect, mine["invoice"].remote_id) == (False, "in_1")
    assert {step.remote_id for step in others.values()} == {None}
    assert {step.suspect for step in others.values()} == {False}


def test_a_good_answer_does_not_wash_a_doubt_away(till, entry) -> None:
    """Only the id does, or a new generation: a first send may still be under way over there."""
    freeze(till, entry, "invoice")
    with till.writing() as uow:
        for suspect in (True, False):
            number = uow.outbox.sending(entry, "invoice", NOW_MS)
            told = Attempt(outcome=Outcome.LATER, detail="lock_timeout")
            uow.outbox.answered(entry, number, told, NOW_MS, suspect=suspect)
        assert uow.outbox.steps(entry)["invoice"].suspect
