"""The error tree: drawn as it is, one stable code for each leaf, and nothing unsafe in its text."""

import re

import pytest

from kiosk import errors
from kiosk.errors import (
    BoxError,
    ConfigInvalid,
    EventFileInvalid,
    KioskError,
    Mistake,
    RuleError,
    SetupError,
    SoldOut,
    StoreError,
    VaultError,
    leaves,
)

OURS = [leaf for leaf in leaves() if leaf.__module__.startswith("kiosk.errors.")]
BRANCHES = (RuleError, StoreError, VaultError, BoxError, SetupError)


def drawn() -> dict[str, list[str]]:
    """The names in the module docstring, by branch, in the order they are drawn."""
    tree: dict[str, list[str]] = {}
    branch = ""
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"    [|`]-- (\w+Error)\b", line):
            branch = found[1]
            tree[branch] = []
        elif found := re.match(r"    [| ]   [|`]-- (.+)", line):
            tree[branch] += [name.strip() for name in found[1].split(",")]
    return tree


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    real = {
        branch.__name__: {leaf.__name__ for leaf in OURS if issubclass(leaf, branch)}
        for branch in BRANCHES
    }
    assert {branch: set(names) for branch, names in drawn().items()} == real


def test_the_drawing_names_nothing_twice() -> None:
    names = [name for branch in drawn().values() for name in branch]
    assert len(names) == len(set(names)) == len(OURS)


@pytest.mark.parametrize("leaf", OURS, ids=lambda leaf: leaf.__name__)
def test_a_code_is_the_name_in_snake_case(leaf: type[KioskError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", leaf.code)
    assert leaf.code.replace("_", "") == leaf.__name__.lower()


def test_no_two_leaves_share_a_code() -> None:
    assert len({leaf.code for leaf in OURS}) == len(OURS)


@pytest.mark.parametrize("leaf", OURS, ids=lambda leaf: leaf.__name__)
def test_every_leaf_says_what_it_is_about(leaf: type[KioskError]) -> None:
    assert leaf.__doc__
    assert leaf.__doc__.strip().endswith((".", "`."))


def test_every_leaf_hangs_on_exactly_one_branch() -> None:
    for leaf in OURS:
        assert sum(issubclass(leaf, branch) for branch in BRANCHES) == 1
        assert leaf not in BRANCHES


def test_codes_are_those_that_logs_and_screens_know() -> None:
    assert (SoldOut.code, EventFileInvalid.code) == ("sold_out", "event_file_invalid")


def test_an_error_shows_its_code_and_its_fields() -> None:
    refused = SoldOut(offer="riso-40", left=2)
    assert str(refused) == "sold_out: offer=riso-40, left=2"
    assert refused.fields == {"offer": "riso-40", "left": 2}
    assert str(errors.CartEmpty()) == "cart_empty"


@pytest.mark.parametrize("kind", [EventFileInvalid, ConfigInvalid])
def test_mistakes_are_counted_in_the_text_and_kept_beside_it(
    kind: type[EventFileInvalid | ConfigInvalid],
) -> None:
    mistakes = (
        Mistake("seller.tax_id", "DE123", "is wrong"),
        Mistake("event", "", "is missing", 3),
    )
    refused = kind(mistakes, file="a.toml")
    assert refused.mistakes == mistakes
    assert refused.fields == {"mistakes": 2, "file": "a.toml"}
    # What a person wrote into the file is not for the log.
    assert "DE123" not in str(refused)


def test_a_mistake_without_a_known_line_says_zero() -> None:
    assert Mistake("event", "", "is missing").line == 0


def test_a_rule_that_says_no_can_be_told_from_a_broken_machine() -> None:
    with pytest.raises(RuleError):
        raise SoldOut(offer="x", left=0)
    assert not issubclass(SoldOut, StoreError)
