"""The file itself refuses what must never happen, whatever the code does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from kiosk.buffer.anchor import seal_mark
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.database import FactRefusedError
from kiosk.buffer.findings import Answer
from kiosk.buffer.incarnations import Incarnation, Place
from kiosk.buffer.journal import SALE_COMPLETED, JournalLine
from kiosk.buffer.staff import StaffRecord
from kiosk.domain.ids import StaffId
from kiosk.domain.outbox import Attempt, Outcome
from kiosk.domain.settlement import Finding, FindingAnswer, FindingKind
from kiosk.domain.tender import Tender, TenderKind

NOW_MS = 1_800_000_000_000
APPEND_ONLY = {
    "snapshots": "loaded_ms = 1",
    "consents": "version = '9'",
    "sales": "total_minor = 1",
    "sale_lines": "amount_minor = 1",
    "tenders": "amount_minor = 1",
    "enrollments": "offer = 'x'",
    "passes": "text = 'x'",
    "findings": "amount_minor = 1",
    "finding_answers": "at_ms = 1",
    "incarnations": "at_ms = 1",
    "sightings": "at_ms = 1",
    "journal": "payload = '{}'",
}
NEVER_DELETED = (
    "buffer_identity", "counters", "allotments", "members", "member_keys", "outbox",
    "outbox_steps", "outbox_attempts", *APPEND_ONLY,
)  # fmt: skip
FROZEN = (
    "UPDATE outbox SET intent = '{}'",
    "UPDATE outbox SET lane = 'x'",
    "UPDATE outbox SET sealed = x'00'",
    "UPDATE outbox SET mode = 'live'",
    "UPDATE outbox SET topic = 'watch'",
    "UPDATE outbox SET depends_on = NULL",
    "UPDATE outbox SET state = 'delivered'",  # without its closing time
    "UPDATE outbox SET due_ms = NULL",
    "UPDATE outbox_steps SET idempotency_key = 'another-key-of-some-length'",
    "UPDATE outbox_steps SET sealed_params = x'00'",
    "UPDATE outbox_steps SET generation = 0",
    "UPDATE outbox_steps SET generation = 3, idempotency_key = 'another-key-of-some-length'",
    "UPDATE outbox_steps SET generation = 2",  # with the old key
    "UPDATE outbox_steps SET first_sent_ms = 5",
    "UPDATE outbox_steps SET first_sent_ms = NULL",
    "UPDATE outbox_attempts SET outcome = 'refused', finished_ms = 9",
    "UPDATE outbox_attempts SET started_ms = 1",
    "UPDATE counters SET value = value - 1 WHERE name = 'receipt'",
    "UPDATE counters SET value = value WHERE name = 'receipt'",
    "UPDATE buffer_identity SET device = 4",
    "UPDATE buffer_identity SET highest_ms = highest_ms - 1",
    "UPDATE buffer_identity SET incarnation = 0",
    "UPDATE allotments SET sold = sold - 1",
    "UPDATE allotments SET sold = 99",
    "UPDATE members SET id = 'x'",
    "UPDATE members SET erased_ms = 5",  # with the name still there
    "UPDATE passes SET text = NULL",  # of somebody who was not erased
)
REPLACED = (
    "INSERT OR REPLACE INTO journal SELECT * FROM journal",
    "INSERT OR REPLACE INTO sales SELECT * FROM sales",
    "INSERT OR REPLACE INTO passes SELECT * FROM passes",
    "INSERT OR REPLACE INTO outbox SELECT * FROM outbox",
    "INSERT OR REPLACE INTO finding_answers SELECT * FROM finding_answers",
    "INSERT OR REPLACE INTO counters VALUES ('receipt', 1)",
    "REPLACE INTO member_keys SELECT * FROM member_keys",
)


def fill(till: Buffer, shop) -> None:
    """Give every guarded table a row."""
    sale = shop.sell(till)
    with till.writing() as uow:
        uow.stock.allot(1, "zine", 5)
        uow.stock.sell(1, "zine", 2)
        entry = uow.outbox.of_sale(sale.sale_id)[0]
        uow.outbox.freeze(entry, "invoice", 1, {"a": 1}, "kp1-3-sale-invoice-g1")
        number = uow.outbox.sending(entry, "invoice", NOW_MS)
        uow.outbox.answered(entry, number, Attempt(outcome=Outcome.LATER), NOW_MS)
        finding = Finding(
            kind=FindingKind.UNDERPAID,
            sale_id=sale.sale_id,
            remote_id="cs_1",
            amount_minor=1,
            currency="eur",
            at_ms=NOW_MS,
        )
        uow.sales.record_finding(finding, sale.mode)
        staff_id = StaffId(shop.make_id())
        person = StaffRecord(
            staff_id=staff_id, name="Owner", role="owner", pin_salt=b"s", pin_hash=b"h"
        )
        uow.staff.add(person, NOW_MS)
        (found,) = uow.findings.open(sale.mode, 9)
        done = FindingAnswer.DONE
        uow.findings.answer(
            Answer(finding_id=found.finding_id, staff_id=staff_id, answer=done, at_ms=NOW_MS)
        )
        elsewhere = dataclasses.replace(uow.incarnations.mark(), seq=99)
        sealed = seal_mark(elsewhere, uow.sales._session.keys.anchor)
        assert uow.incarnations.sight(Place.RAIL, sealed, NOW_MS)
        uow.incarnations.insert(
            Incarnation(
                number=2, former=1, journal_seq=9, known_seq=9, pass_floor=9, outbox_seq=9,
                at_ms=NOW_MS,
            )
        )  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, new_shop, new_keys) -> Iterator[Buffer]:
    """One filled buffer for all refusals: each leaves it exactly as it was."""
    shop, folder = new_shop(), tmp_path_factory.mktemp("full")
    with BufferFile.create(
        folder, new_keys(), device=3, buffer_id=shop.make_id(), now_ms=NOW_MS
    ) as held:
        fill(held.till(), shop)
        yield held.till()


def refused(buffer: Buffer, sql: str) -> None:
    """The statement meets at least one row and is refused."""
    with pytest.raises(FactRefusedError), buffer.writing() as uow:
        uow.sales._session.connection.execute(sql)


@pytest.mark.parametrize("table", NEVER_DELETED)
def test_a_row_is_never_deleted(full: Buffer, table: str) -> None:
    with full.reading() as uow:
        count = uow.sales._session.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    assert count > 0
    refused(full, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_fact_is_never_updated(full: Buffer, table: str) -> None:
    refused(full, f"UPDATE {table} SET {APPEND_ONLY[table]}")


@pytest.mark.parametrize("sql", FROZEN)
def test_what_is_frozen_is_not_changed(full: Buffer, sql: str) -> None:
    refused(full, sql)


@pytest.mark.parametrize("sql", REPLACED)
def test_replacing_does_not_slip_past_the_delete_triggers(full: Buffer, sql: str) -> None:
    refused(full, sql)


@pytest.mark.parametrize(
    "sql",
    [
        (
            "INSERT INTO sale_lines SELECT sale_id, 2, offer, kind, description, quantity,"
            " unit_minor, amount_minor, tax_code, rate_bp, tax_minor, rules FROM sale_lines"
        ),
        "INSERT INTO tenders SELECT sale_id, 2, kind, 0, 0, currency FROM tenders",
        (
            "INSERT INTO consents SELECT sale_id, 2, 'marketing', version, language, member_id,"
            " at_ms FROM consents"
        ),
    ],
)
def test_nothing_is_hung_onto_a_sale_that_is_closed(full: Buffer, sql: str) -> None:
    refused(full, sql)


def test_delivered_is_final(till: Buffer, shop) -> None:
    fill(till, shop)
    with till.writing() as uow:
        uow.sales._session.connection.execute(
            "UPDATE outbox SET state = 'delivered', due_ms = NULL, closed_ms = 5"
        )
    refused(till, "UPDATE outbox SET state = 'waiting', due_ms = 5, closed_ms = NULL")


def test_a_destroyed_key_stays_destroyed(till: Buffer, shop) -> None:
    shop.sell(till)
    with till.writing() as uow:
        member_id = next(uow.sales.each()).member_id
        uow.people.erase(member_id, NOW_MS)
    refused(till, "UPDATE member_keys SET wrapped = x'00', destroyed_ms = NULL")
    refused(till, "UPDATE members SET erased_ms = NULL, name = 'x', email = 'x', name_search = 'x'")


def test_a_sale_whose_lines_and_tenders_differ_cannot_commit(till: Buffer, shop) -> None:
    short = (Tender(kind=TenderKind.CASH, amount_minor=2499, given_minor=2499),)
    with pytest.raises(FactRefusedError, match="does not balance"), till.writing() as uow:
        sale = shop.open_sale(uow, tenders=short)
        uow.outbox.add(shop.entry(sale), NOW_MS)
        shop.close_sale(uow, sale)
    with till.reading() as uow:
        assert list(uow.sales.each()) == []
        assert uow.settings.next_number("receipt") == 1


def test_a_sale_without_a_tender_cannot_commit(till: Buffer, shop) -> None:
    with pytest.raises(FactRefusedError, match="does not balance"), till.writing() as uow:
        sale = shop.open_sale(uow, tenders=())
        uow.outbox.add(shop.entry(sale), NOW_MS)
        shop.close_sale(uow, sale)


def test_a_sale_without_an_outbox_entry_cannot_commit(till: Buffer, shop) -> None:
    with pytest.raises(FactRefusedError, match="outbox entry"), till.writing() as uow:
        shop.close_sale(uow, shop.open_sale(uow))


def test_a_sale_without_a_pass_cannot_commit(till: Buffer, shop) -> None:
    with pytest.raises(FactRefusedError, match="without its pass"), till.writing() as uow:
        member = shop.member()
        uow.people.enroll(member, NOW_MS)
        sale, number = shop.sale(uow, member_id=member.member_id)
        uow.sales.insert(sale, number)
        uow.outbox.add(shop.entry(sale), NOW_MS)
        shop.close_sale(uow, sale)


def test_a_sale_that_was_never_written_cannot_be_journaled(till: Buffer, shop) -> None:
    line = JournalLine(kind=SALE_COMPLETED, entity_id=shop.make_id(), payload={})
    with pytest.raises(FactRefusedError, match="does not balance"), till.writing() as uow:
        uow.journal.append(line, NOW_MS)


def test_a_sale_is_journaled_once(till: Buffer, shop) -> None:
    sale = shop.sell(till)
    with pytest.raises(FactRefusedError), till.writing() as uow:
        shop.close_sale(uow, sale)


def test_the_same_sale_id_is_refused_a_second_time(till: Buffer, shop) -> None:
    sale = shop.sell(till)
    with pytest.raises(FactRefusedError):
        shop.sell(till, sale_id=sale.sale_id)
    with till.reading() as uow:
        assert list(uow.sales.each()) == [sale]


@pytest.mark.parametrize(
    ("seq", "prev"), [("2", "zeroblob(32)"), ("9", "hash"), ("3", "randomblob(32)"), ("1", "hash")]
)
def test_the_journal_takes_nothing_but_the_next_link(full: Buffer, seq: str, prev: str) -> None:
    refused(
        full,
        "INSERT INTO journal (seq, at_ms, kind, entity_id, payload, prev, hash)"
        f" SELECT {seq}, at_ms, 'x', 'x', '{{}}', {prev}, hash FROM journal ORDER BY seq LIMIT 1",
    )


def test_the_journal_refuses_an_earlier_time(full: Buffer) -> None:
    refused(
        full,
        "INSERT INTO journal (seq, at_ms, kind, entity_id, payload, prev, hash)"
        " SELECT seq + 1, at_ms - 1, 'x', 'x', '{}', hash, hash FROM journal"
        " ORDER BY seq DESC LIMIT 1",
    )


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO settings VALUES ('a', 'not json', 1)",
        "INSERT INTO allotments (event_number, offer, allotted) VALUES (1, 'x', 12.5)",
        "INSERT INTO allotments (event_number, offer, allotted) VALUES (1, 'x', -1)",
        (
            "INSERT INTO parked_carts (number, sale_id, draft, parked_ms)"
            " VALUES (1000, '01234567-0123-7123-8123-0123456789ab', '{}', 1)"
        ),
        "INSERT INTO remote_objects VALUES ('dream', 'a', 'b', 'c', NULL, 1)",
    ],
)
def test_values_that_cannot_be_are_refused(full: Buffer, sql: str) -> None:
    refused(full, sql)
