"""Request checking derived from the installed SDK's own parameter types, never from a list of ours.

Each endpoint names a `TypedDict` of `stripe.params`. It is read once into a tree of readers, and
every request runs through it: unknown, missing and mistyped parameters and values outside an
enumeration are refused as Stripe refuses them, and what passes comes out typed.
"""

from __future__ import annotations

import importlib
import sys
import types
from decimal import Decimal
from functools import cache
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

# The SDK makes its types with this package, whose kind the standard library does not recognise.
from typing_extensions import is_typeddict

from sync.practice.forms import Tree
from sync.practice.readers import (
    Reader,
    choice_reader,
    list_reader,
    mapping_reader,
    object_reader,
    read_anything,
    read_boolean,
    read_decimal,
    read_integer,
    read_metadata,
    read_text,
)
from sync.practice.refusals import Refusal
from sync.practice.wire import JsonObject


def check(params_name: str, given: Tree) -> JsonObject:
    """The typed parameters of a request.

    `params_name` is a class of `stripe.params`, for example `InvoiceCreateParams` or
    `checkout.SessionListParams`. Raises Refusal(400) with `param` for the first thing wrong.
    """
    read = _schema(params_name)(given, "")
    assert isinstance(read, dict)
    return read


@cache
def _schema(params_name: str) -> Reader:
    room, _, name = f"stripe.params.{params_name}".rpartition(".")
    return _reader_of(getattr(importlib.import_module(room), name))


@cache
def _request_options() -> frozenset[str]:
    """The SDK's call options share the create types' namespace but never cross the wire."""
    options = importlib.import_module("stripe").RequestOptions
    return frozenset(options.__annotations__)


# ------------------------------------------------------------------------ from types to readers


@cache
def _reader_of(typed: type) -> Reader:
    hidden = _request_options()
    space = vars(sys.modules[typed.__module__])
    readers: dict[str, Reader] = {}
    required: list[str] = []
    for name, annotation in typed.__annotations__.items():
        if name in hidden:
            continue
        # One name at a time: inherited annotations may name what exists for type checkers only.
        holder = types.SimpleNamespace(__annotations__={name: annotation})
        hint = get_type_hints(holder, space, space, include_extras=True)[name]
        if get_origin(hint) is NotRequired:
            hint = get_args(hint)[0]
        else:
            required.append(name)
            hint = get_args(hint)[0] if get_origin(hint) is Required else hint
        readers[name] = read_metadata if name == "metadata" else _reader(hint)
    return object_reader(readers, tuple(required))


def _reader(hint: Any) -> Reader:
    plain: dict[object, Reader] = {
        str: read_text,
        int: read_integer,
        bool: read_boolean,
        float: read_decimal,
        Decimal: read_decimal,
    }
    origin = get_origin(hint)
    if hint in plain:
        return plain[hint]
    if hint is Any:
        return read_anything
    if origin is Literal:
        return choice_reader(tuple(str(value) for value in get_args(hint)))
    if origin is list:
        return list_reader(_reader(get_args(hint)[0]))
    if origin is dict:
        return mapping_reader(_reader(get_args(hint)[1]))
    if origin is Union or origin is types.UnionType:
        return _union(get_args(hint))
    assert is_typeddict(hint), f"the SDK uses a parameter type nobody taught us: {hint!r}"
    return _reader_of(hint)


def _union(options: tuple[Any, ...]) -> Reader:
    """`Literal['']|X` means X or unset; an enumeration beside `str` is still an enumeration."""
    words = [
        str(word) for hint in options if get_origin(hint) is Literal for word in get_args(hint)
    ]
    clearable = "" in words
    choices = tuple(word for word in words if word)
    branches: list[Reader] = []
    leaves: list[Reader] = []
    for hint in options:
        origin = get_origin(hint)
        if origin in (list, dict) or is_typeddict(hint):
            branches.append(_reader(hint))
        elif hint in (int, float, bool, Decimal) or (hint is str and not choices):
            leaves.append(_reader(hint))
    if choices:
        leaves.append(choice_reader(choices))

    def read(value: str | Tree, path: str) -> object:
        if value == "" and clearable:
            return ""
        if isinstance(value, dict):
            return _first(branches or leaves, value, path)
        return _first(leaves or branches, value, path)

    return read


def _first(readers: list[Reader], value: str | Tree, path: str) -> object:
    for reader in readers[:-1]:
        try:
            return reader(value, path)
        except Refusal:
            continue
    return readers[-1](value, path)
