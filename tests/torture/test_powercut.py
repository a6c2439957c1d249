"""A power cut that was thought up keeps what was flushed, and only of the rest may lose."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from tests.torture.powercut import Event, after_the_cut

WRITES = st.lists(
    st.builds(
        Event,
        what=st.just("W"),
        name=st.just("buffer.db-wal"),
        at=st.integers(0, 4096),
        data=st.binary(min_size=1, max_size=2048),
    ),
    max_size=8,
)
FLUSH = Event(what="F", name="buffer.db-wal")


def written(events: list[Event]) -> bytes:
    content = bytearray()
    for event in events:
        content.extend(bytes(max(0, event.at - len(content))))
        content[event.at : event.at + len(event.data)] = event.data
    return bytes(content)


@given(before=WRITES, after=WRITES, seed=st.integers(0, 2**32))
def test_what_was_flushed_is_there_wherever_nothing_was_written_since(
    before: list[Event], after: list[Event], seed: int
) -> None:
    flushed = written(before)
    found = after_the_cut(b"", [*before, FLUSH, *after], random.Random(seed))
    touched = {at for event in after for at in range(event.at, event.at + len(event.data))}
    assert len(found) >= len(flushed)
    assert all(found[at] == flushed[at] for at in range(len(flushed)) if at not in touched)


@given(events=WRITES, seed=st.integers(0, 2**32))
def test_everything_is_there_when_it_was_flushed_last(events: list[Event], seed: int) -> None:
    assert after_the_cut(b"", [*events, FLUSH], random.Random(seed)) == written(events)


def test_a_length_is_cut_and_drawn_out() -> None:
    events = [
        Event(what="W", at=0, data=b"abcdef"),
        Event(what="T", at=2),
        Event(what="T", at=4),
        FLUSH,
    ]
    assert after_the_cut(b"", events, random.Random(1)) == b"ab\0\0"


def test_what_was_never_flushed_may_be_there_or_not_or_torn() -> None:
    event = Event(what="W", at=0, data=bytes(range(256)) * 8)
    found = {len(after_the_cut(b"", [event], random.Random(seed))) for seed in range(300)}
    assert found == {0, 512, 1024, 1536, 2048}
