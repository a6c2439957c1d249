"""Readers of single parameters: text as it came over the wire into a typed value, or a refusal.

Limits and messages follow https://docs.stripe.com/api, field by field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Final

from sync.practice.forms import Tree
from sync.practice.refusals import invalid, missing_param
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


def object_reader(readers: dict[str, Reader], required: tuple[str, ...]) -> Reader:
    """An object of known fields: unknown ones are refused, required ones demanded."""

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


def list_reader(item: Reader) -> Reader:
    """A list in the order of its indexes, whatever order they came in."""

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


def mapping_reader(item: Reader) -> Reader:
    """An object whose field names are the caller's own."""

    def read(value: str | Tree, path: str) -> JsonObject:
        if isinstance(value, str):
            raise invalid("Invalid object", param=path)
        return {name: item(below, f"{path}[{name}]") for name, below in value.items()}

    return read


def read_metadata(value: str | Tree, path: str) -> object:
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


def choice_reader(choices: tuple[str, ...]) -> Reader:
    """One word of an enumeration."""

    def read(value: str | Tree, path: str) -> str:
        if not isinstance(value, str) or value not in choices:
            listed = ", ".join(choices[:-1]) + (" or " if choices[:-1] else "") + choices[-1]
            raise invalid(f"Invalid {path}: must be one of {listed}", param=path)
        return value

    return read


def read_anything(value: str | Tree, _path: str) -> object:
    """Where the SDK says nothing about the type, neither do we."""
    return value


def read_text(value: str | Tree, path: str) -> str:
    """Text within its limit; empty unsets a text, but names no object."""
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


def read_integer(value: str | Tree, path: str) -> int:
    """ASCII digits with an optional sign."""
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        raise invalid("Invalid integer", param=path, code="parameter_invalid_integer")
    return int(value)


def read_boolean(value: str | Tree, path: str) -> bool:
    """`true` or `false`."""
    if value not in ("true", "false"):
        raise invalid("Invalid boolean: must be true or false", param=path)
    return value == "true"


def read_decimal(value: str | Tree, path: str) -> str:
    """A finite decimal, as text without trailing zeros."""
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise invalid("Invalid decimal", param=path)
    return f"{number.normalize():f}"


def _under(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
