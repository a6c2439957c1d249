"""Findings that need a person: open until they are answered, once, and counted from an index."""

from __future__ import annotations

import re

import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.database import FactRefusedError
from kiosk.buffer.findings import (
    OPEN_COUNT_SQL,
    OPEN_COUNTED_MAX,
    OPEN_LISTED_MAX,
    OPEN_SQL,
    Answer,
)
from kiosk.buffer.outbox import ClaimRequest
from kiosk.buffer.outbox_rows import PARKED_COUNT
from kiosk.buffer.schema.m0002_answers import NEEDS_A_PERSON
from kiosk.buffer.staff import StaffRecord
from kiosk.domain.ids import FindingId, SaleId, StaffId
from kiosk.domain.outbox import QueueCounts, RailMode
from kiosk.domain.sale import Sale
from kiosk.domain.settlement import (
    NEEDS_ATTENTION,
    Finding,
    FindingAnswer,
    FindingKind,
    OpenFinding,
)

NOW_MS = 1_800_000_000_000
MODE = RailMode.PRACTICE


@pytest.fixture
def staff_id(till: Buffer, shop) -> StaffId:
    """Somebody who can answer."""
    made = StaffId(shop.make_id())
    person = StaffRecord(staff_id=made, name="Owner", role="owner", pin_salt=b"s", pin_hash=b"h")
    with till.writing() as uow:
        uow.staff.add(person, NOW_MS)
    return made


def find(
    till: Buffer,
    remote_id: str,
    kind: FindingKind = FindingKind.OVERPAID,
    *,
    sale_id: SaleId | None = None,
    mode: RailMode = MODE,
) -> Finding:
    found = Finding(
        kind=kind,
        sale_id=sale_id,
        remote_id=remote_id,
        amount_minor=700,
        currency="eur",
        at_ms=NOW_MS,
    )
    with till.writing() as uow:
        assert uow.sales.record_finding(found, mode)
    return found


def listed(till: Buffer, mode: RailMode = MODE, limit: int = 99) -> tuple[OpenFinding, ...]:
    with till.reading() as uow:
        return uow.findings.open(mode, limit)


def counts(till: Buffer, mode: RailMode = MODE) -> QueueCounts:
    with till.reading() as uow:
        return uow.outbox.counts(mode)


def done(finding_id: FindingId, staff_id: StaffId, at_ms: int = NOW_MS) -> Answer:
    return Answer(finding_id=finding_id, staff_id=staff_id, answer=FindingAnswer.DONE, at_ms=at_ms)


def answer(till: Buffer, given: Answer) -> bool:
    with till.writing() as uow:
        return uow.findings.answer(given)


def plan(till: Buffer, sql: str, values: tuple[object, ...]) -> list[str]:
    with till.reading() as uow:
        connection = uow.sales._session.connection
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def test_the_file_and_the_domain_agree_on_what_needs_a_person() -> None:
    assert set(re.findall(r"'(\w+)'", NEEDS_A_PERSON)) == {kind.value for kind in NEEDS_ATTENTION}


def test_only_what_needs_a_person_is_open(till: Buffer) -> None:
    for kind in FindingKind:
        find(till, f"cs_{kind.value}", kind)
    kinds = {found.finding.kind for found in listed(till)}
    assert kinds == NEEDS_ATTENTION
    assert counts(till).open_findings == len(NEEDS_ATTENTION)


def test_the_newest_is_listed_first_whole_and_no_more_than_asked_for(till: Buffer, shop) -> None:
    sale = shop.sell(till)
    found = [find(till, f"cs_{n}", sale_id=(None, sale.sale_id)[n % 2]) for n in range(5)]
    assert [one.finding for one in listed(till)] == found[::-1]
    assert [one.finding for one in listed(till, limit=2)] == found[:2:-1]
    assert listed(till, limit=0) == ()


def test_an_answered_finding_is_open_no_more_and_the_others_stay(
    till: Buffer, staff_id: StaffId
) -> None:
    for n in range(3):
        find(till, f"cs_{n}")
    newest, middle, oldest = listed(till)
    assert answer(till, done(middle.finding_id, staff_id))
    assert listed(till) == (newest, oldest)
    assert counts(till).open_findings == 2
    with till.reading() as uow:
        assert uow.findings.needing(MODE, middle.finding_id) == middle
        assert uow.findings.answer_to(newest.finding_id) is None


def test_the_first_answer_stays(till: Buffer, staff_id: StaffId) -> None:
    find(till, "cs_1")
    (one,) = listed(till)
    first = done(one.finding_id, staff_id)
    assert answer(till, first)
    assert not answer(till, done(one.finding_id, staff_id, NOW_MS + 5))
    with till.reading() as uow:
        assert uow.findings.answer_to(one.finding_id) == first


def test_a_finding_that_does_not_exist_cannot_be_answered(till: Buffer, staff_id: StaffId) -> None:
    with pytest.raises(FactRefusedError):
        answer(till, done(FindingId(7), staff_id))
    with till.reading() as uow:
        assert uow.findings.needing(MODE, FindingId(7)) is None
        assert uow.findings.answer_to(FindingId(7)) is None


def test_a_stranger_cannot_answer(till: Buffer, shop) -> None:
    find(till, "cs_1")
    (one,) = listed(till)
    with pytest.raises(FactRefusedError):
        answer(till, done(one.finding_id, StaffId(shop.make_id())))
    assert listed(till) == (one,)


def test_the_same_sale_asks_again_when_something_else_is_found(
    till: Buffer, shop, staff_id: StaffId
) -> None:
    sale = shop.sell(till)
    find(till, "cs_1", FindingKind.UNDERPAID, sale_id=sale.sale_id)
    (one,) = listed(till)
    answer(till, done(one.finding_id, staff_id))
    assert counts(till).open_findings == 0
    find(till, "cs_1", FindingKind.OVERPAID, sale_id=sale.sale_id)
    assert [again.finding.kind for again in listed(till)] == [FindingKind.OVERPAID]
    assert counts(till).open_findings == 1


@pytest.mark.parametrize("other", [RailMode.TEST, RailMode.LIVE])
def test_each_mode_has_its_own_findings(till: Buffer, other: RailMode) -> None:
    find(till, "cs_1")
    find(till, "cs_2", mode=other)
    find(till, "cs_3", mode=other)
    assert [one.finding.remote_id for one in listed(till, other)] == ["cs_3", "cs_2"]
    assert (counts(till).open_findings, counts(till, other).open_findings) == (1, 2)
    newest = listed(till, other)[0]
    with till.reading() as uow:
        assert uow.findings.needing(other, newest.finding_id) == newest
        assert uow.findings.needing(MODE, newest.finding_id) is None


def test_what_settles_itself_is_not_to_be_answered(till: Buffer) -> None:
    find(till, "cs_1", FindingKind.PAID_EXACTLY)
    with till.reading() as uow:
        assert uow.findings.needing(MODE, FindingId(1)) is None


def test_lists_and_counts_have_an_end(till: Buffer) -> None:
    with till.writing() as uow:
        uow.sales._session.connection.executemany(
            "INSERT INTO findings (kind, remote_id, amount_minor, currency, mode, at_ms)"
            " VALUES ('overpaid', ?, 1, 'eur', 'practice', 0)",
            [(f"cs_{n}",) for n in range(OPEN_COUNTED_MAX + 1)],
        )
    assert counts(till).open_findings == OPEN_COUNTED_MAX
    assert len(listed(till, limit=10_000)) == OPEN_LISTED_MAX


@pytest.mark.parametrize(
    ("sql", "values"), [(OPEN_SQL, ("live", 5)), (OPEN_COUNT_SQL, ("live",))], ids=["list", "count"]
)
def test_a_look_never_meets_a_finding_that_says_all_is_well(
    till: Buffer, sql: str, values: tuple[object, ...]
) -> None:
    steps = plan(till, sql, values)
    assert "SEARCH f USING INDEX findings_attention (mode=?)" in steps
    assert "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert not [step for step in steps if step.startswith("SCAN f") or "TEMP B-TREE" in step]


def test_an_entry_parked_for_a_finding_is_counted_with_it_and_once(
    till: Buffer, shop, staff_id: StaffId
) -> None:
    def park(sale: Sale, reason: str) -> None:
        request = ClaimRequest(mode=MODE, now_ms=NOW_MS, lease_ms=60_000, limit=9)
        with till.writing() as uow:
            (entry,) = uow.outbox.claim(request)
            assert entry.sale_id == sale.sale_id
            assert uow.outbox.park(entry, reason, NOW_MS)

    for number, reason in enumerate(("underpaid", "underpaid", "total_differs", "refused:gone")):
        sale = shop.sell(till)
        park(sale, reason)
        # The second one's finding is nobody's: it says nothing about that sale.
        whose = None if number == 1 else sale.sale_id
        find(till, f"cs_{number}", FindingKind.UNDERPAID, sale_id=whose)
        find(till, f"cs_{number}", FindingKind.UNDERPAID, sale_id=whose, mode=RailMode.LIVE)
    told = counts(till)
    assert (told.parked, told.found, told.open_findings) == (4, 1, 4)
    for found in listed(till):
        answer(till, done(found.finding_id, staff_id))
    told = counts(till)
    assert (told.parked, told.found, told.open_findings) == (4, 1, 0)


def test_what_is_parked_for_a_finding_that_needs_nobody_is_counted_itself(till: Buffer, shop):
    sale = shop.sell(till)
    request = ClaimRequest(mode=MODE, now_ms=NOW_MS, lease_ms=60_000, limit=9)
    with till.writing() as uow:
        (entry,) = uow.outbox.claim(request)
        uow.outbox.park(entry, "invoice_voided", NOW_MS)
    find(till, "in_1", FindingKind.INVOICE_VOIDED, sale_id=sale.sale_id)
    told = counts(till)
    assert (told.parked, told.found, told.open_findings) == (1, 0, 0)


def test_an_answer_in_another_mode_sees_to_nothing_here(
    till: Buffer, shop, staff_id: StaffId
) -> None:
    sale = shop.sell(till)
    request = ClaimRequest(mode=MODE, now_ms=NOW_MS, lease_ms=60_000, limit=9)
    with till.writing() as uow:
        (entry,) = uow.outbox.claim(request)
        uow.outbox.park(entry, "underpaid", NOW_MS)
    find(till, "cs_1", FindingKind.UNDERPAID, sale_id=sale.sale_id, mode=RailMode.LIVE)
    (elsewhere,) = listed(till, RailMode.LIVE)
    answer(till, done(elsewhere.finding_id, staff_id))
    assert (counts(till).parked, counts(till).found) == (1, 0)


def test_counting_what_is_parked_reads_parked_entries_and_their_findings_only(till: Buffer) -> None:
    steps = plan(till, PARKED_COUNT, ("live",))
    assert any("outbox_parked" in step for step in steps)
    assert any("findings_sale (sale_id=?)" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN")]
