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

    readonly property int around: Math.ceil(Theme.unit * 3
        + (iconName === "" ? 0 : size + row.spacing))

    implicitWidth: Math.ceil(words.implicitWidth) + around
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
            id: words

            anchors.verticalCenter: parent.verticalCenter
            text: chip.text
            size: chip.size
            tone: chip.tone
            weight: Font.DemiBold
            // A pill in a narrow place makes its words smaller rather than cutting them.
            width: Math.min(implicitWidth, Math.max(0, chip.width - chip.around))
            wrapMode: Text.NoWrap
            verticalAlignment: Text.AlignVCenter
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Math.min(chip.size, Theme.least)
            elide: Text.ElideRight
        }
    }
}
