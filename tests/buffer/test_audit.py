"""The full check says nothing of a sound buffer, and something of every damage and forged row."""

from __future__ import annotations

import json

import pytest

from kiosk.buffer import audit_file
from kiosk.buffer.audit import AuditReport, Part, Progress, audit_buffer
from kiosk.buffer.audit_file import AUDIT_NAME, keep_audit, known_salt, last_audit
from kiosk.buffer.database import connect
from kiosk.buffer.files import BufferPaths
from kiosk.buffer.pages import PAGE_BYTES
from kiosk.errors import StoreMissing
from tests.buffer.damage import LATER_MS, Shopful, flip, flip_in_page

SALES = 9


def whats(report: AuditReport) -> set[str]:
    return {flaw.what for flaw in report.flaws}


def forge(shopful: Shopful, paths: BufferPaths, table: str, *sql: str) -> None:
    """Change rows behind the triggers' back, as somebody with the key could."""
    connection = connect(paths.buffer, shopful.keys.database)
    try:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        connection.execute("PRAGMA foreign_keys = OFF").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in sql:
            connection.execute(statement)
        for _, made in triggers:
            connection.execute(made)
    finally:
        connection.close()


def test_a_sound_buffer_is_sound(shopful: Shopful, paths: BufferPaths) -> None:
    report = shopful.audit(paths)
    assert report.ok
    assert report.flaws == ()
    assert report.sales == SALES
    assert report.pages == shopful.pages()
    assert report.chain.ok
    assert report.chain.length > SALES


def test_it_looks_beside_a_running_kiosk(shopful: Shopful, paths: BufferPaths) -> None:
    with shopful.open(paths) as held:
        with held.till().writing() as uow:
            uow.settings.put("test", 1, LATER_MS)
        assert shopful.audit(paths).ok


def test_a_crashed_kiosk_s_log_is_part_of_it(shopful: Shopful) -> None:
    paths = shopful.copy(crashed=True)
    report = shopful.audit(paths)
    assert report.ok
    assert report.sales == SALES


def test_a_flipped_bit_in_any_page_is_found(shopful: Shopful, paths: BufferPaths) -> None:
    size = paths.buffer.stat().st_size
    for page in range(1, size // PAGE_BYTES + 1, 9):
        flip_in_page(paths.buffer, page, 37 * page % PAGE_BYTES)
        report = shopful.audit(paths)
        assert not report.ok
        assert f"page {page}" in {flaw.where for flaw in report.flaws}
        flip_in_page(paths.buffer, page, 37 * page % PAGE_BYTES)
    assert shopful.audit(paths).ok


def test_a_page_that_no_table_uses_is_looked_at_too(shopful, paths: BufferPaths) -> None:
    connection = connect(paths.buffer, shopful.keys.database)
    connection.execute("CREATE TABLE scratch (x)")
    connection.execute("INSERT INTO scratch SELECT zeroblob(9000)")
    connection.execute("DROP TABLE scratch")
    free = connection.execute("PRAGMA freelist_count").fetchone()[0]
    connection.close()
    assert free > 1
    last = paths.buffer.stat().st_size // PAGE_BYTES
    flip_in_page(paths.buffer, last)
    assert "page_damaged" in whats(shopful.audit(paths))


def test_a_frame_of_the_log_that_cuts_off_sales_is_found(shopful: Shopful) -> None:
    paths = shopful.copy(crashed=True)
    flip(paths.log, 32 + 3 * (24 + PAGE_BYTES) + 500)
    assert "log_damaged" in whats(shopful.audit(paths))


@pytest.mark.parametrize(
    ("table", "sql", "what"),
    [
        ("sale_lines", "UPDATE sale_lines SET quantity = 3, amount_minor = 3 * unit_minor",
         "sale_differs_in_lines"),
        ("tenders", "DELETE FROM tenders WHERE sale_id = (SELECT id FROM sales LIMIT 1)",
         "sale_differs_in_tenders"),
        ("passes", "DELETE FROM passes WHERE seq = 1", "sale_differs_in_passes"),
        ("outbox", "DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)",
         "sale_without_entry"),
        ("sales", "UPDATE sales SET sold_ms = 1 WHERE seq = 2", "sale_differs_in_sold_ms"),
        ("sales", "DELETE FROM sales WHERE seq = 3", "sale_missing"),
        ("sales", "UPDATE sales SET receipt_seq = 99 WHERE seq = 4", "receipt_gap"),
        ("counters", "UPDATE counters SET value = 1 WHERE name = 'pass'", "pass_counter"),
        ("counters", "UPDATE counters SET value = 1 WHERE name = 'receipt'", "receipt_counter"),
        ("allotments", "UPDATE allotments SET sold = 0 WHERE sold > 0", "stock_differs"),
        ("journal", "UPDATE journal SET payload = '{}' WHERE seq = 2", "link_does_not_follow"),
        ("journal", "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
         "anchor_is_ahead"),
        ("journal", "DELETE FROM journal WHERE seq = 3", "link_does_not_follow"),
        ("consents", "UPDATE consents SET version = 'x'", "sale_differs_in_consents"),
    ],
)  # fmt: skip
def test_a_forged_row_is_found(
    shopful, paths: BufferPaths, table: str, sql: str, what: str
) -> None:
    first = "sale_id = (SELECT id FROM sales ORDER BY seq LIMIT 1)"
    forge(shopful, paths, table, sql.replace("rowid_of_first", first))
    assert what in whats(shopful.audit(paths))


def test_a_changed_schema_is_found(shopful: Shopful, paths: BufferPaths) -> None:
    connection = connect(paths.buffer, shopful.keys.database)
    connection.execute("DROP TRIGGER sales_no_delete")
    connection.close()
    assert "schema_differs" in whats(shopful.audit(paths))


def test_it_tells_how_far_it_is_and_can_be_stopped_anywhere(shopful, paths: BufferPaths) -> None:
    heard: list[Progress] = []

    def listen(progress: Progress) -> bool:
        heard.append(progress)
        return True

    assert audit_buffer(paths, shopful.keys, listen).ok
    assert {progress.part for progress in heard} >= {Part.TABLES, Part.NUMBERS, Part.STOCK}
    for stop_after in range(0, len(heard), 7):
        report = audit_buffer(paths, shopful.keys, Patience(stop_after))
        assert not report.complete
        assert not report.ok


class Patience:
    """Goes along with a check for so many reports, and then has had enough."""

    def __init__(self, reports: int) -> None:
        self._left = reports

    def __call__(self, _progress: Progress) -> bool:
        self._left -= 1
        return self._left >= 0


def test_nothing_to_look_at_is_said(shopful: Shopful, tmp_path) -> None:
    with pytest.raises(StoreMissing):
        audit_buffer(BufferPaths(folder=tmp_path), shopful.keys)


def test_what_it_found_is_kept(shopful: Shopful, paths: BufferPaths) -> None:
    assert last_audit(paths) is None
    keep_audit(paths, shopful.audit(paths), LATER_MS)
    kept = last_audit(paths)
    assert (kept.ended_ms, kept.ok, kept.flaws, kept.sales) == (LATER_MS, True, 0, SALES)
    assert (paths.folder / AUDIT_NAME).stat().st_mode & 0o077 == 0
    assert known_salt(paths) == paths.buffer.read_bytes()[:16]


def test_a_damaged_start_does_not_replace_the_note_of_the_whole_one(shopful, paths) -> None:
    keep_audit(paths, shopful.audit(paths), LATER_MS)
    whole = known_salt(paths)
    flip(paths.buffer, 3)
    keep_audit(paths, shopful.audit(paths), LATER_MS + 1)
    assert known_salt(paths) == whole
    assert last_audit(paths).ok is False


def test_a_lost_salt_is_found_in_the_note(shopful: Shopful, paths: BufferPaths) -> None:
    keep_audit(paths, shopful.audit(paths), LATER_MS)
    with paths.buffer.open("r+b") as file:
        file.write(bytes(4096))
    assert shopful.salvage(paths).sales == SALES
    assert shopful.read(paths) == shopful.sold


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", json.dumps({"format": "other"})])
def test_a_note_that_cannot_be_read_is_none(paths: BufferPaths, content: str) -> None:
    (paths.folder / AUDIT_NAME).write_text(content)
    assert last_audit(paths) is None
    assert known_salt(paths) is None


def test_a_stopped_check_leaves_no_note(shopful: Shopful, paths: BufferPaths) -> None:
    keep_audit(paths, audit_buffer(paths, shopful.keys, lambda _p: False), LATER_MS)
    assert last_audit(paths) is None
    assert audit_file.FORMAT == "kiosk-audit-1"
