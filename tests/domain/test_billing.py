"""What a sale sends: one bill for what is paid once, one subscription for each line that recurs."""

from dataclasses import replace
from itertools import count

import pytest

from kiosk.domain.billing import Carriage, LinkUse, entries_of, grace_ends_ms, is_recurring
from kiosk.domain.offer import Snapshot
from kiosk.domain.outbox import NewEntry, Topic
from kiosk.domain.pay_codes import Payer, pay_codes
from kiosk.domain.sale import Sale
from kiosk.domain.tender import TenderKind
from tests.domain.made import draft_of, sale_of, sample

CLUB, SHOW = sample("recipe-club"), sample("craft-show")
PERSON = {"name": "Maria", "email": "maria@example.org", "language": "de"}
LINK = LinkUse(
    entity="offer:apron:eur:3900",
    link_id="plink_1",
    url="https://buy.example/a",
    unit_minor=3900,
    quantity=2,
)


def sold(snapshot: Snapshot, tender: TenderKind, **quantities: int) -> Sale:
    return sale_of(snapshot, replace(draft_of(**quantities), tender=tender))


def entries(snapshot: Snapshot, sale: Sale) -> tuple[NewEntry, ...]:
    numbers = count(1)
    return entries_of(
        sale,
        Carriage(
            snapshot=snapshot,
            person=PERSON,
            reference="kp1_3_s1_x",
            links=(LINK,),
            make_id=lambda: f"e{next(numbers)}",
        ),
    )


def test_cash_for_things_is_one_invoice_in_the_members_lane() -> None:
    sale = sold(CLUB, TenderKind.CASH, apron=1, tasting=2)
    (entry,) = entries(CLUB, sale)
    assert (entry.topic, entry.lane, entry.depends_on) == (Topic.INVOICE, sale.member_id, None)
    assert entry.intent["total_minor"] == sale.total_minor
    assert entry.intent["days_until_due"] is None
    assert [line["amount_minor"] for line in entry.intent["lines"]] == [3900, 2500]  # type: ignore[attr-defined]
    assert entry.due_ms == sale.sold_ms


def test_each_line_that_recurs_is_a_subscription_beside_the_one_invoice() -> None:
    sale = sold(SHOW, TenderKind.CASH, workshop=1, four_lessons=2, tea_cup=1)
    made = entries(SHOW, sale)
    assert [entry.topic for entry in made] == [
        Topic.INVOICE, Topic.SUBSCRIPTION, Topic.SUBSCRIPTION,
    ]  # fmt: skip
    assert sum(int(str(entry.intent["total_minor"])) for entry in made) == sale.total_minor
    assert len({entry.entry_id for entry in made}) == 3
    workshop, lessons = made[1].intent, made[2].intent
    assert workshop["cancel_at_s"] is None
    assert lessons["cancel_at_s"] == sale.sold_ms // 1000 + 28 * 86_400
    assert lessons["cadence"] == {"every": 1, "unit": "week"}


def test_a_membership_paid_upfront_is_billed_once() -> None:
    (entry,) = entries(CLUB, sold(CLUB, TenderKind.CASH, four_weeks=1))
    assert entry.topic is Topic.INVOICE


def test_scan_to_pay_only_watches_and_holds_no_lane_up() -> None:
    sale = sold(CLUB, TenderKind.SCAN_TO_PAY, apron=2)
    (entry,) = entries(CLUB, sale)
    assert (entry.topic, entry.lane) == (Topic.WATCH, "watch:s1")
    assert entry.intent["reference"] == "kp1_3_s1_x"
    assert entry.intent["grace_ends_ms"] == sale.sold_ms + 1440 * 60_000
    assert entry.intent["links"] == [
        {
            "entity": LINK.entity,
            "link_id": "plink_1",
            "url": "https://buy.example/a",
            "unit_minor": 3900,
            "quantity": 2,
        }
    ]


def test_pay_later_watches_each_bill_after_it_was_sent() -> None:
    sale = sold(CLUB, TenderKind.PAY_LATER, weekly=1, apron=1)
    made = entries(CLUB, sale)
    bills, watches = made[:2], made[2:]
    assert [bill.intent["days_until_due"] for bill in bills] == [14, 14]
    assert [watch.depends_on for watch in watches] == [bill.entry_id for bill in bills]
    assert [watch.intent["bills"] for watch in watches] == [bill.entry_id for bill in bills]
    assert len({entry.lane for entry in made}) == 3


@pytest.mark.parametrize("tender", TenderKind)
def test_no_intent_holds_anything_personal(tender: TenderKind) -> None:
    # The intent is frozen for ever; the person can be erased.
    for entry in entries(CLUB, sold(CLUB, tender, weekly=1, apron=1)):
        assert "Maria" not in repr(entry.intent)
        assert "example.org" not in repr(entry.intent)
        assert entry.person == PERSON


@pytest.mark.parametrize(
    ("tender", "after_ms"),
    [
        (TenderKind.SCAN_TO_PAY, 1440 * 60_000),
        (TenderKind.CASH, 1440 * 60_000),
        (TenderKind.PAY_LATER, 14 * 86_400_000),
    ],
)
def test_grace_is_the_events_own(tender: TenderKind, after_ms: int) -> None:
    sale = sold(CLUB, tender, apron=1)
    assert grace_ends_ms(sale, CLUB) == sale.sold_ms + after_ms


def test_what_recurs_is_known_by_its_line() -> None:
    sale = sold(CLUB, TenderKind.CASH, weekly=1, four_weeks=1, apron=1)
    assert [is_recurring(CLUB, line) for line in sale.lines] == [True, False, False]


def test_a_payment_is_scanned_once_per_unit_with_reference_and_address_escaped() -> None:
    payer = Payer(reference="kp1_3_s1_x", email="maria+zine&co@example.org", language="de")
    first, second = pay_codes([LINK], "eur", payer)
    assert first == second
    assert first.amount_minor == 3900
    assert first.url == (
        "https://buy.example/a?client_reference_id=kp1_3_s1_x"
        "&locked_prefilled_email=maria%2Bzine%26co%40example.org&locale=de"
    )
    for shown in (repr(first), repr(payer)):
        assert "example.org" not in shown
