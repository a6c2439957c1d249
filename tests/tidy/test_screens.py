"""Our own QML keeps the rules; each rule is shown to fail first."""

from collections.abc import Callable, Iterator

import pytest

from tests.tidy import screens
from tests.tidy.sources import Source, expect_none, qml, sample

Rule = Callable[[Source], Iterator[str]]

BAD = [
    (screens.literal_colour, 'color: "#fff"'),
    (screens.literal_colour, "color: Qt.rgba(0, 0, 0, 0.5)"),
    (screens.literal_colour, 'border.color: down ? Theme.ink : "red"'),
    (screens.literal_size, "width: 240"),
    (screens.literal_size, "    anchors.leftMargin: Theme.gap + 4"),
    (screens.literal_size, "font.pixelSize: 13.5"),
    (screens.literal_size, "Layout.preferredHeight: large ? 90 : Theme.row"),
    (screens.literal_size, "duration: 150"),
    (screens.literal_text, 'text: "Pay"'),
    (screens.literal_text, 'Accessible.name: "Pay " + vm.total'),
    (screens.literal_text, 'text: vm.ready ? qsTr("Pay") : "Wait"'),
    (screens.script, "function pay() { vm.pay() }"),
    (screens.script, "onClicked: { const a = 1; vm.pay(a) }"),
    (screens.undrawn_effect, "layer.enabled: true"),
    (screens.undrawn_effect, "MultiEffect { source: card }"),
    (screens.foreign_module, "import QtCharts"),
    (screens.foreign_module, "import QtQuick.VirtualKeyboard.Settings 2.15"),
    (screens.foreign_module, "import QtQuick.Controls.Material"),
    (screens.loose_components, "ListView { delegate: Item {} }"),
]
GOOD = [
    (screens.literal_colour, 'color: Theme.ink // not "#000"'),
    (screens.literal_colour, 'color: "transparent"'),
    (screens.literal_size, "width: parent.width / 2"),
    (screens.literal_size, "height: 0"),
    (screens.literal_size, "implicitWidth: Math.max(Theme.key2, label.implicitWidth)"),
    (screens.literal_size, "z: 100"),
    (screens.literal_text, 'text: qsTr("Pay")'),
    (screens.literal_text, 'text: qsTr("%n left", "a drop", vm.left)'),
    (screens.literal_text, 'text: "\\u2190" + " "'),
    (screens.literal_text, "text: vm.total"),
    (screens.script, "onClicked: vm.pay()"),
    (screens.script, "// a function of the view-model"),
    (screens.undrawn_effect, "property bool layered: true"),
    (screens.foreign_module, "import QtQuick.Templates as T"),
    (screens.loose_components, "pragma ComponentBehavior: Bound\nRepeater { Item {} }"),
    (screens.loose_components, "pragma Singleton\nQtObject {}"),
]
RULES = list(dict.fromkeys(rule for rule, _text in BAD))


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_a_rule_of_qml_finds_a_bad_sample(rule: Rule, text: str) -> None:
    assert len(list(rule(sample(text, "kiosk/ui/qml/Pay.qml")))) == 1


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_a_rule_of_qml_lets_a_good_sample_pass(rule: Rule, text: str) -> None:
    assert list(rule(sample(text, "kiosk/ui/qml/Pay.qml"))) == []


def test_theme_alone_chooses_colours_and_sizes() -> None:
    theme = sample('color: "#fff"\nwidth: 240', "kiosk/ui/qml/Theme.qml")
    assert list(screens.literal_colour(theme)) == []
    assert list(screens.literal_size(theme)) == []


@pytest.mark.parametrize("rule", RULES)
def test_our_qml_keeps_the_rule(rule: Rule) -> None:
    expect_none(finding for source in qml() for finding in rule(source))
