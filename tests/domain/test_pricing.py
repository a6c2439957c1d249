"""The price decision: one unit for card, cart, sale and payment link, whatever the quantity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import OfferCode
from kiosk.domain.money import AMOUNT_MAX_MINOR, tax_on, tax_within
from kiosk.domain.offer import QUANTITY_MAX, Snapshot
from kiosk.domain.pricing import decide, kind_of, price_cart
from kiosk.domain.sale import CartLine, OfferKind, PricedCart, RuleApplied
from kiosk.errors import CartEmpty, OfferUnknown, QuantityInvalid
from tests.domain.made import item_section, read, sample

prices = st.integers(0, AMOUNT_MAX_MINOR)
rates = st.integers(0, 10_000)


def shop(price_minor: int, rate_bp: int, included: bool) -> Snapshot:
    tax = [{"code": "std", "rate_bp": rate_bp, "included": included}]
    return read(tax=tax, item=[item_section(price_minor=price_minor)])


def line(code: str, quantity: int) -> CartLine:
    return CartLine(offer=OfferCode(code), quantity=quantity)


def priced(snapshot: Snapshot, *lines: tuple[str, int], language: str = "en") -> PricedCart:
    return price_cart(snapshot, [line(code, quantity) for code, quantity in lines], language)


@given(prices, rates)
def test_an_included_tax_changes_no_price(price: int, rate_bp: int) -> None:
    snapshot = shop(price, rate_bp, included=True)
    decision = decide(snapshot, snapshot.offers[0])
    assert decision.unit_minor == price
    assert [rule.rule for rule in decision.rules] == ["base_price"]


@given(prices, rates)
def test_an_added_tax_is_rounded_once_per_unit(price: int, rate_bp: int) -> None:
    snapshot = shop(price, rate_bp, included=False)
    assert decide(snapshot, snapshot.offers[0]).unit_minor == price + tax_on(price, rate_bp)


@given(prices, rates, st.booleans(), st.integers(1, QUANTITY_MAX))
def test_a_line_is_its_quantity_times_the_unit_with_its_tax_inside(
    price: int, rate_bp: int, included: bool, quantity: int
) -> None:
    snapshot = shop(price, rate_bp, included)
    (made,) = priced(snapshot, ("zine", quantity)).lines
    assert made.amount_minor == made.unit_minor * quantity
    assert 0 <= made.tax_minor <= made.amount_minor
    if included:
        assert made.tax_minor == tax_within(made.amount_minor, rate_bp)
    else:
        assert made.amount_minor - made.tax_minor == price * quantity


def test_the_rules_are_listed_in_the_order_they_applied() -> None:
    snapshot = sample("zine-fair")
    tote = snapshot.offer("tote")
    assert tote is not None
    assert decide(snapshot, tote).rules == (
        RuleApplied(rule="base_price", unit_minor=1150),
        RuleApplied(rule="tax_added", unit_minor=1380),
    )


def test_a_tax_of_nothing_adds_no_rule() -> None:
    snapshot = shop(500, 0, included=False)
    assert [rule.rule for rule in decide(snapshot, snapshot.offers[0]).rules] == ["base_price"]


def test_a_tax_of_a_hundred_percent_doubles_the_price() -> None:
    (made,) = priced(shop(250, 10_000, included=False), ("zine", 2)).lines
    assert (made.unit_minor, made.amount_minor, made.tax_minor) == (500, 1000, 500)


def test_a_gift_costs_nothing_and_holds_no_tax() -> None:
    (made,) = priced(shop(0, 1900, included=False), ("zine", 7)).lines
    assert (made.unit_minor, made.amount_minor, made.tax_minor) == (0, 0, 0)


def test_a_cart_says_what_it_was_priced_under() -> None:
    cart = priced(sample("recipe-club"), ("spice-jar", 2), ("apron", 1))
    assert (cart.snapshot_number, cart.currency) == (0, "eur")
    assert cart.total_minor == 2 * 750 + 3900
    assert cart.tax_minor == tax_within(1500, 700) + tax_within(3900, 1900)


def test_a_line_carries_everything_a_receipt_needs() -> None:
    cart = priced(sample("zine-fair"), ("quarterly", 1), ("sticker", 3), language="de")
    first, second = cart.lines
    assert (first.line_no, first.offer, first.kind) == (1, "quarterly", OfferKind.MEMBERSHIP)
    assert first.description == "Quartalsheft per Post"
    assert (first.tax_code, first.rate_bp, first.tax_minor) == ("print", 0, 0)
    assert (second.line_no, second.quantity, second.unit_minor) == (2, 3, 24)
    assert (second.amount_minor, second.tax_minor, second.rate_bp) == (72, 12, 2000)
    assert second.rules[-1].rule == "tax_added"


def test_a_language_that_nobody_wrote_falls_back_to_the_events_own() -> None:
    (made,) = priced(sample("zine-fair"), ("tote", 1), language="fr").lines
    assert made.description == "Screen-printed tote"


def test_lines_of_the_same_offer_become_one_in_their_first_order() -> None:
    snapshot = sample("recipe-club")
    cart = priced(snapshot, ("apron", 1), ("tasting", 2), ("apron", 3))
    assert [(made.line_no, made.offer, made.quantity) for made in cart.lines] == [
        (1, "apron", 4), (2, "tasting", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("quantity", [-1, 0, QUANTITY_MAX + 1, 2**63])
def test_a_quantity_is_from_one_to_ninety_nine(quantity: int) -> None:
    with pytest.raises(QuantityInvalid) as refused:
        priced(read(), ("zine", quantity))
    assert refused.value.fields == {"offer": "zine", "quantity": quantity, "most": QUANTITY_MAX}


def test_ninety_nine_are_sold() -> None:
    assert priced(read(), ("zine", QUANTITY_MAX)).total_minor == 99 * 500


def test_merged_lines_may_not_pass_the_most_either() -> None:
    with pytest.raises(QuantityInvalid) as refused:
        priced(read(), ("zine", 50), ("zine", 50))
    assert refused.value.fields["quantity"] == 100


def test_a_bad_line_cannot_hide_behind_a_good_one() -> None:
    with pytest.raises(QuantityInvalid):
        priced(read(), ("zine", 5), ("zine", -1))


def test_an_empty_cart_and_an_unknown_offer_are_refused() -> None:
    with pytest.raises(CartEmpty):
        priced(read())
    with pytest.raises(OfferUnknown) as refused:
        priced(read(), ("zine", 1), ("Zine", 1))
    assert refused.value.fields == {"offer": "Zine"}


@given(
    st.lists(st.sampled_from(["spice-jar", "apron", "weekly", "tasting"]), min_size=1, max_size=30)
)
def test_the_order_of_taps_never_changes_the_total(taps: list[str]) -> None:
    snapshot = sample("recipe-club")
    lines = [(code, 1) for code in taps]
    there, back = priced(snapshot, *lines), priced(snapshot, *reversed(lines))
    assert there.total_minor == back.total_minor
    assert there.tax_minor == back.tax_minor


def test_every_kind_of_offer_has_its_name_on_the_line() -> None:
    snapshot = sample("recipe-club")
    kinds = {str(offer.code): kind_of(offer) for offer in snapshot.offers}
    assert kinds["weekly"] is OfferKind.MEMBERSHIP
    assert kinds["tasting"] is OfferKind.DROP
    assert kinds["apron"] is OfferKind.ITEM
