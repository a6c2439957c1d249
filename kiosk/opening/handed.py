"""Whether this kiosk's work went on elsewhere: then it neither sells nor sends until taken back.

Two that go on with the same past would sell the same numbers twice. Nothing is deleted here.
"""

from __future__ import annotations

from typing import Final

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.unit_of_work import UnitOfWork
from kiosk.domain.moments import rfc3339
from kiosk.errors import HandedOver

SETTING: Final = "handed_over"
# What the journal says of it.
EXPORTED: Final = "black_box.exported"
TAKEN_BACK: Final = "black_box.taken_back"
IMPORTED: Final = "black_box.imported"


def refuse_handed_over(buffer_file: BufferFile) -> None:
    """Raise HandedOver when this kiosk was closed with a black box. Fields: file, at."""
    with buffer_file.till().reading() as uow:
        held = uow.settings.get(SETTING)
    if isinstance(held, dict):
        raise HandedOver(file=str(held.get("file")), at=rfc3339(int(held.get("at_ms", 0))))


def is_handed_over(uow: UnitOfWork) -> bool:
    """Whether this kiosk is closed."""
    return uow.settings.get(SETTING) is not None


def put_handed_over(uow: UnitOfWork, file: str, now_ms: int) -> None:
    """Close this kiosk; `file` is the name of the box, without its folder."""
    uow.settings.put(SETTING, {"file": file, "at_ms": now_ms}, now_ms)


def forget_handed_over(uow: UnitOfWork, now_ms: int) -> None:
    """Open it again."""
    if is_handed_over(uow):
        uow.settings.put(SETTING, None, now_ms)
