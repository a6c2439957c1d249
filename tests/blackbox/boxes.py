"""Boxes of little content, for the tests of how they are written and read."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.blackbox import (
    BoxReader,
    BoxWriter,
    Found,
    Opening,
    SealedBy,
    append_generation,
    look_into,
    new_box,
)

KEY = bytes(range(32))
TOP = Path(__file__).parents[2]
BUFFER_ID = "01234567-89ab-7def-8123-456789abcdef"
CONTENT = {"about.json": b'{"a":1}', "buffer.db": b"x" * 3000, "empty": b""}


def opening(number: int = 1, **changes: Any) -> Opening:
    values: dict[str, Any] = {
        "sealed_by": SealedBy.VAULT,
        "number": number,
        "generation_id": random.Random(number).randbytes(16),
        "buffer_id": BUFFER_ID,
        "made_ms": 1_800_000_000_000 + number,
        "key_file": b'{"slots": []}',
    }
    return Opening(**{**values, **changes})


def writing(content: dict[str, bytes]) -> Callable[[BoxWriter], None]:
    def fill(writer: BoxWriter) -> None:
        for name, raw in content.items():
            writer.section(name, [raw[:1000], raw[1000:]])

    return fill


def made(path: Path, *contents: dict[str, bytes], key: bytes = KEY) -> Path:
    new_box(path, key, opening(), writing(contents[0]))
    for number, content in enumerate(contents[1:], start=2):
        append_generation(path, key, opening(number), writing(content))
    return path


def content_of(path: Path, found: Found, key: bytes = KEY) -> dict[str, bytes]:
    return {name: b"".join(pieces) for name, pieces in BoxReader(path, found, key).sections()}


def newest(path: Path, key: bytes = KEY) -> dict[str, bytes]:
    return content_of(path, look_into(path)[-1], key)
