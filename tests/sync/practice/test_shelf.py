"""What is kept is kept together: an effect, its events and its idempotency record, or none."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.shelf import MemoryShelf, RowChange
from tests.sync.practice import made
from tests.sync.practice.api import Api, Clock

KEY = {"Idempotency-Key": "k1"}
ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.none() | st.text(max_size=3)),
    max_size=20,
)


class Ledger(MemoryShelf):
    """Remembers each batch; full while told so."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[RowChange]] = []
        self.full = False

    def put(self, rows: Sequence[RowChange]) -> None:
        if self.full:
            raise OSError("no room")
        self.batches.append(list(rows))
        super().put(rows)

    def kinds_of(self, batch: int) -> set[str]:
        return {kind for kind, _id, _text in self.batches[batch]}


@pytest.fixture
def shelf() -> Ledger:
    return Ledger()


@pytest.fixture
def api(clock: Clock, shelf: Ledger) -> Api:
    return Api(PracticeStripe(clock=clock, seed=5, shelf=shelf))


@given(changes=ROWS)
def test_a_memory_shelf_keeps_the_last_word_on_each_row(changes: list[RowChange]) -> None:
    shelf, expected = MemoryShelf(), dict[tuple[str, str], str]()
    shelf.put(changes)
    for kind, row_id, text in changes:
        expected.pop((kind, row_id), None)
        if text is not None:
            expected[kind, row_id] = text
    assert {(kind, row_id): text for kind, row_id, text in shelf.load()} == expected


def test_taking_off_what_is_not_there_is_no_error() -> None:
    shelf = MemoryShelf()
    shelf.put([("customer", "cus_none", None)])
    assert list(shelf.load()) == []


def test_one_request_is_one_batch_with_its_event_and_its_key(api: Api, shelf: Ledger) -> None:
    already = len(shelf.batches)
    api.post("/v1/customers", {"email": "ada@example.com"}, key="k1")
    assert len(shelf.batches) == already + 1
    assert {"customer", "event", "practice.idempotency"} <= shelf.kinds_of(-1)


def test_a_read_writes_nothing(api: Api, shelf: Ledger) -> None:
    made.opened(api)
    already = len(shelf.batches)
    for path in ("/v1/invoices", "/v1/events", "/v1/balance", "/v1/account"):
        api.get(path)
    assert len(shelf.batches) == already


def test_a_request_that_could_not_be_kept_was_never_made(api: Api, shelf: Ledger) -> None:
    shelf.full = True
    with pytest.raises(OSError, match="no room"):
        api.send("POST", "/v1/customers", {"email": "ada@example.com"}, KEY)
    assert api.practice.objects("customer") == []
    assert api.events() == []
    shelf.full = False
    again = api.send("POST", "/v1/customers", {"email": "ada@example.com"}, KEY)
    assert again.status_code == 200
    assert "Idempotent-Replayed" not in again.headers
    assert len(api.practice.objects("customer")) == 1


def test_a_payment_that_could_not_be_kept_left_the_invoice_open(api: Api, shelf: Ledger) -> None:
    invoice = made.opened(api)
    shelf.full = True
    with pytest.raises(OSError, match="no room"):
        api.practice.pay_invoice(invoice["id"])
    shelf.full = False
    assert api.get(f"/v1/invoices/{invoice['id']}")["status"] == "open"
    api.practice.pay_invoice(invoice["id"])
    assert api.get(f"/v1/invoices/{invoice['id']}")["status"] == "paid"


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (FaultKind.LOST_BEFORE, 0),
        (FaultKind.LOST_AFTER, 1),
        (FaultKind.ERROR_500_WITHOUT_EFFECT, 0),
        (FaultKind.ERROR_500_WITH_EFFECT, 1),
    ],
)
def test_what_a_fault_left_is_there_after_a_restart(
    api: Api, shelf: Ledger, clock: Clock, kind: FaultKind, kept: int
) -> None:
    api.practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))
    with contextlib.suppress(httpx.TransportError):
        api.send("POST", "/v1/customers", {"email": "ada@example.com"}, KEY)
    restarted = Api(PracticeStripe(clock=clock, seed=5, shelf=shelf))
    assert len(restarted.practice.objects("customer")) == kept


def test_a_restart_makes_no_id_twice(api: Api, shelf: Ledger, clock: Clock) -> None:
    ids = {made.customer(api)["id"]}
    for number in range(3):
        api = Api(PracticeStripe(clock=clock, seed=5, shelf=shelf))
        ids.add(made.customer(api, f"m{number}@example.com")["id"])
    assert len(ids) == 4


def test_what_is_deleted_leaves_the_shelf(api: Api, shelf: Ledger) -> None:
    invoice = made.draft(api)
    api.delete(f"/v1/invoices/{invoice['id']}")
    kept = {(kind, row_id) for kind, row_id, _text in shelf.load()}
    assert ("invoice", invoice["id"]) not in kept
    assert not [kind for kind, _id in kept if kind == "invoiceitem"]
