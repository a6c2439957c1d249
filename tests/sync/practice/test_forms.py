"""Form decoding: Stripe's bracket notation into a tree, and nothing else into anything."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.forms import DEPTH_MAX, PAIRS_MAX, decode
from sync.practice.refusals import Refusal
from tests.sync.practice.api import form

NAMES = st.text(alphabet="abcdefgh_", min_size=1, max_size=6)
LEAVES = st.text(max_size=12)
TREES = st.recursive(
    st.dictionaries(NAMES, LEAVES, min_size=1, max_size=4),
    lambda inner: st.dictionaries(NAMES, inner | LEAVES, min_size=1, max_size=3),
    max_leaves=12,
)


@given(TREES)
def test_what_a_client_encodes_is_decoded_to_the_same_tree(tree: dict[str, object]) -> None:
    assert decode(urlencode(list(form(tree))).encode()) == tree


def test_lists_keep_their_indexes_as_names() -> None:
    tree = decode(b"items[0][price]=a&items[1][price]=b&items[1][quantity]=2")
    assert tree == {"items": {"0": {"price": "a"}, "1": {"price": "b", "quantity": "2"}}}


def test_empty_brackets_count_up() -> None:
    assert decode(b"expand[]=a&expand[]=b") == {"expand": {"0": "a", "1": "b"}}


def test_an_empty_body_has_no_parameters() -> None:
    assert decode(b"") == {}


def test_an_empty_value_is_kept_because_it_unsets() -> None:
    assert decode(b"description=") == {"description": ""}


def test_the_last_of_two_equal_names_wins() -> None:
    assert decode(b"name=a&name=b") == {"name": "b"}


@pytest.mark.parametrize(
    "encoded",
    [
        b"noequals",
        b"a=1&&b=2",
        b"[a]=1",
        b"a[b=1",
        b"a]b[c=1",
        b"\xff\xfe=1",
        b"a=1&a[b]=2",
        b"a[b]=1&a=2",
        b"a[b]=1&a[b][c]=2",
        ("a" + "[b]" * DEPTH_MAX + "=1").encode(),
        "&".join(f"a{n}=1" for n in range(PAIRS_MAX + 1)).encode(),
    ],
)
def test_what_is_no_form_is_refused(encoded: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        decode(encoded)
    assert refused.value.status == 400
    assert refused.value.fields["type"] == "invalid_request_error"


def test_the_deepest_name_still_fits() -> None:
    assert decode(("a" + "[b]" * (DEPTH_MAX - 1) + "=1").encode())["a"]


@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_refused(encoded: bytes) -> None:
    try:
        assert isinstance(decode(encoded), dict)
    except Refusal as refusal:
        status = refusal.status
    else:
        status = 400
    assert status == 400
