"""Claims over the loads of an event: what is written on passes that are out stays true."""

from __future__ import annotations

import dataclasses
import re

import pytest

from kiosk.domain.event_writer import to_json
from kiosk.domain.offer import Entitlement
from kiosk.passes.documents import sign_document
from kiosk.service.prepare import LoadReport, load_event
from tests.service.world import EVENTS, World


@pytest.fixture
def source() -> str:
    return (EVENTS / "recipe-club.toml").read_text(encoding="utf-8")


def load(world: World, text: str) -> LoadReport:
    return load_event(world.desk, text, "club.toml")


def claims(report: LoadReport) -> dict[str, list[int]]:
    return {
        offer.code: [given.number for given in offer.entitlements]
        for offer in report.snapshot.offers
    }


NEW_ITEM = """
[[item]]
code = "new-thing"
name = "A new thing"
price_minor = 500
tax = "{tax}"

"""


def test_an_offer_put_before_others_leaves_their_claims_alone(world: World, source: str) -> None:
    before = claims(load(world, source))
    tax = re.findall(r'^tax = "(.+)"$', source, re.MULTILINE)[0]
    at = source.index("[[item]]")
    after = claims(load(world, source[:at] + NEW_ITEM.format(tax=tax) + source[at:]))
    assert {code: after[code] for code in before} == before
    assert after["new-thing"] not in before.values()
    # Taken away again, and put back at the end: it is the thing it was.
    assert claims(load(world, source)) == before
    again = claims(load(world, source + NEW_ITEM.format(tax=tax)))
    assert again == after


def test_claims_given_by_place_in_an_earlier_version_are_kept(world: World, source: str) -> None:
    """Passes with these numbers are out: 1001 and on, in the order of the file."""
    loaded = load(world, source).snapshot
    numbers = {offer.code: 1001 + place for place, offer in enumerate(loaded.offers)}
    earlier = dataclasses.replace(
        loaded,
        offers=tuple(
            dataclasses.replace(
                offer,
                entitlements=(Entitlement(number=numbers[offer.code], uses=1, name=offer.name),),
            )
            for offer in loaded.offers
        ),
    )
    document = to_json(earlier)
    with world.desk.buffer.writing() as uow:
        uow.catalog.store(
            document,
            sign_document(world.desk.signer, document.encode()),
            loaded.event.number,
            world.clock.at_ms,
        )
    now = claims(load(world, source))
    plain = {
        offer.code
        for offer in loaded.offers
        if len(offer.entitlements) == 1 and offer.entitlements[0].number > 1000
    }
    assert plain
    assert {code: now[code] for code in plain} == {code: [numbers[code]] for code in plain}


def test_claims_of_another_event_are_no_concern_of_this_one(world: World, source: str) -> None:
    first = claims(load(world, source))
    other = source.replace("number = 12", "number = 13", 1)
    assert other != source
    assert claims(load(world, other)) == first
    with world.desk.buffer.reading() as uow:
        both = [uow.catalog.of_event(number, 9) for number in (12, 13, 14)]
        assert uow.catalog.of_event(12, 1) == both[0][:1]
    assert both[1] == (max(both[0]) + 1,)
    assert both[2] == ()
