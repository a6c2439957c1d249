"""What a key file says: slots, wrapped keys, and after a rotation what the new key carries along.

The first format is written as long as it will do, so that an older program opens the file too.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

FORMAT: Final = "kiosk-keys-1"
ROTATED_FORMAT: Final = "kiosk-keys-2"  # an older program would derive the wrong journal key
SLOTS_MAX: Final = 16
# Bounds on what a file may ask of this machine before its MAC can be checked.
MEMORY_MOST_KIB: Final = 1024 * 1024
ITERATIONS_MOST: Final = 64
LANES_MOST: Final = 64

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCost:
    """What Argon2id (RFC 9106) spends on one guess: about 155 ms for these."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 2

    def __post_init__(self) -> None:
        bounds = (
            (self.memory_kib, MEMORY_MOST_KIB),
            (self.iterations, ITERATIONS_MOST),
            (self.lanes, LANES_MOST),
        )
        if any(not 1 <= value <= most for value, most in bounds):
            raise ValueError("cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way to open the vault. `cost` None: its secret has 256 bits and needs no stretching.

    `made_ms` None: by a program that did not write it down.
    """

    kind: str
    salt: bytes
    cost: KeyCost | None
    wrapped: bytes = field(default=b"", repr=False)
    made_ms: int | None = None

    def holding(self, wrapped: bytes) -> Slot:
        """This slot with the data key wrapped in it."""
        return dataclasses.replace(self, wrapped=wrapped)

    def header(self) -> bytes:
        """What the wrapped key is bound to: a slot's own format is the first one's for ever."""
        return canonical({"format": FORMAT, **_slot_header(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """The wrapped keys that the files had before a rotation which is not finished."""

    database: bytes = field(repr=False)
    practice: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What a data key that is not the first carries along, wrapped under it.

    The journal's key and the anchor's stay as long as the buffer lives, or no old link of the chain
    could be verified. `former` is there until the files are under the new keys.
    """

    journal: bytes = field(repr=False)
    anchor: bytes = field(repr=False)
    former: Former | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The key file's content. `member_keks` are numbered; `root` None: another kiosk holds it."""

    device: int
    slots: tuple[Slot, ...]
    member_keks: Mapping[int, bytes] = field(repr=False)
    root: bytes | None = field(repr=False)
    rotated: Rotated | None = None

    def slot(self, kind: str) -> Slot | None:
        """The slot of this kind; there is never more than one that we wrote."""
        return next((slot for slot in self.slots if slot.kind == kind), None)

    def with_slot(self, new: Slot) -> Document:
        """The same with this slot in place of the one of its kind, or behind the others."""
        if self.slot(new.kind) is None:
            return dataclasses.replace(self, slots=(*self.slots, new))
        slots = tuple(new if slot.kind == new.kind else slot for slot in self.slots)
        return dataclasses.replace(self, slots=slots)

    def without_slot(self, kind: str) -> Document:
        """The same without the slot of this kind."""
        return dataclasses.replace(
            self, slots=tuple(slot for slot in self.slots if slot.kind != kind)
        )


def to_json(document: Document) -> dict[str, object]:
    """The document as the JSON object that the file's MAC covers."""
    body: dict[str, object] = {
        "format": FORMAT if document.rotated is None else ROTATED_FORMAT,
        "device": document.device,
        "slots": [_slot_json(slot) for slot in document.slots],
        "member_keks": {
            str(number): to_text(wrapped) for number, wrapped in document.member_keks.items()
        },
        "root": None if document.root is None else to_text(document.root),
    }
    if document.rotated is not None:
        body["rotated"] = _rotated_json(document.rotated)
    return body


def from_json(whole: Mapping[str, object]) -> Document:
    """The document in such an object. Raises ValueError, KeyError or TypeError."""
    slots = _typed(list, whole["slots"])
    if not 1 <= len(slots) <= SLOTS_MAX:
        raise ValueError("slots")
    keks = {
        int(number): to_bytes(value) for number, value in _typed(dict, whole["member_keks"]).items()
    }
    if not keks:
        raise ValueError("member_keks")
    root = whole["root"]
    rotated = whole["rotated"] if whole["format"] == ROTATED_FORMAT else None
    return Document(
        device=_typed(int, whole["device"]),
        slots=tuple(_slot(_typed(dict, slot)) for slot in slots),
        member_keks=keks,
        root=None if root is None else to_bytes(root),
        rotated=None if rotated is None else _rotated(_typed(dict, rotated)),
    )


def canonical(body: Mapping[str, object]) -> bytes:
    """The one spelling of an object that is authenticated."""
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def to_text(raw: bytes) -> str:
    """Bytes as JSON holds them: base 64."""
    return base64.b64encode(raw).decode()


def to_bytes(value: object) -> bytes:
    """Bytes from such a text. Raises ValueError or TypeError."""
    try:
        return base64.b64decode(_typed(str, value), validate=True)
    except binascii.Error:
        raise ValueError("base64") from None


def _slot(found: dict[str, object]) -> Slot:
    cost = None
    if found.get("kdf") == "argon2id":
        cost = KeyCost(
            memory_kib=_typed(int, found["memory_kib"]),
            iterations=_typed(int, found["iterations"]),
            lanes=_typed(int, found["lanes"]),
        )
    made_ms = found.get("made_ms")
    return Slot(
        kind=_typed(str, found["kind"]),
        salt=to_bytes(found["salt"]),
        cost=cost,
        wrapped=to_bytes(found["wrapped"]),
        made_ms=None if made_ms is None else _typed(int, made_ms),
    )


def _slot_json(slot: Slot) -> dict[str, object]:
    written: dict[str, object] = {**_slot_header(slot), "wrapped": to_text(slot.wrapped)}
    if slot.made_ms is not None:
        written["made_ms"] = slot.made_ms
    return written


def _slot_header(slot: Slot) -> dict[str, object]:
    header: dict[str, object] = {"kind": slot.kind, "salt": to_text(slot.salt)}
    if slot.cost is not None:
        header |= {"kdf": "argon2id", **dataclasses.asdict(slot.cost)}
    return header


def _rotated(found: dict[str, object]) -> Rotated:
    former = None if found["former"] is None else _typed(dict, found["former"])
    return Rotated(
        journal=to_bytes(found["journal"]),
        anchor=to_bytes(found["anchor"]),
        former=None
        if former is None
        else Former(database=to_bytes(former["database"]), practice=to_bytes(former["practice"])),
    )


def _rotated_json(rotated: Rotated) -> dict[str, object]:
    former = rotated.former
    return {
        "journal": to_text(rotated.journal),
        "anchor": to_text(rotated.anchor),
        "former": None
        if former is None
        else {"database": to_text(former.database), "practice": to_text(former.practice)},
    }


def _typed(kind: type[T], value: object) -> T:
    # A boolean is an int to Python and none to us.
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError("type")
    return value
