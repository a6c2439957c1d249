"""A list model of dataclasses touches only what differs."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt

from kiosk.ui.rows import RowModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    code: str
    names: tuple[str, ...] = ()


def rows(*codes: str) -> tuple[Row, ...]:
    return tuple(Row(code=code) for code in codes)


def test_each_field_is_a_role_and_tuples_are_lists() -> None:
    model = RowModel(Row)
    model.show((Row(code="a", names=("x", "y")),))
    roles = {bytes(name.data()).decode(): role for role, name in model.roleNames().items()}
    assert set(roles) == {"code", "names"}
    assert model.data(model.index(0), roles["code"]) == "a"
    assert model.data(model.index(0), roles["names"]) == ["x", "y"]


def test_what_is_not_there_is_nothing() -> None:
    model = RowModel(Row)
    model.show(rows("a"))
    assert model.data(model.index(0), int(Qt.ItemDataRole.DisplayRole)) is None
    assert model.data(QModelIndex(), int(Qt.ItemDataRole.UserRole)) is None
    assert model.rowCount(model.index(0)) == 0


def test_only_rows_that_differ_are_announced() -> None:
    model, changed = RowModel(Row), []
    model.show(rows("a", "b", "c"))
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.show(rows("a", "x", "c"))
    assert changed == [1]


@given(st.lists(st.text(max_size=2), max_size=6), st.lists(st.text(max_size=2), max_size=6))
def test_whatever_was_shown_the_new_rows_are_shown_after(
    before: list[str], after: list[str]
) -> None:
    model = RowModel(Row)
    model.show(rows(*before))
    inserted: list[int] = []
    removed: list[int] = []
    model.rowsInserted.connect(lambda _p, a, b: inserted.extend(range(a, b + 1)))
    model.rowsRemoved.connect(lambda _p, a, b: removed.extend(range(a, b + 1)))
    model.show(rows(*after))
    assert model.rows == rows(*after)
    assert model.rowCount() == len(after)
    assert len(before) - len(removed) + len(inserted) == len(after)
