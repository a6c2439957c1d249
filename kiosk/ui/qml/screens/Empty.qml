pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// No event is loaded: says what to do.
FormPage {
    id: page

    required property EmptyVM vm

    title: qsTr("No event yet")
    subtitle: qsTr("The till is ready. Load an event, and the shop opens.")

    Rectangle {
        Layout.fillWidth: true
        implicitHeight: steps.implicitHeight + Theme.wideGap * 2
        radius: Theme.radius
        color: Theme.surface
        border.width: Theme.line
        border.color: Theme.hairline

        ColumnLayout {
            id: steps

            anchors {
                left: parent.left
                right: parent.right
                verticalCenter: parent.verticalCenter
                margins: Theme.wideGap
            }
            spacing: Theme.gap

            Label {
                Layout.fillWidth: true
                text: qsTr("1. Write your event file, or take one of the samples in assets/events.")
            }

            Label {
                Layout.fillWidth: true
                text: qsTr("2. Close the kiosk and run: python -m kiosk load EVENT.toml")
            }

            Label {
                Layout.fillWidth: true
                text: qsTr("3. Open the kiosk again. The event greets you.")
            }
        }
    }

    footer: Button {
        objectName: "look_again"
        Layout.fillWidth: true
        kind: "primary"
        large: true
        text: qsTr("Look again")
        onClicked: page.vm.look_again()
    }
}
