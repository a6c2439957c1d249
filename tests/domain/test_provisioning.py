"""Names of prices at the rail: another price is another object, the same price the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.offer import Offer
from kiosk.domain.provisioning import offer_entity
from tests.domain.made import sample


def offer_of(name: str, code: str) -> Offer:
    found = sample(name).offer(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("event", "code", "entity"),
    [
        ("recipe-club", "apron", "offer:apron:eur:3900"),
        ("recipe-club", "tasting", "offer:tasting:eur:3900"),
        ("recipe-club", "weekly", "offer:weekly:eur:3900:1week"),
        ("recipe-club", "four-weeks", "offer:four-weeks:eur:3900"),  # paid once
        ("craft-show", "four-lessons", "offer:four-lessons:eur:3900:1week"),
        ("zine-fair", "quarterly", "offer:quarterly:eur:3900:3month"),
    ],
)
def test_what_recurs_carries_its_cadence(event: str, code: str, entity: str) -> None:
    assert offer_entity(offer_of(event, code), "eur", 3900) == entity


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_another_price_is_another_object(one: int, two: int) -> None:
    apron = offer_of("recipe-club", "apron")
    assert (offer_entity(apron, "eur", one) == offer_entity(apron, "eur", two)) == (one == two)
    assert offer_entity(apron, "eur", one) != offer_entity(apron, "gbp", one)
