"""Writing an event back: reading what was written gives the same snapshot, whatever it holds."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.claim_numbers import claim_numbers
from kiosk.domain.event_file import read_event
from kiosk.domain.event_writer import from_json, to_document, to_json
from kiosk.domain.offer import Snapshot
from kiosk.errors import EventFileInvalid
from tests.domain.made import (
    LOADED_MS,
    SAMPLES,
    drop_section,
    instants,
    item_section,
    membership_section,
    read,
    sample,
    snapshots,
)


@settings(max_examples=80)
@given(snapshots(), st.integers(0, 2**31))
def test_what_is_exported_loads_as_the_same_snapshot(snapshot: Snapshot, number: int) -> None:
    assert from_json(to_json(snapshot), 0) == snapshot
    assert from_json(to_json(snapshot), number) == replace(snapshot, number=number)


@settings(max_examples=40)
@given(snapshots(), instants)
def test_an_export_does_not_depend_on_when_it_is_loaded(snapshot: Snapshot, loaded: int) -> None:
    assert read_event(to_document(snapshot), loaded).snapshot == snapshot


@settings(max_examples=40)
@given(snapshots())
def test_the_stored_form_is_canonical(snapshot: Snapshot) -> None:
    text = to_json(snapshot)
    again = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text == again == to_json(from_json(text, 0))
    assert text.encode()  # no half surrogates: it can be signed and stored


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_event_survives_export(name: str) -> None:
    assert from_json(to_json(sample(name)), 0) == sample(name)


def test_the_number_is_not_part_of_the_document() -> None:
    snapshot = sample("zine-fair")
    assert to_json(replace(snapshot, number=7)) == to_json(snapshot)


def test_claim_numbers_are_written_out_and_so_never_move() -> None:
    snapshot = read(
        item=[item_section(code="z"), item_section(code="a")],
        drop=[drop_section()],
        membership=[membership_section()],
    )
    document = to_document(snapshot)
    # A first offer more, added by hand to the export, moves everyone's place but nobody's number.
    document["membership"] = [
        membership_section(code="new", entitlements=[{"number": 1, "uses": 1, "name": "x"}]),
        *document["membership"],  # type: ignore[misc]
    ]
    again = read_event(document, LOADED_MS).snapshot
    before = {offer.code: offer.entitlements for offer in snapshot.offers}
    assert {code: again.offer(code).entitlements for code in before} == before


def test_a_new_offer_in_an_export_cannot_take_a_claim_that_is_given() -> None:
    number = claim_numbers(["new"], {})["new"]
    given = [{"number": number, "uses": 1, "name": "x"}]
    document = to_document(read(item=[item_section(code="old", entitlements=given)]))
    document["item"] = [item_section(code="new"), *document["item"]]  # type: ignore[misc]
    with pytest.raises(EventFileInvalid) as refused:
        read_event(document, LOADED_MS)
    assert [mistake.key for mistake in refused.value.mistakes] == ["item[2].entitlements[1].number"]


def test_what_was_never_written_is_not_exported() -> None:
    document = to_document(read())
    assert "tax_id" not in document["seller"]  # type: ignore[operator]
    assert "pass_host" not in document["event"]  # type: ignore[operator]
    (item,) = document["item"]  # type: ignore[misc]
    assert {"description", "plan"}.isdisjoint(item)  # type: ignore[has-type]


@pytest.mark.parametrize(
    "text", ["{}", '{"event":null}', '{"event":{"number":1e3}}', '{"item":[{"price_minor":null}]}']
)
def test_a_stored_form_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(EventFileInvalid):
        from_json(text, 1)


def test_half_a_surrogate_in_a_stored_form_is_refused() -> None:
    spoilt = to_json(read()).replace('"Hall"', '"\\ud800"')
    with pytest.raises(EventFileInvalid) as refused:
        from_json(spoilt, 1)
    assert [mistake.key for mistake in refused.value.mistakes] == ["event.venue"]


def test_a_stored_price_of_null_is_not_a_price_of_nothing() -> None:
    spoilt = to_json(read()).replace('"price_minor":500', '"price_minor":null')
    with pytest.raises(EventFileInvalid):
        from_json(spoilt, 1)


def test_a_stored_form_that_is_no_table_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        from_json("[]", 1)
