"""The payment's reference: only Stripe's characters, only ours, and not one of them changed."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import SaleId
from kiosk.domain.reference import TAG_CHARS, make_reference, read_reference

KEY = bytes(range(32))
SALE = SaleId("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
# What Stripe keeps in client_reference_id; anything else is dropped without a word.
KEPT = string.ascii_letters + string.digits + "-_"

sales = st.uuids().map(lambda made: SaleId(str(made)))
devices = st.integers(1, 2**32 - 1)
keys = st.binary(min_size=32, max_size=32)


@given(devices, sales, keys)
def test_a_reference_names_its_sale(device: int, sale: SaleId, key: bytes) -> None:
    assert read_reference(make_reference(device, sale, key), device, key) == sale


@given(devices, sales, keys)
def test_a_reference_survives_stripe(device: int, sale: SaleId, key: bytes) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,200}", make_reference(device, sale, key))


def test_the_shape_is_the_one_of_the_design() -> None:
    prefix, device, sale, tag = make_reference(23, SALE, KEY).split("_", 3)
    assert (prefix, device, sale) == ("kp1", "23", SALE)
    assert len(tag) == TAG_CHARS


def test_every_change_of_one_character_is_refused() -> None:
    good = make_reference(23, SALE, KEY)
    for i, char in enumerate(good):
        for other in KEPT:
            forged = good[:i] + other + good[i + 1 :]
            assert (read_reference(forged, 23, KEY) == SALE) == (other == char), forged


def test_every_missing_and_every_added_character_is_refused() -> None:
    good = make_reference(23, SALE, KEY)
    for i in range(len(good)):
        assert read_reference(good[:i] + good[i + 1 :], 23, KEY) is None
        assert read_reference(good[:i] + "0" + good[i:], 23, KEY) is None
    assert read_reference(good + "0", 23, KEY) is None


@given(sales, sales)
def test_a_tag_cannot_be_moved_to_another_sale(one: SaleId, two: SaleId) -> None:
    tag = make_reference(23, one, KEY)[-TAG_CHARS:]
    moved = read_reference(f"kp1_23_{two}_{tag}", 23, KEY)
    assert moved == (two if one == two else None)


def test_another_kiosks_reference_is_not_ours() -> None:
    assert read_reference(make_reference(24, SALE, KEY), 23, KEY) is None


def test_another_key_makes_another_reference() -> None:
    assert read_reference(make_reference(23, SALE, bytes(32)), 23, KEY) is None


@given(st.text(max_size=300))
def test_any_other_text_names_no_sale(text: str) -> None:
    assert read_reference(text, 23, KEY) is None


@pytest.mark.parametrize("spoilt", [None, "", "{}\n", " {}", "{}#", "KP1{0}", "٢{}"])
def test_no_reference_and_a_spoilt_one_name_no_sale(spoilt: str | None) -> None:
    text = spoilt and spoilt.format(make_reference(23, SALE, KEY))
    assert read_reference(text, 23, KEY) is None


def test_what_looks_like_an_id_but_is_none_is_refused_before_its_tag_is_looked_at() -> None:
    odd = "-" * 36
    assert read_reference(make_reference(23, SaleId(odd), KEY), 23, KEY) is None


@pytest.mark.parametrize("device", ["023", "0", "+23", "99999999999"])
def test_a_device_number_has_one_spelling(device: str) -> None:
    good = make_reference(23, SALE, KEY)
    assert read_reference(good.replace("_23_", f"_{device}_"), 23, KEY) is None
