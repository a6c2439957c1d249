"""The offers of an event file: kinds, prices, claims, and what would only fail at the till."""

import pytest

from kiosk.domain.claim_numbers import claim_numbers
from kiosk.domain.moments import period_end_ms
from kiosk.domain.money import AMOUNT_MAX_MINOR
from kiosk.domain.offer import Cadence, CadenceUnit, Charge, Drop, Item, Membership
from tests.domain.made import (
    LOADED_MS,
    Document,
    document,
    drop_section,
    event_section,
    item_section,
    keys_of,
    membership_section,
    mistakes_of,
    read,
)


def grant(number: int, uses: int = 1) -> Document:
    return {"number": number, "uses": uses, "name": "x"}


def test_offers_come_by_kind_and_within_a_kind_as_written() -> None:
    snapshot = read(
        item=[item_section(code="b"), item_section(code="a")],
        drop=[drop_section()],
        membership=[membership_section()],
    )
    assert [(offer.code, type(offer)) for offer in snapshot.offers] == [
        ("club", Membership), ("riso", Drop), ("b", Item), ("a", Item),
    ]  # fmt: skip


def test_an_offer_without_entitlements_grants_one_claim_under_its_own_number_and_name() -> None:
    snapshot = read(
        membership=[membership_section(entitlements=[grant(1)])],
        item=[item_section(code="a", name="Anna"), item_section(code="b", name="Ben")],
    )
    claims = [offer.entitlements[0] for offer in snapshot.offers]
    numbers = claim_numbers(["a", "b"], {})
    assert [(claim.number, claim.uses, claim.name.default) for claim in claims] == [
        (1, 1, "x"),
        (numbers["a"], 1, "Anna"),
        (numbers["b"], 1, "Ben"),
    ]


def test_a_number_written_by_hand_may_not_be_another_offers_claim() -> None:
    # The holder of one thing would be let in for the other.
    number = claim_numbers(["a"], {})["a"]
    by_hand = [grant(1), grant(number)]
    whole = document(item=[item_section(code="a"), item_section(code="b", entitlements=by_hand)])
    (mistake,) = mistakes_of(whole)
    assert (mistake.key, mistake.value) == ("item[2].entitlements[2].number", str(number))


def test_a_number_above_a_thousand_that_nobody_was_given_is_fine() -> None:
    made = read(item=[item_section(entitlements=[grant(1001)])])
    assert made.offers[0].entitlements[0].number == 1001


def test_two_offers_may_share_an_entitlement_on_purpose() -> None:
    pair = [item_section(code=code, entitlements=[grant(7)]) for code in ("a", "b")]
    assert len(read(item=pair).offers) == 2


@pytest.mark.parametrize(
    ("entitlements", "keys"),
    [
        ([], ["item[1].entitlements"]),
        (5, ["item[1].entitlements"]),
        ([grant(1), grant(1)], ["item[1].entitlements"]),
        ([grant(n) for n in range(1, 6)], ["item[1].entitlements"]),
        ([grant(0)], ["item[1].entitlements[1].number"]),
        ([grant(2**32)], ["item[1].entitlements[1].number"]),
        ([grant(1, 1001)], ["item[1].entitlements[1].uses"]),
        ([grant(1, -1)], ["item[1].entitlements[1].uses"]),
        ([{"number": 1, "uses": True, "name": "x"}], ["item[1].entitlements[1].uses"]),
        ([{"number": 1, "uses": 1}], ["item[1].entitlements[1].name"]),
    ],
)
def test_entitlements_must_fit_on_a_pass(entitlements: object, keys: list[str]) -> None:
    assert keys_of(document(item=[item_section(entitlements=entitlements)])) == keys


@pytest.mark.parametrize("kind", ["membership", "drop", "item"])
def test_a_code_may_stand_only_once_whatever_the_kind(kind: str) -> None:
    section = {"membership": membership_section, "drop": drop_section, "item": item_section}[kind]
    rows = [*([item_section()] if kind == "item" else []), section(code="zine")]
    found = mistakes_of(
        document(**{kind: rows, **({} if kind == "item" else {"item": [item_section()]})})
    )
    assert [mistake.value for mistake in found] == ["zine"]
    assert "more than once" in found[0].reason


@pytest.mark.parametrize("code", ["", "a b", "a_b", "ä", "x" * 31, "a/b", 5, "a\n"])
def test_a_code_is_letters_digits_and_dashes(code: object) -> None:
    assert keys_of(document(item=[item_section(code=code)])) == ["item[1].code"]


# ------------------------------------------------------------------------------------ prices


@pytest.mark.parametrize("price", [0, 1, AMOUNT_MAX_MINOR])
def test_an_item_may_cost_nothing_or_as_much_as_a_rail_takes(price: int) -> None:
    assert read(item=[item_section(price_minor=price)]).offers[0].price_minor == price


@pytest.mark.parametrize("price", [-1, AMOUNT_MAX_MINOR + 1, 4.9, "490", True, None])
def test_a_price_is_a_whole_number_of_minor_units(price: object) -> None:
    assert keys_of(document(item=[item_section(price_minor=price)])) == ["item[1].price_minor"]


def test_a_membership_is_never_free_and_says_so_once() -> None:
    for price in (0, "free", None):
        membership = [membership_section(price_minor=price)]
        assert keys_of(document(membership=membership)) == ["membership[1].price_minor"]


def without_price(**values: object) -> list[Document]:
    section = item_section(**values)
    del section["price_minor"]
    return [section]


def test_prices_may_be_given_by_currency_and_the_events_own_counts() -> None:
    prices = {"eur": 500, "gbp": 430}
    assert read(item=without_price(prices=prices)).offers[0].price_minor == 500
    made = read(item=without_price(prices=prices), event=event_section(currency="gbp"))
    assert made.offers[0].price_minor == 430


@pytest.mark.parametrize(
    ("prices", "keys"),
    [
        ({"gbp": 430}, ["item[1].prices.eur"]),
        ({"eur": 500, "gpb": 430}, ["item[1].prices.gpb"]),
        ({"eur": 500, "gbp": -1}, ["item[1].prices.gbp"]),
        ({"eur": 5.0}, ["item[1].prices.eur"]),
        ({}, ["item[1].prices.eur"]),
        (500, ["item[1].prices", "item[1].prices.eur"]),
    ],
)
def test_a_table_of_prices_is_checked_as_a_whole(prices: object, keys: list[str]) -> None:
    assert keys_of(document(item=without_price(prices=prices))) == keys


def test_a_price_is_given_in_one_way_only() -> None:
    assert keys_of(document(item=[item_section(prices={"eur": 5})])) == ["item[1].prices"]


def test_a_membership_is_not_free_in_any_currency() -> None:
    section = membership_section(prices={"eur": 500, "gbp": 0})
    del section["price_minor"]
    assert keys_of(document(membership=[section])) == ["membership[1].prices.gbp"]


# ------------------------------------------------------------------------------- memberships


def club(**values: object) -> Membership:
    made = read(membership=[membership_section(**values)]).offers[0]
    assert isinstance(made, Membership)
    return made


def test_a_membership_has_a_cadence_and_may_have_a_length() -> None:
    made = club(cadence={"every": 2, "unit": "month"}, periods=3, charge="per-period", plan=4)
    assert made.cadence == Cadence(every=2, unit=CadenceUnit.MONTH)
    assert (made.periods, made.charge, made.plan) == (3, Charge.PER_PERIOD, 4)


def test_a_membership_of_fixed_length_is_paid_upfront_unless_it_says_otherwise() -> None:
    assert club(periods=3).charge is Charge.UPFRONT


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        ({"charge": "upfront"}, ["charge"]),
        ({"periods": 4, "charge": "sometimes"}, ["charge"]),
        ({"periods": 0}, ["periods"]),
        ({"periods": 401}, ["periods"]),
        ({"cadence": {"every": 0, "unit": "day"}}, ["cadence.every"]),
        ({"cadence": {"every": 1, "unit": "year"}}, ["cadence.unit"]),
        ({"cadence": {"every": True, "unit": "day"}}, ["cadence.every"]),
        ({"cadence": "weekly"}, ["cadence", "cadence.every", "cadence.unit"]),
        ({"plan": -1}, ["plan"]),
        ({"plan": 2**32}, ["plan"]),
    ],
)
def test_a_mistake_about_a_membership_is_named(values: Document, keys: list[str]) -> None:
    found = keys_of(document(membership=[membership_section(**values)]))
    assert found == [f"membership[1].{key}" for key in keys]


@pytest.mark.parametrize(
    ("every", "unit", "periods"), [(400, "month", 2), (400, "day", 400), (400, "week", 6)]
)
def test_a_membership_longer_than_passes_can_count_is_refused(
    every: int, unit: str, periods: int
) -> None:
    section = membership_section(cadence={"every": every, "unit": unit}, periods=periods)
    assert keys_of(document(membership=[section])) == ["membership[1].periods"]


@pytest.mark.parametrize(
    ("every", "unit", "periods"),
    [(400, "month", None), (400, "week", 5), (1, "month", 400), (36, "day", 400)],
)
def test_the_longest_membership_still_ends_on_a_pass(
    every: int, unit: str, periods: int | None
) -> None:
    values = {"cadence": {"every": every, "unit": unit}}
    made = club(**values, **({} if periods is None else {"periods": periods}))
    ends = period_end_ms(2_840_140_800_000, made.cadence, made.periods or 1, "Asia/Tokyo")
    assert ends // 1000 < 2**32


# ------------------------------------------------------------------------------------- drops


def test_a_drop_opens_and_closes_relative_to_the_load() -> None:
    made = read(drop=[drop_section(opens="-15m", closes="+8h")]).offers[0]
    assert isinstance(made, Drop)
    assert made.opens_ms == LOADED_MS - 15 * 60_000
    assert made.closes_ms == LOADED_MS + 8 * 3_600_000
    assert (made.stock, made.allotment, made.per_member) == (40, 40, None)


def test_a_drop_may_hold_back_stock_for_other_devices() -> None:
    made = read(drop=[drop_section(allotment=15, per_member=1)]).offers[0]
    assert isinstance(made, Drop)
    assert (made.stock, made.allotment, made.per_member) == (40, 15, 1)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"closes": "-15m"}, "closes"),
        ({"closes": "-16m"}, "closes"),
        ({"opens": "soon"}, "opens"),
        ({"opens": 5}, "opens"),
        ({"stock": -1}, "stock"),
        ({"stock": 1_000_001}, "stock"),
        ({"allotment": 41}, "allotment"),
        ({"allotment": -1}, "allotment"),
        ({"per_member": 0}, "per_member"),
        ({"stock": None}, "stock"),
    ],
)
def test_a_mistake_about_a_drop_is_named(values: Document, key: str) -> None:
    assert keys_of(document(drop=[drop_section(**values)])) == [f"drop[1].{key}"]


def test_a_drop_of_nothing_is_sold_out_from_the_start_but_no_mistake() -> None:
    made = read(drop=[drop_section(stock=0)]).offers[0]
    assert isinstance(made, Drop)
    assert made.allotment == 0


def test_texts_may_carry_translations() -> None:
    made = read(
        event=event_section(languages=["de", "en"]),
        item=[item_section(name={"de": " Heft ", "en": "Zine"}, description="Sechzehn Seiten")],
    ).offers[0]
    assert made.name.default == made.name.in_language("de") == "Heft"
    assert made.name.in_language("en") == "Zine"
    assert made.description.in_language("en") == "Sechzehn Seiten"


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ({"en": "Zine"}, ["first language (de)"]),
        ({"de": "Heft", "fr": "Livre"}, ["not a language of this event: fr"]),
        ({"de": "Heft", "en": ""}, ["each language needs"]),
        ({"de": "Heft", "en": "x" * 401}, ["each language needs"]),
        ({"de": 5}, ["each language needs", "first language"]),
        ({}, ["first language"]),
        ("x" * 401, ["1 to 400"]),
        ("a\x00b", ["controls"]),
        (["Heft"], ["1 to 400"]),
    ],
)
def test_a_translation_that_is_wrong_says_which_way(name: object, reasons: list[str]) -> None:
    event = event_section(languages=["de", "en"])
    found = mistakes_of(document(event=event, item=[item_section(name=name)]))
    assert [mistake.key for mistake in found] == ["item[1].name"] * len(reasons)
    for mistake, reason in zip(found, reasons, strict=True):
        assert reason in mistake.reason
