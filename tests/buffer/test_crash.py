"""A process that dies at any moment loses no acknowledged sale and leaves no half one."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.keys import BufferKeys
from kiosk.domain.outbox import RailMode

NOW_MS = 1_800_000_000_000
SELLER = Path(__file__).with_name("seller.py")
KILLS = 6


def sell_until_killed(folder: Path, repository: Path, seed: int, seconds: float) -> list[str]:
    """The ids of the sales that the program had acknowledged when it was killed."""
    seller = subprocess.Popen(
        [sys.executable, str(SELLER), str(folder), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=repository,
        env={"PYTHONPATH": str(repository)},
    )
    assert seller.stdout is not None
    assert seller.stdout.readline() == "open\n"
    time.sleep(seconds)
    seller.kill()
    said, _ = seller.communicate(timeout=30)
    return [line for line in said.split("\n") if len(line) == 36]


def test_killed_at_random_moments_no_acknowledged_sale_is_lost_and_none_is_half(
    tmp_path: Path, keys: BufferKeys, repository: Path, shop
) -> None:
    BufferFile.create(tmp_path, keys, device=3, buffer_id=shop.make_id(), now_ms=NOW_MS).close()
    dice, acknowledged = random.Random(5), []
    for seed in range(KILLS):
        acknowledged += sell_until_killed(tmp_path, repository, seed, dice.uniform(0.0, 0.12))
        with BufferFile.look(tmp_path, keys) as buffer, buffer.reading() as uow:
            seen = {sale.sale_id for sale in uow.sales.each()}
        assert set(acknowledged) <= seen
        with BufferFile.open(tmp_path, keys, now_ms=NOW_MS) as held, held.till().reading() as uow:
            sales = list(uow.sales.each())
            assert {sale.sale_id for sale in sales} >= set(acknowledged)
            assert uow.journal.verify().ok
            assert uow.journal.verify().length == len(sales)
            assert all(len(uow.passes.of_sale(sale.sale_id)) == 1 for sale in sales)
            assert all(len(uow.outbox.of_sale(sale.sale_id)) == 1 for sale in sales)
            numbers = [sale.receipt_number for sale in sales]
            assert numbers == [f"K3-{number:06d}" for number in range(1, len(sales) + 1)]
            assert uow.stock.left(1, "zine") in (0, 10_000 - 2 * len(sales))
            assert uow.outbox.counts(RailMode.PRACTICE).waiting == len(sales)
            leased = uow.sales._session.connection.execute(
                "SELECT count(*) FROM outbox WHERE lease_token IS NOT NULL"
            ).fetchone()[0]
            assert leased == 0  # the dead process's leases were broken
            assert (
                uow.sales._session.connection.execute("PRAGMA foreign_key_check").fetchall() == []
            )
    assert acknowledged
