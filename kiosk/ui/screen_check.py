"""Shows every screen once and writes down what Qt complains of: part of the self-check.

A frozen program that lacks a QML module or a font says so only in Qt's messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QMessageLogContext, QThread, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from kiosk.ui.pages import Page
from kiosk.ui.runner import Runner
from kiosk.ui.shell import Shell

ROUNDS_MAX: Final = 10_000
ROUND_MS: Final = 2
QUIET_ROUNDS: Final = 6
# The offscreen platform says this of every window with size limits; no real platform does.
_NO_COMPLAINT: Final = "This plugin does not support propagateSizeHints"


def visit_every_screen(shell: Shell, runner: Runner) -> tuple[str, ...]:
    """Open the window's pages one after the other and draw each; what Qt said against it.

    The window must have been shown. Raises AssertionError when a page does not come to rest.
    """
    complaints: list[str] = []
    with _listening(complaints):
        settle(runner, lambda: shell.page not in {None, Page.BOOT})
        for page in Page:
            shell.go(page)
            settle(runner)
            frame = shell.window.grabWindow()
            if frame.isNull():
                complaints.append(f"{page}: nothing was drawn")
    return tuple(complaints)


def settle(runner: Runner, so: Callable[[], bool] = lambda: True) -> None:
    """Let Qt work until the runner has nothing left to do and `so` holds."""
    quiet = 0
    for _ in range(ROUNDS_MAX):
        QGuiApplication.processEvents()
        quiet = quiet + 1 if runner.idle and so() else 0
        if quiet >= QUIET_ROUNDS:
            return
        QThread.msleep(ROUND_MS)
    raise AssertionError("the window does not come to rest")


@contextmanager
def _listening(complaints: list[str]) -> Iterator[None]:
    def hear(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} and text != _NO_COMPLAINT:
            complaints.append(text)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
