"""What one of the two writing connections shares with the other, and which of them goes first."""

from __future__ import annotations

from kiosk.buffer.anchor import Anchor
from kiosk.buffer.room import Room
from kiosk.buffer.write_lock import Priority, WriteLock


class Writer:
    """What a writing buffer shares with the other one: lock, anchor, room."""

    def __init__(self, priority: Priority, lock: WriteLock, anchor: Anchor, room: Room) -> None:
        self.priority = priority
        self.lock = lock
        self.anchor = anchor
        self._room = room

    def check_room(self) -> None:
        """Selling stops while there is room left; sending what was sold does not."""
        if self.priority is Priority.TILL:
            self._room.check_to_sell()

    def keep_ballast(self) -> bool:
        """Whether there is a ballast file now."""
        return self._room.keep_ballast()
