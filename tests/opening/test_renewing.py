"""A salvage of a file whose device secrets are lost leaves a kiosk that sells."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from kiosk.buffer.database import connect_to_read
from kiosk.buffer.salvage import SalvageReport
from kiosk.domain.verdict import Verdict
from kiosk.errors import StoreCorrupt
from kiosk.opening import checkup, make_desk
from kiosk.opening.folder import read_root
from kiosk.opening.unlocking import unlock_to_look
from kiosk.passes.trust import TrustedRoots
from kiosk.passes.verify import VerifyContext, verify
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event
from kiosk.vault import RecoveryKey
from tests.buffer.damage import flip_in_page
from tests.opening.kiosks import SALES, SECRET, journal, opened, sell
from tests.service.world import EVENTS

MADE = {"device_key", "certificate", "reference_key"}


@pytest.fixture
def lost(made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path) -> Path:
    """A kiosk that has sold, with a damaged page where its secrets were."""
    folder = Path(shutil.copytree(made_kiosk[0], tmp_path / "kiosk"))
    damage(folder, "secrets")
    return folder


def damage(folder: Path, table: str) -> None:
    """Flip a bit in the first page of this table or index."""
    keys = unlock_to_look(folder, SECRET).keys
    connection = connect_to_read(folder / "buffer.db", keys.database)
    (page,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
    ).fetchone()
    connection.close()
    flip_in_page(folder / "buffer.db", page)


def texts(desk: Desk) -> list[str]:
    with desk.buffer.reading() as uow:
        sales = list(uow.sales.each())
        return [one.text for sale in sales for one in uow.passes.of_sale(sale.sale_id) if one.text]


def salvaged(folder: Path) -> SalvageReport:
    return checkup.salvage(folder, SECRET)


def test_it_sells_on_under_a_key_of_its_own_and_no_sale_is_lost(lost: Path) -> None:
    with opened(lost, SECRET) as kiosk, pytest.raises(StoreCorrupt):
        make_desk(kiosk, staffed=True)
    report = salvaged(lost)
    assert set(report.renewed.made) == MADE
    assert (report.renewed.signed, report.renewed.unsigned) == (1, ())
    assert not report.whole
    with opened(lost, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        assert len(journal(desk, "sale.completed")) == SALES
        (told,) = journal(desk, "buffer.salvaged")
        assert told["renewed"] == sorted(MADE)
        sell(desk)
        load_event(desk, (EVENTS / "recipe-club.toml").read_text(encoding="utf-8"), "club")
        sell(desk)
        assert desk.buffer.verify_journal().ok


def test_passes_of_before_and_of_after_are_vouched_for_by_the_same_root(lost: Path) -> None:
    salvaged(lost)
    with opened(lost, SECRET) as kiosk:
        desk = make_desk(kiosk, staffed=True)
        before = texts(desk)
        sell(desk)
        after = [text for text in texts(desk) if text not in before]
        now = desk.clock.now_ms() // 1000
    assert before
    assert after
    roots = TrustedRoots(keys=(read_root(lost / "root.pub"),))
    context = VerifyContext(roots=roots, now=now, training=True)
    for text in (*before, *after):
        assert verify(text, context).verdict is Verdict.ACCEPTED


def test_where_the_root_is_elsewhere_it_is_told(lost: Path, monkeypatch) -> None:
    held = dataclasses.replace(unlock_to_look(lost, SECRET), root=None)
    monkeypatch.setattr("kiosk.opening.checkup.unlock_to_look", lambda *_: held)
    report = salvaged(lost)
    assert set(report.renewed.missing) == MADE
    assert report.renewed.made == ()


def test_an_event_that_does_not_read_is_named_and_the_others_are_signed(
    lost: Path, monkeypatch
) -> None:
    monkeypatch.setattr("kiosk.opening.renewing.from_json", _no)
    report = salvaged(lost)
    assert (report.renewed.signed, report.renewed.unsigned) == (0, (1,))


def test_where_the_secrets_are_there_they_stay(
    made_kiosk: tuple[Path, RecoveryKey], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(made_kiosk[0], tmp_path / "kiosk"))
    with opened(folder, SECRET) as kiosk:
        key = make_desk(kiosk, staffed=True).signer.key.private_bytes_raw()
    damage(folder, "sales_member")
    report = salvaged(folder)
    assert report.kept_in is not None
    assert (report.renewed.made, report.renewed.missing) == ((), ())
    with opened(folder, SECRET) as kiosk:
        assert make_desk(kiosk, staffed=True).signer.key.private_bytes_raw() == key


def _no(*_: object) -> object:
    raise ValueError("not an event")
