"""A program that sells until it is killed: prints each sale's id once its commit has returned."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.outbox import ClaimRequest


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path, seed: int) -> None:
    spec = importlib.util.spec_from_file_location("shop", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    shop_module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shop_module)
    shop = shop_module.Shop(seed)
    with BufferFile.open(folder, shop_module.make_keys(), now_ms=shop_module.NOW_MS) as held:
        say("open")
        while True:
            with held.sync().writing() as uow:
                uow.stock.allot(1, "zine", 10_000)
            with held.till().writing() as uow:
                sale = shop.open_sale(uow)
                uow.stock.sell(1, "zine", 2)
                uow.outbox.add(shop.entry(sale), shop_module.NOW_MS)
                shop.close_sale(uow, sale)
            say(sale.sale_id)
            with held.sync().writing() as uow:
                uow.outbox.claim(
                    ClaimRequest(
                        mode=shop_module.MODE, now_ms=shop_module.NOW_MS, lease_ms=60_000, limit=1
                    )
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
