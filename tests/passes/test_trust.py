"""Certificates: made by a root, believed only from a root, and due for renewal in time."""

from __future__ import annotations

from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.passes.cbor import CborError
from kiosk.passes.claims import ClaimsError
from kiosk.passes.envelope import Context, EnvelopeError, join_certificate, seal, split_certificate
from kiosk.passes.trust import (
    CertificateClaims,
    Permission,
    TrustedRoots,
    UntrustedError,
    day_of,
    generate_key,
    load_key,
    make_device_certificate,
    own_certificate_claims,
    parse_certificate,
    private_bytes,
    public_bytes,
)

_uints = st.integers(min_value=0, max_value=2**32 - 1)
ROOT = load_key(bytes([7]) * 32)
ROOTS = TrustedRoots(keys=(public_bytes(ROOT),))


@given(
    st.builds(
        CertificateClaims,
        device=_uints,
        public_key=st.binary(min_size=32, max_size=32),
        not_before=_uints,
        expires=_uints,
        permissions=_uints.map(Permission),
        root_number=_uints,
        max_seq=_uints,
        events=st.none() | st.lists(_uints, min_size=1, max_size=4).map(tuple),
    )
)
def test_a_certificate_is_read_as_it_was_made(claims):
    parsed = parse_certificate(make_device_certificate(ROOT, claims), ROOTS)
    assert parsed.claims == claims
    assert parsed.root == public_bytes(ROOT)


def test_a_certificate_has_the_keys_of_the_specification(world):
    wire = make_device_certificate(ROOT, world.certificate)
    table = cbor2.loads(split_certificate(wire).payload)
    claims = world.certificate
    assert table == {
        1: claims.device,
        2: claims.public_key,
        3: claims.not_before,
        4: claims.expires,
        5: list(claims.events),
        6: 3,
        7: claims.root_number,
        9: claims.max_seq,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"device": 2**32},
        {"not_before": -1},
        {"expires": 2**32},
        {"permissions": Permission(2**32)},
        {"root_number": -1},
        {"max_seq": 2**32},
        {"public_key": bytes(31)},
        {"public_key": bytes(33)},
        {"events": ()},
        {"events": (1, 2, 3, 4, 5)},
        {"events": (2**32,)},
    ],
    ids=repr,
)
def test_certificate_claims_that_break_a_rule_cannot_be_made(world, change):
    with pytest.raises(ClaimsError):
        replace(world.certificate, **change)


def test_the_bits_of_the_permissions_are_those_of_the_specification():
    named = {permission.name: int(permission) for permission in Permission}
    wanted = {"ISSUE_PROVISIONAL": 1, "ISSUE_CONFIRMED": 2}
    assert named == wanted | {"SIGN_STATUS_LISTS": 4, "SIGN_REDEMPTIONS": 8}


def test_a_certificate_of_a_stranger_is_not_read(world):
    wire = make_device_certificate(generate_key(), world.certificate)
    with pytest.raises(UntrustedError):
        parse_certificate(wire, ROOTS)


def test_each_way_a_certificate_can_be_wrong_has_its_own_error(world):
    wire = make_device_certificate(ROOT, world.certificate)
    with pytest.raises(EnvelopeError):
        parse_certificate(wire[:-1], ROOTS)
    with pytest.raises(CborError):
        parse_certificate(join_certificate(seal(b"\xff", Context.CERTIFICATE, ROOT)), ROOTS)
    with pytest.raises(ClaimsError):
        parse_certificate(join_certificate(seal(b"\xa0", Context.CERTIFICATE, ROOT)), ROOTS)
    with pytest.raises(UntrustedError):
        parse_certificate(join_certificate(seal(b"\xa0", Context.PASS, ROOT)), ROOTS)


def test_what_was_once_believed_vouches_for_nothing_else(world):
    wire = make_device_certificate(ROOT, world.certificate)
    parse_certificate(wire, ROOTS)  # remembered from now on
    stranger = TrustedRoots(keys=(public_bytes(generate_key()),))
    with pytest.raises(UntrustedError):
        parse_certificate(wire, stranger)
    for position in range(len(wire)):
        edited = bytearray(wire)
        edited[position] ^= 1
        with pytest.raises((UntrustedError, EnvelopeError)):
            parse_certificate(bytes(edited), ROOTS)


def test_a_refused_certificate_is_asked_about_again(world, monkeypatch):
    wire = make_device_certificate(ROOT, world.certificate)
    asked = []
    monkeypatch.setattr(TrustedRoots, "voucher_of", lambda *_: asked.append(1))
    for _ in range(2):
        with pytest.raises(UntrustedError):
            parse_certificate(wire, TrustedRoots(keys=(public_bytes(generate_key()),)))
    assert len(asked) == 2


def test_the_root_that_vouches_is_found_whatever_number_the_certificate_names(world):
    roots = TrustedRoots(keys=(public_bytes(generate_key()), public_bytes(ROOT)))
    wire = make_device_certificate(ROOT, replace(world.certificate, root_number=99))
    assert parse_certificate(wire, roots).root == public_bytes(ROOT)


@pytest.mark.parametrize("keys", [(), (bytes(31),), (bytes(32),) * 3])
def test_there_are_one_or_two_roots_of_32_bytes(keys):
    with pytest.raises(ValueError, match="root"):
        TrustedRoots(keys=keys)


def test_a_certificate_covers_its_days_and_events_to_the_last(world):
    claims = world.certificate
    assert [claims.covers_day(day) for day in (20_774, 20_775, 20_805, 20_806)] == [
        *(False, True),
        *(True, False),
    ]
    assert claims.covers_event(12)
    assert not claims.covers_event(13)
    assert replace(claims, events=None).covers_event(13)


def test_a_kiosk_with_its_own_root_certifies_itself_for_30_days_and_all_events():
    claims = own_certificate_claims(5, bytes(32), 20_000)
    assert (claims.not_before, claims.expires) == (20_000, 20_030)
    assert claims.permissions == Permission.ISSUE_PROVISIONAL | Permission.ISSUE_CONFIRMED
    assert (claims.root_number, claims.max_seq) == (1, 1_000_000)
    assert claims.events is None


def test_renewal_is_due_when_less_than_14_days_are_left():
    claims = own_certificate_claims(5, bytes(32), 20_000)
    assert not claims.is_due_for_renewal(20_016)
    assert claims.is_due_for_renewal(20_017)
    assert claims.is_due_for_renewal(30_000)


def test_a_day_begins_at_midnight_utc():
    assert [day_of(instant) for instant in (0, 86_399, 86_400)] == [0, 0, 1]


def test_a_key_survives_being_taken_to_bytes_and_back():
    key = generate_key()
    assert len(private_bytes(key)) == len(public_bytes(key)) == 32
    assert public_bytes(load_key(private_bytes(key))) == public_bytes(key)
    assert private_bytes(generate_key()) != private_bytes(key)


def test_raw_keys_are_those_of_rfc_8032():
    """Section 7.1, test 1."""
    secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert public_bytes(load_key(bytes.fromhex(secret))).hex() == public
