"""The shop window: what a visitor sees of the event, at exact instants and by wrong clocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.entitlement import AFTER_EVENT_MS
from kiosk.domain.ids import OfferCode
from kiosk.domain.offer import CadenceUnit, Charge, DropState
from kiosk.domain.sale import CartLine, OfferKind
from kiosk.errors import CartEmpty, NoEvent, OfferUnknown, QuantityInvalid
from kiosk.service.browse import OfferCard, clock, price, shop_window
from kiosk.service.desk import ServiceMode
from kiosk.service.prepare import set_service_mode
from kiosk.service.sell import record_sale
from tests.service.world import DAY_MS, NOON_MS, World

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
LOADED_MS = NOON_MS // 1000 * 1000


def card(world: World, code: str, language: str = "en") -> OfferCard:
    return next(c for c in shop_window(world.desk, language).cards if c.code == code)


def line(code: str, quantity: int) -> CartLine:
    return CartLine(offer=OfferCode(code), quantity=quantity)


def test_the_window_shows_the_event_as_it_was_loaded(world: World) -> None:
    window = shop_window(world.desk, "en")
    assert window.event_name == "The Sunday Table"
    assert window.venue == "Markthalle Neun, Berlin"
    assert window.seller == "Sunday Table, Inh. Maria Gomez"
    assert (window.currency, window.time_zone) == ("eur", "Europe/Berlin")
    assert window.languages == ("en", "de")
    assert (window.pay_later_days, window.grace_minutes) == (14, 1440)
    assert window.service_mode is ServiceMode.ASSISTED
    assert (window.now_ms, window.clock_doubtful, window.event_over) == (NOON_MS, False, False)
    assert [c.code for c in window.cards] == [
        "weekly", "four-weeks", "tasting", "late-supper", "spice-jar", "apron",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "event", "club", "benefit", "plate"),
    [
        ("en", "The Sunday Table", "Weekly recipe club", "Members' table", "Tasting plate"),
        ("de", "Der Sonntagstisch", "Rezeptclub, wöchentlich", "Mitgliedertisch", "Probierteller"),
        # A language the event does not speak is answered in its first one.
        ("fr", "The Sunday Table", "Weekly recipe club", "Members' table", "Tasting plate"),
    ],
)
def test_every_text_comes_in_the_visitors_language(
    world: World, language, event, club, benefit, plate
) -> None:
    assert shop_window(world.desk, language).event_name == event
    weekly = card(world, "weekly", language)
    assert weekly.name == club
    assert benefit in weekly.entitlements
    assert card(world, "tasting", language).name == plate


def test_terms_come_in_the_visitors_language_each_kind_once(world: World) -> None:
    for language, word in (("en", "withdraw"), ("de", "widerrufen")):
        terms = shop_window(world.desk, language).terms
        assert [text.kind for text in terms] == ["terms", "marketing"]
        assert {text.language for text in terms} == {language}
        assert word in terms[0].text


def test_a_membership_card_says_how_often_and_for_how_long(world: World) -> None:
    weekly, four = card(world, "weekly"), card(world, "four-weeks")
    assert weekly.kind is four.kind is OfferKind.MEMBERSHIP
    assert (weekly.cadence_every, weekly.cadence_unit) == (1, CadenceUnit.WEEK)
    assert (weekly.periods, weekly.charge) == (None, Charge.PER_PERIOD)
    assert (four.periods, four.charge, four.unit_minor) == (4, Charge.UPFRONT, 1800)
    assert [(b.name, b.uses) for b in weekly.benefits][1] == ("Members' table", 0)
    assert (weekly.drop_state, weekly.left, weekly.opens_ms) == (None, None, None)


def test_an_item_card_has_a_price_and_nothing_that_runs_out(world: World) -> None:
    jar = card(world, "spice-jar")
    assert (jar.kind, jar.unit_minor, jar.currency) == (OfferKind.ITEM, 750, "eur")
    assert (jar.cadence, jar.cadence_every, jar.cadence_unit) == (None, None, None)
    assert (jar.drop_state, jar.left, jar.per_member, jar.closes_ms) == (None, None, None, None)


@pytest.mark.parametrize(
    ("code", "after_ms", "state"),
    [
        ("tasting", 0, DropState.OPEN),
        ("tasting", 6 * HOUR_MS - 1, DropState.OPEN),
        ("tasting", 6 * HOUR_MS, DropState.CLOSED),
        ("late-supper", 0, DropState.ANNOUNCED),
        ("late-supper", 45 * MINUTE_MS - 1, DropState.ANNOUNCED),
        ("late-supper", 45 * MINUTE_MS, DropState.OPEN),
        ("late-supper", 8 * HOUR_MS - 1, DropState.OPEN),
        ("late-supper", 8 * HOUR_MS, DropState.CLOSED),
    ],
)
def test_a_drop_opens_and_closes_at_the_very_millisecond(
    world: World, code, after_ms, state
) -> None:
    world.clock.at_ms = LOADED_MS + after_ms
    assert card(world, code).drop_state is state


def test_a_drop_card_counts_down_to_instants_of_the_load(world: World) -> None:
    supper = card(world, "late-supper")
    assert supper.opens_ms == LOADED_MS + 45 * MINUTE_MS
    assert supper.closes_ms == LOADED_MS + 8 * HOUR_MS
    assert (supper.left, supper.per_member) == (12, 2)


def test_what_is_sold_is_no_longer_left_and_the_last_copy_ends_it(world: World) -> None:
    for n in range(12):
        record_sale(world.desk, world.draft(lines=(line("tasting", 2),), email=f"m{n}@example.org"))
        assert card(world, "tasting").left == 24 - 2 * (n + 1)
    assert card(world, "tasting").drop_state is DropState.SOLD_OUT
    # Closed is closed, whatever was left.
    world.clock.at_ms = LOADED_MS + 6 * HOUR_MS
    assert card(world, "tasting").drop_state is DropState.CLOSED


def test_the_window_says_when_the_event_is_over(world: World) -> None:
    with world.desk.buffer.reading() as uow:
        over_ms = world.desk.snapshot(uow).event.ends_ms + AFTER_EVENT_MS
    world.clock.at_ms = over_ms - 1
    assert not shop_window(world.desk, "en").event_over
    assert card(world, "tasting").drop_state is DropState.CLOSED
    world.clock.at_ms = over_ms
    assert shop_window(world.desk, "en").event_over
    # So long after the end it is the clock that is wrong, and a wrong clock refuses nobody.
    assert card(world, "tasting").drop_state is DropState.OPEN


def test_a_clock_behind_what_is_known_to_have_passed_is_called_doubtful(world: World) -> None:
    record_sale(world.desk, world.draft("spice-jar"))
    world.clock.at_ms -= 730 * DAY_MS
    window = shop_window(world.desk, "en")
    assert window.clock_doubtful
    assert window.now_ms == NOON_MS
    assert card(world, "late-supper").drop_state is DropState.OPEN
    assert clock(world.desk).doubtful
    assert clock(world.desk).now_ms == NOON_MS - 730 * DAY_MS


@pytest.mark.parametrize("skew_ms", [-2 * HOUR_MS, 2 * HOUR_MS])
def test_a_clock_the_rail_has_measured_is_put_right(world: World, skew_ms: int) -> None:
    with world.desk.buffer.writing() as uow:
        uow.settings.put("rail.skew_ms", skew_ms, NOON_MS)
    world.clock.at_ms = NOON_MS + skew_ms
    window = shop_window(world.desk, "en")
    assert (window.now_ms, window.clock_doubtful) == (NOON_MS, True)


def test_a_small_skew_is_left_alone(world: World) -> None:
    with world.desk.buffer.writing() as uow:
        uow.settings.put("rail.skew_ms", 90_000, NOON_MS)
    reading = clock(world.desk)
    assert (reading.best_ms, reading.skew_ms, reading.doubtful) == (NOON_MS, 90_000, False)


def test_the_window_knows_who_stands_at_the_screen(world: World) -> None:
    set_service_mode(world.desk, ServiceMode.SELF_SERVICE)
    assert shop_window(world.desk, "en").service_mode is ServiceMode.SELF_SERVICE
    world.reopen()
    assert shop_window(world.desk, "en").service_mode is ServiceMode.SELF_SERVICE


def test_a_cart_is_priced_line_by_line_with_its_tax(world: World) -> None:
    cart = price(world.desk, [line("tasting", 2), line("apron", 1), line("tasting", 1)], "de")
    assert [(item.offer, item.quantity, item.amount_minor) for item in cart.lines] == [
        ("tasting", 3, 3750),
        ("apron", 1, 3900),
    ]
    assert cart.lines[0].description == "Probierteller"
    assert cart.total_minor == 7650
    assert cart.tax_minor == 245 + 623


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([], CartEmpty),
        ([line("nothing", 1)], OfferUnknown),
        ([line("apron", 0)], QuantityInvalid),
        ([line("apron", -1)], QuantityInvalid),
        ([line("apron", 60), line("apron", 60)], QuantityInvalid),
    ],
)
def test_what_cannot_be_priced_is_refused(world: World, lines, error) -> None:
    with pytest.raises(error):
        price(world.desk, lines, "en")


def test_what_is_shown_is_what_is_charged_for_every_offer_of_every_sample(
    make_world: Callable[..., World],
) -> None:
    for name in ("recipe-club", "zine-fair", "craft-show"):
        world = make_world()
        world.load(f"{name}.toml")
        for shown in shop_window(world.desk, "en").cards:
            cart = price(world.desk, [line(shown.code, 3)], "en")
            assert cart.total_minor == 3 * shown.unit_minor
            assert cart.currency == shown.currency


def test_without_an_event_there_is_no_window(make_world: Callable[..., World]) -> None:
    world = make_world()
    with pytest.raises(NoEvent):
        shop_window(world.desk, "en")
    with pytest.raises(NoEvent):
        price(world.desk, [line("tasting", 1)], "en")
    assert not clock(world.desk).doubtful
