"""Base41: one text for any bytes, one meaning for any text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.passes.base41 import (
    ALPHABET,
    AlphabetError,
    Base41Error,
    LengthError,
    decode,
    encode,
    fold,
)


@given(st.binary(max_size=600))
def test_what_was_encoded_is_decoded(data):
    assert decode(encode(data)) == data


@given(st.text(alphabet=ALPHABET + ALPHABET.lower(), max_size=60))
def test_a_text_that_decodes_is_the_only_folded_text_of_its_bytes(text):
    try:
        data = decode(text)
    except Base41Error:
        return
    assert encode(data) == fold(text)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\x00", "00"),
        (b"\xff", "96"),  # 255 = 9 + 6 * 41
        (b"\x00\x00", "000"),
        (b"\x00\x01", "100"),
        (b"\x01\x00", "A60"),  # 256 = 10 + 6 * 41
        (b"\xff\xff", "H:$"),  # 65535 = 17 + 40 * 41 + 38 * 1681
    ],
)
def test_known_bytes_have_known_texts(data, text):
    assert encode(data) == text
    assert decode(text) == data


def test_exactly_the_byte_pairs_have_a_group_of_three():
    decoded = set()
    for group in product(ALPHABET, repeat=3):
        try:
            decoded.add(decode("".join(group)))
        except LengthError:
            continue
    assert len(decoded) == 65_536


def test_exactly_the_single_bytes_have_a_group_of_two():
    decoded = set()
    for group in product(ALPHABET, repeat=2):
        try:
            decoded.add(decode("".join(group)))
        except LengthError:
            continue
    assert decoded == {bytes((value,)) for value in range(256)}


@pytest.mark.parametrize("length", [1, 4, 7, 400])
def test_a_left_over_character_is_refused(length):
    with pytest.raises(LengthError):
        decode("0" * length)


@pytest.mark.parametrize(
    "text", ["A B", "A%B", "A+B", "A*B", "A_B", "A\x00B", "A\nB", "AÄB", "😀00"]
)
def test_a_character_outside_the_alphabet_is_refused(text):
    with pytest.raises(AlphabetError):
        decode(text)


def test_a_wrong_character_is_named_before_a_wrong_length():
    with pytest.raises(AlphabetError):
        decode("?")


def test_lower_case_is_read_as_upper_case():
    data = bytes(range(256))
    assert decode(encode(data).lower()) == data


@pytest.mark.parametrize("letter", ["ı", "ſ", "\u212a", "ａ", "Ａ", "µ", "ß"])
def test_letters_that_upper_case_to_ascii_elsewhere_are_not_folded(letter):
    assert fold(letter) == letter
    with pytest.raises(AlphabetError):
        decode(f"{letter}00")


def test_the_alphabet_needs_no_escape_in_a_url_fragment_and_no_byte_mode_in_a_qr_code():
    unreserved_in_fragment = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?")
    qr_alphanumeric = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert set(ALPHABET) <= unreserved_in_fragment & qr_alphanumeric
    assert len(set(ALPHABET)) == len(ALPHABET) == 41
