pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// The PIN pad: to sign in, or to choose the first PIN.
FocusScope {
    id: page

    required property PinPadVM vm

    Keys.onPressed: event => vm.press(event.text)
    Keys.onReturnPressed: vm.submit()
    Keys.onEnterPressed: vm.submit()
    Keys.onEscapePressed: vm.back()

    GridLayout {
        anchors.centerIn: parent
        width: Math.min(parent.width - Theme.margin * 2, Theme.padWidth)
        columns: Theme.low ? 2 : 1
        columnSpacing: Theme.wideGap * 2
        rowSpacing: Theme.wideGap

        ColumnLayout {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            spacing: Theme.unit

            Label {
                Layout.fillWidth: true
                text: page.vm.title
                size: Theme.headline
                weight: Font.Bold
                horizontalAlignment: Theme.low ? Text.AlignLeft : Text.AlignHCenter
                Accessible.role: Accessible.Heading
            }

            Label {
                Layout.fillWidth: true
                text: page.vm.problem === "" ? page.vm.explanation : page.vm.problem
                size: Theme.lead
                tone: page.vm.problem === "" ? Theme.soft : Theme.bad
                horizontalAlignment: Theme.low ? Text.AlignLeft : Text.AlignHCenter
            }

            Row {
                Layout.alignment: Theme.low ? Qt.AlignLeft : Qt.AlignHCenter
                Layout.topMargin: Theme.gap
                Layout.preferredHeight: Theme.gap
                spacing: Theme.gap
                Accessible.role: Accessible.StaticText
                Accessible.name: qsTr("%n digit(s)", "", page.vm.digits)

                Repeater {
                    model: Math.max(4, page.vm.digits)

                    Rectangle {
                        required property int index

                        width: Theme.gap
                        height: width
                        radius: width / 2
                        color: index < page.vm.digits ? Theme.accent : Theme.clear
                        border.width: Theme.line * 2
                        border.color: index < page.vm.digits ? Theme.accent : Theme.edge
                    }
                }
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            spacing: Theme.unit

            NumberPad {
                Layout.fillWidth: true
                onPressed: digit => page.vm.press(digit)
                onErased: page.vm.backspace()
            }

            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.unit
                spacing: Theme.unit

                Button {
                    objectName: "pin_back"
                    large: true
                    visible: page.vm.can_go_back
                    text: qsTr("Back")
                    onClicked: page.vm.back()
                }

                Button {
                    objectName: "pin_ok"
                    Layout.fillWidth: true
                    kind: "primary"
                    large: true
                    text: qsTr("OK")
                    enabled: page.vm.complete
                    onClicked: page.vm.submit()
                }
            }
        }
    }
}
