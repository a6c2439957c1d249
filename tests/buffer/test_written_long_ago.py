"""What an earlier version wrote is read by this one: chain, anchor, sealed values, numbers.

The constants were made by the first version. A test that writes and reads with the same code would
not notice a changed label or byte order; a kiosk with unsent sales would.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.buffer import chain as chain_module
from kiosk.buffer.anchor import AnchorMark, make_anchor, read_anchor
from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.journal import START, JournalLine
from kiosk.buffer.keys import BufferKeys
from kiosk.domain.ids import MemberId
from kiosk.domain.sale import receipt_number
from kiosk.errors import StoreCorrupt

NOW_MS = 1_800_000_000_000
MEMBER = MemberId("01900000-0000-7000-8000-000000000002")
KEK = bytes(range(32))
WRAPPED = bytes.fromhex(
    "4a146cf0d98a98e1cf999661c49dba4f2b191c27d3adc43cc187dce7dea640ecb78a5429512a088b82c868798c"
    "54c156feda67248de0376101f9889d"
)
SEALED = bytes.fromhex(
    "f967bdafdf0e7337420c13f8d0cc91de4f9fa72b78bebf1f6cd96af165e9d790344484b12c85fa7667c372b3"
)
ANCHOR_SLOT = bytes.fromhex(
    "01900000000070008000000000000001000000020000000000000007000102030405060708090a0b0c0d0e0f"
    "10111213ec6482d5ab43ecfcca3be47419ed07f4"
)


def put(buffer: Buffer, member_id: str, wrapped: bytes) -> None:
    """A member of then, with the key row of then."""
    with buffer.writing() as uow:
        connection = uow.sales._session.connection
        connection.execute(
            "INSERT INTO members (id, created_ms, name, email, name_search, language)"
            " VALUES (?, ?, 'Maria', ?, 'maria', 'en')",
            (member_id, NOW_MS, f"{member_id}@example.org"),
        )
        connection.execute(
            "INSERT INTO member_keys (member_id, wrapped, kek_id) VALUES (?, ?, 1)",
            (member_id, wrapped),
        )


@pytest.fixture
def old(buffer_file: BufferFile, tmp_path: Path, keys: BufferKeys) -> Iterator[Buffer]:
    """A buffer whose wrapping key is that of the constants."""
    buffer_file.close()
    then = dataclasses.replace(keys, member_kek={1: KEK})
    with BufferFile.open(tmp_path, then, now_ms=NOW_MS) as held:
        yield held.till()


def test_a_member_s_key_and_what_was_sealed_under_it_open(old: Buffer) -> None:
    put(old, MEMBER, WRAPPED)
    with old.reading() as uow:
        assert uow.people.unseal(MEMBER, SEALED, "journal/7") == {"name": "Maria"}
        with pytest.raises(StoreCorrupt):
            uow.people.unseal(MEMBER, SEALED, "journal/8")


def test_a_member_s_key_put_in_another_member_s_row_opens_nothing(old: Buffer, shop) -> None:
    """Else one row could be swapped for another, and an erased person would come back."""
    other = MemberId(shop.make_id())
    put(old, other, WRAPPED)
    with old.reading() as uow, pytest.raises(StoreCorrupt) as caught:
        uow.people.unseal(other, SEALED, "journal/7")
    assert caught.value.fields == {"check": "sealed"}


def test_a_link_of_the_journal_has_the_same_hash() -> None:
    sold = (
        7, NOW_MS, "sale.completed", "s-1", "m-1", '{"total_minor":2500}', b"\x01\x02", START,
    )  # fmt: skip
    loaded = (7, NOW_MS, "event.loaded", "1", None, "{}", None, START)
    assert [chain_module.link_hash(b"k" * 32, link).hex() for link in (sold, loaded)] == [
        "363f804587141ab22e9a51744c5d7799e78a0884ae0b0a62a6dfb9137a97fa77",
        "4717e127f1f9940730104c28e6466df6a6550ad249788b7a86f9d424ba738680",
    ]


def test_a_payload_is_written_down_the_same_way_whatever_the_order_of_its_fields(till) -> None:
    """It stands in the chain as text: other spaces or another order would be another line."""
    with till.writing() as uow:
        for payload in ({"b": 1, "a": "ñ"}, {"a": "ñ", "b": 1}):
            uow.journal.append(JournalLine(kind="k", entity_id="1", payload=payload), NOW_MS)
        assert [link.payload for link in uow.journal.each()] == ['{"a":"ñ","b":1}'] * 2


def test_an_anchor_of_the_first_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "anchor"
    path.write_bytes(ANCHOR_SLOT * 2)
    then = AnchorMark(
        buffer_id="01900000-0000-7000-8000-000000000001",
        incarnation=2,
        seq=7,
        hash_start=bytes(range(20)),
    )
    assert read_anchor(path, b"a" * 32) == then
    make_anchor(tmp_path / "new", b"a" * 32, then)
    assert (tmp_path / "new").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("device", "seq", "text"),
    [(3, 42, "K3-000042"), (12, 999_999, "K12-999999"), (1, 1_000_000, "K1-1000000")],
)
def test_a_receipt_number_is_printed_the_same_for_ever(device: int, seq: int, text: str) -> None:
    assert receipt_number(device, seq) == text


def test_a_sale_s_sums_stand_beside_its_lines(till: Buffer, shop) -> None:
    """For whoever reads the tables with other tools: the sums, the device, whose consent it was."""
    sale = shop.sell(till, unit_minor=1070)
    with till.reading() as uow:
        connection = uow.sales._session.connection
        row = connection.execute(
            "SELECT subtotal_minor, tax_minor, total_minor, device, incarnation, receipt_seq"
            " FROM sales"
        ).fetchone()
        consent = connection.execute(
            "SELECT consent_no, kind, version, member_id, at_ms FROM consents"
        ).fetchone()
        (rules,) = connection.execute("SELECT rules FROM sale_lines").fetchone()
        tender = connection.execute("SELECT tender_no, currency FROM tenders").fetchone()
    assert row == (2140, 140, 2140, 3, 1, 1)
    assert consent == (1, "terms", "3", sale.member_id, sale.sold_ms)
    assert json.loads(rules) == [["base", 1070]]
    assert tender == (1, "eur")
