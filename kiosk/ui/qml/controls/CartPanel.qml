pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."

// The cart: each line with its steps, the total, and the way on.
Rectangle {
    id: panel

    required property OffersVM vm
    property bool closable: false
    signal closed()

    color: Theme.surface

    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.wideGap
        spacing: Theme.gap

        RowLayout {
            Layout.fillWidth: true

            Label {
                Layout.fillWidth: true
                text: qsTr("Your cart")
                size: Theme.title
                weight: Font.Bold
                Accessible.role: Accessible.Heading
            }

            IconButton {
                objectName: "cart_close"
                visible: panel.closable
                iconName: "close"
                label: qsTr("Close the cart")
                ground: Theme.sunken
                onClicked: panel.closed()
            }
        }

        Label {
            Layout.fillWidth: true
            visible: panel.vm.pieces === 0
            text: qsTr("Nothing in it yet. Touch “Add” on a card.")
            tone: Theme.soft
        }

        ListView {
            id: list

            Layout.fillWidth: true
            Layout.fillHeight: true
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            spacing: Theme.gap
            model: panel.vm.cart

            delegate: ColumnLayout {
                id: line

                required property string code
                required property string name
                required property int quantity
                required property string amount
                required property bool more

                width: list.width
                spacing: Theme.half

                Label {
                    Layout.fillWidth: true
                    text: line.name
                    weight: Font.DemiBold
                    maximumLineCount: 2
                    elide: Text.ElideRight
                }

                RowLayout {
                    Layout.fillWidth: true

                    Stepper {
                        objectName: "steps_" + line.code
                        quantity: line.quantity
                        more: line.more
                        name: line.name
                        onAdded: panel.vm.add(line.code)
                        onTaken: panel.vm.less(line.code)
                    }

                    Label {
                        Layout.fillWidth: true
                        text: line.amount
                        size: Theme.lead
                        horizontalAlignment: Text.AlignRight
                        wrapMode: Text.NoWrap
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.least
                    }
                }
            }
        }

        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.line
            color: Theme.hairline
        }

        RowLayout {
            Layout.fillWidth: true

            Label {
                text: qsTr("Total")
                size: Theme.lead
                tone: Theme.soft
            }

            Label {
                objectName: "cart_total"
                Layout.fillWidth: true
                text: panel.vm.total
                size: Theme.headline
                weight: Font.Bold
                horizontalAlignment: Text.AlignRight
                wrapMode: Text.NoWrap
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.least
            }
        }

        Button {
            objectName: "cart_continue"
            Layout.fillWidth: true
            text: qsTr("Continue")
            kind: "primary"
            large: true
            enabled: panel.vm.pieces > 0 && !panel.vm.busy
            onClicked: panel.vm.go_on()
        }
    }
}
