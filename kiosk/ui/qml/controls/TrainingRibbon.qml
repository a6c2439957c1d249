import QtQuick
import ".."

// On every page while nothing is real.
Rectangle {
    implicitHeight: label.implicitHeight + Theme.unit
    color: Theme.warnSoft

    Label {
        id: label

        objectName: "training"
        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            leftMargin: Theme.gap
            rightMargin: Theme.gap
        }
        text: qsTr("Training: no real money, and passes admit nobody")
        size: Theme.tiny
        tone: Theme.warn
        weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
    }
}
