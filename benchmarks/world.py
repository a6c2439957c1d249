"""A kiosk in a throw-away folder, made the way a person makes one, and drafts to sell in it."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.domain.ids import OfferCode, SaleId
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind
from kiosk.opening import OpenKiosk, create, make_desk, open_kiosk
from kiosk.service.desk import Desk
from kiosk.service.prepare import load_event

PASSPHRASE = secrets.token_urlsafe(16)
EVENT = Path(__file__).parent.parent / "assets" / "events" / "recipe-club.toml"


@contextmanager
def open_world() -> Iterator[tuple[OpenKiosk, Desk]]:
    """A new kiosk with the recipe club loaded; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        folder = Path(name) / "kiosk"
        create(folder, PASSPHRASE, 1, lambda _recovery: None)
        kiosk = open_kiosk(folder, PASSPHRASE)
        try:
            desk = make_desk(kiosk, staffed=True)
            load_event(desk, EVENT.read_text(encoding="utf-8"), EVENT.name)
            yield kiosk, desk
        finally:
            kiosk.close()


def draft(desk: Desk, number: int, *offers: str) -> Draft:
    """A cash sale of one each of `offers` to member `number`."""
    return Draft(
        sale_id=SaleId(desk.make_id()),
        lines=tuple(CartLine(offer=OfferCode(code), quantity=1) for code in offers),
        name=f"Member {number}",
        email=f"member{number}@example.org",
        language="en",
        consents=frozenset({"terms"}),
        tender=TenderKind.CASH,
    )
