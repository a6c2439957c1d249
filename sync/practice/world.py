"""The state of the practice Stripe: every object, counter and alarm, changed in transactions only.

A transaction is all or nothing in memory and on the shelf; nothing outside one may change state.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from sync.practice.refusals import no_such
from sync.practice.shelf import Shelf
from sync.practice.wire import JsonObject, copy_of

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_COUNTERS: Final = "practice.counter"


class Entry:
    """One object and its place in the order of creation."""

    __slots__ = ("number", "value")

    def __init__(self, number: int, value: JsonObject) -> None:
        self.number = number
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The request behind a change; a payer or the clock has none (`event.request`)."""

    request_id: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """The transaction under way: what was touched, and how it was before."""

    cause: Cause
    at_seconds: int
    before: dict[tuple[str, str], Entry | None] = field(default_factory=dict)


class World:
    """Objects by kind and id, in the order of creation. One writer at a time, from any thread."""

    def __init__(
        self,
        *,
        clock: Callable[[], int],
        seed: int,
        shelf: Shelf,
        alarm_of: Callable[[str, JsonObject], int | None],
    ) -> None:
        self.lock = threading.RLock()
        self.seed = seed
        # When the passing of time alone changes an object, in seconds; kept for `passing.py`.
        self.alarms: dict[tuple[str, str], int] = {}
        self._clock = clock
        self._shelf = shelf
        self._alarm_of = alarm_of
        self._kinds: dict[str, dict[str, Entry]] = {}
        self._open: _Open | None = None
        self._load()
        with self.transaction(Cause()):
            self._boot = self.count("boot")
        self._requests = 0

    # ------------------------------------------------------------------------------- reading

    def now_ms(self) -> int:
        """The practice clock: the one handed in, plus what `advance` added. UTC milliseconds."""
        return self._clock() + self._counter("advanced_ms")

    def now(self) -> int:
        """The time of the change under way in seconds; a late alarm's change has its own time."""
        return self._open.at_seconds if self._open else self.now_ms() // 1000

    def find(self, kind: str, object_id: str) -> JsonObject | None:
        """The object as it stands, or None. Never change it: `edit` does that."""
        entry = self._kinds.get(kind, {}).get(object_id)
        return entry.value if entry else None

    def must(self, kind: str, object_id: str, *, param: str | None = None) -> JsonObject:
        """The object, or Refusal resource_missing (404; 400 when a parameter named it)."""
        found = self.find(kind, object_id)
        if found is None:
            raise no_such(kind, object_id, param=param)
        return found

    def entries(self, kind: str) -> list[Entry]:
        """All objects of a kind, oldest first."""
        return list(self._kinds.get(kind, {}).values())

    def oldest(self, kind: str, count: int) -> list[Entry]:
        """The first few of a kind, for pruning what has had its time."""
        return list(islice(self._kinds.get(kind, {}).values(), count))

    def objects(self, kind: str) -> list[JsonObject]:
        """All objects of a kind, oldest first, without their places."""
        return [entry.value for entry in self._kinds.get(kind, {}).values()]

    def kinds(self) -> list[str]:
        """The kinds of Stripe objects there are, our own records left out."""
        return sorted(kind for kind in self._kinds if not kind.startswith("practice."))

    def number_of(self, kind: str, object_id: str) -> int | None:
        """The object's place in the order of creation."""
        entry = self._kinds.get(kind, {}).get(object_id)
        return entry.number if entry else None

    @property
    def cause(self) -> Cause:
        return self._opened().cause

    # ------------------------------------------------------------------------------- writing

    @contextmanager
    def transaction(self, cause: Cause, *, at_seconds: int | None = None) -> Iterator[None]:
        """All changes inside are kept together, or none when the block raises."""
        with self.lock:
            assert self._open is None, "one transaction at a time"
            at = self.now_ms() // 1000 if at_seconds is None else at_seconds
            self._open = opened = _Open(cause=cause, at_seconds=at)
            try:
                yield
                self._keep(opened)
            except BaseException:
                self._take_back(opened)
                raise
            finally:
                self._open = None

    def add(self, kind: str, value: JsonObject) -> JsonObject:
        """Keep a new object under its `id` as the newest of its kind."""
        object_id = str(value["id"])
        self._note(kind, object_id)
        self._kinds.setdefault(kind, {})[object_id] = Entry(self.count("object"), value)
        return value

    def edit(self, kind: str, object_id: str) -> JsonObject:
        """The object, to be changed in place within this transaction."""
        self._note(kind, object_id)
        return self._kinds[kind][object_id].value

    def remove(self, kind: str, object_id: str) -> None:
        """Forget an object."""
        self._note(kind, object_id)
        del self._kinds[kind][object_id]

    def count(self, name: str, by: int = 1) -> int:
        """Raise a counter and return its new value."""
        self._note(_COUNTERS, name)
        counters = self._kinds.setdefault(_COUNTERS, {})
        entry = counters.setdefault(name, Entry(0, {"id": name, "value": 0}))
        entry.value["value"] += by
        return int(entry.value["value"])

    def new_id(self, prefix: str, length: int = 24) -> str:
        """An id as Stripe's look, the same for the same seed and history."""
        return prefix + self.word(f"{prefix}{self.count('id')}", length)

    def new_request_id(self) -> str:
        """`req_…`; counted apart, for a request that changes nothing must not write."""
        with self.lock:
            self._requests += 1
            return "req_" + self.word(f"request{self._boot}.{self._requests}", 14)

    def word(self, name: str, length: int) -> str:
        """Letters and digits that follow from the seed and a name."""
        number = int.from_bytes(hashlib.sha512(f"{self.seed}.{name}".encode()).digest())
        letters = []
        for _ in range(length):
            number, digit = divmod(number, len(_DIGITS))
            letters.append(_DIGITS[digit])
        return "".join(letters)

    # ------------------------------------------------------------------------------- inside

    def _opened(self) -> _Open:
        assert self._open is not None, "state changes inside a transaction only"
        return self._open

    def _counter(self, name: str) -> int:
        entry = self._kinds.get(_COUNTERS, {}).get(name)
        return int(entry.value["value"]) if entry else 0

    def _note(self, kind: str, object_id: str) -> None:
        before = self._opened().before
        if (kind, object_id) in before:
            return
        entry = self._kinds.get(kind, {}).get(object_id)
        held = Entry(entry.number, copy_of(entry.value)) if entry else None
        before[kind, object_id] = held

    def _keep(self, opened: _Open) -> None:
        rows: list[tuple[str, str, str | None]] = []
        for kind, object_id in opened.before:
            entry = self._kinds.get(kind, {}).get(object_id)
            text = json.dumps({"n": entry.number, "o": entry.value}) if entry else None
            rows.append((kind, object_id, text))
        if rows:
            self._shelf.put(rows)
        for kind, object_id in opened.before:
            self._set_alarm(kind, object_id)

    def _take_back(self, opened: _Open) -> None:
        for (kind, object_id), held in opened.before.items():
            objects = self._kinds.setdefault(kind, {})
            if held is None:
                objects.pop(object_id, None)
            elif object_id in objects:
                objects[object_id].value = held.value
            else:
                objects[object_id] = held
                self._sort(kind)

    def _set_alarm(self, kind: str, object_id: str) -> None:
        value = self.find(kind, object_id)
        due = self._alarm_of(kind, value) if value is not None else None
        if due is None:
            self.alarms.pop((kind, object_id), None)
        else:
            self.alarms[kind, object_id] = due

    def _sort(self, kind: str) -> None:
        in_order = sorted(self._kinds[kind].items(), key=lambda item: item[1].number)
        self._kinds[kind] = dict(in_order)

    def _load(self) -> None:
        for kind, object_id, text in self._shelf.load():
            row = json.loads(text)
            self._kinds.setdefault(kind, {})[object_id] = Entry(row["n"], row["o"])
        for kind in self._kinds:
            self._sort(kind)
            for object_id in self._kinds[kind]:
                self._set_alarm(kind, object_id)
