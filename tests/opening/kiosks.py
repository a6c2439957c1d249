"""Kiosk folders to open and to kill the opener of: one is made, and every test copies it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from kiosk import vault
from kiosk.buffer.practice_shelf import PracticeShelf
from kiosk.domain.ids import OfferCode, SaleId
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind
from kiosk.opening import OpenKiosk, create, make_desk, open_kiosk
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event
from kiosk.service.sell import record_sale
from kiosk.vault import RecoveryKey
from tests.service.world import EVENTS
from tests.vault.parts import CHEAP

SECRET = "correct horse battery"
SALES = 12
SHELF_ROWS = 50


def make_folder(folder: Path) -> RecoveryKey:
    """A kiosk with sales and a practice shelf; its recovery key."""
    kept: list[RecoveryKey] = []
    real = vault.make
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "make", lambda *a, **o: real(*a, **o, cost=CHEAP))
        create(folder, SECRET, 3, kept.append)
    with opened(folder, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        load_event(desk, (EVENTS / "recipe-club.toml").read_text(encoding="utf-8"), "club")
        for _ in range(SALES):
            sell(desk)
        shelf = PracticeShelf.open(folder, kiosk.vault.practice_key)
        shelf.put([("thing", str(number), '{"x": 1}') for number in range(SHELF_ROWS)])
        shelf.close()
    return kept[0]


def sell(desk: Desk) -> None:
    """One jar for cash."""
    draft = Draft(
        sale_id=SaleId(desk.make_id()),
        lines=(CartLine(offer=OfferCode("spice-jar"), quantity=1),),
        name="Maria Gomez",
        email="maria@example.org",
        language="en",
        consents=frozenset({"terms"}),
        tender=TenderKind.CASH,
    )
    record_sale(desk, draft)


@contextmanager
def opened(folder: Path, secret: str | None) -> Iterator[OpenKiosk]:
    kiosk = open_kiosk(folder, secret)
    try:
        yield kiosk
    finally:
        kiosk.close()


def check_everything_is_there(folder: Path, secret: str | None, sales: int = SALES) -> None:
    """The kiosk opens with this secret, nothing is missing, and it sells on."""
    with opened(folder, secret) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        assert desk.buffer.verify_journal().ok
        assert len(journal(desk, "sale.completed")) == sales
        sell(desk)
        shelf = PracticeShelf.open(folder, kiosk.vault.practice_key)
        assert len(list(shelf.load())) == SHELF_ROWS
        shelf.close()


def journal(desk: Desk, kind: str) -> list[dict[str, object]]:
    """The payloads of the journal's lines of one kind."""
    with desk.buffer.reading() as uow:
        return [json.loads(link.payload) for link in uow.journal.each() if link.kind == kind]


def in_a_child(work: Callable[[], object]) -> int:
    """Fork, and do this there; the child's number."""
    child = os.fork()
    if child == 0:
        _work_and_end(work)
    return child


def ended_well(child: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def killed_somewhere(work: Callable[[], object], seconds: float) -> None:
    """Do it in a child that is killed at some moment of these seconds, with no goodbye."""
    child = in_a_child(work)
    time.sleep(random.uniform(0, seconds))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes in a child that is left alone."""
    began = time.perf_counter()
    assert ended_well(in_a_child(work))
    return time.perf_counter() - began


def copied(folder: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to


def _work_and_end(work: Callable[[], object]) -> NoReturn:
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)
