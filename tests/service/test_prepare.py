"""Loading an event: all mistakes at once, snapshots that earlier sales keep, stock that holds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.ids import OfferCode
from kiosk.domain.sale import CartLine
from kiosk.errors import EventFileInvalid, EventFileUnreadable, NoEvent, SoldOut
from kiosk.service.browse import shop_window
from kiosk.service.prepare import LoadReport, load_event
from kiosk.service.sell import find_sale, record_sale
from tests.service.world import EVENTS, World

WRONG = """\
[event]
number = 0
name = "Fair"
venue = ""
starts = "+0d 10:00"
ends = "+0d 09:00"
time_zone = "Europe/Berlln"
currency = "eurr"
country = "Germany"
languages = ["en"]

[seller]
legal_name = "Zines"
address = "A road"

[[terms]]
kind = "terms"
version = "1"
text = "Sold is sold."

[[tax]]
code = "std"
rate_bp = 19000
included = true

[[item]]
code = "zine one"
name = "Zine"
price_minor = -5
tax = "reduced"

[[drop]]
code = "riso"
name = "Riso"
price_minor = 100
tax = "std"
opens = "soon"
closes = "+8h"
stock = 40
"""


@pytest.fixture
def source() -> str:
    return (EVENTS / "recipe-club.toml").read_text(encoding="utf-8")


def load(world: World, text: str) -> LoadReport:
    return load_event(world.desk, text, "club.toml")


def tastings(quantity: int) -> tuple[CartLine, ...]:
    return (CartLine(offer=OfferCode("tasting"), quantity=quantity),)


def left(world: World, code: str) -> int:
    return next(c.left or 0 for c in shop_window(world.desk, "en").cards if c.code == code)


def test_ten_mistakes_are_told_at_once_each_with_its_line(world: World) -> None:
    before = world.facts()
    with pytest.raises(EventFileInvalid) as refused:
        load(world, WRONG)
    mistakes = refused.value.mistakes
    assert len(mistakes) >= 10
    assert refused.value.fields == {"mistakes": len(mistakes), "file": "club.toml"}
    lines = WRONG.splitlines()
    found = {mistake.key: mistake for mistake in mistakes}
    for word in ("number", "venue", "time_zone", "currency", "country"):
        mistake = found[f"event.{word}"]
        assert lines[mistake.line - 1].startswith(word)
        assert mistake.reason
    assert any("contact" in mistake.key for mistake in mistakes)
    assert all(mistake.line > 0 for mistake in mistakes)
    assert world.facts() == before


def test_a_file_with_one_mistake_is_not_loaded_in_part(world: World, source: str) -> None:
    number = load(world, source).snapshot.number
    with pytest.raises(EventFileInvalid):
        load(world, source.replace("price_minor = 750", "price_minor = 7.5"))
    with world.desk.buffer.reading() as uow:
        assert uow.catalog.current_number() == number


@pytest.mark.parametrize(
    "text",
    [
        "this is no TOML",
        "[event",
        "number = " + "9" * 5000,
        "x = " + "[" * 20_000 + "]" * 20_000,
        "a = 1\na = 2",
        "\x00",
        "name = '\ud800'".encode("utf-8", "surrogatepass").decode("utf-8", "replace") + "\x07",
    ],
    ids=["prose", "cut off", "giant number", "deep nesting", "twice", "null", "control"],
)
def test_what_is_not_toml_is_unreadable_and_changes_nothing(world: World, text: str) -> None:
    before = world.facts()
    with pytest.raises(EventFileUnreadable) as refused:
        load(world, text)
    assert refused.value.fields["file"] == "club.toml"
    assert len(str(refused.value)) < 400
    assert world.facts() == before


def test_an_empty_file_names_every_section_it_lacks(world: World) -> None:
    with pytest.raises(EventFileInvalid) as refused:
        load(world, "")
    keys = {mistake.key.split(".")[0] for mistake in refused.value.mistakes}
    assert {"event", "seller", "terms"} <= keys


def test_each_load_is_a_numbered_snapshot_of_its_own(world: World, source: str) -> None:
    first = load(world, source).snapshot
    second = load(world, source.replace("price_minor = 1250", "price_minor = 1300")).snapshot
    assert second.number == first.number + 1
    with world.desk.buffer.reading() as uow:
        assert world.desk.snapshot(uow).offer(OfferCode("tasting")).price_minor == 1300
        assert world.desk.snapshot_at(uow, first.number) == first
        assert world.desk.snapshot_at(uow, second.number) == second


def test_earlier_sales_keep_the_snapshot_they_were_made_under(world: World, source: str) -> None:
    before = record_sale(world.desk, world.draft("tasting"))
    changed = source.replace("price_minor = 1250", "price_minor = 1300")
    changed = changed.replace("Sunday Table, Inh. Maria Gomez", "Sunday Table GmbH")
    number = load(world, changed).snapshot.number
    after = record_sale(world.desk, world.draft("tasting"))
    assert (before.sale.total_minor, after.sale.total_minor) == (1250, 1300)
    assert after.sale.snapshot_number == number > before.sale.snapshot_number
    world.reopen()
    again = find_sale(world.desk, before.sale.sale_id)
    assert (again.sale, again.seller) == (before.sale, "Sunday Table, Inh. Maria Gomez")
    assert find_sale(world.desk, after.sale.sale_id).seller == "Sunday Table GmbH"


@pytest.mark.parametrize(("stock", "expected"), [(30, 27), (24, 21), (10, 7), (3, 0), (1, 0)])
def test_an_allotment_follows_the_file_but_never_below_what_is_sold(
    world: World, source: str, stock: int, expected: int
) -> None:
    for n in range(3):
        record_sale(world.desk, world.draft("tasting", email=f"m{n}@example.org"))
    load(world, source.replace("stock = 24", f"stock = {stock}"))
    assert left(world, "tasting") == expected
    if not expected:
        with pytest.raises(SoldOut):
            record_sale(world.desk, world.draft("tasting", email="late@example.org"))
    # What was taken away can be given back.
    load(world, source)
    assert left(world, "tasting") == 21


def test_the_limit_per_member_counts_over_reloads(world: World, source: str) -> None:
    record_sale(world.desk, world.draft(lines=tastings(2)))
    load(world, source.replace("per_member = 2", "per_member = 3"))
    record_sale(world.desk, world.draft(lines=tastings(1)))
    with world.desk.buffer.reading() as uow:
        member = uow.people.by_email("maria@example.org")
        assert uow.people.bought(member.member_id, 12, "tasting") == 3


def test_another_event_has_stock_of_its_own(world: World, source: str) -> None:
    record_sale(world.desk, world.draft("tasting"))
    other = source.replace("number = 12", "number = 13", 1)
    load(world, other)
    assert left(world, "tasting") == 24
    load(world, source)
    assert left(world, "tasting") == 23


def test_loading_is_in_the_journal_and_survives_a_restart(world: World, source: str) -> None:
    number = load(world, source).snapshot.number
    world.reopen()
    with world.desk.buffer.reading() as uow:
        line = list(uow.journal.each())[-1]
        assert (line.kind, line.entity_id) == ("event.loaded", str(number))
        assert world.desk.snapshot(uow).number == number
        assert uow.journal.verify().ok


def test_instants_are_fixed_when_loaded_to_the_whole_second(world: World, source: str) -> None:
    world.clock.at_ms += 123
    snapshot = load(world, source).snapshot
    tasting = snapshot.offer(OfferCode("tasting"))
    assert tasting.opens_ms % 1000 == 0
    assert tasting.opens_ms == world.clock.at_ms // 1000 * 1000 - 15 * 60_000


def test_an_offer_whose_code_is_hard_to_scan_is_a_warning_not_a_mistake(
    world: World, source: str
) -> None:
    assert load(world, source).warnings == ()
    many = ", ".join(
        f'{{ number = {4_000_000_000 + n}, uses = 1000, name = "Thing {n}" }}' for n in range(4)
    )
    entitled = f'code = "apron"\nplan = 4000000000\nentitlements = [{many}]'
    heavy = source.replace('code = "apron"', entitled)
    report = load(world, heavy)
    assert report.snapshot.number > 1
    (warning,) = report.warnings
    assert warning.key == "apron.entitlements"
    assert "QR code of version" in warning.reason


def test_a_file_that_cannot_be_read_leaves_a_new_kiosk_without_an_event(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    for text in (WRONG, "nothing"):
        with pytest.raises((EventFileInvalid, EventFileUnreadable)):
            load(world, text)
    with pytest.raises(NoEvent):
        shop_window(world.desk, "en")
