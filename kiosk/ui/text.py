"""Sentences for what the program knows by name: errors, verdicts, states. One for each, no jargon.

The English stands in the tables beside this module; other languages come from `assets/i18n`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QCoreApplication

from kiosk.domain.checkup import Check, Grade
from kiosk.domain.offer import Cadence
from kiosk.domain.outbox import EntryState, QueueCounts, QueueHealth, RailState, Topic
from kiosk.domain.settlement import FindingKind, Settlement
from kiosk.domain.tender import TenderKind, WhyNot
from kiosk.domain.verdict import Verdict, Warning
from kiosk.errors import KioskError, StoreCorrupt
from kiosk.ui.text_checks import CHECK_NAMES, CHECKS, GRADES, PARTS, WHOLE
from kiosk.ui.text_errors import ERRORS, ONE
from kiosk.ui.text_scans import VERDICTS, WARNINGS
from kiosk.ui.text_store import BY_CHECK
from kiosk.ui.text_trade import (
    CADENCES,
    ENTRY_STATES,
    FINDINGS,
    RAIL_STATES,
    REASONS,
    SETTLEMENTS,
    SEVERAL,
    SPANS,
    TENDER_HINTS,
    TENDERS,
    TOPICS,
    WHY_NOT,
)
from kiosk.ui.typed_qt import QT_TRANSLATE_NOOP

CRASH: Final = QT_TRANSLATE_NOOP(
    "Errors",
    "The kiosk met a fault of its own. Nothing was charged twice. Please try once more, and call "
    "the staff if it happens again.",
)
_UNKNOWN_REASON: Final = QT_TRANSLATE_NOOP(
    "Reasons", "Stripe did not accept this. Its word for it is “{reason}”."
)


def problem_text(error: Exception, offer_names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What happened, what is safe and what to do next; a bug gets the same calm as a full disk.

    `offer_names` lets a sentence name an offer as its card does, not by its code.
    """
    if not isinstance(error, KioskError):
        return _in_words("Errors", CRASH)
    shown = _in_words("Errors", _told(error))
    fields = _Fields(error.fields)
    if (offer := error.fields.get("offer")) is not None:
        fields["offer"] = offer_names.get(str(offer), offer)
    return shown.format_map(fields)


def verdict_text(verdict: Verdict) -> str:
    """What a scan's answer means to the person at the door."""
    return _in_words("Scans", VERDICTS[verdict])


def warning_text(warning: Warning) -> str:
    """The doubt beside an accepted pass."""
    return _in_words("Scans", WARNINGS[warning])


def tender_text(kind: TenderKind) -> str:
    """The name of a way to pay."""
    return _in_words("Trade", TENDERS[kind])


def tender_hint(kind: TenderKind, *, self_service: bool) -> str:
    """What happens when this way to pay is taken."""
    return _in_words("Trade", TENDER_HINTS[kind, self_service])


def why_not_text(reason: WhyNot) -> str:
    """Why a way to pay cannot be taken for this cart."""
    return _in_words("Trade", WHY_NOT[reason])


def cadence_text(cadence: Cadence) -> str:
    """How often a membership renews: `a week`, `every 2 weeks`."""
    if cadence.every == 1:
        return _in_words("Trade", CADENCES[cadence.unit])
    return QCoreApplication.translate("Trade", SEVERAL[cadence.unit], "", cadence.every)


def span_text(cadence: Cadence, periods: int) -> str:
    """How long a membership lasts that is paid at once: `for 4 weeks`."""
    return QCoreApplication.translate("Trade", SPANS[cadence.unit], "", cadence.every * periods)


def state_text(state: EntryState) -> str:
    """Where an entry of the outbox is."""
    return _in_words("Trade", ENTRY_STATES[state])


def topic_text(topic: Topic) -> str:
    """What an entry of the outbox is about."""
    return _in_words("Trade", TOPICS[topic])


def reason_text(reason: str) -> str:
    """Why an entry needs attention: a sentence for what we know, else the rail's own word."""
    name = reason.partition(":")[0]
    if name in REASONS:
        return _in_words("Reasons", REASONS[name])
    return _in_words("Reasons", _UNKNOWN_REASON).format_map(_Fields({"reason": reason}))


def finding_text(kind: FindingKind) -> str:
    """What reconciliation found, and what a person does about it."""
    return _in_words("Findings", FINDINGS[kind])


def settlement_text(settlement: Settlement) -> str:
    """What a sale's money makes of its passes, in a word."""
    return _in_words("Pass", SETTLEMENTS[settlement])


def rail_text(rail: RailState | None) -> str:
    """What the way to the rail is like."""
    return _in_words("Trade", RAIL_STATES[rail])


def banner_text(*, clock_doubtful: bool, event_over: bool) -> str:
    """What is odd about this kiosk's day, and what to do; nothing when nothing is.

    A wrong clock goes first: by it nobody can say whether the event is over.
    """
    if clock_doubtful:
        return QCoreApplication.translate(
            "Banner",
            "The clock of this machine is wrong. Selling goes on, and drops stay open meanwhile. "
            "Please set the clock.",
        )
    if event_over:
        return QCoreApplication.translate(
            "Banner", "This event is over. Selling goes on; load the next event when it begins."
        )
    return ""


def badge_text(health: QueueHealth | None, *, clock_doubtful: bool) -> str:
    """The staff's badge in two words; the worst news goes first."""
    match badge_state(health, clock_doubtful=clock_doubtful):
        case "attention":
            return QCoreApplication.translate("Badge", "Needs attention")
        case "clock":
            return QCoreApplication.translate("Badge", "Clock wrong")
        case "waiting":
            count = _on_the_way(health)
            return QCoreApplication.translate("Badge", "%n waiting", "", count)
        case _:
            return QCoreApplication.translate("Badge", "All sent")


def badge_state(health: QueueHealth | None, *, clock_doubtful: bool) -> str:
    """`attention`, `clock`, `waiting` or `sent`: which sign and colour the badge carries."""
    refused = {RailState.KEY_REFUSED, RailState.WRONG_MODE}
    if health is not None and (
        needs_a_person(health.counts) or health.rail in refused or health.doubt
    ):
        return "attention"
    if clock_doubtful:
        return "clock"
    return "waiting" if _on_the_way(health) else "sent"


def needs_a_person(counts: QueueCounts) -> int:
    """How many things staff have to see to: open findings, and what is parked for no finding."""
    return counts.parked - counts.found + counts.open_findings


def check_text(check: Check) -> str:
    """What a check of the doctor found."""
    return _in_words("Checks", CHECKS[check.words][0]).format_map(_Fields(check.fields))


def remedy_text(check: Check) -> str:
    """What to do about it, or nothing."""
    source = CHECKS[check.words][1]
    return _in_words("Checks", source).format_map(_Fields(check.fields)) if source else ""


def check_name(check: Check) -> str:
    """What was looked at."""
    return _in_words("Checks", CHECK_NAMES[check.name])


def grade_text(grade: Grade, *, whole: bool = False) -> str:
    """How a check went, in a word; `whole`: how everything is, in a sentence."""
    return _in_words("Checks", (WHOLE if whole else GRADES)[grade])


def part_text(part: str) -> str:
    """What a full check is at."""
    return _in_words("Checks", PARTS[part])


def _on_the_way(health: QueueHealth | None) -> int:
    return 0 if health is None else health.counts.waiting + health.counts.unknown


def _told(error: KioskError) -> str:
    """The sentence for this error; one of anything is told in the singular.

    Damage with a way on of its own has a sentence of its own.
    """
    if isinstance(error, StoreCorrupt) and (own := BY_CHECK.get(str(error.fields.get("check")))):
        return own
    counting, alone = ONE.get(type(error), ("", ""))
    return alone if error.fields.get(counting) == 1 else ERRORS[type(error)]


def _in_words(context: str, source: str) -> str:
    return QCoreApplication.translate(context, source)


class _Fields(dict[str, object]):
    """An error may lack a field its sentence would like to show; the sentence still has to come."""

    def __missing__(self, key: str) -> str:
        return "…"
