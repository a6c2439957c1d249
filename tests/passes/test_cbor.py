"""The strict CBOR subset: one value, one encoding, and nothing else decodes."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.passes.cbor import INTEGER_LIMIT, CborError, decode, encode, first_entry

_integers = st.integers(min_value=-INTEGER_LIMIT + 1, max_value=INTEGER_LIMIT - 1)
_keys = st.integers(min_value=0, max_value=INTEGER_LIMIT - 1)
_scalars = _integers | st.booleans() | st.binary(max_size=40) | st.text(max_size=40)
# Two levels around scalars, and one array around those below: within the depth of four.
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


def depth(value):
    match value:
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case list():
            return 1 + max(map(depth, value), default=0)
        case _:
            return 0


@given(_values.filter(lambda value: depth(value) <= 4))
def test_a_value_has_the_encoding_that_the_oracle_calls_canonical(value):
    encoded = encode(value)
    assert encoded == cbor2.dumps(value, canonical=True)
    assert decode(encoded) == value


@given(st.binary(max_size=60))
def test_bytes_that_decode_are_the_one_encoding_of_their_value(data):
    try:
        value = decode(data)
    except CborError:
        return
    assert encode(value) == data
    assert cbor2.loads(data) == value


@given(_values.filter(lambda value: depth(value) <= 4), st.binary(min_size=1, max_size=4))
def test_no_value_decodes_with_bytes_after_it_or_bytes_missing(value, extra):
    encoded = encode(value)
    for wrong in (encoded + extra, encoded[:-1]):
        with pytest.raises(CborError):
            decode(wrong)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "ends too early"),
        ("1800", "longer than needed"),
        ("1817", "longer than needed"),
        ("1900ff", "longer than needed"),
        ("1a0000ffff", "longer than needed"),
        ("1b00000000ffffffff", "longer than needed"),
        ("580100", "longer than needed"),
        ("780161", "longer than needed"),
        ("980101", "longer than needed"),
        ("b8010101", "longer than needed"),
        ("3800", "longer than needed"),
        ("a2010101", "do not ascend"),
        ("a201020103", "do not ascend"),
        ("a202010102", "do not ascend"),
        ("a1200a", "not a non-negative integer"),
        ("a1616101", "not a non-negative integer"),
        ("a1f501", "not a non-negative integer"),
        ("0000", "bytes after the end"),
        ("1b0020000000000000", "out of range"),
        ("3b001fffffffffffff", "out of range"),
        ("1bffffffffffffffff", "out of range"),
        ("5f4100ff", "indefinite"),
        ("7f6161ff", "indefinite"),
        ("9f01ff", "indefinite"),
        ("bf0101ff", "indefinite"),
        ("1c", "indefinite length or a reserved"),
        ("1f", "indefinite length or a reserved"),
        ("f6", "simple"),
        ("f7", "simple"),
        ("e0", "simple"),
        ("f8ff", "simple"),
        ("f814", "simple"),
        ("f93c00", "simple"),
        ("fa3f800000", "simple"),
        ("fb3ff0000000000000", "simple"),
        ("ff", "simple"),
        ("c000", "a tag"),
        ("c249010000000000000000", "a tag"),
        ("61ff", "not UTF-8"),
        ("63eda080", "not UTF-8"),
        ("62c080", "not UTF-8"),
        ("5affffffff00", "ends too early"),
        ("9affffffff00", "ends too early"),
        ("baffffffff0000", "ends too early"),
        ("818181818100", "too deep"),
        ("a100a100a100a100a10000", "too deep"),
    ],
)
def test_what_general_decoders_forgive_is_refused_with_its_reason(data, reason):
    with pytest.raises(CborError, match=reason):
        decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    "value",
    [INTEGER_LIMIT, -INTEGER_LIMIT, {-1: 0}, {"a": 0}, {True: 0}, "\ud800", [[[[[0]]]]], 1.0, None],
    ids=repr,
)
def test_a_value_outside_the_subset_cannot_be_encoded(value):
    with pytest.raises(CborError):
        encode(value)


def test_four_arrays_inside_one_another_are_as_deep_as_it_gets():
    assert decode(bytes.fromhex("8181818100")) == [[[[0]]]]
    assert encode([[[[0]]]]) == bytes.fromhex("8181818100")


def test_the_largest_integers_are_those_a_browser_holds_exactly():
    for value in (INTEGER_LIMIT - 1, 1 - INTEGER_LIMIT):
        assert decode(encode(value)) == value


def test_booleans_stay_booleans_and_numbers_stay_numbers():
    assert decode(encode([True, 1, False, 0])) == [True, 1, False, 0]
    assert [type(item) for item in decode(encode([True, 1, False, 0]))] == [bool, int, bool, int]


def test_map_keys_are_written_in_ascending_order_whatever_order_they_came_in():
    assert encode({256: 0, 3: 1, 24: 2}) == bytes.fromhex("a3 0301 181802 19010000")


def test_the_first_entry_is_read_without_a_look_at_the_rest():
    assert first_entry(bytes.fromhex("a2 0117 ffff")) == (1, 23)


@pytest.mark.parametrize(
    "data", ["", "a0", "a00117", "01", "8101", "820117", "a1", "a101", "a12001", "a1180117"]
)
def test_there_is_no_first_entry_in_anything_but_a_map_that_has_one(data):
    with pytest.raises(CborError):
        first_entry(bytes.fromhex(data))
