"""Instants and durations as people read them, in their language and at the event's clock."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QCoreApplication, QDateTime, QLocale, QTimeZone

_SECOND_MS: Final = 1000
_DAY_S: Final = 86_400


def countdown_text(left_ms: int) -> str:
    """`12:32`, `1:05:00`, or `2 days`: what is left, never below nought."""
    seconds = max(0, -(-left_ms // _SECOND_MS))
    if seconds >= 2 * _DAY_S:
        return _days(seconds // _DAY_S)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def clock_text(at_ms: int, time_zone: str, language: str) -> str:
    """The time of day: `18:30`."""
    return QLocale(language).toString(_local(at_ms, time_zone).time(), "HH:mm")


def moment_text(at_ms: int, time_zone: str, language: str) -> str:
    """Day and time: `Mon 23 Nov, 18:30` in the language's own order."""
    locale, local = QLocale(language), _local(at_ms, time_zone)
    day = locale.toString(local.date(), "ddd d MMM" if language == "en" else "ddd d. MMM")
    return f"{day}, {locale.toString(local.time(), 'HH:mm')}"


def day_text(at_ms: int, time_zone: str, language: str) -> str:
    """A whole date: `23 November 2026`."""
    pattern = "d MMMM yyyy" if language == "en" else "d. MMMM yyyy"
    return QLocale(language).toString(_local(at_ms, time_zone).date(), pattern)


def age_text(age_ms: int) -> str:
    """How long ago, in the largest whole unit: `just now`, `5 min`, `3 h`, `2 days`."""
    minutes = max(0, age_ms) // 60_000
    if minutes == 0:
        return QCoreApplication.translate("Time", "just now")
    if minutes < 60:
        return QCoreApplication.translate("Time", "%1 min").replace("%1", str(minutes))
    if minutes < 2 * 24 * 60:
        return QCoreApplication.translate("Time", "%1 h").replace("%1", str(minutes // 60))
    return _days(minutes // (24 * 60))


def _days(count: int) -> str:
    return QCoreApplication.translate("Time", "%n day(s)", "", count)


def _local(at_ms: int, time_zone: str) -> QDateTime:
    zone = QTimeZone(QByteArray(time_zone.encode()))
    return QDateTime.fromMSecsSinceEpoch(at_ms, zone if zone.isValid() else QTimeZone.utc())
