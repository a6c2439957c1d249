"""Sales come back as they went in, in the order of their commits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.buffer import sales as sales_module
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.domain.ids import EnrollmentId, OfferCode, SaleId, StaffId
from kiosk.domain.outbox import RailMode
from kiosk.domain.sale import Consent, Enrollment, LineItem, OfferKind, RuleApplied, Sale
from kiosk.domain.settlement import Finding, FindingKind
from kiosk.domain.tender import Tender, TenderKind

NOW_MS = 1_800_000_000_000
MODE = RailMode.PRACTICE

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
amounts = st.integers(0, 99_999_999)
instants = st.integers(0, 4_000_000_000_000)


@st.composite
def lines(draw: st.DrawFn, line_no: int) -> LineItem:
    quantity, unit = draw(st.integers(1, 99)), draw(st.integers(0, 1_000_000))
    return LineItem(
        line_no=line_no,
        offer=OfferCode(draw(words)),
        kind=draw(st.sampled_from(OfferKind)),
        description=draw(words),
        quantity=quantity,
        unit_minor=unit,
        amount_minor=quantity * unit,
        tax_code=draw(words),
        rate_bp=draw(st.integers(0, 10_000)),
        tax_minor=draw(st.integers(0, quantity * unit)),
        rules=tuple(
            RuleApplied(rule=draw(words), unit_minor=draw(st.integers(-1000, 1_000_000)))
            for _ in range(draw(st.integers(0, 3)))
        ),
    )


@st.composite
def changes(draw: st.DrawFn) -> dict[str, object]:
    """Everything of a sale that is free to differ, with tenders that add up."""
    made = tuple(draw(lines(number)) for number in range(1, draw(st.integers(1, 4)) + 1))
    total = sum(line.amount_minor for line in made)
    first = draw(st.integers(0, total))
    kind = draw(st.sampled_from(TenderKind))
    tenders = (
        Tender(kind=TenderKind.CASH, amount_minor=first, given_minor=first + draw(amounts)),
        Tender(kind=kind, amount_minor=total - first, given_minor=total - first),
    )
    kinds = draw(st.lists(words, max_size=3, unique=True))
    return {
        "mode": draw(st.sampled_from(RailMode)),
        "language": draw(words),
        "currency": draw(st.sampled_from(["eur", "jpy", "usd"])),
        "lines": made,
        "tenders": tenders,
        "consents": tuple(
            Consent(kind=kind, version=draw(words), language=draw(words)) for kind in kinds
        ),
        "sold_ms": draw(instants),
        "skew_ms": draw(st.none() | st.integers(-(10**11), 10**11)),
        "clock_doubtful": draw(st.booleans()),
    }


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, new_shop, new_keys) -> Iterator[Buffer]:
    """One buffer for all examples: a sale is never in another one's way."""
    with BufferFile.create(
        tmp_path_factory.mktemp("shared"), new_keys(), device=3,
        buffer_id=new_shop(99).make_id(), now_ms=NOW_MS,
    ) as held:  # fmt: skip
        yield held.till()


@pytest.fixture(scope="module")
def shared_shop(new_shop):
    return new_shop(50)


@settings(max_examples=40)
@given(changes=changes(), periods=st.lists(st.tuples(instants, st.booleans()), max_size=3))
def test_a_sale_comes_back_equal_to_what_was_written(shared, shared_shop, changes, periods) -> None:
    member, sale_id = shared_shop.member(), SaleId(shared_shop.make_id())
    enrollments = tuple(
        Enrollment(
            enrollment_id=EnrollmentId(shared_shop.make_id()),
            sale_id=sale_id,
            member_id=member.member_id,
            offer=OfferCode("club"),
            starts_ms=start,
            period_ends_ms=start + 1,
            ends_ms=start + 2 if ends else None,
        )
        for start, ends in periods
    )
    sale = shared_shop.sell(shared, member, sale_id=sale_id, enrollments=enrollments, **changes)
    with shared.reading() as uow:
        assert uow.sales.get(sale_id) == sale
        assert uow.sales.newest(1) == (sale,)
        entry = uow.outbox.of_sale(sale_id)[0]
        assert entry.mode is sale.mode


def test_a_sale_s_staff_comes_back(till: Buffer, shop) -> None:
    from kiosk.buffer.staff import StaffRecord

    staff_id = StaffId(shop.make_id())
    with till.writing() as uow:
        record = StaffRecord(
            staff_id=staff_id, name="Ana", role="owner", pin_salt=b"s", pin_hash=b"h"
        )
        uow.staff.add(record, NOW_MS)
    sale = shop.sell(till, staff_id=staff_id)
    with till.reading() as uow:
        found = uow.sales.get(sale.sale_id)
        assert found is not None
        assert found.staff_id == staff_id


def test_an_unknown_sale_is_none(till: Buffer, shop) -> None:
    with till.reading() as uow:
        assert uow.sales.get(SaleId(shop.make_id())) is None
        assert list(uow.sales.each()) == []
        assert uow.sales.newest(5) == ()


def test_each_gives_the_order_of_commits_whatever_the_clock_said(till, shop, monkeypatch) -> None:
    monkeypatch.setattr(sales_module, "PAGE", 2)
    sold = [shop.sell(till, sold_ms=NOW_MS - late) for late in (0, 9000, 10, 5, 7)]
    with till.reading() as uow:
        assert list(uow.sales.each()) == sold


def test_newest_pages_backwards(till: Buffer, shop) -> None:
    sold = [shop.sell(till) for _ in range(5)]
    with till.reading() as uow:
        assert uow.sales.newest(2) == (sold[4], sold[3])
        assert uow.sales.newest(2, before=sold[3].sale_id) == (sold[2], sold[1])
        assert uow.sales.newest(9, before=sold[0].sale_id) == ()


def test_a_receipt_number_that_was_not_counted_is_a_bug(till: Buffer, shop) -> None:
    with pytest.raises(AssertionError, match="receipt number"), till.writing() as uow:
        member = shop.member()
        uow.people.enroll(member, NOW_MS)
        sale, number = shop.sale(uow, member_id=member.member_id)
        uow.sales.insert(sale, number + 1)


def test_receipt_numbers_leave_no_gap_when_a_sale_fails(till: Buffer, shop) -> None:
    first = shop.sell(till)
    with pytest.raises(ZeroDivisionError), till.writing() as uow:
        shop.open_sale(uow)
        raise ZeroDivisionError
    second = shop.sell(till)
    assert (first.receipt_number, second.receipt_number) == ("K3-000001", "K3-000002")


def test_totals_count_one_mode_from_an_instant_on(till: Buffer, shop) -> None:
    shop.sell(till, sold_ms=NOW_MS - 1)
    shop.sell(till)
    shop.sell(till, tender=TenderKind.PAY_LATER, currency="usd")
    shop.sell(till, mode=RailMode.LIVE)
    with till.reading() as uow:
        totals = uow.sales.today(MODE, NOW_MS)
        nothing = uow.sales.today(RailMode.TEST, 0)
    assert totals.count == 2
    assert totals.by_currency == {"eur": 2500, "usd": 2500}
    assert totals.by_tender == {
        (TenderKind.CASH, "eur"): 2500,
        (TenderKind.PAY_LATER, "usd"): 2500,
    }
    assert (nothing.count, dict(nothing.by_currency), dict(nothing.by_tender)) == (0, {}, {})


def finding(sale_id: SaleId | None, remote_id: str, kind=FindingKind.UNDERPAID) -> Finding:
    return Finding(
        kind=kind, sale_id=sale_id, remote_id=remote_id,
        amount_minor=100, currency="eur", at_ms=NOW_MS,
    )  # fmt: skip


def test_a_finding_is_recorded_once(till: Buffer, shop) -> None:
    sale, other = shop.sell(till), shop.sell(till)
    with till.writing() as uow:
        one = finding(sale.sale_id, "cs_1")
        assert uow.sales.record_finding(one, MODE) is True
        assert uow.sales.record_finding(one, MODE) is False
        assert uow.sales.record_finding(finding(other.sale_id, "cs_1"), MODE) is True
        later = finding(sale.sale_id, "cs_1", FindingKind.PAID_EXACTLY)
        assert uow.sales.record_finding(later, MODE) is True
        assert uow.sales.findings(sale.sale_id) == (one, later)


def test_orphans_are_those_of_no_sale_in_one_mode(till: Buffer, shop) -> None:
    sale = shop.sell(till)
    orphan = finding(None, "cs_9", FindingKind.REFERENCE_UNKNOWN)
    with till.writing() as uow:
        uow.sales.record_finding(finding(sale.sale_id, "cs_1"), MODE)
        assert uow.sales.record_finding(orphan, MODE)
        assert not uow.sales.record_finding(orphan, MODE)
        assert uow.sales.record_finding(orphan, RailMode.LIVE)
        assert uow.sales.orphans(MODE) == (orphan,)
        kinds = {FindingKind.UNDERPAID, FindingKind.REFERENCE_UNKNOWN}
        assert [one.remote_id for one in uow.sales.newest_findings(MODE, kinds, 9)] == [
            "cs_9", "cs_1",
        ]  # fmt: skip
        assert uow.sales.newest_findings(MODE, {FindingKind.PAID_EXACTLY}, 9) == ()


def test_passes_come_back_with_their_sale(till: Buffer, shop) -> None:
    with till.writing() as uow:
        sale = shop.open_sale(uow)
        second = shop.issued(uow)
        uow.passes.insert(sale.sale_id, second)
        assert uow.passes.of_sale(sale.sale_id)[1] == second
        assert [one.number for one in uow.passes.of_sale(sale.sale_id)] == ["3-1", "3-2"]
        assert uow.passes.by_number(3, 2) == second
        assert uow.passes.sale_of(3, 2) == sale.sale_id
        assert uow.passes.by_number(3, 9) is None
        assert uow.passes.sale_of(4, 1) is None


def test_the_value_has_no_room_for_a_person() -> None:
    assert not {"name", "email"} & set(Sale.__dataclass_fields__)
