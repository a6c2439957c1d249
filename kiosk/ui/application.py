"""The application object of Qt, which there is one of before the first window."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow, QSGRendererInterface


def make_application(arguments: list[str], *, gpu: bool) -> QGuiApplication:
    """The application, drawing without a graphics card unless the settings ask for one."""
    if not gpu:
        # Before the first window. A graphics driver without a card is the worst choice of all.
        QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    application = QGuiApplication(arguments)
    application.setApplicationName("kiosk")
    application.setApplicationDisplayName("Kiosk")
    # Closing the last window is for the shell to decide.
    application.setQuitOnLastWindowClosed(True)
    return application
