"""The campaign's own eyes: whatever is taken out of a file or put into it is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.buffer.database import connect
from kiosk.errors import RolledBack, StoreError
from kiosk.service.sell import record_sale
from tests.torture.books import Audit, audit
from tests.torture.shops import Shop

SALES = 3


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A closed kiosk with three sales."""
    made = Shop(folder=tmp_path / "shop")
    made.make()
    world = made.open()
    for number in range(SALES):
        draft = world.draft("tasting", "spice-jar", email=f"m{number}@example.org")
        sold = record_sale(world.desk, draft).sale
        made.acknowledged[sold.sale_id] = sold.receipt_number
    world.file.close()
    return made


@pytest.fixture
def forge(shop: Shop) -> Callable[[str], Audit]:
    """Change the file behind everybody's back, triggers or not, and put the triggers back."""

    def run(sql: str) -> Audit:
        connection = connect(shop.folder / "buffer.db", shop.keys.database)
        connection.execute("PRAGMA foreign_keys = OFF")
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(sql)
        for _, text in triggers:
            connection.execute(text)
        connection.close()
        return audit(shop.folder, shop.keys, shop.acknowledged, deep=True)

    return run


def test_a_file_that_is_well_gives_no_cause_for_complaint(shop: Shop) -> None:
    found = audit(shop.folder, shop.keys, shop.acknowledged, deep=True)
    assert found.clean
    assert found.sales == SALES
    assert found.ids == set(shop.acknowledged)


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DELETE FROM tenders WHERE sale_id = (SELECT id FROM sales WHERE seq = 2)", "tenders"),
        ("DELETE FROM sale_lines WHERE line_no = 2", "lines"),
        ("DELETE FROM passes", "pass"),
        ("DELETE FROM outbox WHERE sale_id = (SELECT id FROM sales WHERE seq = 1)", "entry"),
        ("DELETE FROM consents", "consent"),
        ("DELETE FROM members", "member"),
        ("DELETE FROM member_keys", "member key"),
        ("UPDATE sales SET total_minor = total_minor + 1 WHERE seq = 3", "lines"),
    ],
)
def test_a_half_sale_is_seen(forge, sql: str, what: str) -> None:
    assert any(half.startswith(f"{what}: ") for half in forge(sql).half)


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE allotments SET sold = sold - 1 WHERE offer = 'tasting'", "stock of tasting"),
        ("UPDATE sales SET receipt_seq = 9 WHERE seq = 3", "the receipt numbers"),
        ("DELETE FROM sales WHERE seq = 2", "lines of no sale"),
        ("DELETE FROM sales WHERE seq = 2", "a reference to nothing"),
    ],
)
def test_what_does_not_agree_is_seen(forge, sql: str, what: str) -> None:
    assert any(wrong.startswith(what) for wrong in forge(sql).wrong)


def test_a_sale_that_is_gone_or_has_another_number_is_lost(forge, shop: Shop) -> None:
    third = next(one for one, number in shop.acknowledged.items() if number == "K3-000003")
    assert forge("UPDATE sales SET receipt_seq = 9 WHERE seq = 3").lost == (third,)
    shop.acknowledged["01a1ee56-5e00-73db-872c-7291afab80ac"] = "K3-000004"
    assert len(audit(shop.folder, shop.keys, shop.acknowledged).lost) == 2


def test_a_link_that_was_changed_does_not_open(forge) -> None:
    with pytest.raises(StoreError):
        forge("UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 2")


def test_a_file_from_before_the_last_sale_does_not_open(shop: Shop) -> None:
    old = (shop.folder / "buffer.db").read_bytes()
    world = shop.open()
    record_sale(world.desk, world.draft("spice-jar"))
    world.file.close()
    (shop.folder / "buffer.db").write_bytes(old)
    with pytest.raises(RolledBack):
        audit(shop.folder, shop.keys, shop.acknowledged)
