"""The claims of a pass: the same rules when they are made and when they are read."""

from __future__ import annotations

from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.passes.claims import (
    ClaimsError,
    PassClaims,
    PassState,
    decode_claims,
    encode_claims,
    peek_device,
)

_uints = st.integers(min_value=0, max_value=2**32 - 1)
_uses = st.integers(min_value=0, max_value=1000)
_names = st.text(max_size=24).filter(lambda name: len(name.encode()) <= 24)


@st.composite
def _claims(draw):
    state = PassState(draw(_uints))
    return PassClaims(
        device=draw(_uints),
        seq=draw(_uints),
        issued_at=draw(_uints),
        expires_at=draw(_uints),
        event=draw(_uints),
        entitlements=draw(st.dictionaries(_uints, _uses, max_size=4)),
        state=state,
        name=draw(st.none() | _names),
        plan=draw(st.none() | _uints),
        provisional_minutes=draw(_uints) if state & 1 else None,
        supersedes=draw(st.none() | _uints),
    )


@given(_claims())
def test_claims_are_read_as_they_were_written(claims):
    assert decode_claims(encode_claims(claims)) == claims


@given(_claims())
def test_claims_have_the_keys_and_types_of_the_specification(claims):
    table = cbor2.loads(encode_claims(claims))
    assert set(table) - {7, 9, 10, 11} == {1, 2, 3, 4, 5, 6, 8}
    assert (table[1], table[2], table[3]) == (claims.device, claims.seq, claims.issued_at)
    assert (table[4], table[5], table[8]) == (claims.expires_at, claims.event, claims.state)
    assert table[6] == claims.entitlements
    assert (table.get(7), table.get(9)) == (claims.name, claims.plan)
    assert (table.get(10), table.get(11)) == (claims.provisional_minutes, claims.supersedes)
    assert peek_device(encode_claims(claims)) == claims.device


@pytest.mark.parametrize(
    "change",
    [
        {"device": -1},
        {"device": 2**32},
        {"device": True},
        {"seq": -1},
        {"issued_at": 2**32},
        {"expires_at": 2**32},
        {"event": -1},
        {"state": PassState(2**32)},
        {"plan": 2**32},
        {"supersedes": -1},
        {"entitlements": {1: 1001}},
        {"entitlements": {1: -1}},
        {"entitlements": {-1: 1}},
        {"entitlements": {2**32: 1}},
        {"entitlements": dict.fromkeys(range(5), 1)},
        {"name": "x" * 25},
        {"name": "é" * 12 + "x"},
        {"name": "\ud800"},
        {"provisional_minutes": 1440},
        {"state": PassState.PROVISIONAL},
        {"state": PassState.PROVISIONAL, "provisional_minutes": 2**32},
        {"state": PassState.PROVISIONAL, "provisional_minutes": -1},
    ],
    ids=repr,
)
def test_claims_that_break_a_rule_cannot_be_made(world, change):
    with pytest.raises(ClaimsError):
        replace(world.claims, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "\U0001f600" * 6},
        {"name": None},
        {"entitlements": {0: 0, 2**32 - 1: 1000}},
        {"state": PassState.PROVISIONAL, "provisional_minutes": 0},
        {"supersedes": 0},
    ],
    ids=repr,
)
def test_claims_at_the_edge_of_their_rules_can(world, change):
    claims = replace(world.claims, **change)
    assert decode_claims(encode_claims(claims)) == claims


def test_the_bits_of_the_state_are_those_of_the_specification():
    named = {state.name: int(state) for state in PassState}
    wanted = {"PROVISIONAL": 1, "CLOCK_UNVERIFIED": 2, "CHECK_IDENTITY": 4, "TRAINING": 8}
    assert named == wanted


def test_claims_that_say_nothing_of_their_state_have_none(world):
    plain = PassClaims(device=1, seq=1, issued_at=1, expires_at=1, event=1, entitlements={})
    assert int(plain.state) == 0


def test_the_pass_number_is_the_device_and_its_sequence(world):
    assert world.claims.number == "23-1234"


def test_no_error_and_no_representation_tells_a_name(world):
    assert "Maria" not in repr(world.claims)
    with pytest.raises(ClaimsError) as caught:
        replace(world.claims, name="Maria Grazia Esposito-Long")
    assert "Maria" not in str(caught.value)
