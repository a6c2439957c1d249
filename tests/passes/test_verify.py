"""The gate's answer: every code of steps 5 to 11 has a pass that earns it, and its exact edge."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pytest

from kiosk.domain.verdict import PassStatus, Verdict, Warning
from kiosk.passes.claims import PassState, encode_claims
from kiosk.passes.trust import Permission
from kiosk.passes.verify import StatusWord

DAY = 86_400
TEN_MINUTES = 600
ISSUED_AT = 20_780 * DAY + 3_600
EXPIRES_AT = ISSUED_AT + 3 * DAY
NOT_BEFORE, LAST_DAY = 20_775, 20_805
PROVISIONAL = {"state": PassState.PROVISIONAL, "provisional_minutes": 1_440}
DOUBTFUL = {"state": PassState.CLOCK_UNVERIFIED}


@dataclass(frozen=True)
class OneList:
    """A gate whose only status list says the same of every pass."""

    status: PassStatus
    as_of: int

    def word_on(self, device, seq):
        return StatusWord(status=self.status, as_of=self.as_of)


def test_a_paid_pass_at_its_own_event_is_accepted_without_a_word(world):
    found = world.accepts(world.text())
    assert found.claims == world.claims
    assert found.certificate == world.certificate
    assert found.payload_sha256 == hashlib.sha256(encode_claims(world.claims)).digest()


# Step 5: authority


@pytest.mark.parametrize(
    ("permissions", "claims", "allowed"),
    [
        (Permission.ISSUE_PROVISIONAL, PROVISIONAL, True),
        (Permission.ISSUE_PROVISIONAL, {}, False),
        (Permission.ISSUE_CONFIRMED, {}, True),
        (Permission.ISSUE_CONFIRMED, PROVISIONAL, False),
        (Permission.SIGN_STATUS_LISTS | Permission.SIGN_REDEMPTIONS, {}, False),
        (Permission(0), PROVISIONAL, False),
        (Permission(0xFFFF_FFFF), PROVISIONAL, True),
    ],
)
def test_a_device_issues_only_what_its_certificate_permits(world, permissions, claims, allowed):
    found = world.verify(world.text({"permissions": permissions}, **claims))
    assert found.verdict is (Verdict.ACCEPTED if allowed else Verdict.PERMISSION)


def test_a_device_issues_only_for_the_events_of_its_certificate(world):
    world.refuses(world.text(event=13), Verdict.SCOPE, event=13)
    world.refuses(world.text(event=13), Verdict.SCOPE, event=None)
    world.accepts(world.text({"events": (11, 12, 13)}, event=13), event=13)
    world.accepts(world.text({"events": None}, event=13), event=13)


def test_a_device_issues_no_more_passes_than_its_ceiling(world):
    world.accepts(world.text(seq=4_999))
    world.refuses(world.text(seq=5_000), Verdict.SEQ_LIMIT)


# Step 6: a revoked device


def test_a_revoked_device_is_refused_whatever_instant_its_pass_claims(world):
    early = world.text(issued_at=NOT_BEFORE * DAY)
    world.refuses(early, Verdict.DEV_REVOKED, revoked_devices={23})
    world.refuses(world.text(), Verdict.DEV_REVOKED, revoked_devices={23})
    world.accepts(world.text(), revoked_devices={24})


def test_a_pass_known_from_before_its_device_was_revoked_is_accepted_with_a_word(world):
    digest = hashlib.sha256(encode_claims(world.claims)).digest()
    known = {"revoked_devices": {23}, "manifest": {digest}}
    world.accepts(world.text(), Warning.DEV_REVOKED_KNOWN, **known)
    world.refuses(world.text(seq=1_235), Verdict.DEV_REVOKED, **known)


# Step 7: training


def test_training_passes_and_live_gates_do_not_meet(world):
    training = world.text(state=PassState.TRAINING)
    world.refuses(training, Verdict.TEST_PASS)
    world.accepts(training, training=True)
    world.refuses(world.text(), Verdict.TEST_PASS, training=True)


# Step 8: time


@pytest.mark.parametrize(
    ("issued_at", "inside"),
    [
        (NOT_BEFORE * DAY - 1, False),
        (NOT_BEFORE * DAY, True),
        ((LAST_DAY + 1) * DAY - 1, True),
        ((LAST_DAY + 1) * DAY, False),
    ],
)
def test_a_pass_is_issued_between_the_first_and_the_last_day_of_the_certificate(
    world, issued_at, inside
):
    claims = {"issued_at": issued_at, "expires_at": issued_at + DAY}
    now = {"now": issued_at, "status_lists": OneList(PassStatus.NO_WORD, issued_at)}
    found = world.verify(world.text(**claims), **now)
    assert found.verdict is (Verdict.ACCEPTED if inside else Verdict.CERT_PERIOD)
    excused = world.verify(world.text(**claims, **DOUBTFUL), **now)
    assert excused.verdict is Verdict.ACCEPTED
    assert (Warning.CLOCK in excused.warnings) is not inside


@pytest.mark.parametrize(
    ("now", "warned"), [((NOT_BEFORE - 1) * DAY, False), ((NOT_BEFORE - 1) * DAY - 1, True)]
)
def test_a_gate_more_than_a_day_before_the_certificate_doubts_its_own_clock(world, now, warned):
    claims = {"issued_at": NOT_BEFORE * DAY, **DOUBTFUL}
    found = world.verify(world.text(**claims), now=now)
    assert (Warning.GATE_CLOCK in found.warnings) is warned


@pytest.mark.parametrize(
    ("now", "warned"), [((LAST_DAY + 1) * DAY - 1, False), ((LAST_DAY + 1) * DAY, True)]
)
def test_a_pass_outlives_its_certificate_with_a_word(world, now, warned):
    lists = OneList(PassStatus.NO_WORD, now)
    warnings = (Warning.CERT_EXPIRED_NOW,) if warned else ()
    world.accepts(world.text(expires_at=now + DAY), *warnings, now=now, status_lists=lists)


def test_a_pass_from_the_future_is_refused_beyond_ten_minutes(world):
    world.accepts(world.text(), now=ISSUED_AT - TEN_MINUTES)
    world.refuses(world.text(), Verdict.NOT_YET, now=ISSUED_AT - TEN_MINUTES - 1)


def test_a_pass_of_a_doubtful_clock_may_be_less_than_a_day_ahead(world):
    text = world.text(**DOUBTFUL)
    world.accepts(text, now=ISSUED_AT - TEN_MINUTES)
    world.accepts(text, Warning.CLOCK, now=ISSUED_AT - TEN_MINUTES - 1)
    world.accepts(text, Warning.CLOCK, now=ISSUED_AT - DAY + 1)
    world.refuses(text, Verdict.NOT_YET, now=ISSUED_AT - DAY)


def test_a_pass_is_over_ten_minutes_after_its_end(world):
    lists = OneList(PassStatus.NO_WORD, EXPIRES_AT)
    world.accepts(world.text(), now=EXPIRES_AT + TEN_MINUTES, status_lists=lists)
    world.refuses(world.text(), Verdict.EXPIRED, now=EXPIRES_AT + TEN_MINUTES + 1)


def test_a_doubtful_clock_never_extends_a_pass(world):
    world.refuses(world.text(**DOUBTFUL), Verdict.EXPIRED, now=EXPIRES_AT + TEN_MINUTES + 1)


def test_the_same_doubt_is_named_once(world):
    early = NOT_BEFORE * DAY - 1
    text = world.text(issued_at=early, **DOUBTFUL)
    world.accepts(text, Warning.CLOCK, now=early - TEN_MINUTES - 1)


# Step 9: the event


def test_a_pass_for_another_event_is_refused_here_and_accepted_where_any_will_do(world):
    text = world.text()
    world.refuses(text, Verdict.EVENT, event=13)
    world.accepts(text, event=None)
    world.accepts(text, event=12)
    world.refuses(text, Verdict.EVENT, event=0)


# Step 10: what the organiser has said since


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (PassStatus.NO_WORD, Verdict.ACCEPTED),
        (PassStatus.REVOKED, Verdict.REVOKED),
        (PassStatus.SUSPENDED, Verdict.SUSPENDED),
        (PassStatus.CONFIRMED, Verdict.ACCEPTED),
    ],
)
@pytest.mark.parametrize("age", [60, 10 * DAY])
def test_the_status_list_has_its_say_however_old_it_is(world, status, verdict, age):
    lists = OneList(status, ISSUED_AT + 60 - age)
    assert world.verify(world.text(), status_lists=lists).verdict is verdict


def test_a_status_list_is_stale_after_a_day(world):
    now = world.context.now
    world.accepts(world.text(), status_lists=OneList(PassStatus.NO_WORD, now - DAY))
    stale = OneList(PassStatus.NO_WORD, now - DAY - 1)
    world.accepts(world.text(), Warning.STATUS_STALE, status_lists=stale)


def test_no_status_list_at_all_is_as_good_as_a_stale_one(world):
    world.accepts(world.text(), Warning.STATUS_STALE, status_lists=None)


def test_a_list_that_does_not_know_the_device_is_no_list(world):
    class OtherDevices:
        def word_on(self, device, seq):
            assert (device, seq) == (23, 1_234)

    world.accepts(world.text(), Warning.STATUS_STALE, status_lists=OtherDevices())


def test_a_superseded_pass_is_refused_and_its_successor_is_not(world):
    superseded = {(23, 1_234)}
    world.refuses(world.text(), Verdict.SUPERSEDED, superseded=superseded)
    world.accepts(world.text(seq=1_240, supersedes=1_234), superseded=superseded)


# Step 11: provisional passes, and papers


def test_a_provisional_pass_lapses_ten_minutes_after_its_limit(world):
    text = world.text(**PROVISIONAL)
    limit = ISSUED_AT + 1_440 * 60 + TEN_MINUTES
    lists = OneList(PassStatus.NO_WORD, limit)
    world.accepts(text, Warning.PROVISIONAL, now=limit, status_lists=lists)
    world.refuses(text, Verdict.PROVISIONAL_EXPIRED, now=limit + 1, status_lists=lists)


def test_a_provisional_pass_that_was_confirmed_is_a_paid_pass(world):
    late = EXPIRES_AT
    lists = OneList(PassStatus.CONFIRMED, late)
    world.accepts(world.text(**PROVISIONAL), now=late, status_lists=lists)


def test_a_pass_that_asks_for_papers_says_so(world):
    world.accepts(world.text(state=PassState.CHECK_IDENTITY), Warning.CHECK_ID)


# The order of the steps


def test_the_first_failure_wins(world):
    """A pass with everything wrong is mended step by step; each time the next refusal shows."""
    everything = {
        "revoked_devices": {23},
        "event": 13,
        "now": EXPIRES_AT + DAY,
        "status_lists": OneList(PassStatus.REVOKED, 0),
        "superseded": {(23, 1_234)},
    }
    state = PassState.TRAINING | PassState.PROVISIONAL
    bad = {"state": state, "provisional_minutes": 1}
    text = world.text(**bad)
    assert world.verify("#" + text[:-1], **everything).verdict is Verdict.ENCODING
    assert world.verify(world.text(seq=9_999, **bad), **everything).verdict is Verdict.SEQ_LIMIT
    order = []
    for mended in (
        {},
        {"revoked_devices": ()},
        {"training": True},
        {"now": EXPIRES_AT},
        {"event": 12},
        {"status_lists": OneList(PassStatus.SUSPENDED, 0)},
        {"status_lists": OneList(PassStatus.NO_WORD, 0)},
        {"superseded": ()},
    ):
        everything |= mended
        order.append(world.verify(text, **everything).verdict.value)
    assert order == [
        "E_DEV_REVOKED",
        "E_TEST_PASS",
        "E_EXPIRED",
        "E_EVENT",
        "E_REVOKED",
        "E_SUSPENDED",
        "E_SUPERSEDED",
        "E_PROVISIONAL_EXPIRED",
    ]


def test_what_was_doubted_before_a_refusal_is_still_told(world):
    found = world.refuses(world.text(), Verdict.EXPIRED, now=(LAST_DAY + 9) * DAY)
    assert found.warnings == (Warning.CERT_EXPIRED_NOW,)
    assert found.claims == world.claims


def test_no_representation_of_a_verification_shows_a_name(world):
    assert "Maria" not in repr(world.verify(world.text()))
