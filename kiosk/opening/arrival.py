"""The first thing that happens to a kiosk that came out of a box: a new life of it begins.

Sale ids, entry ids, keys and generations stay as they were, and whatever may have been sent after
the box was made is looked for at the rail before anything is made there. Receipts and passes are
numbered anew: the old machine may go on for a while, or have done so.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.blackbox import Opening
from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.journal import JournalLine
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
from kiosk.opening.about import About
from kiosk.opening.handed import IMPORTED, forget_handed_over, is_handed_over
from kiosk.opening.restored import passes_most


def begin_again(folder: Path, keys: BufferKeys, now_ms: int) -> None:
    """Begin the new life: whoever takes a kiosk out of a box says that it is a copy.

    Raises CertificateInvalid when the certificate has no pass numbers left for it, and leaves of
    StoreError.
    """
    said = Acknowledgement(passes_most=passes_most(folder, keys), now_ms=now_ms, whole_folder=True)
    acknowledge_restore(folder, keys, said)


def arrive(buffer_file: BufferFile, opening: Opening, about: About, now_ms: int) -> bool:
    """Write down where this kiosk comes from; whether it had been handed over before the box.

    Raises leaves of StoreError.
    """
    buffer = buffer_file.sync()
    with buffer.writing() as uow:
        line = JournalLine(
            kind=IMPORTED,
            entity_id=buffer.identity.buffer_id,
            payload={
                "purpose": str(about.purpose),
                "generation": opening.generation_id.hex(),
                "made_ms": opening.made_ms,
                "handed_over": about.handed_over,
            },
        )
        uow.journal.append(line, now_ms)
        handed_over_before = is_handed_over(uow)
        forget_handed_over(uow, now_ms)
    return handed_over_before
