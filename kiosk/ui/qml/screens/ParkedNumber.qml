pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// The number to say at the counter; nothing is sold yet.
FormPage {
    id: page

    required property ParkedNumberVM vm

    title: qsTr("Please pay at the counter")
    subtitle: qsTr("Say this number. Your pass appears there as soon as you have paid.")

    Rectangle {
        Layout.fillWidth: true
        implicitHeight: figures.implicitHeight + Theme.wideGap * 2
        radius: Theme.radius
        color: Theme.accentSoft

        ColumnLayout {
            id: figures

            anchors.centerIn: parent
            spacing: 0

            Label {
                Layout.alignment: Qt.AlignHCenter
                text: qsTr("Your number")
                size: Theme.lead
                tone: Theme.accentSoftInk
            }

            Label {
                objectName: "parked_number"
                Layout.alignment: Qt.AlignHCenter
                text: page.vm.number
                size: Theme.giant
                weight: Font.Bold
                tone: Theme.accentSoftInk
                lineHeight: 1
            }

            Label {
                Layout.alignment: Qt.AlignHCenter
                text: page.vm.total
                size: Theme.title
                weight: Font.DemiBold
                tone: Theme.accentSoftInk
            }
        }
    }

    footer: Button {
        objectName: "parked_done"
        Layout.fillWidth: true
        kind: "primary"
        large: true
        text: qsTr("I know my number")
        onClicked: page.vm.done()
    }
}
