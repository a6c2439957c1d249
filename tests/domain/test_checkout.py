"""Checkout: the price shown is the price, consent is to an exact text, a second tap is known."""

from dataclasses import replace

import pytest

from kiosk.domain.checkout import (
    check_drop,
    check_shown,
    consents_given,
    is_over,
    is_same_sale,
    issue_instant_ms,
    journal_payload,
    tender_taken,
    windows_hold,
)
from kiosk.domain.clock import TimeReading
from kiosk.domain.entitlement import AFTER_EVENT_MS
from kiosk.domain.ids import MemberId, OfferCode, SaleId
from kiosk.domain.offer import Drop
from kiosk.domain.people import Member
from kiosk.domain.pricing import price_cart
from kiosk.domain.sale import CartLine, Draft, IssuedPass
from kiosk.domain.tender import TenderKind
from kiosk.errors import (
    CartChanged,
    ConsentMissing,
    ConsentUnknown,
    MemberLimitReached,
    OfferNotOnSale,
    UnderTendered,
)
from tests.domain.made import draft_of, sale_of, sample

CLUB = sample("recipe-club")
MEMBER = Member(
    member_id=MemberId("m1"), name="Maria Gomez", email="maria@example.org", language="de"
)
DRAFT = draft_of(apron=1, tasting=2)
SALE = sale_of(CLUB, DRAFT)


def at(best_ms: int, *, doubtful: bool = False) -> TimeReading:
    return TimeReading(now_ms=best_ms, best_ms=best_ms, skew_ms=None, doubtful=doubtful)


def test_an_event_is_over_six_hours_after_its_end_to_the_millisecond() -> None:
    over = CLUB.event.ends_ms + AFTER_EVENT_MS
    assert not is_over(CLUB, over - 1)
    assert is_over(CLUB, over)


def test_a_clock_that_is_wrong_closes_no_drop() -> None:
    over = CLUB.event.ends_ms + AFTER_EVENT_MS
    assert windows_hold(CLUB, at(over - 1))
    assert not windows_hold(CLUB, at(over))
    assert not windows_hold(CLUB, at(CLUB.event.starts_ms, doubtful=True))


def tasting() -> Drop:
    drop = CLUB.offer(OfferCode("tasting"))
    assert isinstance(drop, Drop)
    return drop


def test_a_drop_is_checked_to_the_millisecond_unless_the_clock_is_wrong() -> None:
    drop = tasting()
    for open_ms in (drop.opens_ms, drop.closes_ms - 1):
        check_drop(CLUB, drop, at(open_ms), wanted=1, had=0)
    for shut_ms, state in ((drop.opens_ms - 1, "announced"), (drop.closes_ms, "closed")):
        with pytest.raises(OfferNotOnSale) as refused:
            check_drop(CLUB, drop, at(shut_ms), wanted=1, had=0)
        assert refused.value.fields == {"offer": "tasting", "state": state}
        check_drop(CLUB, drop, at(shut_ms, doubtful=True), wanted=1, had=0)


@pytest.mark.parametrize(("wanted", "had", "fits"), [(2, 0, True), (1, 1, True), (2, 1, False)])
def test_a_member_has_no_more_of_a_drop_than_its_limit(wanted: int, had: int, fits: bool) -> None:
    drop, now = tasting(), at(tasting().opens_ms)
    check_drop(CLUB, replace(drop, per_member=None), now, wanted, had)
    if fits:
        check_drop(CLUB, drop, now, wanted, had)
        return
    with pytest.raises(MemberLimitReached) as refused:
        check_drop(CLUB, drop, now, wanted, had)
    assert refused.value.fields == {"offer": "tasting", "limit": 2}


def test_a_sale_after_the_event_is_dated_to_the_event() -> None:
    over = CLUB.event.ends_ms + AFTER_EVENT_MS
    assert issue_instant_ms(CLUB, over - 1) == over - 1
    assert issue_instant_ms(CLUB, over) == CLUB.event.starts_ms


def test_consent_is_to_the_text_in_the_language_on_screen() -> None:
    both = replace(DRAFT, consents=frozenset({"terms", "marketing"}), language="de")
    given = consents_given(CLUB, both)
    assert [(one.kind, one.version, one.language) for one in given] == [
        ("marketing", "2026-11", "de"), ("terms", "2026-11", "de"),
    ]  # fmt: skip


def test_a_text_that_was_shown_in_another_language_is_recorded_in_that_one() -> None:
    (given,) = consents_given(CLUB, replace(DRAFT, language="fr"))
    assert given.language == "en"


@pytest.mark.parametrize("consents", [frozenset(), frozenset({"marketing"})])
def test_nothing_is_sold_without_the_terms(consents: frozenset[str]) -> None:
    with pytest.raises(ConsentMissing) as refused:
        consents_given(CLUB, replace(DRAFT, consents=consents))
    assert refused.value.fields == {"kind": "terms"}


def test_consent_to_a_text_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConsentUnknown) as refused:
        consents_given(CLUB, replace(DRAFT, consents=frozenset({"terms", "z", "a"})))
    assert refused.value.fields == {"kind": "a"}


def test_another_total_than_the_one_on_screen_is_refused() -> None:
    cart = price_cart(CLUB, DRAFT.lines, "en")
    check_shown(DRAFT, cart)  # the command line shows none
    check_shown(replace(DRAFT, shown_minor=cart.total_minor), cart)
    with pytest.raises(CartChanged) as refused:
        check_shown(replace(DRAFT, shown_minor=0), cart)
    assert refused.value.fields == {"shown": 0, "now": cart.total_minor}


@pytest.mark.parametrize(("given", "change"), [(None, 0), (6400, 0), (10_000, 3600)])
def test_cash_gives_change(given: int | None, change: int) -> None:
    tender = tender_taken(replace(DRAFT, given_minor=given), 6400)
    assert (tender.amount_minor, tender.change_due_minor) == (6400, change)


@pytest.mark.parametrize("given", [6399, 0, -1])
def test_too_little_cash_is_refused(given: int) -> None:
    with pytest.raises(UnderTendered) as refused:
        tender_taken(replace(DRAFT, given_minor=given), 6400)
    assert refused.value.fields == {"due_minor": 6400, "given_minor": given}


def test_nothing_but_cash_has_change() -> None:
    later = replace(DRAFT, tender=TenderKind.PAY_LATER, given_minor=99_999)
    assert tender_taken(later, 6400).change_due_minor == 0


def test_a_second_tap_is_the_same_sale_however_it_is_spelt() -> None:
    lines = [("tasting", 1), ("apron", 1), ("tasting", 1)]
    again = replace(
        DRAFT,
        email=" MARIA@Example.org ",
        lines=tuple(CartLine(offer=OfferCode(code), quantity=count) for code, count in lines),
    )
    assert is_same_sale(SALE, MEMBER, again)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, lines=DRAFT.lines[:1]),
        replace(DRAFT, lines=(replace(DRAFT.lines[0], quantity=2), DRAFT.lines[1])),
        replace(DRAFT, tender=TenderKind.PAY_LATER),
        replace(DRAFT, email="other@example.org"),
    ],
)
def test_a_different_cart_tender_or_member_is_another_sale(other: Draft) -> None:
    assert not is_same_sale(SALE, MEMBER, other)


def test_of_an_erased_member_the_address_is_not_compared() -> None:
    assert is_same_sale(SALE, None, replace(DRAFT, email="other@example.org"))


def test_the_journal_holds_the_sale_but_nothing_about_the_person() -> None:
    issued = IssuedPass(
        device=3, seq=42, text="EP1", payload_sha256=b"\x01\xff", event_number=12,
        entitlements={1: 1}, issued_s=1, expires_s=2, provisional=False, provisional_until_s=None,
    )  # fmt: skip
    payload = journal_payload(SALE, (issued,), ("e1",))
    assert payload["lines"] == [["apron", 1, 3900], ["tasting", 2, 1250]]
    assert payload["tenders"] == [["cash", 6400]]
    assert payload["passes"] == [["3-42", "01ff"]]
    assert payload["entries"] == ["e1"]
    assert payload["total_minor"] == SALE.total_minor == 6400
    assert payload["tax_minor"] == SALE.tax_minor
    shown = repr(payload)
    assert "Maria" not in shown
    assert "example.org" not in shown


def test_a_draft_shows_nothing_personal() -> None:
    assert "Maria" not in repr(DRAFT)
    assert "example.org" not in repr(DRAFT)
    assert DRAFT.sale_id == SaleId("s1")
