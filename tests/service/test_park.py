"""Parked carts: chosen alone at the screen, paid in cash at the counter, then forgotten."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from kiosk.domain.ids import OfferCode, SaleId, StaffId
from kiosk.domain.sale import CartLine, CashTaken, Draft
from kiosk.domain.tender import TenderKind
from kiosk.errors import (
    CartChanged,
    CartEmpty,
    ConsentMissing,
    EmailInvalid,
    MemberLimitReached,
    NameInvalid,
    NotPermitted,
    OfferNotOnSale,
    ParkedCartUnknown,
    RuleError,
    SaleConflict,
    SoldOut,
    UnderTendered,
)
from kiosk.service.desk import ServiceMode
from kiosk.service.park import drop_parked, park_cart, parked_carts, take_cash, take_parked
from kiosk.service.prepare import load_event, set_service_mode
from kiosk.service.sell import complete_sale, record_sale
from tests.service.world import EVENTS, World

HOUR_MS = 3_600_000


@pytest.fixture
def alone(make_world: Callable[..., World]) -> World:
    """The recipe club where members serve themselves."""
    world = make_world(staffed=False)
    world.load("recipe-club.toml")
    world.provision()
    set_service_mode(world.desk, ServiceMode.SELF_SERVICE)
    return world


def line(code: str, quantity: int) -> CartLine:
    return CartLine(offer=OfferCode(code), quantity=quantity)


def kept_texts(world: World) -> list[str]:
    """What the table of parked carts holds, closed carts too."""
    with world.desk.buffer.reading() as uow:
        rows = uow.parked._session.connection.execute("SELECT draft FROM parked_carts").fetchall()
        return [str(row[0]) for row in rows]


def test_a_visitor_parks_and_staff_complete_the_very_same_sale(alone: World) -> None:
    owner, draft = alone.owner(), alone.draft("tasting", "spice-jar")
    number = park_cart(alone.desk, draft)
    assert alone.facts()["sales"] == 0
    taken = take_parked(alone.desk, number, owner, 5000)
    completed = complete_sale(alone.desk, taken)
    assert completed.sale.sale_id == draft.sale_id
    assert completed.sale.staff_id == owner
    assert completed.sale.tenders[0].kind is TenderKind.CASH
    assert completed.change_due_minor == 5000 - 2000
    assert completed.member_name == "Maria Gomez"
    assert parked_carts(alone.desk) == ()


def test_the_counter_sees_number_name_lines_and_total(alone: World) -> None:
    draft = alone.draft(lines=(line("tasting", 2), line("spice-jar", 1)))
    number = park_cart(alone.desk, draft)
    (cart,) = parked_carts(alone.desk)
    assert (cart.number, cart.sale_id, cart.name) == (number, draft.sale_id, "Maria Gomez")
    assert (cart.total_minor, cart.currency) == (2 * 1250 + 750, "eur")
    assert cart.parked_ms == alone.clock.at_ms
    assert cart.line_texts == (
        f"2 × {cart.lines[0].description}",
        f"1 × {cart.lines[1].description}",
    )
    assert "Maria" not in repr(cart)


def test_carts_wait_in_the_order_they_came(alone: World) -> None:
    numbers = [
        park_cart(alone.desk, alone.draft("spice-jar", email=f"m{n}@example.org")) for n in range(4)
    ]
    assert len(set(numbers)) == 4
    assert [cart.number for cart in parked_carts(alone.desk)] == numbers


def test_the_same_draft_keeps_its_number_and_the_last_of_what_it_asked(alone: World) -> None:
    draft = alone.draft("tasting")
    number = park_cart(alone.desk, draft)
    again = dataclasses.replace(draft, lines=(line("spice-jar", 2),), name="Mary Gomez")
    assert park_cart(alone.desk, again) == number
    (cart,) = parked_carts(alone.desk)
    assert (cart.name, cart.total_minor) == ("Mary Gomez", 1500)


def test_a_parked_cart_waits_through_a_restart(alone: World) -> None:
    owner, number = alone.owner(), park_cart(alone.desk, alone.draft("tasting"))
    alone.reopen()
    taken = take_parked(alone.desk, number, owner, None)
    assert record_sale(alone.desk, taken).sale.total_minor == 1250


def test_what_was_agreed_to_and_shown_is_carried_to_the_sale(alone: World) -> None:
    draft = alone.draft(
        "tasting", consents=frozenset({"terms", "marketing"}), shown_minor=1250, language="de"
    )
    number = park_cart(alone.desk, draft)
    taken = take_parked(alone.desk, number, alone.owner(), 2000)
    assert taken == dataclasses.replace(
        draft, staff_id=taken.staff_id, given_minor=2000, parked_number=number
    )
    sale = record_sale(alone.desk, taken).sale
    assert {given.kind for given in sale.consents} == {"terms", "marketing"}
    assert sale.language == "de"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"lines": ()}, CartEmpty),
        ({"name": " "}, NameInvalid),
        ({"email": "maria@"}, EmailInvalid),
        ({"consents": frozenset()}, ConsentMissing),
        ({"shown_minor": 1}, CartChanged),
        ({"lines": (line("late-supper", 1),)}, OfferNotOnSale),
        ({"lines": (line("tasting", 3),)}, MemberLimitReached),
    ],
)
def test_what_could_not_be_sold_is_not_parked(alone: World, changes, error) -> None:
    before = alone.facts()
    with pytest.raises(error) as refused:
        park_cart(alone.desk, alone.draft("tasting", **changes))
    assert isinstance(refused.value, RuleError)
    assert alone.facts() == before


def test_nobody_is_sent_to_the_counter_for_what_is_sold_out(alone: World) -> None:
    for n in range(23):
        record_sale(alone.desk, later(alone, email=f"m{n}@example.org"))
    with pytest.raises(SoldOut) as refused:
        park_cart(alone.desk, alone.draft(lines=(line("tasting", 2),)))
    assert refused.value.fields == {"offer": "tasting", "left": 1}
    park_cart(alone.desk, alone.draft("tasting"))


def test_carts_cannot_race_past_the_limit_per_member(alone: World) -> None:
    """Two carts of two copies each, parked before either is paid: the second one is refused."""
    owner = alone.owner()
    numbers = [
        park_cart(alone.desk, alone.draft(lines=(line("tasting", 2),), email=email))
        for email in ("maria@example.org", "MARIA@example.org")
    ]
    record_sale(alone.desk, take_parked(alone.desk, numbers[0], owner, None))
    before = alone.facts()
    with pytest.raises(MemberLimitReached):
        record_sale(alone.desk, take_parked(alone.desk, numbers[1], owner, None))
    # A failed completion leaves the cart where it was, for staff to drop.
    assert alone.facts() == before
    assert [cart.number for cart in parked_carts(alone.desk)] == [numbers[1]]


def test_too_little_cash_leaves_the_cart_parked(alone: World) -> None:
    owner, number = alone.owner(), park_cart(alone.desk, alone.draft("tasting"))
    with pytest.raises(UnderTendered):
        record_sale(alone.desk, take_parked(alone.desk, number, owner, 1249))
    assert [cart.number for cart in parked_carts(alone.desk)] == [number]
    record_sale(alone.desk, take_parked(alone.desk, number, owner, 1250))
    assert alone.facts() == {"sales": 1, "journal": 3, "left": 23, "waiting": 1, "parked": 0}


def test_completing_twice_gives_the_same_sale_once(alone: World) -> None:
    number = park_cart(alone.desk, alone.draft("tasting"))
    taken = take_parked(alone.desk, number, alone.owner(), 2000)
    first, before = record_sale(alone.desk, taken), alone.facts()
    second = record_sale(alone.desk, taken)
    assert (second.sale, second.passes, second.repeated) == (first.sale, first.passes, True)
    assert alone.facts() == before


def test_personal_data_goes_with_the_cart_however_it_ends(alone: World) -> None:
    owner = alone.owner()
    drafts = [alone.draft("spice-jar", email=f"zyx{n}@example.org") for n in range(3)]
    numbers = [park_cart(alone.desk, draft) for draft in drafts]
    assert sum("zyx" in text for text in kept_texts(alone)) == 3
    record_sale(alone.desk, take_parked(alone.desk, numbers[0], owner, None))
    drop_parked(alone.desk, numbers[1], owner)
    # The third one is paid another way after all.
    record_sale(alone.desk, dataclasses.replace(drafts[2], tender=TenderKind.PAY_LATER))
    assert kept_texts(alone) == ["None"] * 3
    assert parked_carts(alone.desk) == ()


def test_a_cart_paid_another_way_cannot_be_paid_again_at_the_counter(alone: World) -> None:
    draft = alone.draft("spice-jar")
    number = park_cart(alone.desk, draft)
    record_sale(alone.desk, dataclasses.replace(draft, tender=TenderKind.SCAN_TO_PAY))
    with pytest.raises(ParkedCartUnknown):
        take_parked(alone.desk, number, alone.owner(), None)


def test_a_draft_that_is_a_sale_already_is_not_parked_for_cash_again(alone: World) -> None:
    draft = alone.draft("spice-jar")
    number = park_cart(alone.desk, draft)
    record_sale(alone.desk, take_parked(alone.desk, number, alone.owner(), None))
    with pytest.raises(SaleConflict):
        park_cart(alone.desk, draft)
    assert parked_carts(alone.desk) == ()


def test_a_sale_closes_no_cart_but_its_own(alone: World) -> None:
    owner = alone.owner()
    theirs = park_cart(alone.desk, alone.draft("spice-jar", email="other@example.org"))
    mine = alone.draft("tasting", staff_id=owner, parked_number=theirs)
    with pytest.raises(ParkedCartUnknown):
        record_sale(alone.desk, mine)
    assert [cart.number for cart in parked_carts(alone.desk)] == [theirs]
    assert alone.facts()["sales"] == 0


def test_a_made_up_member_of_staff_takes_no_cash(alone: World) -> None:
    number = park_cart(alone.desk, alone.draft("tasting"))
    nobody = StaffId(alone.desk.make_id())
    with pytest.raises(NotPermitted):
        take_parked(alone.desk, number, nobody, None)
    with pytest.raises(NotPermitted):
        record_sale(alone.desk, alone.draft("tasting", staff_id=nobody))
    with pytest.raises(NotPermitted):
        drop_parked(alone.desk, number, nobody)
    assert alone.facts()["parked"] == 1


def test_an_unknown_number_is_called_unknown(alone: World) -> None:
    owner = alone.owner()
    for wrong in (0, 1, 999, -1, 10**6):
        with pytest.raises(ParkedCartUnknown) as refused:
            take_parked(alone.desk, wrong, owner, None)
        assert refused.value.fields == {"number": wrong}
        with pytest.raises(ParkedCartUnknown):
            drop_parked(alone.desk, wrong, owner)


def test_a_dropped_cart_sold_nothing_and_its_draft_may_be_parked_anew(alone: World) -> None:
    owner, draft = alone.owner(), alone.draft("tasting")
    number = park_cart(alone.desk, draft)
    drop_parked(alone.desk, number, owner)
    assert alone.facts()["sales"] == 0
    assert park_cart(alone.desk, draft) != number


def test_a_cart_whose_price_changed_is_not_charged_at_another_one(alone: World) -> None:
    owner = alone.owner()
    number = park_cart(alone.desk, alone.draft("tasting", shown_minor=1250))
    make_dearer(alone)
    (cart,) = parked_carts(alone.desk)
    assert cart.total_minor == 1300
    with pytest.raises(CartChanged):
        record_sale(alone.desk, take_parked(alone.desk, number, owner, None))
    drop_parked(alone.desk, number, owner)


def test_a_cart_of_an_offer_that_is_gone_can_still_be_seen_and_dropped(alone: World) -> None:
    owner = alone.owner()
    number = park_cart(alone.desk, alone.draft("tasting", shown_minor=1250))
    alone.load("zine-fair.toml")
    (cart,) = parked_carts(alone.desk)
    assert (cart.number, cart.lines, cart.total_minor) == (number, (), 0)
    assert cart.agreed_minor == 0  # what was seen may be in other money
    drop_parked(alone.desk, number, owner)
    assert parked_carts(alone.desk) == ()


def test_a_drop_that_closed_on_the_way_to_the_counter_is_not_sold(alone: World) -> None:
    owner = alone.owner()
    number = park_cart(alone.desk, alone.draft("tasting"))
    alone.clock.at_ms += 7 * HOUR_MS
    with pytest.raises(OfferNotOnSale):
        record_sale(alone.desk, take_parked(alone.desk, number, owner, None))
    assert alone.facts()["parked"] == 1


def taken_as_shown(world: World, owner: StaffId) -> CashTaken:
    """The cash for the one cart that waits, at the total staff see now."""
    (cart,) = parked_carts(world.desk)
    return CashTaken(
        number=cart.number,
        sale_id=cart.sale_id,
        shown_minor=cart.total_minor,
        given_minor=2000,
        staff_id=owner,
    )


def make_dearer(world: World) -> None:
    source = (EVENTS / "recipe-club.toml").read_text(encoding="utf-8")
    load_event(world.desk, source.replace("price_minor = 1250", "price_minor = 1300"), "dearer")


def test_the_same_cash_taken_again_is_the_sale_it_was(alone: World) -> None:
    park_cart(alone.desk, alone.draft("tasting", shown_minor=1250))
    taken = taken_as_shown(alone, alone.owner())
    draft = take_cash(alone.desk, taken)
    assert draft is not None
    record_sale(alone.desk, draft)
    before = alone.facts()
    assert take_cash(alone.desk, taken) is None
    assert alone.facts() == before


@pytest.mark.parametrize("tender", [TenderKind.SCAN_TO_PAY, TenderKind.PAY_LATER])
def test_cash_for_a_cart_that_was_paid_in_another_way_is_refused(
    alone: World, tender: TenderKind
) -> None:
    draft = alone.draft("spice-jar")
    park_cart(alone.desk, draft)
    taken = taken_as_shown(alone, alone.owner())
    record_sale(alone.desk, dataclasses.replace(draft, tender=tender))
    with pytest.raises(ParkedCartUnknown):
        take_cash(alone.desk, taken)


def test_cash_for_a_dropped_cart_or_one_whose_number_another_bears_is_refused(
    alone: World,
) -> None:
    number = park_cart(alone.desk, alone.draft("tasting"))
    taken = taken_as_shown(alone, alone.owner())
    drop_parked(alone.desk, number, taken.staff_id)
    with pytest.raises(ParkedCartUnknown):
        take_cash(alone.desk, taken)
    another = park_cart(alone.desk, alone.draft("spice-jar", email="other@example.org"))
    with pytest.raises(ParkedCartUnknown):
        take_cash(alone.desk, dataclasses.replace(taken, number=another))
    assert [cart.number for cart in parked_carts(alone.desk)] == [another]


def test_a_sale_at_another_total_is_not_the_same_tap(alone: World) -> None:
    park_cart(alone.desk, alone.draft("tasting"))
    taken = taken_as_shown(alone, alone.owner())
    draft = take_cash(alone.desk, taken)
    assert draft is not None
    record_sale(alone.desk, draft)
    with pytest.raises(ParkedCartUnknown):
        take_cash(alone.desk, dataclasses.replace(taken, shown_minor=1))


def test_a_new_price_is_shown_beside_the_old_one_and_can_be_confirmed(alone: World) -> None:
    owner = alone.owner()
    park_cart(alone.desk, alone.draft("tasting", shown_minor=1250))
    seen = taken_as_shown(alone, owner)
    make_dearer(alone)
    # Staff tap with the old price on their screen: nothing is charged.
    draft = take_cash(alone.desk, seen)
    assert draft is not None
    with pytest.raises(CartChanged):
        record_sale(alone.desk, draft)
    (cart,) = parked_carts(alone.desk)
    assert (cart.total_minor, cart.agreed_minor) == (1300, 1250)
    draft = take_cash(alone.desk, taken_as_shown(alone, owner))
    assert draft is not None
    assert record_sale(alone.desk, draft).sale.total_minor == 1300


def later(world: World, **changes: object) -> Draft:
    """A draft that a visitor alone may complete."""
    draft = world.draft("tasting", tender=TenderKind.SCAN_TO_PAY, **changes)
    return dataclasses.replace(draft, sale_id=SaleId(world.desk.make_id()))
