"""The words of the gate: the codes of the specification, and the family of each."""

from __future__ import annotations

from kiosk.domain.verdict import Family, PassStatus, Verdict, Warning

FAMILIES = {
    Family.ADMITTED: "accepted",
    Family.NOT_OUR_CODE: "E_ENCODING E_ALPHABET E_VERSION E_TRUNCATED",
    Family.FORGED: (
        "E_UNTRUSTED E_SIG E_CBOR E_CERT_CLAIMS E_CLAIMS E_DEV_MISMATCH E_PERM E_SCOPE "
        "E_SEQ_LIMIT E_CLONE"
    ),
    Family.CANNOT_DECIDE: "E_CERT_UNKNOWN E_DEV_REVOKED E_CERT_PERIOD E_NOT_YET",
    Family.OVER: (
        "E_EXPIRED E_PROVISIONAL_EXPIRED E_REVOKED E_SUSPENDED E_SUPERSEDED E_EVENT E_TEST_PASS"
    ),
    Family.SPENT: "E_USED E_NO_ENTITLEMENT",
}
AMBER = (
    "W_PROVISIONAL W_STATUS_STALE W_CLOCK W_GATE_CLOCK W_CERT_EXPIRED_NOW W_CHECK_ID "
    "W_DEV_REVOKED_KNOWN"
)


def test_every_verdict_is_in_exactly_the_family_of_the_specification():
    found: dict[Family, set[str]] = {family: set() for family in Family}
    for verdict in Verdict:
        found[verdict.family].add(verdict.value)
    assert found == {family: set(codes.split()) for family, codes in FAMILIES.items()}


def test_every_amber_word_of_the_specification_is_there():
    assert {warning.value for warning in Warning} == set(AMBER.split())


def test_the_status_of_a_pass_fits_two_bits():
    assert sorted(status.value for status in PassStatus) == [0, 1, 2, 3]
