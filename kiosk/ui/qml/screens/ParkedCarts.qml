pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// Carts that wait at the counter: pick the number, take the cash.
FormPage {
    id: page

    required property ParkedCartsVM vm

    title: vm.picked === "" ? qsTr("Parked carts")
        : Theme.low ? "" : qsTr("Number %1").arg(vm.picked)
    columnWidth: Theme.formWidth * 1.4
    Keys.onEscapePressed: vm.back()

    Notice {
        Layout.fillWidth: true
        text: page.vm.problem
    }

    Label {
        Layout.fillWidth: true
        visible: page.vm.none
        text: qsTr("Nobody waits at the counter. A cart comes here when a visitor chooses cash.")
        size: Theme.lead
        tone: Theme.soft
    }

    ColumnLayout {
        Layout.fillWidth: true
        visible: page.vm.picked === ""
        spacing: Theme.unit

        Repeater {
            model: page.vm.carts

            Rectangle {
                id: cart

                required property int number
                required property string name
                required property string total
                required property string age
                required property string lines

                Layout.fillWidth: true
                implicitHeight: row.implicitHeight + Theme.gap
                radius: Theme.smallRadius
                color: Theme.surface
                border.width: Theme.line
                border.color: Theme.hairline

                RowLayout {
                    id: row

                    anchors {
                        left: parent.left
                        right: parent.right
                        verticalCenter: parent.verticalCenter
                        leftMargin: Theme.gap
                        rightMargin: Theme.unit
                    }
                    spacing: Theme.gap

                    Label {
                        Layout.minimumWidth: Theme.target
                        text: cart.number
                        size: Theme.headline
                        weight: Font.Bold
                    }

                    ColumnLayout {
                        Layout.fillWidth: true
                        spacing: 0

                        Label {
                            Layout.fillWidth: true
                            text: cart.name
                            weight: Font.DemiBold
                            wrapMode: Text.NoWrap
                            elide: Text.ElideRight
                        }

                        Label {
                            Layout.fillWidth: true
                            text: cart.lines + " · " + cart.age
                            size: Theme.tiny
                            tone: Theme.soft
                            maximumLineCount: 2
                            elide: Text.ElideRight
                        }
                    }

                    Label {
                        text: cart.total
                        size: Theme.lead
                        weight: Font.DemiBold
                        wrapMode: Text.NoWrap
                    }

                    IconButton {
                        objectName: "drop_" + cart.number
                        iconName: "close"
                        label: qsTr("Forget number %1").arg(cart.number)
                        onClicked: page.vm.drop(cart.number)
                    }

                    Button {
                        objectName: "pick_" + cart.number
                        kind: "primary"
                        text: qsTr("Take cash")
                        Accessible.name: qsTr("Take cash for number %1").arg(cart.number)
                        onClicked: page.vm.pick(cart.number)
                    }
                }
            }
        }
    }

    Notice {
        Layout.fillWidth: true
        text: page.vm.agreed === "" ? ""
            : qsTr("The price has changed: the member saw %1. Say so before you take the cash.")
                .arg(page.vm.agreed)
    }

    Loader {
        Layout.fillWidth: true
        active: page.vm.picked !== ""
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
            objectName: "parked_back"
            visible: page.vm.picked !== ""
            large: true
            iconName: "back"
            text: qsTr("Back")
            onClicked: page.vm.back()
        },
        Button {
            objectName: "parked_take_cash"
            Layout.fillWidth: true
            visible: page.vm.picked !== ""
            kind: "primary"
            large: true
            text: qsTr("The cash is in the drawer")
            enabled: page.vm.enough && !page.vm.busy
            onClicked: page.vm.take_cash()
        }
    ]
}
