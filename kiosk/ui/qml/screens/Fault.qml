pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// Something is in the way of selling: what it is, what is safe, what to do.
FormPage {
    id: page

    required property FaultVM vm

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gap

        Rectangle {
            Layout.preferredWidth: Theme.largeTarget
            Layout.preferredHeight: Theme.largeTarget
            radius: Theme.radius
            color: Theme.badSoft

            Icon {
                anchors.centerIn: parent
                name: page.vm.sign
                tone: Theme.bad
                size: Theme.icon * 1.5
            }
        }

        Label {
            Layout.fillWidth: true
            text: page.vm.title
            size: Theme.headline
            weight: Font.Bold
            Accessible.role: Accessible.Heading
        }
    }

    Label {
        objectName: "fault_sentence"
        Layout.fillWidth: true
        text: page.vm.sentence
        size: Theme.lead
    }

    Rectangle {
        Layout.fillWidth: true
        visible: page.vm.mistakes.length > 0
        implicitHeight: list.implicitHeight + Theme.gap * 2
        radius: Theme.smallRadius
        color: Theme.sunken

        ColumnLayout {
            id: list

            anchors {
                left: parent.left
                right: parent.right
                verticalCenter: parent.verticalCenter
                margins: Theme.gap
            }
            spacing: Theme.unit

            Repeater {
                model: page.vm.mistakes

                Label {
                    required property string modelData

                    Layout.fillWidth: true
                    text: modelData
                }
            }
        }
    }

    Label {
        Layout.fillWidth: true
        text: qsTr("For whoever helps you: %1").arg(page.vm.code)
        size: Theme.tiny
        tone: Theme.soft
    }

    footer: [
        Button {
            objectName: "fault_quit"
            Layout.fillWidth: !page.vm.can_retry
            large: true
            text: qsTr("Close the program")
            onClicked: page.vm.leave_program()
        },
        Button {
            objectName: "fault_retry"
            Layout.fillWidth: true
            visible: page.vm.can_retry
            kind: "primary"
            large: true
            text: qsTr("Try again")
            onClicked: page.vm.retry()
        }
    ]
}
