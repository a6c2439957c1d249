"""Looks at a log that a crash left behind before SQLite does, which would drop what it cannot read.

Opening the file for writing takes the log as far as it is whole and forgets the rest on closing: a
frame damaged in the middle would cost every sale after it, without a word.
"""

from __future__ import annotations

from kiosk.buffer.anchor import AnchorMark
from kiosk.buffer.database import connect_to_read, store_errors
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.keys import BufferKeys
from kiosk.buffer.page_log import HEADER_BYTES, read_log
from kiosk.buffer.pages import PageFile, find_cipher
from kiosk.errors import StoreCorrupt


def refuse_cut_log(paths: BufferPaths, keys: BufferKeys, mark: AnchorMark | None) -> None:
    """Raise StoreCorrupt(check="log") when acknowledged commits are behind a damaged frame.

    A last transaction that is torn was never acknowledged, unless the anchor remembers it. Costs
    nothing after a clean end: then there is no log.
    """
    if not paths.log.exists() or paths.log.stat().st_size <= HEADER_BYTES:
        return
    file = PageFile(paths.buffer)
    try:
        cipher = find_cipher(file, keys.database, None)
    finally:
        file.close()
    if cipher is None:
        return  # another key, or no page opens: whoever opens the file says which
    log = read_log(paths.log, cipher)
    if log.cut or (log.torn and mark is not None and _ends_before(paths, keys, mark)):
        raise StoreCorrupt(check="log")


def _ends_before(paths: BufferPaths, keys: BufferKeys, mark: AnchorMark) -> bool:
    """Whether the journal, as SQLite would take it, is shorter than the anchor remembers."""
    with store_errors():
        connection = connect_to_read(paths.buffer, keys.database)
        try:
            row = connection.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()
        finally:
            connection.close()
    return int(row[0]) < mark.seq
