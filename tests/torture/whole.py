"""A whole kiosk folder with vault and settings, to be tortured, and what has to be true of it."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from unittest import mock

from kiosk.buffer.buffer import BufferFile
from kiosk.config import Config, load
from kiosk.domain.ids import MemberId, OfferCode, SaleId
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind
from kiosk.errors import KioskError
from kiosk.opening import OpenKiosk, create, make_desk
from kiosk.opening.place import Place
from kiosk.opening.unlocking import unlock_to_work
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event
from kiosk.service.sell import record_sale
from kiosk.system_clock import SystemClock
from kiosk.vault import KeyCost, Method, RecoveryKey, Vault
from kiosk.vault.change import NewSlot, change_slot
from kiosk.vault.places import system_places
from tests.service.world import EVENTS, NOON_MS
from tests.torture.books import audit
from tests.torture.shops import EVENT
from tests.torture.tally import Tally
from tests.vault.parts import no_keychain

PASSPHRASE: Final = "torture the kiosk"
DEVICE: Final = 3
SALES: Final = 10
# The ends shall come while files change, not while a passphrase is stretched.
CHEAP: Final = KeyCost(memory_kib=8, iterations=1, lanes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A kiosk's folder, its recovery key, its receipts and its members by sale id."""

    folder: Path
    recovery: str = field(default="", repr=False)
    acknowledged: dict[str, str] = field(default_factory=dict)
    members: dict[SaleId, MemberId] = field(default_factory=dict)

    def unlock(self) -> Vault:
        """As the next start does it."""
        return unlock_to_work(self.folder, PASSPHRASE)

    def place(self, held: Vault) -> Place:
        return Place(folder=self.folder, config=self.config, vault=held)

    @property
    def config(self) -> Config:
        return load(self.folder)

    def open(self, held: Vault) -> tuple[OpenKiosk, Desk]:
        """With a vault that is open already: the child shall not spend its time on a passphrase."""
        file = BufferFile.open(self.folder, held.keys, now_ms=SystemClock().now_ms())
        kiosk = OpenKiosk(folder=self.folder, config=self.config, vault=held, buffer_file=file)
        return kiosk, make_desk(kiosk, staffed=True)


def make_whole(folder: Path) -> Whole:
    """A kiosk that was made as a person makes one, with a few sales."""
    kept: list[RecoveryKey] = []
    create(folder, PASSPHRASE, DEVICE, kept.append)
    whole = Whole(folder=folder, recovery=kept[0].text)
    slot = NewSlot(method=Method.PASSPHRASE, secret=PASSPHRASE, made_ms=NOON_MS, cost=CHEAP)
    change_slot(folder, whole.unlock(), slot, system_places())
    kiosk, desk = whole.open(whole.unlock())
    load_club(desk)
    for _ in range(SALES):
        sell_jar(desk, whole)
    kiosk.close()
    return whole


def load_club(desk: Desk) -> None:
    """Have something to sell."""
    load_event(desk, (EVENTS / EVENT).read_text(encoding="utf-8"), EVENT)


def copy_of(base: Whole, folder: Path) -> Whole:
    """The same kiosk in another folder."""
    shutil.copytree(base.folder, folder)
    return dataclasses.replace(
        base, folder=folder, acknowledged=dict(base.acknowledged), members=dict(base.members)
    )


def sell_jar(desk: Desk, whole: Whole) -> str:
    """One jar for cash to a new member; the line that acknowledges it."""
    sale_id = SaleId(desk.make_id())
    sale = record_sale(desk, _draft(sale_id)).sale
    whole.acknowledged[sale_id] = sale.receipt_number
    whole.members[sale_id] = sale.member_id
    return f"ack {sale_id} {sale.receipt_number}"


def sound(whole: Whole, held: Vault, tally: Tally) -> bool:
    """Whether the folder opens and everything is true of it; what is not is counted."""
    try:
        found = audit(
            whole.folder, held.keys, whole.acknowledged, deep=True,
            now_ms=SystemClock().now_ms(),
        )  # fmt: skip
    except KioskError as error:
        tally.wrong += 1
        tally.tell(f"does not open: {error}")
        return False
    tally.lost += len(found.lost)
    tally.half += len(found.half)
    tally.wrong += len(found.wrong)
    for what in (*found.lost, *found.half, *found.wrong):
        tally.tell(what)
    return found.clean


@contextmanager
def on_a_machine_of_its_own(folder: Path) -> Iterator[None]:
    """No keychain, and the user's state in this folder: the real ones are none of our business."""
    state = {"XDG_STATE_HOME": str(folder), "LOCALAPPDATA": str(folder)}
    with (
        mock.patch("kiosk.vault.places.system_keychain", no_keychain),
        mock.patch.dict(os.environ, state),
    ):
        yield


def _draft(sale_id: SaleId) -> Draft:
    return Draft(
        sale_id=sale_id,
        lines=(CartLine(offer=OfferCode("spice-jar"), quantity=1),),
        name="Maria Gomez",
        email=f"{sale_id}@example.org",
        language="en",
        consents=frozenset({"terms"}),
        tender=TenderKind.CASH,
    )
