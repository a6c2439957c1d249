"""What wants a person: pages of the outbox, findings, and sending a parked entry again."""

from __future__ import annotations

import json

import pytest

from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.ids import EntryId, FindingId, SaleId, StaffId
from kiosk.domain.outbox import EntryState, RailMode
from kiosk.domain.settlement import Finding, FindingKind, OpenFinding
from kiosk.domain.tender import TenderKind
from kiosk.errors import FindingUnknown, NotPermitted, StoreBusy
from kiosk.service.attention import PAGE_ENTRIES, answer_finding, outbox_page, retry_entry
from kiosk.service.sell import record_sale
from tests.service.world import World


def park_first_entry(world: World) -> EntryId:
    """One entry that the rail refused for good."""
    record_sale(world.desk, world.draft("spice-jar"))
    request = ClaimRequest(mode=world.mode, now_ms=world.clock.at_ms, lease_ms=60_000, limit=1)
    with world.desk.buffer.writing() as uow:
        (entry,) = uow.outbox.claim(request)
        assert uow.outbox.park(entry, "amount_too_small", world.clock.at_ms)
    return entry.entry_id


def last_line(world: World) -> tuple[str, str]:
    with world.desk.buffer.reading() as uow:
        line = list(uow.journal.each())[-1]
    return line.kind, line.entity_id


def test_an_empty_outbox_is_an_empty_page(world: World) -> None:
    page = outbox_page(world.desk, None, 0)
    assert (page.entries, page.findings) == ((), ())
    assert (page.counts.waiting, page.counts.delivered, page.counts.parked) == (0, 0, 0)


def test_pages_go_from_the_newest_to_the_oldest_and_miss_nothing(world: World) -> None:
    total = PAGE_ENTRIES + 3
    for n in range(total):
        record_sale(world.desk, world.draft("spice-jar", email=f"m{n}@example.org"))
    first = outbox_page(world.desk, None, 0)
    second = outbox_page(world.desk, None, PAGE_ENTRIES)
    assert (len(first.entries), len(second.entries)) == (PAGE_ENTRIES, 3)
    numbers = [entry.receipt_number for entry in first.entries + second.entries]
    assert numbers == [f"K3-{n:06d}" for n in range(total, 0, -1)]
    assert first.counts == second.counts
    assert first.counts.waiting == total
    assert outbox_page(world.desk, None, 10 * PAGE_ENTRIES).entries == ()


def test_a_page_can_be_of_one_state(world: World) -> None:
    parked = park_first_entry(world)
    record_sale(world.desk, world.draft("apron", email="other@example.org"))
    page = outbox_page(world.desk, EntryState.PARKED, 0)
    assert [entry.entry_id for entry in page.entries] == [parked]
    assert page.entries[0].reason == "amount_too_small"
    assert (page.entries[0].amount_minor, page.entries[0].currency) == (750, "eur")
    assert len(outbox_page(world.desk, EntryState.WAITING, 0).entries) == 1
    assert outbox_page(world.desk, EntryState.DELIVERED, 0).entries == ()
    assert (page.counts.parked, page.counts.waiting) == (1, 1)


def test_a_page_shows_this_mode_only(world: World) -> None:
    record_sale(world.desk, world.draft("spice-jar"))
    world.mode = RailMode.LIVE
    world.reopen()
    page = outbox_page(world.desk, None, 0)
    assert (page.entries, page.counts.waiting) == ((), 0)


def test_a_page_holds_nothing_of_a_person(world: World) -> None:
    draft = world.draft("apron", name="Zyxwvut", email="m@zyxwvut.example")
    record_sale(world.desk, draft)
    assert "yxwvut" not in repr(outbox_page(world.desk, None, 0)).lower()


def test_staff_send_a_parked_entry_on_its_way_again(world: World) -> None:
    owner, parked = world.owner(), park_first_entry(world)
    retry_entry(world.desk, parked, owner)
    (entry,) = outbox_page(world.desk, EntryState.WAITING, 0).entries
    assert entry.entry_id == parked
    assert last_line(world) == ("entry.retried", parked)
    with world.desk.buffer.reading() as uow:
        assert json.loads(list(uow.journal.each())[-1].payload) == {"staff": owner}
        assert uow.journal.verify().ok


def test_nobody_but_staff_retries(world: World) -> None:
    parked = park_first_entry(world)
    before = world.facts()
    with pytest.raises(NotPermitted) as refused:
        retry_entry(world.desk, parked, StaffId(world.desk.make_id()))
    assert refused.value.fields == {"action": "retry"}
    assert world.facts() == before
    assert len(outbox_page(world.desk, EntryState.PARKED, 0).entries) == 1


def test_retrying_what_is_not_parked_changes_nothing_and_notes_nothing(world: World) -> None:
    owner = world.owner()
    record_sale(world.desk, world.draft("spice-jar"))
    (waiting,) = outbox_page(world.desk, None, 0).entries
    before = world.facts()
    retry_entry(world.desk, waiting.entry_id, owner)
    retry_entry(world.desk, EntryId(world.desk.make_id()), owner)
    assert world.facts() == before


def test_a_second_tap_on_retry_is_noted_once(world: World) -> None:
    owner, parked = world.owner(), park_first_entry(world)
    retry_entry(world.desk, parked, owner)
    before = world.facts()
    retry_entry(world.desk, parked, owner)
    assert world.facts() == before


@pytest.mark.parametrize(
    ("kind", "listed"),
    [
        (FindingKind.UNDERPAID, True),
        (FindingKind.REFERENCE_UNKNOWN, True),
        (FindingKind.WRONG_CURRENCY, True),
        (FindingKind.PAID_EXACTLY, False),
        (FindingKind.UNPAID_AT_GRACE, False),
    ],
)
def test_only_findings_that_nobody_can_settle_alone_are_listed(world: World, kind, listed) -> None:
    sale = record_sale(world.desk, world.draft("apron", tender=TenderKind.SCAN_TO_PAY)).sale
    finding = Finding(
        kind=kind,
        sale_id=None if kind is FindingKind.REFERENCE_UNKNOWN else sale.sale_id,
        remote_id="cs_1",
        amount_minor=100,
        currency="eur",
        at_ms=world.clock.at_ms,
    )
    with world.desk.buffer.writing() as uow:
        assert uow.sales.record_finding(finding, world.mode)
    page = outbox_page(world.desk, None, 0)
    assert [found.finding for found in page.findings] == ([finding] if listed else [])
    assert page.counts.open_findings == int(listed)


def find(
    world: World,
    remote_id: str = "cs_1",
    kind: FindingKind = FindingKind.OVERPAID,
    *,
    sale_id: SaleId | None = None,
) -> OpenFinding:
    """Something reconciliation has just found; the newest on the page."""
    finding = Finding(
        kind=kind,
        sale_id=sale_id,
        remote_id=remote_id,
        amount_minor=100,
        currency="eur",
        at_ms=world.clock.at_ms,
    )
    with world.desk.buffer.writing() as uow:
        assert uow.sales.record_finding(finding, world.mode)
    return outbox_page(world.desk, None, 0).findings[0]


def test_staff_answer_a_finding_and_it_is_off_the_list(world: World) -> None:
    owner = world.owner()
    sale = record_sale(world.desk, world.draft("apron", tender=TenderKind.SCAN_TO_PAY)).sale
    first, second = find(world, "cs_1", sale_id=sale.sale_id), find(world, "cs_2")
    answer_finding(world.desk, first.finding_id, owner)
    page = outbox_page(world.desk, None, 0)
    assert page.findings == (second,)
    assert page.counts.open_findings == 1
    assert page.receipt_numbers == {}
    assert last_line(world) == ("finding.answered", str(first.finding_id))
    with world.desk.buffer.reading() as uow:
        assert json.loads(list(uow.journal.each())[-1].payload) == {
            "answer": "done", "kind": "overpaid", "sale": sale.sale_id, "staff": owner,
        }  # fmt: skip
        assert uow.journal.verify().ok
        given = uow.findings.answer_to(first.finding_id)
        assert given is not None
        assert (given.staff_id, given.at_ms) == (owner, world.clock.at_ms)


def test_an_answer_outlives_the_program(world: World) -> None:
    owner, found = world.owner(), find(world)
    answer_finding(world.desk, found.finding_id, owner)
    page = outbox_page(world.reopen(), None, 0)
    assert (page.findings, page.counts.open_findings) == ((), 0)


def test_a_second_tap_on_done_is_noted_once(world: World) -> None:
    owner, found = world.owner(), find(world)
    answer_finding(world.desk, found.finding_id, owner)
    before = world.facts()
    answer_finding(world.desk, found.finding_id, owner)
    assert world.facts() == before


def test_nobody_but_staff_answers(world: World) -> None:
    found, before = find(world), world.facts()
    with pytest.raises(NotPermitted) as refused:
        answer_finding(world.desk, found.finding_id, StaffId(world.desk.make_id()))
    assert refused.value.fields == {"action": "answer"}
    assert world.facts() == before
    assert outbox_page(world.desk, None, 0).findings == (found,)


def test_what_was_never_found_or_settles_itself_is_refused(world: World) -> None:
    owner = world.owner()
    find_nothing = Finding(
        kind=FindingKind.PAID_EXACTLY, sale_id=None, remote_id="cs_1", amount_minor=1,
        currency="eur", at_ms=world.clock.at_ms,
    )  # fmt: skip
    with world.desk.buffer.writing() as uow:
        uow.sales.record_finding(find_nothing, world.mode)
    before = world.facts()
    for number in (1, 2, -1):
        with pytest.raises(FindingUnknown) as refused:
            answer_finding(world.desk, FindingId(number), owner)
        assert refused.value.fields == {"finding": number}
    assert world.facts() == before


def test_a_finding_of_another_mode_is_not_on_this_list(world: World) -> None:
    owner, found = world.owner(), find(world)
    world.mode = RailMode.LIVE
    desk = world.reopen()
    assert outbox_page(desk, None, 0).counts.open_findings == 0
    with pytest.raises(FindingUnknown):
        answer_finding(desk, found.finding_id, owner)


def test_the_same_sale_is_open_again_when_something_new_is_found(world: World) -> None:
    owner = world.owner()
    sale = record_sale(world.desk, world.draft("apron", tender=TenderKind.SCAN_TO_PAY)).sale
    less = find(world, "cs_1", FindingKind.UNDERPAID, sale_id=sale.sale_id)
    answer_finding(world.desk, less.finding_id, owner)
    more = find(world, "cs_1", FindingKind.OVERPAID, sale_id=sale.sale_id)
    page = outbox_page(world.desk, None, 0)
    assert page.findings == (more,)
    assert page.receipt_numbers == {sale.sale_id: sale.receipt_number}


def test_more_findings_than_a_page_holds_come_up_as_the_newer_ones_are_answered(
    world: World,
) -> None:
    owner, total = world.owner(), PAGE_ENTRIES + 2
    for number in range(total):
        find(world, f"cs_{number}")
    page = outbox_page(world.desk, None, 0)
    assert (len(page.findings), page.counts.open_findings) == (PAGE_ENTRIES, total)
    for found in page.findings:
        answer_finding(world.desk, found.finding_id, owner)
    rest = outbox_page(world.desk, None, 0)
    assert [found.finding.remote_id for found in rest.findings] == ["cs_1", "cs_0"]
    assert rest.counts.open_findings == 2


def test_an_answer_that_cannot_be_noted_is_not_given(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both or neither: an answer without its journal line could be denied later."""
    owner, found = world.owner(), find(world)

    def torn(*_: object) -> int:
        raise StoreBusy

    monkeypatch.setattr("kiosk.buffer.journal.Journal.append", torn)
    with pytest.raises(StoreBusy):
        answer_finding(world.desk, found.finding_id, owner)
    assert outbox_page(world.desk, None, 0).findings == (found,)
