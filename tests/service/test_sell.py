"""Selling on the real encrypted buffer: what is recorded, what is refused, what survives."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import pytest
import zxingcpp

from kiosk.buffer.mirror import RemoteObject
from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.clock import Measured
from kiosk.domain.ids import OfferCode, SaleId, StaffId
from kiosk.domain.offer import Membership
from kiosk.domain.outbox import EntryState, RailMode, Topic
from kiosk.domain.provisioning import offer_entity
from kiosk.domain.reference import read_reference
from kiosk.domain.sale import CartLine
from kiosk.domain.tender import TenderKind, WhyNot
from kiosk.domain.verdict import Verdict, Warning
from kiosk.errors import (
    CartChanged,
    CartEmpty,
    ConsentMissing,
    ConsentUnknown,
    EmailInvalid,
    ExposureExceeded,
    MemberLimitReached,
    NameInvalid,
    NoEvent,
    NotPermitted,
    OfferNotOnSale,
    OfferUnknown,
    QuantityInvalid,
    RuleError,
    SaleConflict,
    SaleUnknown,
    SoldOut,
    StoreCorrupt,
    TenderNotAvailable,
    UnderTendered,
)
from kiosk.passes.verify import Verification, VerifyContext, verify
from kiosk.service.browse import price
from kiosk.service.desk import ServiceMode
from kiosk.service.prepare import set_service_mode
from kiosk.service.sell import (
    RecordedSale,
    complete_sale,
    find_sale,
    newest_sale,
    record_sale,
    tender_choices,
)
from tests.service.world import World

HOUR_MS = 3_600_000


def line(code: str, quantity: int) -> CartLine:
    return CartLine(offer=OfferCode(code), quantity=quantity)


def at_the_gate(world: World, recorded: RecordedSale, at_ms: int | None = None) -> Verification:
    context = VerifyContext(
        roots=world.roots,
        now=(at_ms or world.clock.at_ms) // 1000,
        event=12,
        training=recorded.sale.mode.training,
    )
    return verify(recorded.pass_urls[0], context)


def everything(world: World) -> dict[str, int]:
    """How many rows each table of facts has."""
    with world.desk.buffer.reading() as uow:
        return {
            "sales": len(uow.sales.newest(100)),
            "journal": uow.journal.head()[0],
            "left": uow.stock.left(12, "tasting"),
            "waiting": uow.outbox.counts(world.mode).waiting,
        }


def test_a_cash_sale_is_recorded_whole(world: World) -> None:
    recorded = record_sale(world.desk, world.draft("tasting", "spice-jar"))
    with world.desk.buffer.reading() as uow:
        sale = uow.sales.get(recorded.sale.sale_id)
        assert sale == recorded.sale
        assert sale.total_minor == 1250 + 750
        assert sale.tax_minor == 82 + 49
        assert [item.offer for item in sale.lines] == ["tasting", "spice-jar"]
        assert uow.passes.of_sale(sale.sale_id) == recorded.passes
        assert uow.people.member(sale.member_id).email == "maria@example.org"
        entries = uow.outbox.of_sale(sale.sale_id)
        assert [entry.topic for entry in entries] == [Topic.INVOICE]
        assert entries[0].person == {
            "name": "Maria Gomez", "email": "maria@example.org", "language": "en",
        }  # fmt: skip
        assert uow.stock.left(12, "tasting") == 23
        assert uow.journal.verify().ok
    assert recorded.sale.receipt_number == "K3-000001"
    assert recorded.passes[0].number == "3-1"
    assert not recorded.passes[0].provisional


def test_a_cash_sales_pass_is_accepted_at_the_gate_without_doubt(
    world: World,
) -> None:
    recorded = record_sale(world.desk, world.draft("tasting"))
    found = at_the_gate(world, recorded)
    assert found.verdict is Verdict.ACCEPTED
    assert found.warnings == (Warning.STATUS_STALE,)
    assert found.claims.name == "Maria G."


def test_the_code_on_screen_reads_back_as_the_pass(world: World) -> None:
    completed = complete_sale(world.desk, world.draft("weekly"))
    matrix, scale, quiet = completed.qr[0], 3, 4
    side = (matrix.size + 2 * quiet) * scale
    image = bytearray(b"\xff" * side * side)
    for y, row in enumerate(matrix.rows):
        for x, dark in enumerate(row):
            for dy in range(scale * bool(dark)):
                start = ((y + quiet) * scale + dy) * side + (x + quiet) * scale
                image[start : start + scale] = b"\x00" * scale
    view = memoryview(bytes(image)).cast("B", shape=[side, side])
    assert zxingcpp.read_barcode(view).text == completed.pass_urls[0]


def test_a_second_tap_returns_the_same_sale(world: World) -> None:
    draft = world.draft("tasting")
    first, before = record_sale(world.desk, draft), everything(world)
    second = record_sale(world.desk, draft)
    assert (second.sale, second.passes, second.repeated) == (first.sale, first.passes, True)
    assert everything(world) == before


def test_the_same_id_for_another_sale_is_refused(world: World) -> None:
    draft = world.draft("tasting")
    record_sale(world.desk, draft)
    for other in (
        dataclasses.replace(draft, lines=(line("tasting", 2),)),
        dataclasses.replace(draft, email="someone@example.org"),
        dataclasses.replace(draft, tender=TenderKind.PAY_LATER),
    ):
        with pytest.raises(SaleConflict):
            record_sale(world.desk, other)


def test_a_sale_is_there_after_a_restart(world: World) -> None:
    recorded = record_sale(world.desk, world.draft("weekly", tender=TenderKind.SCAN_TO_PAY))
    desk = world.reopen()
    again = newest_sale(desk)
    assert again.sale == recorded.sale
    assert again.passes == recorded.passes
    assert again.pay_codes == recorded.pay_codes
    assert find_sale(desk, recorded.sale.sale_id).repeated


def test_an_unknown_sale_is_called_unknown(world: World) -> None:
    with pytest.raises(SaleUnknown):
        find_sale(world.desk, SaleId(world.desk.make_id()))
    assert newest_sale(world.desk) is None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"lines": ()}, CartEmpty),
        ({"lines": (line("nothing", 1),)}, OfferUnknown),
        ({"lines": (line("tasting", 0),)}, QuantityInvalid),
        ({"lines": (line("tasting", -1),)}, QuantityInvalid),
        ({"lines": (line("spice-jar", 100),)}, QuantityInvalid),
        ({"name": "  \u200f "}, NameInvalid),
        ({"name": "x" * 500}, NameInvalid),
        ({"email": "maria@"}, EmailInvalid),
        ({"email": "maria"}, EmailInvalid),
        ({"consents": frozenset()}, ConsentMissing),
        ({"consents": frozenset({"marketing"})}, ConsentMissing),
        ({"consents": frozenset({"terms", "astrology"})}, ConsentUnknown),
        ({"lines": (line("late-supper", 1),)}, OfferNotOnSale),
        ({"lines": (line("tasting", 3),)}, MemberLimitReached),
        ({"given_minor": 1249}, UnderTendered),
        ({"shown_minor": 1200}, CartChanged),
    ],
)
def test_what_is_refused_leaves_no_trace(world: World, changes, error) -> None:
    before = everything(world)
    with pytest.raises(error) as refused:
        record_sale(world.desk, world.draft("tasting", **changes))
    assert isinstance(refused.value, RuleError)
    assert everything(world) == before
    # The numbers of the refused sale were never used up.
    assert record_sale(world.desk, world.draft("spice-jar")).sale.receipt_number == "K3-000001"


@pytest.mark.parametrize(
    "name", ["محمد بن أحمد", "李小龍", "Zoë 🎨 van der Berg", "O'Neill-Müller", "ぬい" * 60]
)
def test_names_of_all_kinds_are_kept_as_they_are(world: World, name) -> None:
    recorded = record_sale(world.desk, world.draft("tasting", name=name))
    assert recorded.name == name
    assert at_the_gate(world, recorded).verdict is Verdict.ACCEPTED


def test_change_is_given_back(world: World) -> None:
    completed = complete_sale(world.desk, world.draft("tasting", given_minor=2000))
    assert completed.change_due_minor == 750


def test_the_last_copy_is_sold_once(world: World) -> None:
    for n in range(24):
        record_sale(world.desk, world.draft("tasting", email=f"m{n}@example.org"))
    with pytest.raises(SoldOut) as refused:
        record_sale(world.desk, world.draft("tasting", email="late@example.org"))
    assert refused.value.fields == {"offer": "tasting", "left": 0}


def test_a_drop_closes_by_the_clock(world: World) -> None:
    world.clock.at_ms += 7 * HOUR_MS
    with pytest.raises(OfferNotOnSale) as refused:
        record_sale(world.desk, world.draft("tasting"))
    assert refused.value.fields["state"] == "closed"


def test_the_members_limit_counts_earlier_sales(world: World) -> None:
    record_sale(world.desk, world.draft("tasting"))
    record_sale(world.desk, world.draft("tasting"))
    with pytest.raises(MemberLimitReached):
        record_sale(world.desk, world.draft("tasting", email="MARIA@example.org"))


def test_a_returning_member_keeps_the_name_they_gave_first(world: World) -> None:
    first = record_sale(world.desk, world.draft("spice-jar"))
    second = record_sale(world.desk, world.draft("spice-jar", name="Someone Else"))
    assert second.sale.member_id == first.sale.member_id
    with world.desk.buffer.reading() as uow:
        assert uow.people.member(first.sale.member_id).name == "Maria Gomez"


def test_scan_to_pay_shows_one_code_per_unit_with_a_reference_of_ours(world: World) -> None:
    draft = world.draft(tender=TenderKind.SCAN_TO_PAY, lines=(line("tasting", 2), line("apron", 1)))
    recorded = record_sale(world.desk, draft)
    assert [code.amount_minor for code in recorded.pay_codes] == [1250, 1250, 3900]
    assert read_reference(recorded.reference, 3, world.reference_key) == recorded.sale.sale_id
    assert all("locked_prefilled_email=maria%40example.org" in c.url for c in recorded.pay_codes)
    issued = recorded.passes[0]
    assert issued.provisional
    assert issued.provisional_until_s == issued.issued_s + 1440 * 60
    assert Warning.PROVISIONAL in at_the_gate(world, recorded).warnings


def test_a_provisional_pass_ends_with_its_grace(world: World) -> None:
    recorded = record_sale(world.desk, world.draft("weekly", tender=TenderKind.SCAN_TO_PAY))
    found = at_the_gate(world, recorded, world.clock.at_ms + 25 * HOUR_MS)
    assert found.verdict is Verdict.PROVISIONAL_EXPIRED


def test_pay_later_is_watched_in_a_lane_of_its_own(world: World) -> None:
    draft = world.draft("weekly", "spice-jar", tender=TenderKind.PAY_LATER)
    recorded = record_sale(world.desk, draft)
    with world.desk.buffer.reading() as uow:
        entries = uow.outbox.of_sale(recorded.sale.sale_id)
    topics = [entry.topic for entry in entries]
    assert topics == [Topic.INVOICE, Topic.SUBSCRIPTION, Topic.WATCH, Topic.WATCH]
    bills, watches = entries[:2], entries[2:]
    assert {bill.lane for bill in bills} == {recorded.sale.member_id}
    assert [watch.depends_on for watch in watches] == [bill.entry_id for bill in bills]
    assert len({entry.lane for entry in entries}) == 3
    assert sum(int(str(bill.intent["total_minor"])) for bill in bills) == 490 + 750


def test_trust_ends_at_the_limits(world: World) -> None:
    draft = world.draft(lines=(line("apron", 4),), tender=TenderKind.PAY_LATER)
    with pytest.raises(ExposureExceeded) as refused:
        record_sale(world.desk, draft)
    assert refused.value.fields["scope"] == "sale"
    for n in range(8):
        draft = world.draft(
            lines=(line("apron", 3),), tender=TenderKind.PAY_LATER, email=f"m{n}@example.org"
        )
        record_sale(world.desk, draft)
    with pytest.raises(ExposureExceeded) as refused:
        record_sale(world.desk, dataclasses.replace(draft, sale_id=SaleId(world.desk.make_id())))
    assert refused.value.fields["scope"] == "device"
    # Cash is in hand: it needs no trust.
    record_sale(world.desk, world.draft(lines=(line("apron", 4),)))


def test_only_the_tenders_that_work_are_offered_first(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.load("zine-fair.toml")

    def reasons(*codes: str) -> dict[TenderKind, WhyNot | None]:
        cart = price(world.desk, [line(code, 1) for code in codes], "en")
        choices = tender_choices(world.desk, cart)
        assert [c.why_not is not None for c in choices] == sorted(
            c.why_not is not None for c in choices
        )
        return {choice.kind: choice.why_not for choice in choices}

    assert reasons("riso-40")[TenderKind.SCAN_TO_PAY] is WhyNot.NOT_PROVISIONED
    world.provision()
    assert set(reasons("riso-40").values()) == {None}
    small = reasons("sticker")
    assert small[TenderKind.CASH] is None
    assert small[TenderKind.SCAN_TO_PAY] is WhyNot.BELOW_LEAST
    assert small[TenderKind.PAY_LATER] is WhyNot.BELOW_LEAST
    with pytest.raises(TenderNotAvailable):
        record_sale(world.desk, world.draft("sticker", tender=TenderKind.SCAN_TO_PAY))


def test_a_visitor_alone_never_makes_a_cash_sale(make_world: Callable[..., World]) -> None:
    world = make_world(staffed=False)
    world.load("recipe-club.toml")
    set_service_mode(world.desk, ServiceMode.SELF_SERVICE)
    with pytest.raises(NotPermitted):
        record_sale(world.desk, world.draft("tasting"))
    assert everything(world)["sales"] == 0
    set_service_mode(world.desk, ServiceMode.ASSISTED)
    record_sale(world.desk, world.draft("tasting"))


def test_nothing_is_sold_without_an_event(make_world: Callable[..., World]) -> None:
    world = make_world()
    with pytest.raises(NoEvent):
        record_sale(world.desk, world.draft("tasting"))


def test_prices_changed_in_the_file_are_not_sold_at(world: World) -> None:
    with world.desk.buffer.writing() as uow:
        stored = uow.catalog.current()
        cheap = stored.document.replace('"price_minor":1250', '"price_minor":1')
        assert cheap != stored.document
        uow.catalog.store(cheap, stored.signature, 12, world.clock.at_ms)
    with pytest.raises(StoreCorrupt):
        record_sale(world.desk, world.draft("tasting"))


@pytest.mark.parametrize("years", [-2, 2])
def test_a_clock_two_years_wrong_neither_refuses_nor_extends(world: World, years) -> None:
    honest = record_sale(world.desk, world.draft("four-weeks"))
    with world.desk.buffer.reading() as uow:
        event_end_s = world.desk.snapshot(uow).event.ends_ms // 1000 + 6 * 3600
    right_ms = world.clock.at_ms
    world.clock.at_ms += years * 365 * 24 * HOUR_MS
    recorded = record_sale(world.desk, world.draft("tasting", "four-weeks"))
    assert recorded.sale.clock_doubtful
    found = at_the_gate(world, recorded, right_ms)
    assert found.verdict is Verdict.ACCEPTED
    assert found.claims.state & 2
    # What it entitles to ends no later than it would have by a right clock.
    assert max(issued.expires_s for issued in recorded.passes) <= max(
        honest.passes[0].expires_s, event_end_s
    )
    with world.desk.buffer.reading() as uow:
        assert uow.journal.verify().ok


@pytest.mark.parametrize("years", [-2, 2])
def test_a_clock_two_years_wrong_keeps_no_sale_from_being_carried(world: World, years) -> None:
    """The engine goes by the same wrong clock: what is sold now is due now."""
    record_sale(world.desk, world.draft("spice-jar"))
    world.clock.at_ms += years * 365 * 24 * HOUR_MS
    late = record_sale(world.desk, world.draft("apron", email="late@example.org"))
    request = ClaimRequest(mode=world.mode, now_ms=world.clock.at_ms, lease_ms=1, limit=9)
    with world.desk.buffer.writing() as uow:
        assert late.sale.sale_id in {entry.sale_id for entry in uow.outbox.claim(request)}


def test_a_clock_put_right_by_the_rail_keeps_no_sale_from_being_carried(world: World) -> None:
    with world.desk.buffer.writing() as uow:
        uow.settings.put("rail.skew_ms", -24 * HOUR_MS, world.clock.at_ms)
    recorded = record_sale(world.desk, world.draft("spice-jar"))
    assert recorded.sale.sold_ms == world.clock.at_ms + 24 * HOUR_MS
    request = ClaimRequest(mode=world.mode, now_ms=world.clock.at_ms, lease_ms=1, limit=9)
    with world.desk.buffer.writing() as uow:
        assert len(uow.outbox.claim(request)) == 1


def test_a_clock_put_back_after_the_rail_measured_it_is_not_taken_at_its_word(
    world: World,
) -> None:
    noon_ms = world.clock.at_ms
    with world.desk.buffer.writing() as uow:
        uow.settings.put_measured(Measured(skew_ms=0, at_ms=noon_ms), noon_ms)
    world.clock.at_ms -= 48 * HOUR_MS
    sale = record_sale(world.desk, world.draft("spice-jar")).sale
    # Else the time given on trust would be over before the member is home.
    assert (sale.sold_ms, sale.skew_ms, sale.clock_doubtful) == (noon_ms, None, True)


def test_a_certificate_that_runs_out_renews_itself(world: World) -> None:
    first = record_sale(world.desk, world.draft("spice-jar"))
    world.clock.at_ms += 20 * 24 * HOUR_MS
    world.load("recipe-club.toml")
    later = record_sale(world.desk, world.draft("spice-jar"))
    assert first.passes[0].text[:150] != later.passes[0].text[:150]
    assert at_the_gate(world, later).verdict is Verdict.ACCEPTED
    with world.desk.buffer.reading() as uow:
        assert uow.settings.secret("certificate") is not None


def test_a_live_sale_carries_no_training_mark(make_world: Callable[..., World]) -> None:
    world = make_world(mode=RailMode.LIVE)
    world.load("recipe-club.toml")
    recorded = record_sale(world.desk, world.draft("tasting"))
    found = at_the_gate(world, recorded)
    assert found.verdict is Verdict.ACCEPTED
    assert not found.claims.is_training


def test_nothing_of_a_person_stands_in_the_journal_or_the_intents(world: World) -> None:
    draft = world.draft("weekly", name="Zyxwvut Marker", email="marker@zyxwvut.example")
    recorded = record_sale(world.desk, draft)
    with world.desk.buffer.reading() as uow:
        for link in uow.journal.each():
            assert "yxwvut" not in json.dumps(link.payload).lower()
        for entry in uow.outbox.of_sale(recorded.sale.sale_id):
            assert "yxwvut" not in json.dumps(dict(entry.intent)).lower()


def test_what_is_recorded_prints_nothing_of_a_person(world: World) -> None:
    draft = world.draft("weekly", name="Zyxwvut", email="m@zyxwvut.example")
    completed = complete_sale(world.desk, dataclasses.replace(draft, tender=TenderKind.SCAN_TO_PAY))
    assert "yxwvut" not in repr(draft).lower()
    assert "yxwvut" not in repr(completed).lower()


def test_the_zero_decimal_show_sells_whole_yen(make_world: Callable[..., World]) -> None:
    world = make_world()
    snapshot = world.load("craft-show.toml")
    recorded = record_sale(world.desk, world.draft("stage-bowl", "four-lessons"))
    assert (recorded.sale.currency, recorded.sale.total_minor) == ("jpy", 12_200)
    assert isinstance(snapshot.offer("four-lessons"), Membership)
    with world.desk.buffer.reading() as uow:
        entries = uow.outbox.of_sale(recorded.sale.sale_id)
        assert {entry.state for entry in entries} == {EntryState.WAITING}
        subscription = next(e for e in entries if e.topic is Topic.SUBSCRIPTION)
    assert isinstance(subscription.intent["cancel_at_s"], int)
    # Two expiries, hence two passes: the event's, and the first week of lessons.
    assert len({issued.expires_s for issued in recorded.passes}) == 2


def test_an_unknown_member_of_staff_takes_no_parked_cart(world: World) -> None:
    from kiosk.errors import ParkedCartUnknown
    from kiosk.service.park import park_cart, take_parked

    with pytest.raises(ParkedCartUnknown):
        take_parked(world.desk, 7, StaffId(world.desk.make_id()), None)
    number = park_cart(world.desk, world.draft("tasting"))
    with pytest.raises(NotPermitted):
        take_parked(world.desk, number, StaffId(world.desk.make_id()), None)


def test_a_sale_shown_again_carries_the_name_typed_for_it(world: World) -> None:
    record_sale(world.desk, world.draft("spice-jar", name="Maria Gomez"))
    other = record_sale(world.desk, world.draft("spice-jar", name="Somebody Else"))
    # Who types another person's address learns nothing about that person.
    assert find_sale(world.desk, other.sale.sale_id).name == "Somebody Else"


def test_links_made_anew_do_not_change_what_a_member_was_shown(world: World) -> None:
    draft = world.draft("tasting", tender=TenderKind.SCAN_TO_PAY)
    first = record_sale(world.desk, draft)
    with world.desk.buffer.writing() as uow:
        snapshot = world.desk.snapshot(uow)
        offer = snapshot.offer("tasting")
        assert offer is not None
        anew = RemoteObject(remote_id="plink_anew", url="https://pay.example/anew")
        uow.mirror.put(world.mode, offer_entity(offer, "eur", 1250), "link", anew, 1)
    assert find_sale(world.desk, first.sale.sale_id).pay_codes == first.pay_codes
    later = record_sale(world.desk, world.draft("tasting", tender=TenderKind.SCAN_TO_PAY))
    assert "anew" in later.pay_codes[0].url


def test_a_link_that_could_not_end_a_membership_is_not_offered(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.load("craft-show.toml")
    world.provision()
    for offer, reason in (("four-lessons", WhyNot.NEEDS_INVOICE), ("workshop", None)):
        cart = price(world.desk, [line(offer, 1)], "en")
        found = {choice.kind: choice.why_not for choice in tender_choices(world.desk, cart)}
        assert found[TenderKind.SCAN_TO_PAY] is reason
        assert found[TenderKind.PAY_LATER] is None
    with pytest.raises(TenderNotAvailable):
        record_sale(world.desk, world.draft("four-lessons", tender=TenderKind.SCAN_TO_PAY))
