"""Offers: drops at their exact instants, texts in the right language, terms one per kind."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.offer import Charge, Drop, DropState, LocalText, Membership
from tests.domain.made import (
    document,
    drop_section,
    event_section,
    membership_section,
    read,
    sample,
)

OPENS, CLOSES = 1_000_000, 2_000_000


def drop() -> Drop:
    made = read(drop=[drop_section()]).offers[0]
    assert isinstance(made, Drop)
    return replace(made, opens_ms=OPENS, closes_ms=CLOSES)


def membership(**values: object) -> Membership:
    made = read(membership=[membership_section(**values)]).offers[0]
    assert isinstance(made, Membership)
    return made


@pytest.mark.parametrize(
    ("now_ms", "left", "state"),
    [
        (0, 5, DropState.ANNOUNCED),
        (OPENS - 1, 5, DropState.ANNOUNCED),
        (OPENS - 1, 0, DropState.ANNOUNCED),
        (OPENS, 5, DropState.OPEN),
        (OPENS, 1, DropState.OPEN),
        (OPENS, 0, DropState.SOLD_OUT),
        (OPENS, -1, DropState.SOLD_OUT),
        (CLOSES - 1, 1, DropState.OPEN),
        (CLOSES - 1, 0, DropState.SOLD_OUT),
        (CLOSES, 5, DropState.CLOSED),
        (CLOSES, 0, DropState.CLOSED),
        (2**48, 5, DropState.CLOSED),
    ],
)
def test_a_drop_changes_state_at_the_exact_instant(
    now_ms: int, left: int, state: DropState
) -> None:
    assert drop().state_at(now_ms, left) is state


@given(st.integers(0, 2**42), st.integers(0, 2**42), st.integers(0, 50))
def test_a_drop_never_goes_back_while_its_stock_stands(one: int, two: int, left: int) -> None:
    order = [DropState.ANNOUNCED, DropState.OPEN, DropState.SOLD_OUT, DropState.CLOSED]
    states = [order.index(drop().state_at(now, left)) for now in sorted((one, two))]
    assert states == sorted(states)


def test_an_open_ended_membership_recurs_and_one_paid_upfront_does_not() -> None:
    assert membership().recurring
    assert membership(periods=4, charge="per-period").recurring
    assert not membership(periods=4, charge="upfront").recurring
    assert not membership(periods=4).recurring
    assert membership().charge is Charge.PER_PERIOD


def test_a_text_without_a_translation_is_read_in_the_first_language() -> None:
    text = LocalText(default="Zine", translations={"en": "Zine", "de": "Heft"})
    assert [text.in_language(language) for language in ("de", "en", "fr", "")] == [
        "Heft", "Zine", "Zine", "Zine",
    ]  # fmt: skip


def test_a_text_can_be_replaced_and_the_old_one_stays() -> None:
    old = LocalText(default="Zine", translations={"de": "Heft"})
    new = replace(old, default="Book")
    assert (old.default, new.default) == ("Zine", "Book")
    assert new.translations == {"de": "Heft"}
    assert replace(new, translations={}).in_language("de") == "Book"


def test_texts_without_translations_do_not_share_a_table_that_could_change() -> None:
    with pytest.raises(TypeError):
        LocalText(default="x").translations["de"] = "y"  # type: ignore[index]
    assert LocalText(default="x") == LocalText(default="x", translations={})


def test_an_offer_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        drop().price_minor = 0  # type: ignore[misc]


def test_an_offer_is_found_by_its_exact_code() -> None:
    snapshot = sample("recipe-club")
    assert snapshot.offer("apron") is snapshot.offers[-1]
    assert snapshot.offer("Apron") is None
    assert snapshot.offer("") is None


def test_a_tax_rate_is_found_by_its_code() -> None:
    assert sample("recipe-club").tax_rate("food").rate_bp == 700


def terms(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"kind": kind, "version": "1", "language": language, "text": f"{kind} {language}"}
        for kind, language in pairs
    ]


def test_terms_come_one_per_kind_in_the_language_asked_for() -> None:
    texts = sample("recipe-club").terms_in("de")
    assert [(text.kind, text.language) for text in texts] == [("terms", "de"), ("marketing", "de")]


def test_terms_fall_back_to_the_events_languages_in_their_order() -> None:
    snapshot = read(
        event=event_section(languages=["de", "en", "fr"]),
        terms=terms(("privacy", "fr"), ("terms", "fr"), ("terms", "en"), ("terms", "de")),
    )
    assert [text.text for text in snapshot.terms_in("it")] == ["privacy fr", "terms de"]
    assert [text.text for text in snapshot.terms_in("en")] == ["privacy fr", "terms en"]


def test_terms_in_a_language_the_event_dropped_are_better_than_none() -> None:
    snapshot = read(event=event_section(languages=["de", "fr"]), terms=terms(("terms", "fr")))
    narrowed = replace(snapshot, event=replace(snapshot.event, languages=("de",)))
    assert [text.language for text in narrowed.terms_in("de")] == ["fr"]


def test_the_smallest_event_is_the_one_these_tests_start_from() -> None:
    assert [offer.code for offer in read().offers] == ["zine"]
    assert set(document(item=None)) == {"event", "seller", "terms", "tax"}
