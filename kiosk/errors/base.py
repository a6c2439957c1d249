"""The root of the error tree, and how to walk it."""

from __future__ import annotations

import re
from typing import ClassVar


class KioskError(Exception):
    """Base of everything this program expects to go wrong. `fields` is safe to log."""

    code: ClassVar[str] = "kiosk_error"

    def __init_subclass__(cls) -> None:
        # The code is the class name in snake case: one name, never two that drift apart.
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **fields: str | int) -> None:
        self.fields = fields
        shown = ", ".join(f"{name}={value}" for name, value in fields.items())
        super().__init__(f"{self.code}: {shown}" if shown else self.code)


def leaves() -> tuple[type[KioskError], ...]:
    """Every error that can be raised: the leaves of the tree, in order of definition."""
    found: list[type[KioskError]] = []
    waiting: list[type[KioskError]] = [KioskError]
    while waiting:
        kind = waiting.pop(0)
        below = kind.__subclasses__()
        waiting.extend(below)
        if not below:
            found.append(kind)
    return tuple(found)
