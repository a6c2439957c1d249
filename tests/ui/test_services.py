"""The use cases have the shape the screens ask for; the type checker reads this file too."""

from __future__ import annotations

from kiosk.counter import Counter
from kiosk.service.browse import OfferCard, ShopWindow
from kiosk.service.sell import CompletedSale
from kiosk.service.sign_in import Staff
from kiosk.ui import services


def fits(counter: Counter) -> services.Services:
    return counter


def window_fits(window: ShopWindow) -> services.ShopWindow:
    return window


def card_fits(card: OfferCard) -> services.OfferCard:
    return card


def sale_fits(sale: CompletedSale) -> services.CompletedSale:
    return sale


def staff_fits(staff: Staff) -> services.Staff:
    return staff


def test_every_call_the_screens_may_make_exists() -> None:
    asked = [name for name in vars(services.Services) if not name.startswith("_")]
    assert len(asked) > 15
    assert not [name for name in asked if not callable(getattr(Counter, name, None))]
