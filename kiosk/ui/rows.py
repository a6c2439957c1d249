"""A list model whose rows are frozen dataclasses: QML sees each field as a typed role."""

from __future__ import annotations

import dataclasses
from typing import Final, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

_FIRST_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_NO_PARENT: Final = QModelIndex()
_Row = TypeVar("_Row")


class RowModel(QAbstractListModel, Generic[_Row]):
    """Shows a tuple of rows; replacing it touches only the rows that differ."""

    def __init__(self, kind: type[_Row], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fields = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]
        self._rows: tuple[_Row, ...] = ()

    @property
    def rows(self) -> tuple[_Row, ...]:
        """What is shown now."""
        return self._rows

    def show(self, rows: tuple[_Row, ...]) -> None:
        """Replace the rows. Rows in front keep their delegates, so a countdown does not flicker."""
        before, after = len(self._rows), len(rows)
        if after < before:
            self.beginRemoveRows(_NO_PARENT, after, before - 1)
            self._rows = self._rows[:after]
            self.endRemoveRows()
        for place, row in enumerate(rows[: len(self._rows)]):
            self._replace(place, row)
        if after > before:
            self.beginInsertRows(_NO_PARENT, before, after - 1)
            self._rows = rows
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> object:
        place = role - _FIRST_ROLE
        if not 0 <= index.row() < len(self._rows) or not 0 <= place < len(self._fields):
            return None
        value = getattr(self._rows[index.row()], self._fields[place])
        return list(value) if isinstance(value, tuple) else value

    def roleNames(self) -> dict[int, QByteArray]:
        return {
            _FIRST_ROLE + place: QByteArray(name.encode())
            for place, name in enumerate(self._fields)
        }

    def _replace(self, place: int, row: _Row) -> None:
        if self._rows[place] == row:
            return
        self._rows = (*self._rows[:place], row, *self._rows[place + 1 :])
        index = self.index(place)
        self.dataChanged.emit(index, index)
