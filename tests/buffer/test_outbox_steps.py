"""Steps: frozen before they are sent, counted before the bytes leave, never answered twice."""

from __future__ import annotations

import pytest

from kiosk.buffer.buffer import Buffer
from kiosk.buffer.database import FactRefusedError
from kiosk.buffer.outbox import ClaimRequest
from kiosk.domain.outbox import Attempt, Entry, Outcome, RailMode

NOW_MS = 1_800_000_000_000
KEY = "kp1-3-sale-customer-g{}"


@pytest.fixture
def entry(till: Buffer, shop) -> Entry:
    shop.sell(till)
    request = ClaimRequest(mode=RailMode.PRACTICE, now_ms=NOW_MS, lease_ms=60_000, limit=1)
    with till.writing() as uow:
        (claimed,) = uow.outbox.claim(request)
    return claimed


def freeze(buffer: Buffer, entry: Entry, generation: int = 1, name: str = "customer") -> None:
    with buffer.writing() as uow:
        uow.outbox.freeze(
            entry,
            name,
            generation,
            {"email": "maria@example.org"},
            f"{name}-{KEY}".format(generation),
        )


def step(buffer: Buffer, entry: Entry, name: str = "customer"):
    with buffer.reading() as uow:
        return uow.outbox.steps(entry)[name]


def send(buffer: Buffer, entry: Entry, now_ms: int = NOW_MS) -> int:
    with buffer.writing() as uow:
        return uow.outbox.sending(entry, "customer", now_ms)


def answer(buffer: Buffer, entry: Entry, number: int, outcome=Outcome.LATER, **more) -> None:
    with buffer.writing() as uow:
        attempt = Attempt(outcome=outcome, http_status=500, request_id="req_1", detail="api_error")
        uow.outbox.answered(entry, number, attempt, NOW_MS + 5, **more)


def test_a_step_comes_back_with_its_parameters_and_key(till: Buffer, entry: Entry) -> None:
    with till.reading() as uow:
        assert uow.outbox.steps(entry) == {}
    freeze(till, entry)
    found = step(till, entry)
    assert found.params == {"email": "maria@example.org"}
    assert (found.generation, found.key) == (1, "customer-kp1-3-sale-customer-g1")
    assert (found.first_sent_ms, found.suspect, found.remote_id) == (None, False, None)
    assert "maria" not in repr(found)


def test_a_frozen_step_cannot_be_frozen_differently(till: Buffer, entry: Entry) -> None:
    freeze(till, entry)
    with pytest.raises(FactRefusedError, match="frozen"):
        freeze(till, entry)
    with pytest.raises(FactRefusedError, match="frozen"):
        freeze(till, entry, 3)  # a generation left out


def test_a_new_generation_begins_as_if_nothing_had_been_sent(till: Buffer, entry: Entry) -> None:
    freeze(till, entry)
    answer(till, entry, send(till, entry), suspect=True)
    assert step(till, entry).suspect
    freeze(till, entry, 2)
    found = step(till, entry)
    assert (found.generation, found.first_sent_ms, found.suspect) == (2, None, False)
    assert found.last_error is None
    assert found.params == {"email": "maria@example.org"}


def test_a_key_is_never_used_for_two_steps(till: Buffer, entry: Entry) -> None:
    with till.writing() as uow:
        uow.outbox.freeze(entry, "invoice", 1, {}, "the-same-key-twice")
    with pytest.raises(FactRefusedError), till.writing() as uow:
        uow.outbox.freeze(entry, "item", 1, {}, "the-same-key-twice")


def test_the_first_send_is_remembered_and_every_send_counted(till: Buffer, entry: Entry) -> None:
    freeze(till, entry)
    assert send(till, entry, NOW_MS + 1) == 1
    answer(till, entry, 1)
    assert send(till, entry, NOW_MS + 9) == 2
    assert step(till, entry).first_sent_ms == NOW_MS + 1


def test_a_step_is_frozen_before_it_is_sent(till: Buffer, entry: Entry) -> None:
    with pytest.raises(AssertionError, match="frozen before"):
        send(till, entry)
    with pytest.raises(AssertionError, match="frozen before"), till.writing() as uow:
        uow.outbox.keep_remote_id(entry, "customer", "cus_1")


def test_an_answer_is_written_once(till: Buffer, entry: Entry) -> None:
    freeze(till, entry)
    number = send(till, entry)
    answer(till, entry, number)
    with pytest.raises(FactRefusedError, match="written once"):
        answer(till, entry, number)
    with pytest.raises(AssertionError, match="no such attempt"):
        answer(till, entry, number + 1)
    assert step(till, entry).last_error == "api_error"


def test_an_attempt_without_an_answer_is_found_after_a_crash(till: Buffer, entry: Entry) -> None:
    freeze(till, entry)
    number = send(till, entry)
    with till.reading() as uow:
        assert uow.outbox.unfinished_attempts(entry) == ((number, "customer"),)
    answer(till, entry, number, Outcome.UNKNOWN, suspect=True)
    with till.reading() as uow:
        assert uow.outbox.unfinished_attempts(entry) == ()


def test_what_is_suspect_stays_so_until_its_id_is_known(till: Buffer, entry: Entry) -> None:
    freeze(till, entry)
    with till.writing() as uow:
        uow.outbox.mark_suspect(entry, "customer")
    answer(till, entry, send(till, entry))
    assert step(till, entry).suspect
    with till.writing() as uow:
        uow.outbox.keep_remote_id(entry, "customer", "cus_1")
        uow.outbox.keep_remote_id(entry, "customer", "cus_1")
    found = step(till, entry)
    assert (found.suspect, found.remote_id, found.last_error) == (False, "cus_1", None)
    with pytest.raises(FactRefusedError, match="frozen"), till.writing() as uow:
        uow.outbox.keep_remote_id(entry, "customer", "cus_2")


def test_a_late_answer_of_an_old_generation_does_not_touch_the_new_one(till, entry) -> None:
    freeze(till, entry)
    number = send(till, entry)
    freeze(till, entry, 2)
    answer(till, entry, number, suspect=True)
    assert step(till, entry).suspect is False
    assert step(till, entry).last_error is None


def test_an_erased_member_s_steps_have_no_parameters(till: Buffer, entry: Entry) -> None:
    freeze(till, entry)
    with till.writing() as uow:
        uow.people.erase(entry.member_id, NOW_MS)
    found = step(till, entry)
    assert found.params == {}
    assert found.key
    with pytest.raises(AssertionError, match="erased"):
        freeze(till, entry, 2)


def test_steps_of_two_entries_are_apart(till: Buffer, entry: Entry, shop) -> None:
    freeze(till, entry)
    other = shop.sell(till)
    with till.reading() as uow:
        assert uow.outbox.steps(uow.outbox.of_sale(other.sale_id)[0]) == {}
