"""Sales come back as they went in, in the order of their commits."""

from __future__ import annotations

from kiosk.buffer.buffer import Buffer


def test_a_sale_comes_back_equal_to_what_was_written(till: Buffer, shop) -> None:
    sale = shop.sell(till)
    with till.reading() as uow:
        assert uow.sales.get(sale.sale_id) == sale
        assert list(uow.sales.each()) == [sale]
        assert uow.sales.newest(5) == (sale,)
        assert len(uow.passes.of_sale(sale.sale_id)) == 1
        assert uow.journal.verify().ok
        assert uow.outbox.counts(sale.mode).waiting == 1
