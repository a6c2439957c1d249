"""The outbox: lanes in strict order, nothing held back by a bad entry, nothing lost."""

from __future__ import annotations

import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.outbox_rows import CLAIM_ALL, CLAIM_DUE, NEXT_DUE
from kiosk.buffer.sales import PROVISIONAL_SQL
from kiosk.domain.ids import EntryId
from kiosk.domain.outbox import Entry, EntryState, NewEntry, RailMode, Topic
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import TenderKind

NOW_MS = 1_800_000_000_000
LEASE_MS = 60_000
MODE = RailMode.PRACTICE


def claim(buffer: Buffer, now_ms: int = NOW_MS, **changes) -> tuple[Entry, ...]:
    request = {"mode": MODE, "now_ms": now_ms, "lease_ms": LEASE_MS, "limit": 10, **changes}
    with buffer.writing() as uow:
        return uow.outbox.claim(ClaimRequest(**request))


def sell_with(buffer: Buffer, shop, *entries: dict[str, object]) -> tuple[Sale, list[NewEntry]]:
    with buffer.writing() as uow:
        sale = shop.open_sale(uow)
        made = [shop.entry(sale, **changes) for changes in entries]
        for entry in made:
            uow.outbox.add(entry, NOW_MS)
        shop.close_sale(uow, sale)
    return sale, made


def do(buffer: Buffer, name: str, *values, **more) -> bool:
    with buffer.writing() as uow:
        return bool(getattr(uow.outbox, name)(*values, **more))


def ids(entries) -> list[EntryId]:
    return [entry.entry_id for entry in entries]


def test_an_entry_comes_out_as_it_went_in(till: Buffer, shop) -> None:
    sale, (new,) = sell_with(till, shop, {"intent": {"total_minor": 2500, "words": "ñ"}})
    (entry,) = claim(till)
    assert (entry.entry_id, entry.sale_id, entry.member_id) == (
        new.entry_id, sale.sale_id, sale.member_id,
    )  # fmt: skip
    assert entry.intent == new.intent
    assert entry.person == new.person
    assert (entry.topic, entry.mode, entry.lane) == (new.topic, new.mode, new.lane)
    assert entry.state is EntryState.WAITING
    assert entry.due_ms == NOW_MS + LEASE_MS
    assert entry.attempts == 1
    assert entry.lease_token


def test_what_is_leased_is_not_claimed_again_until_the_lease_ends(till: Buffer, shop) -> None:
    sell_with(till, shop, {})
    (first,) = claim(till)
    assert claim(till) == ()
    assert claim(till, NOW_MS + LEASE_MS - 1) == ()
    (again,) = claim(till, NOW_MS + LEASE_MS)
    assert again.entry_id == first.entry_id
    assert again.lease_token != first.lease_token


def test_what_is_not_due_waits(till: Buffer, shop) -> None:
    sell_with(till, shop, {"due_ms": NOW_MS + 1})
    assert claim(till) == ()
    assert len(claim(till, NOW_MS + 1)) == 1


def test_a_lane_is_carried_in_order_and_lanes_side_by_side(till: Buffer, shop) -> None:
    _, (first, second) = sell_with(till, shop, {}, {})
    _, (other,) = sell_with(till, shop, {})
    claimed = claim(till)
    assert ids(claimed) == [first.entry_id, other.entry_id]
    assert do(till, "deliver", claimed[0], NOW_MS)
    assert ids(claim(till)) == [second.entry_id]


def test_a_back_off_holds_its_lane_but_no_other(till: Buffer, shop) -> None:
    _, (first, second) = sell_with(till, shop, {}, {})
    (entry,) = claim(till)
    assert do(till, "later", entry, NOW_MS + 5000, "unreachable")
    assert claim(till, NOW_MS + 4999) == ()
    assert ids(claim(till, NOW_MS + 5000)) == [first.entry_id]
    _, (other,) = sell_with(till, shop, {})
    assert ids(claim(till)) == [other.entry_id]
    assert second.entry_id not in ids(claim(till))


def test_a_parked_entry_never_blocks_its_lane(till: Buffer, shop) -> None:
    _, (first, second) = sell_with(till, shop, {}, {})
    (entry,) = claim(till)
    assert do(till, "park", entry, "refused", NOW_MS)
    assert ids(claim(till)) == [second.entry_id]
    with till.reading() as uow:
        parked = uow.outbox.get(first.entry_id)
    assert parked is not None
    assert (parked.state, parked.reason, parked.due_ms) == (EntryState.PARKED, "refused", None)


def test_an_entry_waits_for_what_it_depends_on(till: Buffer, shop) -> None:
    bill_id = EntryId(shop.make_id())
    _, (bill, watch) = sell_with(
        till, shop, {"entry_id": bill_id},
        {"topic": Topic.WATCH, "lane": "watch:1", "depends_on": bill_id},
    )  # fmt: skip
    (entry,) = claim(till)
    assert entry.entry_id == bill.entry_id
    assert do(till, "park", entry, "refused", NOW_MS)
    assert claim(till) == ()
    assert do(till, "retry", bill.entry_id, NOW_MS)
    (again,) = claim(till)
    assert do(till, "deliver", again, NOW_MS)
    assert ids(claim(till)) == [watch.entry_id]


def test_entries_of_another_mode_are_never_claimed_and_block_nothing(till: Buffer, shop) -> None:
    member = shop.member()
    shop.sell(till, member)
    live = shop.sell(till, member, mode=RailMode.LIVE)
    (entry,) = claim(till, mode=RailMode.LIVE)
    assert entry.sale_id == live.sale_id
    assert claim(till, mode=RailMode.LIVE, everything=True) == ()
    assert claim(till, mode=RailMode.TEST, everything=True) == ()


def test_everything_means_whatever_its_back_off_once_for_each_call(till: Buffer, shop) -> None:
    _, (new,) = sell_with(till, shop, {"due_ms": NOW_MS + 10**9})
    assert claim(till) == ()
    (entry,) = claim(till, everything=True)
    assert claim(till, everything=True) == ()  # leased
    assert do(till, "later", entry, NOW_MS + 10**9, "unreachable")
    assert claim(till, everything=True, seen=frozenset({new.entry_id})) == ()
    assert ids(claim(till, everything=True)) == [new.entry_id]


def test_everything_takes_a_lease_that_has_run_out(till: Buffer, shop) -> None:
    sell_with(till, shop, {})
    (entry,) = claim(till)
    (again,) = claim(till, NOW_MS + LEASE_MS, everything=True)
    assert again.entry_id == entry.entry_id


def test_a_claim_takes_no_more_than_its_limit_and_the_longest_due_first(till: Buffer, shop) -> None:
    made = [sell_with(till, shop, {"due_ms": NOW_MS - late})[1][0] for late in (1, 3, 2)]
    claimed = claim(till, limit=2)
    assert set(ids(claimed)) == {made[1].entry_id, made[2].entry_id}


def test_two_of_a_lane_are_never_under_way_at_once(till: Buffer, shop) -> None:
    _, (first, second) = sell_with(till, shop, {}, {})
    (entry,) = claim(till)
    do(till, "park", entry, "refused", NOW_MS)
    (other,) = claim(till)
    assert other.entry_id == second.entry_id
    do(till, "retry", first.entry_id, NOW_MS)
    assert claim(till) == claim(till, everything=True) == ()
    with till.reading() as uow:
        assert uow.outbox.next_due_ms(MODE) == NOW_MS + LEASE_MS
    assert ids(claim(till, NOW_MS + LEASE_MS)) == [first.entry_id]  # a lease that ran out is none


def test_an_entry_sent_on_again_goes_before_the_rest_of_its_lane(till: Buffer, shop) -> None:
    _, (first, second) = sell_with(till, shop, {}, {})
    do(till, "park", claim(till)[0], "refused", NOW_MS)
    (other,) = claim(till)
    do(till, "retry", first.entry_id, NOW_MS)
    do(till, "later", other, NOW_MS, "unreachable")
    (again,) = claim(till)
    assert again.entry_id == first.entry_id
    do(till, "deliver", again, NOW_MS)
    assert ids(claim(till)) == [second.entry_id]


@pytest.mark.parametrize("release", ["deliver", "park", "later"])
def test_a_lost_lease_changes_nothing(till: Buffer, shop, release: str) -> None:
    sell_with(till, shop, {})
    (lost,) = claim(till)
    (held,) = claim(till, NOW_MS + LEASE_MS)
    values = {"deliver": (1,), "park": ("refused", 1), "later": (1, "unreachable")}[release]
    assert do(till, release, lost, *values) is False
    with till.reading() as uow:
        assert uow.outbox.get(held.entry_id) == held
    assert do(till, release, held, *values) is True
    assert do(till, release, held, *values) is False


def test_unknown_is_a_state_that_is_tried_again(till: Buffer, shop) -> None:
    _, (new,) = sell_with(till, shop, {})
    (entry,) = claim(till)
    assert do(till, "later", entry, NOW_MS + 1, "lost", unknown=True)
    with till.reading() as uow:
        assert uow.outbox.counts(MODE).unknown == 1
    (again,) = claim(till, NOW_MS + 1)
    assert again.state is EntryState.UNKNOWN
    assert again.attempts == 2
    assert again.entry_id == new.entry_id


def test_only_what_is_parked_can_be_retried(till: Buffer, shop) -> None:
    _, (new,) = sell_with(till, shop, {})
    assert do(till, "retry", new.entry_id, NOW_MS) is False
    (entry,) = claim(till)
    do(till, "deliver", entry, NOW_MS)
    assert do(till, "retry", new.entry_id, NOW_MS) is False
    assert claim(till, everything=True) == ()


def test_leases_of_a_dead_process_are_broken_and_no_back_off_is(till: Buffer, shop) -> None:
    sell_with(till, shop, {})
    sell_with(till, shop, {"due_ms": NOW_MS + 5000})
    claim(till)
    assert do(till, "break_leases", NOW_MS + 1) == 1
    assert len(claim(till, NOW_MS + 1)) == 1


def test_a_clock_far_ahead_at_the_start_does_not_put_off_what_was_leased(till, shop) -> None:
    sell_with(till, shop, {})
    claim(till)
    do(till, "break_leases", NOW_MS + 10**11)
    assert len(claim(till, NOW_MS + LEASE_MS)) == 1


def test_hurrying_ends_every_back_off_but_no_lease(till: Buffer, shop) -> None:
    sell_with(till, shop, {"due_ms": NOW_MS + 10**9})
    sell_with(till, shop, {})
    (leased,) = claim(till)
    assert do(till, "hurry", MODE, NOW_MS) == 1
    (entry,) = claim(till)
    assert entry.entry_id != leased.entry_id
    assert entry.attempts == 1


def test_the_next_due_instant_is_that_of_something_claimable(till: Buffer, shop) -> None:
    with till.reading() as uow:
        assert uow.outbox.next_due_ms(MODE) is None
    _, (first, _) = sell_with(till, shop, {"due_ms": NOW_MS + 700}, {"due_ms": NOW_MS})
    with till.reading() as uow:
        assert uow.outbox.next_due_ms(MODE) == NOW_MS + 700
    (entry,) = claim(till, NOW_MS + 700)
    assert entry.entry_id == first.entry_id
    do(till, "park", entry, "refused", NOW_MS)
    with till.reading() as uow:
        assert uow.outbox.next_due_ms(MODE) == NOW_MS
        assert uow.outbox.next_due_ms(RailMode.LIVE) is None


def test_counts_tell_waiting_from_watching(till: Buffer, shop) -> None:
    sell_with(till, shop, {}, {}, {"topic": Topic.WATCH, "lane": "w"})
    sell_with(till, shop, {})
    first, *_ = claim(till)
    do(till, "deliver", first, NOW_MS)
    second, *_ = claim(till)
    do(till, "park", second, "refused", NOW_MS)
    with till.reading() as uow:
        counts = uow.outbox.counts(MODE)
        assert (counts.waiting, counts.watching) == (1, 1)
        assert (counts.unknown, counts.delivered, counts.parked) == (0, 1, 1)
        assert counts.oldest_waiting_ms == NOW_MS
        empty = uow.outbox.counts(RailMode.LIVE)
        assert (empty.waiting, empty.delivered, empty.oldest_waiting_ms) == (0, 0, None)


def test_the_staff_s_list_has_no_person_in_it(till: Buffer, shop) -> None:
    sales = [sell_with(till, shop, {})[0] for _ in range(3)]
    entry, *_ = claim(till, limit=1)
    do(till, "park", entry, "refused", NOW_MS)
    with till.reading() as uow:
        listed = uow.outbox.listed(MODE, None, 2)
        assert [one.sale_id for one in listed] == [sales[2].sale_id, sales[1].sale_id]
        assert [one.sale_id for one in uow.outbox.listed(MODE, None, 2, 2)] == [sales[0].sale_id]
        (parked,) = uow.outbox.listed(MODE, EntryState.PARKED, 10)
        assert (parked.sale_id, parked.reason, parked.amount_minor) == (
            sales[0].sale_id, "refused", 2500,
        )  # fmt: skip
        assert parked.receipt_number == sales[0].receipt_number
        assert "Maria" not in repr(uow.outbox.listed(MODE, None, 10))
        assert "maria@" not in repr(uow.outbox.of_sale(sales[0].sale_id))


def test_an_entry_of_an_erased_member_has_no_person(till: Buffer, shop) -> None:
    sale, _ = sell_with(till, shop, {})
    with till.writing() as uow:
        uow.people.erase(sale.member_id, NOW_MS)
    (entry,) = claim(till)
    assert entry.person is None


def finding(sale: Sale, kind: FindingKind) -> Finding:
    return Finding(
        kind=kind, sale_id=sale.sale_id, remote_id="cs_1",
        amount_minor=2500, currency="eur", at_ms=NOW_MS,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        (FindingKind.PAID_EXACTLY, 0),
        (FindingKind.UNPAID_AT_GRACE, 0),
        (FindingKind.UNDERPAID, 2500),
        (FindingKind.PROCESSING, 2500),
        (FindingKind.WRONG_CURRENCY, 2500),
    ],
)
def test_exposure_ends_with_a_closing_finding(till, shop, kind: FindingKind, left: int) -> None:
    watch = {"topic": Topic.WATCH, "lane": "w"}
    sale = shop.sell(till, tender=TenderKind.SCAN_TO_PAY, entry=watch)
    shop.sell(till)  # cash is in hand
    with till.writing() as uow:
        assert uow.sales.provisional_minor(MODE, "eur") == 2500
        assert uow.sales.waiting_for_payment(MODE, 9) == (sale,)
        assert uow.sales.provisional_minor(RailMode.LIVE, "eur") == 0
        assert uow.sales.record_finding(finding(sale, kind), MODE)
        assert uow.sales.provisional_minor(MODE, "eur") == left
        assert len(uow.sales.waiting_for_payment(MODE, 9)) == (1 if left else 0)


def test_a_sale_with_two_watches_counts_once_and_until_both_are_done(till: Buffer, shop) -> None:
    sell_with(till, shop, {"topic": Topic.WATCH, "lane": "a"}, {"topic": Topic.WATCH, "lane": "b"})
    for expected in (2500, 2500):
        with till.reading() as uow:
            assert uow.sales.provisional_minor(MODE, "eur") == expected
        do(till, "deliver", claim(till, limit=1)[0], NOW_MS)
    with till.reading() as uow:
        assert uow.sales.provisional_minor(MODE, "eur") == 0


def test_a_parked_watch_still_counts_as_given_on_trust(till: Buffer, shop) -> None:
    sell_with(till, shop, {"topic": Topic.WATCH, "lane": "a"})
    (entry,) = claim(till)
    do(till, "park", entry, "refused", NOW_MS)
    with till.reading() as uow:
        assert uow.sales.provisional_minor(MODE, "eur") == 2500


CLAIM_VALUES = {"mode": "live", "now": 1, "lease": 1, "limit": 5, "seen": "[]"}


@pytest.mark.parametrize(
    ("sql", "values", "index"),
    [
        (CLAIM_DUE, CLAIM_VALUES, "outbox_due (mode=? AND due_ms>? AND due_ms<?)"),
        (CLAIM_ALL, CLAIM_VALUES, "outbox_due (mode=?"),
        (NEXT_DUE, ("live",), "outbox_due (mode=?"),
        (PROVISIONAL_SQL, ("live", "eur"), "outbox_watched (mode=?"),
        ("SELECT count(*) FROM outbox WHERE mode = ? AND state = 'parked'", ("live",),
         "outbox_parked (mode=?"),
        ("SELECT max(created_ms) FROM outbox WHERE mode = ? AND due_ms IS NOT NULL", ("live",),
         "outbox_due (mode=?"),
        ("UPDATE outbox SET due_ms = 1 WHERE lease_token IS NOT NULL", (), "outbox_leased"),
    ],
)  # fmt: skip
def test_no_poll_ever_reads_the_whole_outbox(till: Buffer, sql: str, values, index: str) -> None:
    with till.reading() as uow:
        connection = uow.sales._session.connection
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert any(index in step for step in plan), plan
    whole = ("SCAN outbox", "SCAN o", "SCAN b", "SCAN d", "SCAN sales", "SCAN f", "TEMP B-TREE")
    scans = [step for step in plan if step.startswith(whole) and "outbox_leased" not in step]
    assert not [step for step in scans if "INDEX" not in step], plan
    if "ORDER BY o.due_ms" in sql:
        assert not any("ORDER BY" in step for step in plan), plan
    if "b.lane" in sql:
        assert any("outbox_lane (mode=? AND lane=? AND seq<?)" in step for step in plan), plan
