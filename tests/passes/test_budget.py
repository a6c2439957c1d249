"""The size of an event's codes: known before the first sale, and as the specification promises."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.passes import base41
from kiosk.passes.budget import COMFORTABLE_VERSION, worst_case_version
from kiosk.passes.claims import ClaimsError, PassClaims, PassState, encode_claims
from kiosk.passes.envelope import PassParts, Sealed, join_pass
from kiosk.passes.issue import sign_pass
from kiosk.passes.qr import qr_pass
from kiosk.passes.trust import CertificateClaims, Permission, encode_certificate_claims

LARGEST = 2**32 - 1
HOST_OF_40 = "p" * (40 - len("https:///#"))
HOST_OF_26 = "p" * (26 - len("https:///#"))


BUDGETED = {"event": 199, "device": 199, "name": "Maria Grazia", "entitlements": {1: 1, 2: 0}}


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ({"plan": None}, 10),
        ({"plan": 5}, 10),
        ({"plan": 5, "state": PassState.PROVISIONAL, "provisional_minutes": 1440}, 11),
    ],
)
def test_a_pass_within_the_budget_fits_the_promised_version(world, change, version):
    """For a certificate of all events, as a kiosk with its own root has it."""
    certificate = {"device": 199, "events": None, "max_seq": 1_000_000}
    claims = replace(world.claims, **BUDGETED, **change)
    text = sign_pass(claims, world.signer(**certificate)).text
    assert qr_pass(HOST_OF_26, text).version == version


def test_the_largest_pass_of_this_century_fits_version_12():
    """Every number at its limit but the days, the bits that have names, and the short codes."""
    certificate = CertificateClaims(
        device=LARGEST,
        public_key=bytes(32),
        not_before=40_000,
        expires=40_030,
        permissions=Permission(15),
        root_number=2,
        max_seq=LARGEST,
        events=(LARGEST,) * 4,
    )
    claims = PassClaims(
        device=LARGEST,
        seq=LARGEST,
        issued_at=LARGEST,
        expires_at=LARGEST,
        event=LARGEST,
        entitlements=dict.fromkeys(range(4), 1000),
        state=PassState(15),
        name="x" * 24,
        plan=LARGEST,
        provisional_minutes=LARGEST,
        supersedes=LARGEST,
    )
    sealed = Sealed(payload=encode_claims(claims), signature=bytes(64))
    vouched = Sealed(payload=encode_certificate_claims(certificate), signature=bytes(64))
    text = base41.encode(join_pass(PassParts(certificate=vouched, sealed=sealed)))
    assert qr_pass(HOST_OF_40, text).version == 12


@pytest.mark.parametrize("host", [None, "pass.example.org", HOST_OF_26])
def test_an_ordinary_event_is_comfortable_in_the_worst_case(host):
    version = worst_case_version(host, 12, {1: 1, 2: 0}, plan=5)
    assert version <= COMFORTABLE_VERSION


def test_an_event_with_much_to_say_is_beyond_comfort():
    entitlements = dict.fromkeys(range(1000, 1004), 1000)
    assert worst_case_version(HOST_OF_40, 70_000, entitlements, plan=70_000) > COMFORTABLE_VERSION


def test_no_pass_of_an_event_is_larger_than_its_worst_case(world):
    worst = worst_case_version("pass.example.org", 12, {1: 1, 3: 2}, plan=5, device=23)
    text = world.text({"max_seq": 1_000_000}, seq=1_000_000, name="M" * 24, supersedes=999_999)
    assert qr_pass("pass.example.org", text).version <= worst


def test_an_event_that_no_pass_can_carry_is_told_so():
    with pytest.raises(ClaimsError):
        worst_case_version(None, 12, dict.fromkeys(range(5), 1))
    with pytest.raises(ClaimsError):
        worst_case_version(None, 2**32, {1: 1})
