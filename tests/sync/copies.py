"""Copies of a kiosk's folder, as people make them: kept, put back, acknowledged."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.buffer.restoring import Acknowledgement, acknowledge_restore
from tests.sync.conftest import KEYS

if TYPE_CHECKING:
    from tests.sync.conftest import World


def keep_copy(kiosk: World, tmp_path: Path) -> Path:
    kiosk.file.close()
    kept = Path(shutil.copytree(kiosk.folder, tmp_path / "kept"))
    kiosk.restart_closed()
    return kept


def put_back(kiosk: World, kept: Path) -> None:
    """The whole folder is what it was: nothing in it knows better."""
    kiosk.file.close()
    shutil.rmtree(kiosk.folder)
    shutil.copytree(kept, kiosk.folder)
    kiosk.restart_closed()


def acknowledge(kiosk: World, *, whole_folder: bool = False) -> int:
    kiosk.file.close()
    said = Acknowledgement(
        passes_most=1_000_000,
        now_ms=kiosk.clock.now_ms(),
        whole_folder=whole_folder,
        below=lambda _: 0,
    )
    life = acknowledge_restore(kiosk.folder, KEYS, said)
    kiosk.restart_closed()
    return life.number


def check_selling(kiosk: World) -> None:
    kiosk.read(lambda uow: uow.incarnations.check_selling())


def kept_at_rail(kiosk: World) -> tuple[int, int]:
    (product,) = kiosk.stripe.objects("product")
    told = product["metadata"]
    return int(told["kp_incarnation"]), int(told["kp_seq"])
