"""The contract between the wings: stable words, and nobody's name in a log line."""

from kiosk.domain.ids import EntryId, MemberId, SaleId
from kiosk.domain.outbox import (
    Attempt,
    Entry,
    EntryState,
    NewEntry,
    Outcome,
    QueueCounts,
    QueueHealth,
    RailMode,
    Step,
    Topic,
)

PERSON = {"name": "Maria Gomez", "email": "maria@example.org", "language": "en"}
ENTRY = EntryId("e1")
SALE, MEMBER = SaleId("s1"), MemberId("m1")


def test_everything_but_live_is_training() -> None:
    assert [mode for mode in RailMode if not mode.training] == [RailMode.LIVE]


def test_the_words_in_the_file_are_those_of_the_design() -> None:
    # Rows written under an older version are read by these words: a change needs a migration.
    assert [str(state) for state in EntryState] == ["waiting", "unknown", "delivered", "parked"]
    assert [str(topic) for topic in Topic] == ["invoice", "subscription", "watch"]
    assert [str(outcome) for outcome in Outcome] == [
        "delivered", "later", "refused", "unknown", "locked",
    ]  # fmt: skip


def test_an_entry_shows_nothing_personal() -> None:
    new = NewEntry(
        entry_id=ENTRY,
        sale_id=SALE,
        member_id=MEMBER,
        lane="m1",
        topic=Topic.INVOICE,
        mode=RailMode.TEST,
        intent={},
        person=PERSON,
        due_ms=0,
    )
    claimed = Entry(
        seq=1,
        entry_id=ENTRY,
        sale_id=SALE,
        member_id=MEMBER,
        lane="m1",
        topic=Topic.INVOICE,
        mode=RailMode.TEST,
        intent={},
        person=PERSON,
        state=EntryState.WAITING,
        due_ms=0,
        lease_token=None,
        attempts=0,
        created_ms=0,
        depends_on=None,
        reason=None,
    )
    for shown in (repr(new), repr(claimed)):
        assert "Maria" not in shown
        assert "example.org" not in shown


def test_a_step_does_not_show_what_it_sends() -> None:
    step = Step(
        name="customer",
        generation=1,
        params={"email": "maria@example.org"},
        key="kp1",
        first_sent_ms=None,
        suspect=False,
        remote_id=None,
        last_error=None,
    )
    assert "example.org" not in repr(step)


def test_a_health_that_asked_nothing_yet_claims_nothing() -> None:
    counts = QueueCounts(waiting=0, watching=0, unknown=0, delivered=0, parked=0, open_findings=0)
    health = QueueHealth(counts=counts, rail=None)
    assert (health.stopped, health.skew_ms, counts.oldest_waiting_ms) == (None, None, None)


def test_an_attempt_may_end_without_any_answer() -> None:
    attempt = Attempt(outcome=Outcome.LATER)
    assert (attempt.http_status, attempt.request_id, attempt.detail) == (None, None, None)
