"""Claim numbers: one for each offer for good, whatever becomes of the file around it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.claim_numbers import (
    CLAIM_NUMBER_BASE,
    CLAIM_NUMBER_MAX,
    claim_numbers,
    numbers_kept,
)
from kiosk.domain.event_file import read_event
from kiosk.domain.ids import OfferCode
from kiosk.domain.offer import Snapshot
from tests.domain.made import LOADED_MS, document, drop_section, item_section, read

codes = st.text("abcdefghij-0123456789", min_size=1, max_size=8)
some_codes = st.lists(codes, max_size=12, unique=True)
# Two codes whose letters come to the same number.
ALIKE = ("a137", "a488")


def numbers_of(snapshot: Snapshot) -> dict[str, int]:
    return {offer.code: offer.entitlements[0].number for offer in snapshot.offers}


@given(some_codes)
def test_no_two_offers_share_a_number_and_all_are_ours(found: list[str]) -> None:
    numbers = claim_numbers(found, {})
    assert set(numbers) == set(found)
    assert len(set(numbers.values())) == len(found)
    assert all(CLAIM_NUMBER_BASE < number <= CLAIM_NUMBER_MAX for number in numbers.values())


@given(some_codes, some_codes, st.randoms(use_true_random=False))
def test_an_offer_keeps_its_number_whatever_is_put_before_it(
    first: list[str], more: list[str], dice: object
) -> None:
    before = claim_numbers(first, {})
    kept = {OfferCode(code): number for code, number in before.items()}
    whole = [*more, *first]
    dice.shuffle(whole)  # type: ignore[attr-defined]
    after = claim_numbers(whole, kept)
    assert {code: after[code] for code in first} == before
    assert len(set(after.values())) == len(set(whole))


@given(some_codes, some_codes)
def test_the_number_of_an_offer_that_is_gone_is_given_to_nobody(
    gone: list[str], here: list[str]
) -> None:
    kept = {OfferCode(code): number for code, number in claim_numbers(gone, {}).items()}
    fresh = claim_numbers([code for code in here if code not in kept], kept)
    assert not set(fresh.values()) & set(kept.values())


def test_two_kiosks_that_load_the_same_file_give_the_same_numbers() -> None:
    # Written down: a pass of one kiosk is read at the gate of another, of another version maybe.
    assert claim_numbers(["zine", "riso-40", "tote"], {}) == {
        "zine": 58920, "riso-40": 28250, "tote": 32071,
    }  # fmt: skip


def test_where_two_codes_come_to_one_number_the_later_takes_the_next() -> None:
    first, second = ALIKE
    alone = claim_numbers([second], {})[second]
    both = claim_numbers([first, second], {})
    assert (both[first], both[second]) == (alone, alone + 1)
    kept = {OfferCode(code): number for code, number in both.items()}
    assert claim_numbers([second, first], kept) == both


def test_the_last_number_is_followed_by_the_first() -> None:
    kept = {OfferCode(f"k{n}"): n for n in range(CLAIM_NUMBER_BASE + 2, CLAIM_NUMBER_MAX + 1)}
    assert claim_numbers(["new"], kept) == {"new": CLAIM_NUMBER_BASE + 1}


def test_the_newest_snapshot_has_the_last_word_and_older_ones_fill_in() -> None:
    older = read(item=[item_section(code="a", entitlements=[grant(1001)]),
                       item_section(code="b", entitlements=[grant(1002)])])  # fmt: skip
    newer = read(item=[item_section(code="a", entitlements=[grant(1005)])])
    assert numbers_kept([newer, older]) == {"a": 1005, "b": 1002}


def test_what_an_author_numbered_by_hand_is_nothing_of_ours() -> None:
    by_hand = read(item=[item_section(entitlements=[grant(7)])],
                   drop=[drop_section(entitlements=[grant(7), grant(1001)])])  # fmt: skip
    assert numbers_kept([by_hand]) == {}


def test_an_event_loaded_again_with_an_offer_more_keeps_every_number() -> None:
    old = read(item=[item_section(code="zine"), item_section(code="tote")])
    document_now = document(
        drop=[drop_section()],
        item=[item_section(code="new"), item_section(code="tote"), item_section(code="zine")],
    )
    kept = numbers_kept([old])
    asked: list[int] = []

    def kept_of(event: int) -> dict[OfferCode, int]:
        asked.append(event)
        return kept

    new = numbers_of(read_event(document_now, LOADED_MS, kept_of).snapshot)
    assert asked == [1]
    assert {code: new[code] for code in ("zine", "tote")} == numbers_of(old)
    assert len(set(new.values())) == 4


def grant(number: int) -> dict[str, object]:
    return {"number": number, "uses": 1, "name": "x"}
