"""What a box says of its content, sealed with the rest: counts and dates, nobody's name."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.buffer.copy import CopyFacts, Unsent

ABOUT_SECTION: Final = "about.json"
ABOUT_MOST_BYTES: Final = 64 * 1024
LOCKED: Final = "locked"  # the damage of a box made without a passphrase: nobody has looked


class Purpose(StrEnum):
    """Why a box was made."""

    BACKUP = "backup"
    BLACK_BOX = "black-box"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The first section of a generation. `damage`: the buffer did not read, its files are as found.

    `facts` is None then. `handed_over`: the kiosk it comes from was closed with this box.
    """

    purpose: Purpose
    program: str
    made_ms: int
    mode: str
    facts: CopyFacts | None
    damage: str | None = None
    handed_over: bool = False

    def packed(self) -> bytes:
        """As JSON."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True).encode()


def read_about(raw: bytes) -> About:
    """What was packed. Raises ValueError, KeyError or TypeError when it is none."""
    found = json.loads(raw)
    facts = found["facts"]
    return About(
        purpose=Purpose(found["purpose"]),
        program=str(found["program"]),
        made_ms=int(found["made_ms"]),
        mode=str(found["mode"]),
        facts=None if facts is None else _facts(facts),
        damage=None if found["damage"] is None else str(found["damage"]),
        handed_over=found["handed_over"] is True,
    )


def _facts(found: Mapping[str, object]) -> CopyFacts:
    counted = found["unsent"]
    if not isinstance(counted, list):
        raise TypeError("unsent")
    return CopyFacts(
        buffer_id=str(found["buffer_id"]),
        incarnation=_number(found["incarnation"]),
        device=_number(found["device"]),
        seq=_number(found["seq"]),
        head=str(found["head"]),
        sales=_number(found["sales"]),
        unsent=tuple(_unsent(each) for each in counted),
    )


def _unsent(found: Mapping[str, object]) -> Unsent:
    return Unsent(
        mode=str(found["mode"]),
        waiting=_number(found["waiting"]),
        watching=_number(found["watching"]),
        unknown=_number(found["unknown"]),
        parked=_number(found["parked"]),
    )


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("a count is a whole number")
    return value
