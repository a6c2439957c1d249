"""JSON as columns hold it: read back it is the same, and equal values are equal text."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer.compact_json import compact, compact_sorted

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_what_is_read_back_is_what_was_written(value):
    assert json.loads(compact(value)) == json.loads(compact_sorted(value)) == value


@given(st.dictionaries(st.text(), values))
def test_the_order_in_which_keys_came_leaves_no_trace_in_sealed_text(value):
    backwards = dict(reversed(value.items()))
    assert compact_sorted(backwards) == compact_sorted(value)


def test_there_are_no_spaces_and_letters_stay_as_they_are():
    assert compact({"b": "Amélie 🎪", "a": [1, 2]}) == '{"b":"Amélie 🎪","a":[1,2]}'
    assert compact_sorted({"b": 1, "a": 2}) == '{"a":2,"b":1}'
