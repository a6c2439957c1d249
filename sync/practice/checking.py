"""Request checking derived from the installed SDK's own parameter types, never from a list of ours.

Each endpoint names a `TypedDict` of `stripe.params`. It is read once into a tree of readers, and
every request runs through it: unknown, missing and mistyped parameters and values outside an
enumeration are refused as Stripe refuses them, and what passes comes out typed.
"""

from __future__ import annotations

import importlib
import re
import sys
import types
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import (
    Any,
    Final,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from typing_extensions import is_typeddict

from sync.practice.forms import Tree
from sync.practice.refusals import Refusal, invalid, missing_param
from sync.practice.wire import JsonObject

TEXT_MAX: Final = 5_000
METADATA_KEYS_MAX: Final = 50
METADATA_KEY_MAX: Final = 40
METADATA_VALUE_MAX: Final = 500
LIST_MAX: Final = 250

# Limits the types do not carry (https://docs.stripe.com/api, field by field).
_TEXT_LIMITS: Final = {
    "client_reference_id": 200,
    "email": 512,
    "customer_email": 512,
    "lookup_key": 200,
    "name": 256,
    "phone": 20,
    "statement_descriptor": 22,
}
# An empty string unsets a text; it names no object.
_NEVER_EMPTY: Final = frozenset(
    {
        "currency",
        "customer",
        "invoice",
        "payment_intent",
        "payment_link",
        "price",
        "product",
        "subscription",
        "starting_after",
        "ending_before",
    }
)
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")

# A reader turns what was sent at a path (`items[0][price]`) into its value or refuses it.
Reader = Callable[["str | Tree", str], object]


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
    return _object_reader(getattr(importlib.import_module(room), name))


@cache
def _request_options() -> frozenset[str]:
    """The SDK's call options share the create types' namespace but never cross the wire."""
    options = importlib.import_module("stripe").RequestOptions
    return frozenset(options.__annotations__)


# ------------------------------------------------------------------------ from types to readers


@cache
def _object_reader(typed: type) -> Reader:
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
        readers[name] = _metadata if name == "metadata" else _reader(hint)
    return _read_object(readers, tuple(required))


def _reader(hint: Any) -> Reader:
    plain: dict[object, Reader] = {
        str: _text,
        int: _integer,
        bool: _boolean,
        float: _decimal,
        Decimal: _decimal,
    }
    origin = get_origin(hint)
    if hint in plain:
        return plain[hint]
    if hint is Any:
        return _anything
    if origin is Literal:
        return _choice(tuple(str(value) for value in get_args(hint)))
    if origin is list:
        return _list(_reader(get_args(hint)[0]))
    if origin is dict:
        return _mapping(_reader(get_args(hint)[1]))
    if origin is Union or origin is types.UnionType:
        return _union(get_args(hint))
    assert is_typeddict(hint), f"the SDK uses a parameter type nobody taught us: {hint!r}"
    return _object_reader(hint)


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
        leaves.append(_choice(choices))

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


# --------------------------------------------------------------------------------- the readers


def _read_object(readers: dict[str, Reader], required: tuple[str, ...]) -> Reader:
    def read(value: str | Tree, path: str) -> JsonObject:
        if isinstance(value, str):
            raise invalid("Invalid object", param=path)
        for name in value:
            if name not in readers:
                where = _under(path, name)
                raise invalid(
                    f"Received unknown parameter: {where}", param=where, code="parameter_unknown"
                )
        for name in required:
            if value.get(name, "") == "":
                raise missing_param(_under(path, name))
        return {name: readers[name](below, _under(path, name)) for name, below in value.items()}

    return read


def _list(item: Reader) -> Reader:
    def read(value: str | Tree, path: str) -> list[object]:
        if isinstance(value, str):
            raise invalid("Invalid array", param=path)
        if len(value) > LIST_MAX:
            raise invalid(f"Array {path} exceeded maximum of {LIST_MAX} elements.", param=path)
        if not all(index.isdecimal() for index in value):
            raise invalid("Invalid array", param=path)
        in_order = sorted(value, key=int)
        return [item(value[index], f"{path}[{index}]") for index in in_order]

    return read


def _mapping(item: Reader) -> Reader:
    def read(value: str | Tree, path: str) -> JsonObject:
        if isinstance(value, str):
            raise invalid("Invalid object", param=path)
        return {name: item(below, f"{path}[{name}]") for name, below in value.items()}

    return read


def _metadata(value: str | Tree, path: str) -> object:
    """https://docs.stripe.com/api/metadata: 50 keys of 40 characters, values of 500."""
    if value == "":
        return ""
    if isinstance(value, str) or any(isinstance(below, dict) for below in value.values()):
        raise invalid("Invalid object", param=path)
    if len(value) > METADATA_KEYS_MAX:
        raise invalid(f"Metadata can have up to {METADATA_KEYS_MAX} keys.", param=path)
    for key, text in value.items():
        if len(key) > METADATA_KEY_MAX:
            raise invalid(f"Metadata keys can be up to {METADATA_KEY_MAX} characters.", param=path)
        if len(text) > METADATA_VALUE_MAX:
            raise invalid(
                f"Metadata values can be up to {METADATA_VALUE_MAX} characters.",
                param=f"{path}[{key}]",
            )
    return dict(value)


def _choice(choices: tuple[str, ...]) -> Reader:
    def read(value: str | Tree, path: str) -> str:
        if not isinstance(value, str) or value not in choices:
            listed = ", ".join(choices[:-1]) + (" or " if choices[:-1] else "") + choices[-1]
            raise invalid(f"Invalid {path}: must be one of {listed}", param=path)
        return value

    return read


def _anything(value: str | Tree, _path: str) -> object:
    return value


def _text(value: str | Tree, path: str) -> str:
    name = path.rpartition("[")[2].removesuffix("]")
    if not isinstance(value, str):
        raise invalid("Invalid string", param=path)
    if value == "" and name in _NEVER_EMPTY:
        raise invalid(
            f"You passed an empty string for '{path}'.", param=path, code="parameter_invalid_empty"
        )
    limit = _TEXT_LIMITS.get(name, TEXT_MAX)
    if len(value) > limit:
        raise invalid(
            f"Invalid string: {path} must be at most {limit} characters",
            param=path,
            code="parameter_invalid_string",
        )
    return value


def _integer(value: str | Tree, path: str) -> int:
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        raise invalid("Invalid integer", param=path, code="parameter_invalid_integer")
    return int(value)


def _boolean(value: str | Tree, path: str) -> bool:
    if value not in ("true", "false"):
        raise invalid("Invalid boolean: must be true or false", param=path)
    return value == "true"


def _decimal(value: str | Tree, path: str) -> str:
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise invalid("Invalid decimal", param=path)
    return f"{number.normalize():f}"


def _under(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
