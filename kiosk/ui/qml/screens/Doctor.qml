pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// How this kiosk is: every check with what to do, and a check of everything while selling goes on.
ColumnLayout {
    id: page

    required property DoctorVM vm

    spacing: Theme.gap

    RowLayout {
        Layout.fillWidth: true
        Layout.leftMargin: Theme.margin
        Layout.rightMargin: Theme.margin
        Layout.topMargin: Theme.low ? 0 : Theme.unit
        spacing: Theme.gap

        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.half

            Label {
                Layout.fillWidth: true
                text: qsTr("Doctor")
                size: Theme.title
                weight: Font.Bold
                Accessible.role: Accessible.Heading
            }

            Label {
                objectName: "doctor_summary"
                Layout.fillWidth: true
                text: page.vm.checking ? page.vm.part + " · " + qsTr("Selling goes on meanwhile.")
                    : page.vm.loaded ? page.vm.summary : qsTr("Looking …")
                tone: page.vm.grade === "bad" ? Theme.bad : Theme.soft
            }

            Rectangle {
                Layout.fillWidth: true
                implicitHeight: Theme.unit
                opacity: page.vm.checking ? 1 : 0
                radius: height / 2
                color: Theme.sunken

                Rectangle {
                    objectName: "doctor_progress"
                    width: parent.width * page.vm.percent / 100
                    height: parent.height
                    radius: height / 2
                    color: Theme.accent
                }
            }
        }

        Button {
            objectName: "doctor_check"
            kind: "primary"
            large: true
            iconName: "check"
            text: qsTr("Check everything")
            enabled: page.vm.loaded && !page.vm.checking
            onClicked: page.vm.check_everything()
        }
    }

    Notice {
        Layout.fillWidth: true
        Layout.leftMargin: Theme.margin
        Layout.rightMargin: Theme.margin
        text: page.vm.problem
    }

    ListView {
        objectName: "doctor_list"
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.leftMargin: Theme.margin
        Layout.rightMargin: Theme.margin
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        spacing: Theme.unit
        bottomMargin: Theme.gap
        model: page.vm.checks

        delegate: CheckLine {
            width: ListView.view.width
        }
    }
}
