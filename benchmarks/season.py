"""Buffers that hold a whole season, made once and kept under build/ between the runs.

Their rows are written by the buffer's own repositories out of one real sale, many to a transaction;
only the passes are not signed anew.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import sqlcipher3

from benchmarks.prepared import Press, write
from benchmarks.world import EVENT, PASSPHRASE
from kiosk.buffer import database
from kiosk.buffer.anchor import Anchor
from kiosk.buffer.buffer import Buffer
from kiosk.buffer.database import Connection
from kiosk.buffer.migrations import SCHEMA_SHA256
from kiosk.buffer.room import Room, RoomRules
from kiosk.buffer.write_lock import Priority, WriteLock
from kiosk.buffer.writer import Writer
from kiosk.opening import OpenKiosk, create, make_desk, open_kiosk
from kiosk.passes.issue import Signer
from kiosk.passes.trust import TrustedRoots, make_device_certificate, parse_certificate
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event

KEPT: Final = Path(__file__).parent.parent / "build" / "seasons"
A_DAY: Final = 1_500  # sales
DAY_MS: Final = 86_400_000
BATCH: Final = 500
MOST_PASSES: Final = 2**32 - 1
WAITING: Final = 500  # of the newest; what was sold before has been delivered
PASSPHRASE_FILE: Final = "bench.passphrase"
PLAIN: Final = "plain.db"
RAW: Final = "raw.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A kiosk that is open, and the same rows without encryption: with our code, and with none."""

    kiosk: OpenKiosk
    desk: Desk
    plain: Buffer
    raw: Path


@contextmanager
def season(sales: int) -> Iterator[Season]:
    """So many sales, made now where they are not kept; 0 is made anew each time."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name) / "new" if sales == 0 else KEPT / f"{sales}-{SCHEMA_SHA256[:8]}"
        if not folder.exists():
            _make(folder, sales)
        passphrase = folder.joinpath(PASSPHRASE_FILE).read_text(encoding="ascii").strip()
        kiosk = open_kiosk(folder, passphrase)
        try:
            plain = _plain(kiosk)
            try:
                desk = make_desk(kiosk, staffed=True)
                _lift_the_ceiling(kiosk, desk)
                _deliver(desk)
                yield Season(kiosk=kiosk, desk=desk, plain=plain, raw=folder / RAW)
            finally:
                plain.close()
        finally:
            kiosk.close()


def _make(folder: Path, sales: int) -> None:
    """In a folder of another name until it is whole, so that a run that was ended leaves none."""
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    create(half, PASSPHRASE, 1, lambda _recovery: None)
    file = half / PASSPHRASE_FILE
    file.touch(0o600)
    file.write_text(PASSPHRASE + "\n", encoding="ascii")
    kiosk = open_kiosk(half, PASSPHRASE)
    try:
        desk = make_desk(kiosk, staffed=True)
        load_event(desk, EVENT.read_text(encoding="utf-8"), EVENT.name)
        _fill(desk, sales)
        _deliver(desk)
        _export(kiosk)
    finally:
        kiosk.close()
    half.rename(folder)


def _fill(desk: Desk, sales: int) -> None:
    now_ms = desk.clock.now_ms()
    press = Press(desk, first_ms=now_ms - sales * DAY_MS // A_DAY)
    for start in range(0, sales, BATCH):
        with desk.buffer.writing() as uow:
            for number in range(start, min(start + BATCH, sales)):
                write(uow, press.prepare(number, step_ms=DAY_MS // A_DAY))


def _deliver(desk: Desk) -> None:
    """All but the newest, those of the runs before too: a season that is kept grows with each."""
    with desk.buffer.writing() as uow:
        uow.sales._session.connection.execute(
            "UPDATE outbox SET state = 'delivered', due_ms = NULL, closed_ms = created_ms"
            " WHERE due_ms IS NOT NULL AND seq <= (SELECT max(seq) FROM outbox) - ?",
            (WAITING,),
        )


def _lift_the_ceiling(kiosk: OpenKiosk, desk: Desk) -> None:
    """A certificate for more passes than a kiosk may issue: a million sales have two each."""
    root, own = kiosk.vault.root_private(), desk.signer.certificate
    assert root is not None, "the kiosk of a season made its root itself"
    wire = make_device_certificate(root, replace(own.claims, max_seq=MOST_PASSES))
    trusted = TrustedRoots(keys=(own.root,))
    desk.signer = Signer(key=desk.signer.key, certificate=parse_certificate(wire, trusted))


def _export(kiosk: OpenKiosk) -> None:
    """The same rows in a file without a key, and again without our triggers."""
    connection = database.connect(kiosk.folder / "buffer.db", kiosk.vault.keys.database)
    connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(kiosk.folder / PLAIN),))
    connection.execute("SELECT sqlcipher_export('plain')").fetchall()
    connection.execute("DETACH DATABASE plain")
    connection.close()
    shutil.copyfile(kiosk.folder / PLAIN, kiosk.folder / RAW)
    raw = sqlcipher3.connect(kiosk.folder / RAW, isolation_level=None)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.close()


def _plain(kiosk: OpenKiosk) -> Buffer:
    """A buffer of ours over the file without a key, with an anchor of its own."""
    path, keys = kiosk.folder / PLAIN, kiosk.vault.keys
    anchor = path.with_suffix(".anchor")
    shutil.copyfile(kiosk.folder / "buffer.anchor", anchor)
    room = Room(path.parent, path.with_suffix(".ballast"), RoomRules())
    writer = Writer(Priority.TILL, WriteLock(), Anchor(anchor, keys.anchor), room)
    return Buffer(lambda: _open_plain(path), keys, writer)


def _open_plain(path: Path) -> Connection:
    connection: Connection = sqlcipher3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    for pragma in database._PRAGMAS:
        connection.execute(pragma).fetchall()
    return connection
