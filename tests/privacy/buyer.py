"""A window in a process of its own, at which somebody buys while everything goes wrong at once.

It prints what the window is called, and takes the same folder as the command line does.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from PySide6.QtGui import QGuiApplication

import sync.billing
from kiosk import logs
from kiosk.buffer.room import Room
from kiosk.service import members
from kiosk.service.sell import record
from kiosk.ui.pages import Page
from tests.day.test_a_day import Day, first_start
from tests.privacy.marker import EMAIL, NAME


@contextmanager
def a_bug_in_a_job() -> Iterator[None]:
    """The job raises, with the person in its words."""

    def broken(_desk: object, _uow: object, draft: object) -> None:
        raise RuntimeError(f"no such thing: {draft!r} {NAME} {EMAIL}")

    with mock.patch.object(record, "record_within", broken):
        yield


@contextmanager
def a_full_disk() -> Iterator[None]:
    with mock.patch.object(Room, "_free", return_value=0):
        yield


@contextmanager
def a_bug_in_a_search() -> Iterator[None]:
    """The search raises, with the person in its words."""

    def broken(_desk: object, text: str) -> None:
        raise RuntimeError(f"nobody is called {text}: {NAME} {EMAIL}")

    with mock.patch.object(members, "list_members", broken):
        yield


class BrokenRail:
    """The rail's part raises as well, and keeps doing so."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, *_arguments: object) -> str:
        self.times += 1
        raise RuntimeError(f"{NAME} {EMAIL}")


def main() -> None:
    """Buy: twice nothing comes of it, the third time it does."""
    application = QGuiApplication([])
    folder = Path(sys.argv[1])
    logs.start(folder)
    rail = BrokenRail()
    with mock.patch.object(sync.billing, "customer_of", rail):
        day = Day(folder)
        first_start(day)
        day.choose("spice-jar")
        day.describe(NAME, EMAIL)
        tell_titles()
        day.touch("tender_cash", "note_exact")
        for trouble in (a_bug_in_a_job, a_full_disk):
            with trouble():
                day.touch("take_cash")
                tell_titles()
                assert day.page is Page.PAY
        day.touch("take_cash")
        day.on(Page.PASS)
        tell_titles()
        day.touch("pass_done")
        day.on(Page.ATTRACT)
        day.until(lambda: rail.times > 0 and day.app.runner.idle)
        look_up(day)
        day.stop()
    logs.stop()
    del application


def look_up(day: Day) -> None:
    """Staff find the person, show the pass again, and ask for what cannot be done yet."""
    day.staff()
    day.touch("nav_members")
    day.on(Page.MEMBERS)
    with a_bug_in_a_search():
        day.probe.type(NAME.lower()[:3])
        day.until(lambda: day.app.runner.idle)
        assert not day.probe.item("member_0")
    day.probe.type(NAME.lower()[3:])
    day.touch("member_0")
    tell_titles()
    day.touch("show_1-1")
    day.on(Page.PASS)
    tell_titles()
    day.touch("pass_done")
    day.on(Page.MEMBERS)
    day.touch("member_erase", "erase_now")
    day.until(lambda: day.probe.item("member_report"))
    tell_titles()
    day.leave_staff()


def tell_titles() -> None:
    for window in QGuiApplication.topLevelWindows():
        sys.stdout.write(f"title {window.title()}\n")


if __name__ == "__main__":
    try:
        main()
    except AssertionError:
        # Threads of the program would keep the process, and the test waiting for it.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
