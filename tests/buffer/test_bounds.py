"""Every list has its maximum, every repository minds its own rows, and what is full says so."""

from __future__ import annotations

import dataclasses
import hmac
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.buffer import chain as chain_module
from kiosk.buffer import outbox as outbox_module
from kiosk.buffer import parked as parked_module
from kiosk.buffer import people as people_module
from kiosk.buffer import sales as sales_module
from kiosk.buffer import start as start_module
from kiosk.buffer.anchor import Anchor, AnchorMark, make_anchor, read_anchor
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.database import connect
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.mirror import RemoteObject, RemoteReference
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.room import MEGABYTE, Room, RoomRules
from kiosk.buffer.write_lock import Priority, WriteLock
from kiosk.domain.ids import SaleId
from kiosk.domain.outbox import RailMode, Topic
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import Tender, TenderKind
from kiosk.errors import StoreBusy, StoreCorrupt, StoreFull, StoreReadOnly, TenderNotAvailable

NOW_MS = 1_800_000_000_000
MODE = RailMode.PRACTICE
BUFFER_ID = "01900000-0000-7000-8000-000000000001"


def finding(sale_id: SaleId | None, number: int, kind=FindingKind.UNDERPAID) -> Finding:
    return Finding(
        kind=kind, sale_id=sale_id, remote_id=f"cs_{number}",
        amount_minor=100 + number, currency="eur", at_ms=NOW_MS + number,
    )  # fmt: skip


# ---------------------------------------------------------------- maxima


def test_no_list_of_the_till_is_longer_than_its_maximum(till: Buffer, shop, monkeypatch) -> None:
    monkeypatch.setattr(sales_module, "NEWEST_MAX", 2)
    monkeypatch.setattr(sales_module, "ORPHANS_MAX", 2)
    monkeypatch.setattr(outbox_module, "LISTED_MAX", 2)
    watch = {"topic": Topic.WATCH, "lane": "w"}
    sold = [shop.sell(till, tender=TenderKind.SCAN_TO_PAY, entry=watch) for _ in range(3)]
    with till.writing() as uow:
        for number, sale in enumerate(sold):
            uow.sales.record_finding(finding(sale.sale_id, number), MODE)
            uow.sales.record_finding(finding(None, number, FindingKind.REFERENCE_UNKNOWN), MODE)
        newest = tuple(reversed(sold[1:]))
        assert uow.sales.newest(99) == newest
        assert uow.sales.waiting_for_payment(MODE, 99) == newest
        assert [one.remote_id for one in uow.sales.orphans(MODE)] == ["cs_2", "cs_1"]
        told = uow.sales.newest_findings(MODE, {FindingKind.UNDERPAID}, 99)
        assert [one.remote_id for one in told] == ["cs_2", "cs_1"]
        assert [one.sale_id for one in uow.outbox.listed(MODE, None, 99)] == [
            sale.sale_id for sale in newest
        ]


def test_no_claim_takes_more_than_the_lanes_there_can_be(till: Buffer, shop, monkeypatch) -> None:
    monkeypatch.setattr(outbox_module, "CLAIM_MAX", 2)
    for _ in range(3):
        shop.sell(till)
    request = ClaimRequest(mode=MODE, now_ms=NOW_MS, lease_ms=9, limit=99)
    with till.writing() as uow:
        assert [len(uow.outbox.claim(request)) for _ in range(3)] == [2, 1, 0]


def test_a_search_shows_the_first_names_up_to_its_maximum(till, shop, monkeypatch) -> None:
    monkeypatch.setattr(people_module, "SEARCH_MAX", 2)
    with till.writing() as uow:
        for name in ("Maria C", "Maria A", "Maria B"):
            uow.people.enroll(shop.member(name=name), NOW_MS)
        assert [one.name for one in uow.people.search("maria", 99)] == ["Maria A", "Maria B"]


def test_the_number_after_the_last_one_is_the_first(till, shop, monkeypatch) -> None:
    monkeypatch.setattr(parked_module, "NUMBER_MAX", 3)
    with till.writing() as uow:
        given = []
        for _ in range(7):
            number = uow.parked.park(SaleId(shop.make_id()), "{}", NOW_MS)
            given.append(number)
            uow.parked.close(number, NOW_MS)
    assert given == [1, 2, 3, 1, 2, 3, 1]


def test_a_number_that_still_waits_is_passed_over(till, shop, monkeypatch) -> None:
    monkeypatch.setattr(parked_module, "NUMBER_MAX", 3)
    waiting = SaleId(shop.make_id())
    with till.writing() as uow:
        assert uow.parked.park(waiting, '{"who": "first"}', NOW_MS) == 1
        for expected in (2, 3, 2):
            number = uow.parked.park(SaleId(shop.make_id()), "{}", NOW_MS)
            assert number == expected
            uow.parked.close(number, NOW_MS)
        kept = uow.parked.get(1)
        assert kept is not None
        assert (kept.sale_id, kept.draft) == (waiting, '{"who": "first"}')


def test_parking_says_what_is_full_and_still_takes_changes(till, shop, monkeypatch) -> None:
    monkeypatch.setattr(parked_module, "OPEN_MAX", 1)
    waiting = SaleId(shop.make_id())
    with till.writing() as uow:
        number = uow.parked.park(waiting, "{}", NOW_MS)
        with pytest.raises(TenderNotAvailable) as caught:
            uow.parked.park(SaleId(shop.make_id()), "{}", NOW_MS)
        assert caught.value.fields == {"tender": "cash", "reason": "parked_full"}
        assert uow.parked.park(waiting, '{"a": 1}', NOW_MS + 1) == number
        (cart,) = uow.parked.open()
        assert (cart.draft, cart.parked_ms) == ('{"a": 1}', NOW_MS)


# ---------------------------------------------------------------- whose rows


def test_stock_of_one_offer_or_event_is_not_another_s(till: Buffer) -> None:
    with till.writing() as uow:
        for event, offer, count in ((1, "zine", 5), (1, "print", 3), (2, "zine", 9)):
            uow.stock.allot(event, offer, count)
        assert uow.stock.sell(1, "zine", 5) is True
        assert uow.stock.sell(1, "zine", 1) is False
        assert uow.stock.left_all(1) == {"zine": 0, "print": 3}
        assert uow.stock.left_all(2) == {"zine": 9}
        assert uow.stock.left(2, "print") == 0


def test_copies_that_are_held_are_not_for_sale(till: Buffer) -> None:
    with till.writing() as uow:
        uow.stock.allot(1, "zine", 5)
        uow.sales._session.connection.execute("UPDATE allotments SET held = 2")
        assert (uow.stock.left(1, "zine"), uow.stock.left_all(1)) == (3, {"zine": 3})
        assert uow.stock.sell(1, "zine", 4) is False
        assert uow.stock.sell(1, "zine", 3) is True
        assert uow.stock.allot(1, "zine", 0) == 5


def test_an_object_is_one_entity_s_and_one_kind_s(till: Buffer) -> None:
    with till.writing() as uow:
        uow.mirror.put(MODE, "offer:zine", "price", RemoteObject(remote_id="price_1"), NOW_MS)
        uow.mirror.put(MODE, "offer:pin", "link", RemoteObject(remote_id="plink_1"), NOW_MS)
        assert uow.mirror.get(MODE, "offer:zine", "link") is None
        assert uow.mirror.get(MODE, "offer:pin", "price") is None
        assert uow.mirror.by_remote("price_1") == RemoteReference(
            mode=MODE, entity="offer:zine", kind="price"
        )


def test_a_place_in_one_list_is_not_a_place_in_another(till: Buffer) -> None:
    with till.writing() as uow:
        uow.mirror.put_cursor(MODE, "events", "1", NOW_MS)
        uow.mirror.put_cursor(MODE, "other", "2", NOW_MS)
        uow.mirror.put_cursor(RailMode.LIVE, "events", "3", NOW_MS)
        assert uow.mirror.cursor(MODE, "events") == "1"
        assert uow.mirror.cursor(MODE, "other") == "2"
        assert uow.mirror.cursor(RailMode.LIVE, "events") == "3"


def test_asking_whether_an_event_was_seen_does_not_see_it(till: Buffer) -> None:
    with till.writing() as uow:
        assert not uow.mirror.was_event_seen(MODE, "evt_1")
        assert not uow.mirror.was_event_seen(MODE, "evt_1")
        uow.mirror.event_seen(MODE, "evt_1", NOW_MS)
        assert uow.mirror.was_event_seen(MODE, "evt_1")
        assert not uow.mirror.was_event_seen(RailMode.LIVE, "evt_1")
        assert not uow.mirror.was_event_seen(MODE, "evt_2")


def test_events_of_another_mode_are_not_pruned(till: Buffer) -> None:
    with till.writing() as uow:
        for mode in (MODE, RailMode.LIVE):
            uow.mirror.event_seen(mode, "evt_1", NOW_MS)
        assert uow.mirror.prune_events(MODE, NOW_MS + 1) == 1
        assert uow.mirror.was_event_seen(RailMode.LIVE, "evt_1")


def test_money_on_trust_is_counted_by_currency_and_by_mode(till: Buffer, shop) -> None:
    def watch(lane: str) -> dict[str, object]:
        return {"topic": Topic.WATCH, "lane": lane}

    scan = TenderKind.SCAN_TO_PAY
    shop.sell(till, tender=scan, entry=watch("a"))
    shop.sell(till, tender=scan, entry=watch("b"), currency="usd", unit_minor=100)
    shop.sell(till, tender=scan, entry=watch("c"), mode=RailMode.LIVE, unit_minor=7)
    with till.reading() as uow:
        assert uow.sales.provisional_minor(MODE, "eur") == 2500
        assert uow.sales.provisional_minor(MODE, "usd") == 200
        assert uow.sales.provisional_minor(MODE, "jpy") == 0
        assert uow.sales.provisional_minor(RailMode.LIVE, "eur") == 14
        assert len(uow.sales.waiting_for_payment(MODE, 9)) == 2


def test_a_sale_paid_in_two_ways_counts_with_each(till: Buffer, shop) -> None:
    tenders = (
        Tender(kind=TenderKind.CASH, amount_minor=1000, given_minor=2000),
        Tender(kind=TenderKind.PAY_LATER, amount_minor=1500, given_minor=1500),
    )
    shop.sell(till, tenders=tenders)
    shop.sell(till)
    with till.reading() as uow:
        totals = uow.sales.today(MODE, NOW_MS)
    assert (totals.count, dict(totals.by_currency)) == (2, {"eur": 5000})
    assert totals.by_tender == {
        (TenderKind.CASH, "eur"): 3500,
        (TenderKind.PAY_LATER, "eur"): 1500,
    }


def test_a_finding_comes_back_field_by_field_for_its_own_sale(till: Buffer, shop) -> None:
    sale, other = shop.sell(till), shop.sell(till)
    found = finding(sale.sale_id, 7)
    with till.writing() as uow:
        uow.sales.record_finding(found, MODE)
        assert uow.sales.findings(sale.sale_id) == (found,)
        assert uow.sales.findings(other.sale_id) == ()
        assert uow.sales.newest_findings(MODE, {FindingKind.UNDERPAID}, 9) == (found,)
        assert uow.sales.newest_findings(RailMode.LIVE, {FindingKind.UNDERPAID}, 9) == ()
        assert uow.sales.orphans(MODE) == ()


def test_an_erasure_elsewhere_is_seen_at_the_next_transaction(buffer_file, shop) -> None:
    """The sync wing may hold the key it opened a moment ago; it must not keep it."""
    sale = shop.sell(buffer_file.till())
    with buffer_file.sync().reading() as uow:
        assert uow.outbox.of_sale(sale.sale_id)[0].person is not None
    with buffer_file.till().writing() as uow:
        uow.people.erase(sale.member_id, NOW_MS)
    with buffer_file.sync().reading() as uow:
        assert uow.outbox.of_sale(sale.sale_id)[0].person is None


def test_a_member_s_key_that_was_taken_back_seals_nothing(till: Buffer, shop) -> None:
    """What is sealed under a key that was never committed could never be opened."""
    member = shop.member()
    with pytest.raises(ZeroDivisionError), till.writing() as uow:
        uow.people.enroll(member, NOW_MS)
        raise ZeroDivisionError
    with till.writing() as uow, pytest.raises(StoreCorrupt) as caught:
        uow.people.seal(member.member_id, {"a": "b"}, "x")
    assert caught.value.fields == {"check": "member_key"}


def test_the_instant_of_an_erasure_is_the_first_one(till: Buffer, shop) -> None:
    member = shop.member()
    with till.writing() as uow:
        uow.people.enroll(member, NOW_MS)
        uow.people.erase(member.member_id, NOW_MS + 1)
        uow.people.erase(member.member_id, NOW_MS + 9)
        connection = uow.sales._session.connection
        assert connection.execute("SELECT erased_ms FROM members").fetchone() == (NOW_MS + 1,)
        assert connection.execute("SELECT destroyed_ms FROM member_keys").fetchone() == (
            NOW_MS + 1,
        )


def test_renaming_and_erasing_leave_everybody_else_alone(till: Buffer, shop) -> None:
    ana, ben, eva = (shop.member(name=name) for name in ("Ana", "Ben", "Eva"))
    with till.writing() as uow:
        for member in (ana, ben, eva):
            uow.people.enroll(member, NOW_MS)
        uow.people.rename(ana.member_id, "Anna", "de")
        uow.people.erase(eva.member_id, NOW_MS)
        assert uow.people.member(ben.member_id) == ben
        sealed = uow.people.seal(ben.member_id, {"a": "b"}, "x")
        assert uow.people.unseal(ben.member_id, sealed, "x") == {"a": "b"}
        assert uow.people.search("b", 9) == (ben,)


# ---------------------------------------------------------------- the chain and its start


def test_a_link_that_goes_back_in_time_is_found_although_its_hash_is_right(till: Buffer) -> None:
    """Somebody with the key of the chain still cannot make yesterday come after today."""
    with till.writing() as uow:
        line = JournalLine(kind="event.loaded", entity_id="1", payload={})
        uow.journal.append(line, NOW_MS)
        _, prev = uow.journal.head()
        content = (2, NOW_MS - 1, "event.loaded", "2", None, "{}", None, prev)
        session = uow.sales._session
        own = chain_module.link_hash(session.keys.journal, content)
        session.connection.execute("DROP TRIGGER journal_contiguous")
        session.connection.execute(
            "INSERT INTO journal (seq, at_ms, kind, entity_id, member_id, payload, sealed, prev,"
            " hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*content, own),
        )
        report = uow.journal.verify()
        assert hmac.compare_digest(uow.journal.head()[1], own)
    assert (report.ok, report.length, report.broken_at) == (False, 1, 2)


def test_checking_from_before_the_first_link_is_checking_all(till: Buffer) -> None:
    with till.writing() as uow:
        for number in range(3):
            uow.journal.append(
                JournalLine(kind="k", entity_id=str(number), payload={}), NOW_MS + number
            )
        assert [uow.journal.verify(first).length for first in (-5, 0, 1, 3, 4)] == [3, 3, 3, 1, 0]
        beyond = uow.journal.verify(5)
    assert (beyond.ok, beyond.length, beyond.broken_at) == (False, 0, 4)


def rewritten(folder: Path, keys: BufferKeys, seq: int) -> None:
    """Change one link's payload in a closed file, leaving its tables as they were."""
    connection = connect(folder / "buffer.db", keys.database)
    sql = "SELECT sql FROM sqlite_master WHERE name = 'journal_no_update'"
    trigger = connection.execute(sql).fetchone()[0]
    connection.execute("DROP TRIGGER journal_no_update")
    connection.execute("UPDATE journal SET payload = '{\"a\":1}' WHERE seq = ?", (seq,))
    connection.execute(trigger)
    connection.close()


@pytest.mark.parametrize(("seq", "found"), [(1, False), (2, False), (3, True), (4, True)])
def test_a_start_looks_at_the_newest_links_and_no_further(
    buffer_file, tmp_path: Path, keys: BufferKeys, shop, monkeypatch, seq: int, found: bool
) -> None:
    monkeypatch.setattr(start_module, "LINKS_AT_START", 2)
    for _ in range(4):
        shop.sell(buffer_file.till())
    buffer_file.close()
    rewritten(tmp_path, keys, seq)
    if found:
        with pytest.raises(StoreCorrupt) as caught:
            BufferFile.open(tmp_path, keys, now_ms=NOW_MS)
        assert caught.value.fields == {"check": "journal"}
    else:
        with BufferFile.open(tmp_path, keys, now_ms=NOW_MS) as held, held.till().reading() as uow:
            assert uow.journal.verify().broken_at == seq


def test_a_start_frees_what_the_last_run_held(
    buffer_file, shop, reopen: Callable[[], BufferFile]
) -> None:
    shop.sell(buffer_file.till())
    request = ClaimRequest(mode=MODE, now_ms=NOW_MS, lease_ms=10**9, limit=1)
    with buffer_file.sync().writing() as uow:
        (held,) = uow.outbox.claim(request)
    buffer_file.close()
    with reopen() as again, again.sync().writing() as uow:
        free = uow.outbox.get(held.entry_id)
        assert free is not None
        assert (free.lease_token, free.due_ms) == (None, NOW_MS)


def test_the_anchor_follows_every_commit(buffer_file: BufferFile, tmp_path, keys, shop) -> None:
    till = buffer_file.till()
    for number in (1, 2, 3):
        shop.sell(till)
        with till.reading() as uow:
            seq, link_hash = uow.journal.head()
        mark = read_anchor(tmp_path / "buffer.anchor", keys.anchor)
        assert mark is not None
        assert (mark.seq, mark.hash_start) == (seq, link_hash[:20]) == (number, link_hash[:20])
        assert (mark.buffer_id, mark.incarnation) == (till.identity.buffer_id, 1)


def test_a_restore_that_was_owned_up_to_outranks_a_longer_journal(tmp_path: Path) -> None:
    path, key = tmp_path / "anchor", b"a" * 32
    make_anchor(path, key, AnchorMark.at(BUFFER_ID, 1, 99, bytes(32)))
    anchor = Anchor(path, key)
    restored = AnchorMark.at(BUFFER_ID, 2, 5, bytes(32))
    anchor.write(restored)
    assert anchor.newest() == restored
    anchor.close()
    assert read_anchor(path, key) == restored


def test_an_anchor_written_in_part_is_an_error_and_keeps_the_older_mark(tmp_path, monkeypatch):
    path, key = tmp_path / "anchor", b"a" * 32
    first = AnchorMark.at(BUFFER_ID, 1, 1, bytes(32))
    make_anchor(path, key, first)
    anchor = Anchor(path, key)
    with monkeypatch.context() as patched:
        patched.setattr("os.write", lambda _handle, raw: len(raw) - 1)
        with pytest.raises(OSError, match="in part"):
            anchor.write(dataclasses.replace(first, seq=2))
    assert anchor.newest() == first
    anchor.close()


def test_a_folder_that_breaks_while_a_buffer_is_made_is_said(tmp_path, keys, monkeypatch) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("kiosk.buffer.creation.flush_file", full)
    with pytest.raises(StoreReadOnly) as caught:
        BufferFile.create(tmp_path, keys, device=1, buffer_id=BUFFER_ID, now_ms=NOW_MS)
    assert caught.value.fields == {"folder": str(tmp_path)}
    assert not (tmp_path / "buffer.db").exists()
    monkeypatch.undo()
    BufferFile.create(tmp_path, keys, device=1, buffer_id=BUFFER_ID, now_ms=NOW_MS).close()


def test_a_new_buffer_knows_its_device_its_name_and_the_instant(tmp_path, keys) -> None:
    with BufferFile.create(
        tmp_path, keys, device=12, buffer_id=BUFFER_ID, now_ms=NOW_MS
    ) as held, held.till().reading() as uow:  # fmt: skip
        identity = held.till().identity
        assert (identity.device, identity.buffer_id, identity.incarnation) == (12, BUFFER_ID, 1)
        assert uow.settings.highest_ms() == NOW_MS
        row = uow.sales._session.connection.execute("SELECT created_ms FROM buffer_identity")
        assert row.fetchone() == (NOW_MS,)


# ---------------------------------------------------------------- room and turns


def test_opening_and_selling_are_allowed_with_exactly_what_they_need(tmp_path, monkeypatch):
    ballast = tmp_path / "ballast"
    ballast.write_bytes(b"x")
    rules = RoomRules()
    for free, opens, sells in (
        (rules.least_to_open, True, False),
        (rules.least_to_sell - 1, True, False),
        (rules.least_to_sell, True, True),
    ):
        monkeypatch.setattr(Room, "_free", lambda self, free=free: free)
        room = Room(tmp_path, ballast, rules)
        room.check_to_open()
        assert ballast.exists() is opens  # nothing was in need of it
        if sells:
            room.check_to_sell()
        else:
            with pytest.raises(StoreFull):
                room.check_to_sell()


def test_the_rules_are_those_that_were_measured() -> None:
    assert RoomRules() == RoomRules(
        least_to_sell=200 * MEGABYTE,
        least_to_open=16 * MEGABYTE,
        ballast_most=64 * MEGABYTE,
        ballast_least=16 * MEGABYTE,
    )


def test_the_sync_wing_may_write_what_was_sold_on_a_disk_too_full_to_sell(
    buffer_file: BufferFile, shop, monkeypatch
) -> None:
    sale = shop.sell(buffer_file.till())
    monkeypatch.setattr(Room, "_free", lambda _self: 199 * MEGABYTE)
    with pytest.raises(StoreFull):
        shop.sell(buffer_file.till())
    request = ClaimRequest(mode=MODE, now_ms=NOW_MS, lease_ms=9, limit=1)
    with buffer_file.sync().writing() as uow:
        (entry,) = uow.outbox.claim(request)
        assert uow.outbox.deliver(entry, NOW_MS)
    assert entry.sale_id == sale.sale_id


def test_a_till_that_gave_up_waiting_does_not_hold_the_sync_wing_back() -> None:
    lock = WriteLock(wait_seconds=0.02)
    with lock.held_by(Priority.SYNC), pytest.raises(StoreBusy), lock.held_by(Priority.TILL):
        raise AssertionError("the sync wing holds it")
    for _ in range(2):
        with lock.held_by(Priority.SYNC):
            pass
