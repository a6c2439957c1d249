"""Form encoding as Stripe reads it: `items[0][price]=…` becomes nested objects and lists.

The decoder only builds the tree; what may be in it is the business of `checking`.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from sync.practice.refusals import invalid

PAIRS_MAX: Final = 2_000
DEPTH_MAX: Final = 8

# A leaf is text; a branch keeps its keys as written: list indexes and names alike.
Tree = dict[str, "str | Tree"]


def decode(encoded: bytes) -> Tree:
    """The tree of an `application/x-www-form-urlencoded` body or query string.

    Empty brackets (`expand[]=a&expand[]=b`) count up. Raises Refusal(400) for what is no form.
    """
    try:
        pairs = parse_qsl(
            encoded.decode(),
            keep_blank_values=True,
            strict_parsing=bool(encoded),
            max_num_fields=PAIRS_MAX,
        )
    except ValueError:
        raise invalid("Invalid request: the parameters could not be decoded.") from None
    tree: Tree = {}
    for name, value in pairs:
        _place(tree, _path(name), value)
    return tree


def _path(name: str) -> list[str]:
    head, *rest = name.split("[")
    if not head or any(not part.endswith("]") for part in rest) or len(rest) >= DEPTH_MAX:
        raise invalid(f"Invalid request: the parameter name {name!r} could not be read.")
    return [head, *(part[:-1] for part in rest)]


def _place(tree: Tree, path: list[str], value: str) -> None:
    branch = tree
    for part in path[:-1]:
        below = branch.setdefault(part or str(len(branch)), {})
        if isinstance(below, str):
            raise invalid(f"Invalid request: {path[0]} is both a value and an object.")
        branch = below
    last = path[-1] or str(len(branch))
    if isinstance(branch.get(last), dict):
        raise invalid(f"Invalid request: {path[0]} is both a value and an object.")
    branch[last] = value
