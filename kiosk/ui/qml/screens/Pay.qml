pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// How to pay: the ways that work now, or the cash drawer of the seller.
FormPage {
    id: page

    required property PayVM vm

    title: vm.cash ? (Theme.low ? "" : qsTr("Cash")) : qsTr("How would you like to pay?")
    columnWidth: vm.cash && Theme.abreast ? Theme.formWidth * 1.4 : Theme.formWidth
    Keys.onEscapePressed: vm.back()

    Figure {
        Layout.fillWidth: true
        visible: !page.vm.cash
        label: qsTr("To pay")
        text: page.vm.total
    }

    Notice {
        Layout.fillWidth: true
        text: page.vm.problem
    }

    ColumnLayout {
        Layout.fillWidth: true
        visible: !page.vm.cash
        spacing: Theme.gap

        Repeater {
            model: page.vm.choices

            Choice {
                required property string kind
                required property string name
                required property bool available
                required property int index

                objectName: "tender_" + kind
                Layout.fillWidth: true
                sign: kind
                text: name
                first: index === 0 && available
                enabled: available && !page.vm.busy
                onClicked: page.vm.take(kind)
            }
        }
    }

    Loader {
        Layout.fillWidth: true
        active: page.vm.cash
        visible: active

        sourceComponent: CashDrawer {
            due: page.vm.total
            given: page.vm.given
            changeDue: page.vm.change_due
            shortBy: page.vm.short_by
            enough: page.vm.enough
            notes: page.vm.notes
            onGave: minor => page.vm.give(minor)
            onDigit: digit => page.vm.digit(digit)
            onErased: page.vm.backspace()
        }
    }

    footer: [
        Button {
            objectName: "pay_back"
            large: true
            iconName: "back"
            text: qsTr("Back")
            enabled: !page.vm.busy
            onClicked: page.vm.back()
        },
        Button {
            objectName: "take_cash"
            Layout.fillWidth: true
            visible: page.vm.cash
            kind: "primary"
            large: true
            text: qsTr("The cash is in the drawer")
            enabled: page.vm.enough && !page.vm.busy
            onClicked: page.vm.take_cash()
        },
        Item {
            Layout.fillWidth: true
            visible: !page.vm.cash
        }
    ]
}
