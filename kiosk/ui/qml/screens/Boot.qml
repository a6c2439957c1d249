pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// The first frame: shown before anything is unlocked or read.
FocusScope {
    required property BootVM vm

    ColumnLayout {
        anchors.centerIn: parent
        spacing: Theme.gap

        Label {
            Layout.alignment: Qt.AlignHCenter
            text: qsTr("Kiosk")
            size: Theme.figure
            weight: Font.Bold
        }

        Label {
            Layout.alignment: Qt.AlignHCenter
            text: qsTr("Opening the till")
            size: Theme.lead
            tone: Theme.soft
        }
    }
}
