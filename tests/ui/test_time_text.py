"""Countdowns, moments and ages, at the event's clock and in its words."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from kiosk.ui.time_text import age_text, clock_text, countdown_text, day_text, moment_text

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
# 2026-11-23 17:30 UTC
EVENING_MS = 1_795_455_000_000


@pytest.mark.parametrize(
    ("left_ms", "said"),
    [
        (0, "0:00"),
        (-5 * SECOND, "0:00"),
        (1, "0:01"),
        (59 * SECOND, "0:59"),
        (12 * MINUTE + 32 * SECOND, "12:32"),
        (HOUR, "1:00:00"),
        (2 * DAY - SECOND, "47:59:59"),
        (2 * DAY, "2 day(s)"),
    ],
)
def test_a_countdown_counts_to_nought_and_not_further(
    qapp: QGuiApplication, left_ms: int, said: str
) -> None:
    assert countdown_text(left_ms) == said


@pytest.mark.parametrize(
    ("zone", "said"), [("UTC", "17:30"), ("Europe/Berlin", "18:30"), ("Asia/Tokyo", "02:30")]
)
def test_a_time_is_that_of_the_event(qapp: QGuiApplication, zone: str, said: str) -> None:
    assert clock_text(EVENING_MS, zone, "en") == said


def test_an_unknown_zone_falls_back_to_utc(qapp: QGuiApplication) -> None:
    assert clock_text(EVENING_MS, "Nowhere/At_All", "en") == "17:30"


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [
        ("en", "Mon 23 Nov, 18:30", "23 November 2026"),
        ("de", "Mo. 23. Nov., 18:30", "23. November 2026"),
    ],
)
def test_a_moment_is_said_in_the_language(
    qapp: QGuiApplication, language: str, moment: str, day: str
) -> None:
    assert moment_text(EVENING_MS, "Europe/Berlin", language) == moment
    assert day_text(EVENING_MS, "Europe/Berlin", language) == day


@pytest.mark.parametrize(
    ("age_ms", "said"),
    [(-1, "just now"), (59_000, "just now"), (MINUTE, "1 min"), (3 * HOUR, "3 h"),
     (2 * DAY, "2 day(s)")],
)  # fmt: skip
def test_an_age_is_told_in_its_largest_unit(qapp: QGuiApplication, age_ms: int, said: str) -> None:
    assert age_text(age_ms) == said
