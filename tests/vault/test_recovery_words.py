"""The recovery key as words: the list of BIP-39, read back however it is typed, slips by name."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import RecoverySlip, RecoveryUnfit
from kiosk.vault import RecoveryKey
from kiosk.vault.recovery_key import groups_slip
from kiosk.vault.recovery_words import (
    WORDS,
    _list,
    read_recovery,
    read_recovery_or_say,
    slip_in,
    words_of,
)

KEYS = st.binary(min_size=32, max_size=32).map(lambda raw: RecoveryKey(raw=raw))
KEY = RecoveryKey(raw=bytes(range(32)))

# The vectors of BIP-39 with 256 bits: https://github.com/trezor/python-mnemonic, vectors.json.
VECTORS = (
    ("00" * 32, "abandon " * 23 + "art"),
    ("7f" * 32, "legal winner thank year wave sausage worth useful " * 2
     + "legal winner thank year wave sausage worth title"),
    ("80" * 32, "letter advice cage absurd amount doctor acoustic avoid " * 2
     + "letter advice cage absurd amount doctor acoustic bless"),
    ("ff" * 32, "zoo " * 23 + "vote"),
    ("68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
     ("hamster diagram private dutch cause delay private meat slide toddler razor book "
      "happy fancy gospel tennis maple dilemma loan word shrug inflict delay length")),
)  # fmt: skip
# SHA-256 of the list as published, one word a line: another list would spell other keys.
LIST_SHA256 = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"


@pytest.mark.parametrize(("raw", "words"), VECTORS)
def test_the_words_are_those_of_the_standard(raw: str, words: str) -> None:
    key = RecoveryKey(raw=bytes.fromhex(raw))
    assert " ".join(words_of(key)) == words
    assert read_recovery(words) == key


def test_the_list_is_the_published_one_and_stays_it() -> None:
    text = "".join(f"{word}\n" for word in _list().wordlist)
    assert hashlib.sha256(text.encode()).hexdigest() == LIST_SHA256


@given(KEYS)
def test_groups_and_words_are_two_spellings_of_one_key(key: RecoveryKey) -> None:
    assert len(words_of(key)) == WORDS
    assert read_recovery(key.text) == key
    assert read_recovery(" ".join(words_of(key))) == key


@given(KEYS, st.sampled_from([" ", "\n", ", ", " - ", "\t", "  \r\n"]), st.booleans())
def test_how_words_are_laid_out_does_not_matter(key: RecoveryKey, gap: str, loud: bool) -> None:
    text = gap.join(words_of(key))
    assert read_recovery(text.upper() if loud else text) == key


def test_the_numbers_of_a_sheet_may_be_copied_along() -> None:
    text = "\n".join(f"{number}. {word}" for number, word in enumerate(words_of(KEY), 1))
    assert read_recovery(text) == KEY


@given(KEYS, st.integers(0, WORDS - 1))
def test_a_word_that_is_not_on_the_list_is_named_by_its_place(key: RecoveryKey, at: int) -> None:
    words = [*words_of(key)]
    words[at] = "kiosk"
    with pytest.raises(RecoverySlip) as caught:
        read_recovery_or_say(" ".join(words))
    assert caught.value.fields == {"part": "word", "place": at + 1}


@given(KEYS, st.integers(0, WORDS - 1))
def test_a_word_too_few_or_too_many_is_told(key: RecoveryKey, at: int) -> None:
    words = [*words_of(key)]
    for changed in (words[:at] + words[at + 1 :], [*words, words[at]]):
        with pytest.raises(RecoveryUnfit) as caught:
            read_recovery_or_say(" ".join(changed))
        assert caught.value.fields == {"reason": "count"}


def test_two_words_that_changed_places_are_found_out() -> None:
    """One check of eight bits does not find every exchange; nearly every one is found."""
    words, unfit = [*words_of(KEY)], 0
    for at in range(WORDS - 1):
        swapped = words.copy()
        swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
        found = slip_in(" ".join(swapped))
        unfit += isinstance(found, RecoveryUnfit) and found.fields == {"reason": "check"}
    assert unfit >= WORDS - 3


@given(KEYS, st.integers(0, 13))
def test_a_group_with_a_letter_no_key_has_is_named_by_its_place(key: RecoveryKey, at: int) -> None:
    groups = key.text.split("-")
    groups[at] = groups[at][:3] + "U"
    with pytest.raises(RecoverySlip) as caught:
        read_recovery_or_say("-".join(groups))
    assert caught.value.fields == {"part": "group", "place": at + 1}


@given(KEYS, st.integers(0, 13))
def test_a_group_of_another_length_is_named_and_a_missing_one_told(
    key: RecoveryKey, at: int
) -> None:
    groups = key.text.split("-")
    short = [*groups[:at], groups[at][:3], *groups[at + 1 :]]
    with pytest.raises(RecoverySlip) as caught:
        read_recovery_or_say(" ".join(short))
    assert caught.value.fields == {"part": "group", "place": at + 1}
    with pytest.raises(RecoveryUnfit):
        read_recovery_or_say(" ".join([*groups[:at], *groups[at + 1 :]]))


def test_one_letter_for_another_is_found_by_the_check() -> None:
    text = KEY.text
    for at, letter in enumerate(text):
        if letter == "-":
            continue
        changed = text[:at] + ("7" if letter != "7" else "8") + text[at + 1 :]
        assert isinstance(slip_in(changed), RecoveryUnfit)


@pytest.mark.parametrize(
    "text",
    ["", "correct horse battery staple", "abandon " * 11, "1234", "-" * 60, "zoo", "x" * 5000,
     "AAAA-BBBB-CCCC", "a sentence of some length that nobody would take for a key"],
)  # fmt: skip
def test_what_was_not_meant_as_a_key_has_no_slip_in_it(text: str) -> None:
    assert slip_in(text) is None
    assert groups_slip(text) is None
    with pytest.raises(RecoveryUnfit) as caught:
        read_recovery_or_say(text)
    assert caught.value.fields == {"reason": "none"}


def test_a_right_key_has_no_slip() -> None:
    assert slip_in(KEY.text) is None
    assert slip_in(" ".join(words_of(KEY))) is None


@given(st.text(max_size=300))
def test_no_text_at_all_upsets_the_reader(text: str) -> None:
    read_recovery(text)
    slip_in(text)


@given(KEYS, st.data())
def test_an_error_never_repeats_what_was_typed(key: RecoveryKey, data: st.DataObject) -> None:
    words = [*words_of(key)]
    words[data.draw(st.integers(0, WORDS - 1))] = "secretword"
    with pytest.raises(RecoverySlip) as caught:
        read_recovery_or_say(" ".join(words))
    told = set(re.findall(r"[a-z]+", str(caught.value)))
    assert told <= {"recovery", "slip", "part", "word", "place"}
