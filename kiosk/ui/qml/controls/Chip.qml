import QtQuick
import ".."

// A short fact in a pill: an icon and a word, never a colour alone.
Rectangle {
    id: chip

    required property string text
    property string iconName: ""
    property color tone: Theme.ink
    property color ground: Theme.sunken
    property int size: Theme.tiny

    implicitWidth: row.implicitWidth + Theme.unit * 3
    implicitHeight: row.implicitHeight + Theme.unit * 1.5
    radius: height / 2
    color: ground

    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.unit * 0.75

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: chip.iconName !== ""
            name: chip.iconName
            tone: chip.tone
            size: chip.size
        }

        Label {
            anchors.verticalCenter: parent.verticalCenter
            text: chip.text
            size: chip.size
            tone: chip.tone
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
        }
    }
}
