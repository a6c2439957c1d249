"""Where the practice Stripe keeps its state between runs: rows of (kind, id, JSON)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

Row = tuple[str, str, str]
RowChange = tuple[str, str, str | None]


class Shelf(Protocol):
    """A place that keeps rows. The order of `load` does not matter: rows number themselves."""

    def load(self) -> Iterable[Row]:
        """Every row kept, as (kind, id, json)."""

    def put(self, rows: Sequence[RowChange]) -> None:
        """Keep all these rows or none of them; a row whose json is None is taken off the shelf."""


class MemoryShelf:
    """A shelf that lasts as long as the object: for tests, and for a practice nobody resumes."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], str] = {}

    def load(self) -> Iterable[Row]:
        return [(kind, row_id, text) for (kind, row_id), text in self._rows.items()]

    def put(self, rows: Sequence[RowChange]) -> None:
        for kind, row_id, text in rows:
            if text is None:
                self._rows.pop((kind, row_id), None)
            else:
                self._rows[kind, row_id] = text
