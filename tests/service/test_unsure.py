"""A commit that ends in an error, a certificate that is rolled back, and sales of another mode."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.mirror import RemoteObject
from kiosk.domain.outbox import RailMode
from kiosk.domain.pricing import decide
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.tender import TenderKind
from kiosk.errors import (
    OfferNotOnSale,
    SaleConflict,
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreUnsure,
)
from kiosk.service.prepare import load_event
from kiosk.service.sell import find_sale, newest_sale, record_sale
from tests.service.world import DAY_MS, EVENTS, World

CAUSE = StoreFull()


def fail_commit(monkeypatch: pytest.MonkeyPatch, *, stored: bool) -> None:
    """The next commit reports an error, though what it wrote may be on the disk."""

    def commit(buffer: Buffer, connection: object) -> None:
        monkeypatch.undo()
        if stored:
            connection.execute("COMMIT")  # type: ignore[attr-defined]
        buffer._in_doubt = True
        raise StoreUnsure from CAUSE

    monkeypatch.setattr(Buffer, "_commit", commit)


def test_a_sale_that_was_stored_after_all_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = world.draft("tasting", tender=TenderKind.SCAN_TO_PAY)
    fail_commit(monkeypatch, stored=True)
    recorded = record_sale(world.desk, draft)
    assert recorded.sale.sale_id == draft.sale_id
    assert not recorded.repeated
    assert recorded.passes
    assert recorded.pay_codes
    assert recorded == dataclasses.replace(find_sale(world.desk, draft.sale_id), repeated=False)
    assert world.facts()["sales"] == 1


def test_a_sale_that_was_not_stored_is_refused_for_the_commits_own_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, draft = world.facts(), world.draft("tasting")
    fail_commit(monkeypatch, stored=False)
    with pytest.raises(StoreFull):
        record_sale(world.desk, draft)
    assert world.facts() == before
    # The same draft again is the first sale, with the first number.
    recorded = record_sale(world.desk, draft)
    assert (recorded.repeated, recorded.sale.receipt_number) == (False, "K3-000001")


def test_where_nothing_can_be_looked_up_the_answer_is_neither_yes_nor_no(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = world.draft("tasting")
    fail_commit(monkeypatch, stored=True)

    def unreadable(buffer: Buffer) -> None:
        raise StoreCorrupt(check="page")

    with monkeypatch.context() as patched:
        patched.setattr(Buffer, "reading", unreadable)
        with pytest.raises(StoreUnsure):
            record_sale(world.desk, draft)
    # The next tap of the same draft finds it.
    assert record_sale(world.desk, draft).repeated


def test_an_unsure_commit_without_a_known_cause_stays_unsure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit(buffer: Buffer, connection: object) -> None:
        monkeypatch.undo()
        raise StoreUnsure from AssertionError("a trigger refused")

    monkeypatch.setattr(Buffer, "_commit", commit)
    with pytest.raises(StoreUnsure):
        record_sale(world.desk, world.draft("tasting"))
    assert world.facts()["sales"] == 0


@pytest.mark.parametrize("stored", [True, False])
def test_receipt_numbers_stay_gap_free_through_doubt(
    world: World, monkeypatch: pytest.MonkeyPatch, stored: bool
) -> None:
    numbers = []
    for n in range(6):
        draft = world.draft("spice-jar", email=f"m{n}@example.org")
        if n % 2:
            fail_commit(monkeypatch, stored=stored)
        try:
            numbers.append(record_sale(world.desk, draft).sale.receipt_number)
        except StoreError:
            assert not stored
    assert numbers == [f"K3-{n:06d}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) == (6 if stored else 3)
    with world.desk.buffer.reading() as uow:
        assert uow.journal.verify().ok


def test_a_renewed_certificate_is_forgotten_with_the_sale_that_was_rolled_back(
    world: World,
) -> None:
    world.clock.at_ms += 20 * DAY_MS
    source = (EVENTS / "recipe-club.toml").read_text(encoding="utf-8")
    load_event(world.desk, source, "again")
    before = world.desk.signer
    too_many = world.draft("spice-jar", given_minor=750)
    with world.desk.buffer.writing() as uow:
        assert uow.settings.secret("certificate") is None

    def refuse(*_: object) -> None:
        raise OfferNotOnSale(offer="late", state="closed")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kiosk.service.sell.record._carry", refuse)
        with pytest.raises(OfferNotOnSale):
            record_sale(world.desk, too_many)
    assert world.desk.signer is before
    record_sale(world.desk, too_many)
    with world.desk.buffer.reading() as uow:
        assert uow.settings.secret("certificate") is not None
    assert world.desk.signer is not before


# --------------------------------------------------------------------------------------- modes


def in_mode(world: World, mode: RailMode) -> None:
    """The same folder, started again with another mode in its settings."""
    world.mode = mode
    world.reopen()


def link(world: World, mode: RailMode, code: str, url: str) -> None:
    with world.desk.buffer.writing() as uow:
        snapshot = world.desk.snapshot(uow)
        offer = snapshot.offer(code)
        assert offer is not None
        entity = offer_entity(offer, "eur", decide(snapshot, offer).unit_minor)
        uow.mirror.put(mode, entity, "link", RemoteObject(remote_id="l", url=url), 1)


def test_a_practice_sale_never_shows_codes_that_take_real_money(world: World) -> None:
    recorded = record_sale(world.desk, world.draft("apron", tender=TenderKind.SCAN_TO_PAY))
    in_mode(world, RailMode.LIVE)
    link(world, RailMode.LIVE, "apron", "https://live.example/pay")
    again = find_sale(world.desk, recorded.sale.sale_id)
    assert again.pay_codes == recorded.pay_codes
    assert not any("live.example" in code.url for code in again.pay_codes)


def test_the_last_sale_of_another_mode_is_not_the_last_sale(world: World) -> None:
    record_sale(world.desk, world.draft("spice-jar"))
    in_mode(world, RailMode.LIVE)
    assert newest_sale(world.desk) is None
    live = record_sale(world.desk, world.draft("spice-jar"))
    newest = newest_sale(world.desk)
    assert newest is not None
    assert newest.sale == live.sale


def test_a_practice_sale_does_not_stand_in_for_a_live_one(world: World) -> None:
    draft = world.draft("spice-jar")
    record_sale(world.desk, draft)
    in_mode(world, RailMode.LIVE)
    with pytest.raises(SaleConflict):
        record_sale(world.desk, draft)


def test_exposure_of_practice_leaves_the_live_limit_alone(world: World) -> None:
    for n in range(8):
        draft = world.draft(
            "apron", "weekly", tender=TenderKind.PAY_LATER, email=f"m{n}@example.org"
        )
        record_sale(world.desk, draft)
    with world.desk.buffer.reading() as uow:
        assert uow.sales.provisional_minor(RailMode.PRACTICE, "eur") == 8 * (3900 + 490)
        assert uow.sales.provisional_minor(RailMode.LIVE, "eur") == 0


def test_the_codes_of_a_sale_keep_the_price_it_was_made_at(world: World) -> None:
    recorded = record_sale(world.desk, world.draft("apron", tender=TenderKind.SCAN_TO_PAY))
    source = (EVENTS / "recipe-club.toml").read_text(encoding="utf-8")
    load_event(world.desk, source.replace("price_minor = 3900", "price_minor = 4200"), "dearer")
    link(world, RailMode.PRACTICE, "apron", "https://pay.example/dearer")
    again = find_sale(world.desk, recorded.sale.sale_id)
    assert again.pay_codes == recorded.pay_codes
    assert [code.amount_minor for code in again.pay_codes] == [3900]


def test_a_sale_keeps_the_codes_it_was_made_with_when_the_mirror_forgets_them(
    make_world: Callable[..., World],
) -> None:
    world = make_world(mode=RailMode.TEST)
    world.load("recipe-club.toml")
    world.provision()
    draft = world.draft("apron", "spice-jar", tender=TenderKind.SCAN_TO_PAY)
    recorded = record_sale(world.desk, draft)
    assert len(recorded.pay_codes) == 2
    with world.desk.buffer.writing() as uow:
        uow.parked._session.connection.execute(
            "DELETE FROM remote_objects WHERE entity LIKE 'offer:apron%'"
        )
    assert find_sale(world.desk, draft.sale_id).pay_codes == recorded.pay_codes
