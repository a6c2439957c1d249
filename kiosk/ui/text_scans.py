"""One sentence for each answer to a scan, as the person at the door needs it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.domain.verdict import Verdict, Warning
from kiosk.ui.typed_qt import QT_TRANSLATE_NOOP

VERDICTS: Final[Mapping[Verdict, str]] = MappingProxyType({
    Verdict.ACCEPTED: QT_TRANSLATE_NOOP("Scans", "Welcome. This pass is good."),
    Verdict.ENCODING: QT_TRANSLATE_NOOP("Scans", "This is not one of our codes."),
    Verdict.ALPHABET: QT_TRANSLATE_NOOP("Scans", "This code was not read cleanly. Scan it again."),
    Verdict.VERSION: QT_TRANSLATE_NOOP(
        "Scans", "This pass is of a kind this gate does not know yet. Update the gate."),
    Verdict.TRUNCATED: QT_TRANSLATE_NOOP(
        "Scans", "Part of this code is missing. Scan the whole of it again."),
    Verdict.UNTRUSTED: QT_TRANSLATE_NOOP("Scans", "This pass was not issued by this organiser."),
    Verdict.SIGNATURE: QT_TRANSLATE_NOOP("Scans", "This pass has been altered."),
    Verdict.CBOR: QT_TRANSLATE_NOOP("Scans", "This pass is not well formed. Nobody here made it."),
    Verdict.CERT_CLAIMS: QT_TRANSLATE_NOOP(
        "Scans", "The device that made this pass has no proper certificate."),
    Verdict.CLAIMS: QT_TRANSLATE_NOOP("Scans", "What this pass says does not hold together."),
    Verdict.DEV_MISMATCH: QT_TRANSLATE_NOOP(
        "Scans", "This pass names another device than the one that signed it."),
    Verdict.PERMISSION: QT_TRANSLATE_NOOP(
        "Scans", "The device that made this pass was not allowed to."),
    Verdict.SCOPE: QT_TRANSLATE_NOOP(
        "Scans", "The device that made this pass had no right to sell for this event."),
    Verdict.SEQ_LIMIT: QT_TRANSLATE_NOOP(
        "Scans", "The device that made this pass had used up its numbers."),
    Verdict.CLONE: QT_TRANSLATE_NOOP(
        "Scans", "Another pass carries the same number. Ask for the organiser."),
    Verdict.CERT_UNKNOWN: QT_TRANSLATE_NOOP(
        "Scans", "This gate does not know the device that made this pass. Connect the gate once."),
    Verdict.DEV_REVOKED: QT_TRANSLATE_NOOP(
        "Scans", "The device that made this pass was withdrawn. Ask for the organiser."),
    Verdict.CERT_PERIOD: QT_TRANSLATE_NOOP(
        "Scans", "The certificate behind this pass does not cover its day. Ask for the organiser."),
    Verdict.NOT_YET: QT_TRANSLATE_NOOP(
        "Scans", "This pass is dated in the future. Check the clock of this gate."),
    Verdict.EXPIRED: QT_TRANSLATE_NOOP("Scans", "This pass has run out."),
    Verdict.PROVISIONAL_EXPIRED: QT_TRANSLATE_NOOP(
        "Scans", "This pass was provisional, and its payment was not seen in time."),
    Verdict.REVOKED: QT_TRANSLATE_NOOP("Scans", "This pass was taken back."),
    Verdict.SUSPENDED: QT_TRANSLATE_NOOP(
        "Scans", "This pass is on hold while its payment is looked at."),
    Verdict.SUPERSEDED: QT_TRANSLATE_NOOP("Scans", "A newer pass took the place of this one."),
    Verdict.EVENT: QT_TRANSLATE_NOOP("Scans", "This pass belongs to another event."),
    Verdict.TEST_PASS: QT_TRANSLATE_NOOP("Scans", "This is a training pass. It admits nobody."),
    Verdict.USED: QT_TRANSLATE_NOOP("Scans", "This pass has been used."),
    Verdict.NO_ENTITLEMENT: QT_TRANSLATE_NOOP("Scans", "This pass is not for this door."),
})  # fmt: skip

WARNINGS: Final[Mapping[Warning, str]] = MappingProxyType({
    Warning.PROVISIONAL: QT_TRANSLATE_NOOP("Scans", "Provisional: the payment was not seen yet."),
    Warning.STATUS_STALE: QT_TRANSLATE_NOOP(
        "Scans", "The list of withdrawn passes is old. Connect this gate when you can."),
    Warning.CLOCK: QT_TRANSLATE_NOOP(
        "Scans", "The clock of the kiosk that made this pass was not certain."),
    Warning.GATE_CLOCK: QT_TRANSLATE_NOOP("Scans", "The clock of this gate may be wrong."),
    Warning.CERT_EXPIRED_NOW: QT_TRANSLATE_NOOP(
        "Scans", "The kiosk's certificate has run out since this pass was made."),
    Warning.CHECK_ID: QT_TRANSLATE_NOOP("Scans", "Please check the name against an identity card."),
    Warning.DEV_REVOKED_KNOWN: QT_TRANSLATE_NOOP(
        "Scans", "The kiosk was withdrawn later; this pass was known before that."),
})  # fmt: skip
