"""Time alone: what falls due happens in its own order, at its own time, and not for ever."""

from itertools import pairwise

import pytest

from sync.practice import passing
from sync.practice.app import PracticeStripe
from sync.practice.passing import alarm_of
from sync.practice.shelf import MemoryShelf
from tests.sync.practice import made
from tests.sync.practice.api import START_MS, Api, Clock

START = START_MS // 1000
DAY = 86_400


def test_what_time_does_not_change_has_no_alarm() -> None:
    assert alarm_of("customer", {"id": "cus_1"}) is None
    assert alarm_of("invoice", {"status": "paid"}) is None
    assert alarm_of("subscription", {"status": "canceled"}) is None
    assert alarm_of("checkout.session", {"status": "complete"}) is None


def test_an_invoice_that_does_not_advance_waits_for_ever(api: Api) -> None:
    draft = made.draft(api)
    api.practice.advance(400 * DAY)
    assert api.get(f"/v1/invoices/{draft['id']}")["status"] == "draft"


def test_an_invoice_that_advances_is_finalized_and_sent_after_an_hour(api: Api) -> None:
    draft = made.draft(api, auto_advance=True)
    assert draft["automatically_finalizes_at"] == START + 3600
    api.practice.advance(3600)
    assert api.get(f"/v1/invoices/{draft['id']}")["status"] == "open"


def test_a_time_of_its_own_finalizes_a_draft(api: Api) -> None:
    draft = made.draft(api, automatically_finalizes_at=START + 60)
    api.practice.advance(60)
    opened = api.get(f"/v1/invoices/{draft['id']}")
    assert opened["status_transitions"]["finalized_at"] == START + 60


def test_an_invoice_is_overdue_once(api: Api) -> None:
    made.opened(api, days_until_due=2)
    api.practice.advance(2 * DAY)
    api.practice.advance(30 * DAY)
    assert api.events().count("invoice.overdue") == 1


def test_things_happen_in_the_order_of_their_times(api: Api, clock: Clock) -> None:
    made.opened(api, days_until_due=1)
    api.practice.open_session(made.link(api)["url"] + "?client_reference_id=x")
    made.subscription(api, cancel_at=START + 10 * DAY)
    seen = len(api.events())
    clock.pass_seconds(11 * DAY)
    late = api.practice.objects("event")[seen:]
    assert [event["created"] for event in late] == sorted(event["created"] for event in late)
    kinds = [event["type"] for event in late]
    wanted = [
        "invoice.finalized",
        "checkout.session.expired",
        "customer.subscription.updated",
        "customer.subscription.deleted",
    ]
    positions = [kinds.index(kind) for kind in wanted]
    assert positions == sorted(positions)


def test_what_fell_due_while_nobody_ran_happens_after_a_restart() -> None:
    clock, shelf = Clock(), MemoryShelf()
    subscription = made.subscription(Api(PracticeStripe(clock=clock, seed=2, shelf=shelf)))
    clock.pass_seconds(15 * DAY)
    api = Api(PracticeStripe(clock=clock, seed=2, shelf=shelf))
    assert len(api.ids("/v1/invoices", {"subscription": subscription["id"]})) == 3


def test_one_look_does_a_bounded_amount_of_work(
    api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "RINGS_MAX", 5)
    subscription = made.subscription(api, cancel_at=START + 9 * 7 * DAY)
    clock.pass_seconds(100 * 7 * DAY)
    invoices = {"subscription": subscription["id"], "limit": 100}
    counts = [len(api.ids("/v1/invoices", invoices)) for _ in range(12)]
    assert counts == sorted(counts)
    assert all(later - sooner <= 5 for sooner, later in pairwise(counts))
    assert counts[-1] == 9


def test_a_clock_set_back_undoes_nothing(api: Api, clock: Clock) -> None:
    subscription = made.subscription(api)
    api.practice.advance(7 * DAY)
    clock.pass_seconds(-30 * DAY)
    assert len(api.ids("/v1/invoices", {"subscription": subscription["id"]})) == 2
