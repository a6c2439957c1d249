"""Scan to pay: one code after the other, each with its amount, and never a word too many."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.settlement import FindingKind
from kiosk.domain.tender import TenderKind
from kiosk.ui.pages import Page
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def scan(walk: Walk) -> Any:
    walk.scan_to_pay()
    return walk.model(Page.SCAN_TO_PAY)


def test_without_a_sale_there_is_no_code(walk: Walk) -> None:
    scan = walk.model(Page.SCAN_TO_PAY)
    scan.enter()
    said = (scan.source, scan.amount, scan.seller, scan.reference, scan.receipt_number)
    assert said == ("",) * 5
    assert (scan.count, scan.across, scan.place) == (0, 1, 1)


def test_each_code_says_amount_seller_and_reference(scan: Any, kiosk: Stage) -> None:
    completed = kiosk.shell.till.visit.completed
    assert completed is not None
    seen = []
    for code in completed.pay_codes:
        assert scan.seller == code.seller
        assert scan.reference == code.reference
        assert scan.receipt_number == completed.sale.receipt_number
        assert scan.across > 20
        seen.append((scan.source, scan.amount))
        scan.go_on()
    assert len(set(seen)) == len(seen) == 2
    assert kiosk.on(Page.PASS)


def test_the_codes_together_are_the_whole_sale(scan: Any, kiosk: Stage) -> None:
    completed = kiosk.shell.till.visit.completed
    assert completed is not None
    assert sum(code.amount_minor for code in completed.pay_codes) == completed.sale.total_minor


def test_going_back_stops_at_the_first_code(scan: Any, kiosk: Stage) -> None:
    scan.go_on()
    assert scan.place == 2
    for _ in range(4):
        scan.back()
    assert scan.place == 1
    assert kiosk.on(Page.SCAN_TO_PAY)


def test_coming_back_to_the_page_begins_with_the_first_code(scan: Any, kiosk: Stage) -> None:
    scan.go_on()
    kiosk.shell.go(Page.PASS)
    kiosk.shell.go(Page.SCAN_TO_PAY)
    assert scan.place == 1


def test_more_touches_than_codes_end_on_the_pass(scan: Any, kiosk: Stage) -> None:
    for _ in range(9):
        if kiosk.on(Page.SCAN_TO_PAY):
            scan.go_on()
    assert kiosk.on(Page.PASS)


def test_two_of_three_codes_paid_is_still_provisional(walk: Walk, kiosk: Stage) -> None:
    sold: Any = kiosk.sell(
        "riso-40", "tote", "zine-small", email="two@example.org", tender=TenderKind.SCAN_TO_PAY
    )
    assert len(sold.pay_codes) == 3
    kiosk.find(
        FindingKind.UNDERPAID,
        sold.sale.sale_id,
        amount=sum(code.amount_minor for code in sold.pay_codes[:2]),
    )
    walk.staff(Page.OUTBOX)
    outbox = walk.model(Page.OUTBOX)
    assert outbox.findings.rows[0].whose == sold.sale.receipt_number
    kiosk.shell.go(Page.TODAY)
    walk.model(Page.TODAY).newest_pass()
    kiosk.settle()
    assert walk.model(Page.PASS).worth == "provisional"


def test_amounts_are_said_again_in_another_language(scan: Any, kiosk: Stage) -> None:
    kiosk.shell._app.choose_language("de")
    assert scan.amount.endswith("£")


def test_the_parked_number_says_how_much_to_bring(walk: Walk, kiosk: Stage) -> None:
    walk.parked_number()
    page = walk.model(Page.PARKED_NUMBER)
    assert int(page.number) >= 1
    assert page.total == "£23.00"
    kiosk.shell._app.choose_language("de")
    assert page.total.endswith("£")
    page.done()
    page.done()
    kiosk.settle()
    assert kiosk.on(Page.ATTRACT)
    assert (page.number, page.total) == ("", "")
