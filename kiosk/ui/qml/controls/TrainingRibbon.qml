import QtQuick
import ".."

// On every page while nothing is real.
Rectangle {
    implicitHeight: label.implicitHeight + Theme.unit
    color: Theme.warnSoft

    Label {
        id: label

        objectName: "training"
        anchors.centerIn: parent
        text: qsTr("Training: no real money, and passes admit nobody")
        size: Theme.tiny
        tone: Theme.warn
        weight: Font.DemiBold
        wrapMode: Text.NoWrap
    }
}
