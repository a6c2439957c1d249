"""The check of QML against view-models: it has to find what it is there for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tidy.sources import REPOSITORY

SECONDS = 100

BASE = """
from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement, QmlUncreatable

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("made by the shell")
class ViewModel(QObject):
    changed = Signal()

    @Property(bool, notify=changed)
    def busy(self) -> bool:
        return False
"""
# Not offered to QML itself, but between a base and a view-model that are.
BETWEEN = """
from PySide6.QtCore import Signal

from yet_a_base import ViewModel


class ShopViewModel(ViewModel):
    ticked = Signal()
"""
PAY = """
from PySide6.QtCore import Property, Slot
from PySide6.QtQml import QmlElement

from shop_base import ShopViewModel
from yet_a_base import ViewModel

QML_IMPORT_NAME = "Kiosk"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class PayViewModel(ShopViewModel):
    @Property(str, notify=ViewModel.changed)
    def total(self) -> str:
        return "12.00"

    @Slot(str)
    def pay(self, tender: str) -> None: ...
"""
QML = """
pragma ComponentBehavior: Bound
import QtQuick
import Kiosk

Item {
    id: screen
    required property PayViewModel vm

    Text {
        text: screen.vm.total
        visible: !screen.vm.busy
    }

    TapHandler {
        onTapped: screen.vm.pay("cash")
    }
}
"""


def lint(folder: Path, qml: str) -> subprocess.CompletedProcess[str]:
    """Lints one screen with two view-models, in a folder of its own."""
    ui = folder / "ui"
    (ui / "qml" / "screens").mkdir(parents=True)
    # In the order of the alphabet, each would come before its base.
    (ui / "yet_a_base.py").write_text(BASE)
    (ui / "shop_base.py").write_text(BETWEEN)
    (ui / "pay.py").write_text(PAY)
    (ui / "qml" / "screens" / "Pay.qml").write_text(qml)
    return run(folder)


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / ".ci" / "lint_qml.py"), "ui/qml"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS
    )


def test_a_screen_that_asks_for_what_there_is_passes(tmp_path: Path) -> None:
    done = lint(tmp_path, QML)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("vm.total", "vm.totall"), ("vm.busy", "vm.bussy"), ("vm.pay(", "vm.paay(")],
)
def test_a_misspelt_property_or_slot_is_found(tmp_path: Path, right: str, wrong: str) -> None:
    done = lint(tmp_path, QML.replace(right, wrong))
    assert done.returncode != 0
    assert wrong.strip("(").removeprefix("vm.") in done.stdout + done.stderr


def test_a_type_nobody_offers_is_found(tmp_path: Path) -> None:
    assert lint(tmp_path, QML.replace("PayViewModel vm", "PaidViewModel vm")).returncode != 0


def test_no_qml_is_no_fault(tmp_path: Path) -> None:
    assert run(tmp_path).returncode == 0
