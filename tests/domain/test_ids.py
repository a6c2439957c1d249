"""Ids: version 7 by the letter of RFC 9562, and never going back."""

import uuid
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.ids import ENTROPY_BYTES, UuidSource, is_uuid, uuid7

stamps = st.integers(0, 2**48 - 1)
entropy = st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES)


def test_the_example_of_the_rfc_comes_out() -> None:
    # RFC 9562, appendix A.6: rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F.
    tail = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(ENTROPY_BYTES, "big")
    assert uuid7(0x017F22E279B0, tail) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(stamps, entropy)
def test_an_id_is_a_uuid_of_version_7(unix_ms: int, tail: bytes) -> None:
    made = uuid7(unix_ms, tail)
    read = uuid.UUID(made)
    assert is_uuid(made)
    assert (read.version, read.variant) == (7, uuid.RFC_4122)
    assert read.int >> 80 == unix_ms


@given(stamps, entropy, entropy)
def test_different_entropy_makes_different_ids(unix_ms: int, one: bytes, two: bytes) -> None:
    # 74 of the 80 bits are used; the six highest are not.
    used = [int.from_bytes(tail, "big") % 2**74 for tail in (one, two)]
    assert (uuid7(unix_ms, one) == uuid7(unix_ms, two)) == (used[0] == used[1])


@pytest.mark.parametrize(
    ("unix_ms", "tail"), [(-1, bytes(10)), (2**48, bytes(10)), (0, bytes(9)), (0, bytes(11))]
)
def test_too_much_time_or_the_wrong_entropy_is_a_bug(unix_ms: int, tail: bytes) -> None:
    with pytest.raises(AssertionError):
        uuid7(unix_ms, tail)


@given(st.lists(st.integers(0, 2**47), min_size=2, max_size=50), st.data())
def test_ids_strictly_increase_whatever_the_clock_does(
    clock: list[int], data: st.DataObject
) -> None:
    source = UuidSource(lambda count: data.draw(st.binary(min_size=count, max_size=count)))
    made = [source.make(now) for now in clock]
    assert all(earlier < later for earlier, later in pairwise(made))


def test_a_clock_that_stands_still_counts_one_millisecond_on() -> None:
    source = UuidSource(bytes)
    assert [int(source.make(1000)[:13].replace("-", ""), 16) for _ in range(3)] == [
        1000, 1001, 1002,
    ]  # fmt: skip


def test_a_source_goes_on_above_its_floor() -> None:
    before = uuid7(5000, b"\xff" * ENTROPY_BYTES)
    assert UuidSource(bytes, floor_ms=5000).make(10) > before


def test_a_clock_that_was_ahead_does_not_hold_later_ids_back() -> None:
    source = UuidSource(bytes)
    ahead = source.make(9000)
    assert source.make(1000) > ahead
    assert source.make(20_000).startswith("00000000-4e20")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
        " 017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "٠17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    ],
)
def test_any_other_spelling_is_no_id(text: str) -> None:
    assert not is_uuid(text)
