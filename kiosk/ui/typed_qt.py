"""Two of Qt's names with the types its stubs lack: properties, and texts to be translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Generic, TypeVar, overload

    _T = TypeVar("_T")
    _T_co = TypeVar("_T_co", covariant=True)

    class TypedProperty(Generic[_T_co]):
        """What reading a property of an instance gives: the getter's own type."""

        @overload
        def __get__(self, instance: None, owner: type) -> TypedProperty[_T_co]: ...
        @overload
        def __get__(self, instance: object, owner: type) -> _T_co: ...
        def __get__(self, instance: object, owner: type) -> TypedProperty[_T_co] | _T_co: ...

    def Property(
        kind: type | str, /, *, notify: object = None, constant: bool = False
    ) -> Callable[[Callable[[Any], _T]], TypedProperty[_T]]:
        """As PySide6.QtCore.Property, used as a decorator."""

    def QT_TRANSLATE_NOOP(context: str, text: str, /) -> str:
        """Marks `text` for translation and gives it back."""

else:
    from PySide6.QtCore import QT_TRANSLATE_NOOP, Property

__all__ = ["QT_TRANSLATE_NOOP", "Property"]
