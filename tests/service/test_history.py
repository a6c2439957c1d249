"""The history of sales: every one in the order of its commit, with who bought and what became."""

from __future__ import annotations

from kiosk.domain.settlement import Settlement
from kiosk.domain.tender import TenderKind
from kiosk.service.sell import record_sale, sale_records
from tests.service.world import World


def test_every_sale_is_told_once_in_the_order_of_its_commit(world: World) -> None:
    made = [
        record_sale(world.desk, world.draft("spice-jar", email=f"m{n}@example.org")).sale
        for n in range(7)
    ]
    records = list(sale_records(world.desk))
    assert [record.recorded.sale for record in records] == made
    assert [record.member.email for record in records] == [f"m{n}@example.org" for n in range(7)]
    assert all(record.recorded.repeated for record in records)


def test_who_shares_an_address_keeps_the_name_given_at_the_sale(world: World) -> None:
    names = ["Maria Gomez", "Robert Gomez"]
    made = [
        record_sale(world.desk, world.draft("spice-jar", name=name, email="home@example.org"))
        for name in names
    ]
    assert made[0].sale.member_id == made[1].sale.member_id
    records = list(sale_records(world.desk))
    assert [record.member.name for record in records if record.member] == names
    assert [record.recorded.name for record in records] == names


def test_a_new_kiosk_has_no_history(world: World) -> None:
    assert list(sale_records(world.desk)) == []


def test_each_sale_says_how_its_money_stands(world: World) -> None:
    for tender in (TenderKind.CASH, TenderKind.SCAN_TO_PAY, TenderKind.PAY_LATER):
        record_sale(world.desk, world.draft("apron", tender=tender))
    cash, scan, later = (record.recorded.settlement for record in sale_records(world.desk))
    assert cash is not scan
    assert scan is later
    assert {cash, scan} <= set(Settlement)


def test_an_erased_member_leaves_the_sale_and_takes_the_person(world: World) -> None:
    draft = world.draft("apron", tender=TenderKind.SCAN_TO_PAY)
    recorded = record_sale(world.desk, draft)
    with world.desk.buffer.writing() as uow:
        uow.people.erase(recorded.sale.member_id, world.clock.at_ms)
    (record,) = sale_records(world.desk)
    assert record.member is None
    assert record.recorded.sale == recorded.sale
    assert record.recorded.passes == recorded.passes
    assert record.recorded.name == ""
    assert not any("maria" in code.url for code in record.recorded.pay_codes)
    # A second tap of the very same draft still finds its sale.
    assert record_sale(world.desk, draft).repeated
    with world.desk.buffer.reading() as uow:
        assert uow.journal.verify().ok
