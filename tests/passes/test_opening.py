"""From scanned text to believable claims: every code of steps 1 to 4 has a text that earns it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.verdict import Verdict
from kiosk.passes import base41, cbor
from kiosk.passes.claims import encode_claims
from kiosk.passes.envelope import Context, PassParts, Sealed, join_certificate, join_pass, seal
from kiosk.passes.trust import TrustedRoots, encode_certificate_claims, public_bytes

# Step 1: the text


def test_more_than_1200_characters_are_not_even_looked_at(world):
    text = world.text()
    world.accepts(text.rjust(1_200))
    world.refuses(text.rjust(1_201), Verdict.ENCODING)


@pytest.mark.parametrize(
    "text", ["", "   ", "EP1:", "ep1:", "https://pass.example.org/#", "##", "%20%"]
)
def test_a_text_without_a_token_is_not_our_code(world, text):
    found = world.verify(text)
    assert found.verdict in (Verdict.ENCODING, Verdict.ALPHABET)
    assert (found.verdict is Verdict.ALPHABET) == ("%" in text)


@pytest.mark.parametrize(
    "shape",
    [
        "{}",
        "  {}\r\n",
        "EP1:{}",
        "ep1:{}",
        "https://pass.example.org/#{}",
        "HTTPS://PASS.EXAMPLE.ORG/#EP1:{}",
        "https://pass.example.org/a#b#{}",
        "anything at all#{}",
    ],
)
def test_a_token_is_found_however_it_was_carried(world, shape):
    text = world.text()
    world.accepts(shape.format(text))
    world.accepts(shape.format(text.lower()))


def test_a_token_that_a_browser_percent_encoded_is_the_same_token(world):
    encoded = world.text().replace("/", "%2F").replace(":", "%3a").replace("$", "%24")
    world.accepts(f"https://pass.example.org/#{encoded}")


# Step 2: the bytes


@pytest.mark.parametrize(
    "text", ["HELLO WORLD", "A_B", "00é", "%FF%FE", "%zz", "EP1:EP2:€", "\ud800"]
)
def test_a_character_outside_the_alphabet_is_not_our_code(world, text):
    world.refuses(text, Verdict.ALPHABET)


@pytest.mark.parametrize("text", ["0", "0000", "HZ.", ":::", "::", "WWW:"])
def test_text_of_the_alphabet_that_no_bytes_have_is_not_our_code(world, text):
    world.refuses(text, Verdict.ENCODING)


@pytest.mark.parametrize("version", [0x00, 0x0F, 0x12, 0x13, 0x14, 0xFF])
def test_a_version_byte_of_nothing_a_gate_admits_is_refused(world, version):
    wire = bytearray(base41.decode(world.text()))
    wire[0] = version
    world.refuses(base41.encode(bytes(wire)), Verdict.VERSION)


@pytest.mark.parametrize("version", [0x10, 0x11])
def test_a_pass_cut_short_is_refused_as_cut_short(world, version):
    wire = bytes((version,)) + base41.decode(world.text())[1:]
    for length in (1, 2, 40, 64):
        world.refuses(base41.encode(wire[:length]), Verdict.TRUNCATED)


def test_a_pass_of_certificate_and_signature_alone_is_cut_short(world):
    certificate = join_certificate(world.sealed_certificate())[1:]
    wire = b"\x11" + certificate + bytes(64)
    world.refuses(base41.encode(wire), Verdict.TRUNCATED)
    world.refuses(base41.encode(wire + b"\0"), Verdict.SIGNATURE)


# Step 3: the certificate


def test_a_pass_by_number_needs_a_certificate_that_the_gate_knows(world):
    text = world.text_of(encode_claims(world.claims), None)
    world.refuses(text, Verdict.CERT_UNKNOWN)
    world.accepts(text, certificates={23: world.sealed_certificate()})


@pytest.mark.parametrize(
    "payload", [b"\xa0", b"\x00", b"\xff\xff", b"\xa1\x01\x61\x41", b"\xa1\x02\x17"]
)
def test_a_pass_by_number_without_a_readable_number_has_no_known_certificate(world, payload):
    text = world.text_of(payload, None)
    world.refuses(text, Verdict.CERT_UNKNOWN, certificates={23: world.sealed_certificate()})


def test_a_certificate_that_no_trusted_root_signed_is_untrusted(world):
    stranger = seal(encode_certificate_claims(world.certificate), Context.CERTIFICATE, world.device)
    world.refuses(world.text_of(encode_claims(world.claims), stranger), Verdict.UNTRUSTED)


def test_a_certificate_of_the_next_root_is_trusted_during_a_rotation(world):
    roots = TrustedRoots(keys=(public_bytes(world.device), public_bytes(world.root)))
    world.accepts(world.text(), roots=roots)


def test_a_certificate_is_not_read_before_its_signature_holds(world):
    garbage = Sealed(payload=b"\xff", signature=bytes(64))
    world.refuses(world.text_of(encode_claims(world.claims), garbage), Verdict.UNTRUSTED)


@pytest.mark.parametrize("payload", [b"", b"\xff", b"\xa2\x01\x00\x01\x00", b"\xa1\x01\x18\x17"])
def test_a_certificate_that_is_not_deterministic_cbor_is_refused(world, payload):
    sealed = seal(payload, Context.CERTIFICATE, world.root)
    world.refuses(world.text_of(encode_claims(world.claims), sealed), Verdict.CBOR)


@pytest.mark.parametrize(
    "change",
    [{key: None} for key in (1, 2, 3, 4, 6, 7, 9)]
    + [{8: 1}, {10: 1}, {15: 1}, {0: 1}, {2: bytes(31)}, {2: bytes(33)}, {2: "a"}]
    + [{5: []}, {5: [1, 2, 3, 4, 5]}, {5: 12}, {5: ["a"]}, {5: [2**32]}, {5: [True]}]
    + [{1: 2**32}, {3: True}, {4: -1}, {6: "3"}, {7: b"1"}, {9: [1]}],
    ids=repr,
)
def test_a_certificate_whose_claims_break_a_rule_is_refused(world, change):
    sealed = seal(_changed(_certificate_table(world), change), Context.CERTIFICATE, world.root)
    world.refuses(world.text_of(encode_claims(world.claims), sealed), Verdict.CERT_CLAIMS)


def test_unknown_certificate_claims_from_16_up_are_for_newer_readers(world):
    changed = _changed(_certificate_table(world), {16: -1, 99: [b"later"]})
    sealed = seal(changed, Context.CERTIFICATE, world.root)
    world.accepts(world.text_of(encode_claims(world.claims), sealed))


# Step 4: the pass


def test_a_pass_signed_by_another_key_is_forged(world):
    sealed = seal(encode_claims(world.claims), Context.PASS, world.root)
    parts = PassParts(certificate=world.sealed_certificate(), sealed=sealed)
    world.refuses(base41.encode(join_pass(parts)), Verdict.SIGNATURE)


@pytest.mark.parametrize("context", [c for c in Context if c is not Context.PASS])
def test_a_signature_of_another_kind_of_object_does_not_make_a_pass(world, context):
    sealed = seal(encode_claims(world.claims), context, world.device)
    parts = PassParts(certificate=world.sealed_certificate(), sealed=sealed)
    world.refuses(base41.encode(join_pass(parts)), Verdict.SIGNATURE)


def test_a_certificate_replayed_as_a_pass_is_refused(world):
    certificate = world.sealed_certificate()
    wire = join_certificate(certificate)
    world.refuses(base41.encode(wire), Verdict.VERSION)
    by_number = PassParts(certificate=None, sealed=certificate)
    known = {23: certificate}
    world.refuses(base41.encode(join_pass(by_number)), Verdict.SIGNATURE, certificates=known)
    embedded = PassParts(certificate=certificate, sealed=certificate)
    world.refuses(base41.encode(join_pass(embedded)), Verdict.SIGNATURE)


def test_a_certificate_replayed_as_a_pass_is_refused_even_of_a_root_that_is_a_device(world):
    certificate = world.sealed_certificate(public_key=public_bytes(world.root))
    embedded = PassParts(certificate=certificate, sealed=certificate)
    world.refuses(base41.encode(join_pass(embedded)), Verdict.SIGNATURE)


def test_a_claim_written_twice_is_refused_though_the_device_signed_it(world):
    payload = encode_claims(world.claims)
    assert payload[:3] == b"\xa9\x01\x17"
    doubled = b"\xaa\x01\x17" + payload[1:]
    world.refuses(world.text_of(doubled, world.sealed_certificate()), Verdict.CBOR)


def test_a_number_longer_than_needed_is_refused_though_the_device_signed_it(world):
    payload = encode_claims(world.claims)
    longer = payload[:2] + b"\x18\x17" + payload[3:]
    assert cbor.decode(payload) != longer
    world.refuses(world.text_of(longer, world.sealed_certificate()), Verdict.CBOR)


@pytest.mark.parametrize("tail", [b"\x00", b"\xa0", b"\xff", bytes(20)])
def test_bytes_after_the_claims_are_refused_though_the_device_signed_them(world, tail):
    payload = encode_claims(world.claims) + tail
    world.refuses(world.text_of(payload, world.sealed_certificate()), Verdict.CBOR)


@pytest.mark.parametrize(
    "change",
    [{key: None} for key in (1, 2, 3, 4, 5, 6, 8)]
    + [{12: 0}, {13: 0}, {15: 0}, {0: 0}, {1: 2**32}, {2: -1}, {3: True}, {4: "1"}, {5: b"1"}]
    + [{6: []}, {6: {1: 1001}}, {6: {1: -1}}, {6: {1: True}}, {6: {2**32: 1}}]
    + [{6: {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}}]
    + [{7: "x" * 25}, {7: "ü" * 13}, {7: b"Maria"}, {8: 2**32}, {8: "0"}, {9: -1}, {11: [1]}]
    + [{8: 1}, {10: 1440}, {8: 1, 10: 2**32}, {8: 1, 10: "1440"}],
    ids=repr,
)
def test_a_pass_whose_claims_break_a_rule_is_refused(world, change):
    payload = _changed(cbor.decode(encode_claims(world.claims)), change)
    found = world.refuses(world.text_of(payload, world.sealed_certificate()), Verdict.CLAIMS)
    assert found.claims is None


@pytest.mark.parametrize("payload", [b"\x00", b"\x80", b"\x60", b"\xf5"])
def test_a_signed_payload_that_is_no_map_of_claims_is_refused(world, payload):
    world.refuses(world.text_of(payload, world.sealed_certificate()), Verdict.CLAIMS)


@pytest.mark.parametrize(
    "change",
    [
        *({16: 1}, {2**40: [b"later"]}, {16: True, 17: {1: -5}}),
        *({7: ""}, {7: "x" * 24}, {7: "ü" * 12}, {7: None}, {6: {}}, {6: {2**32 - 1: 1000}}),
        *({9: None}, {11: 0}, {8: 2**31}),
    ],
    ids=repr,
)
def test_claims_at_the_edge_of_their_rules_are_accepted(world, change):
    payload = _changed(cbor.decode(encode_claims(world.claims)), change)
    world.accepts(world.text_of(payload, world.sealed_certificate()))


def test_a_pass_under_the_certificate_of_another_device_number_is_forged(world):
    found = world.refuses(world.text(device=24), Verdict.DEV_MISMATCH)
    assert found.claims is None


def test_a_certificate_filed_under_the_wrong_number_helps_nobody(world):
    text = world.text_of(encode_claims(replace(world.claims, device=24)), None)
    known = {24: world.sealed_certificate()}
    world.refuses(text, Verdict.DEV_MISMATCH, certificates=known)


def _certificate_table(world):
    return cbor.decode(encode_certificate_claims(world.certificate))


def _changed(table, change):
    merged = {**table, **change}
    return cbor.encode({key: value for key, value in merged.items() if value is not None})
