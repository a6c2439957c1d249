import QtQuick
import ".."

// Shows where the keyboard is; a touch shows nothing.
Rectangle {
    required property bool shown
    property int around: Theme.smallRadius

    anchors.fill: parent
    anchors.margins: -Theme.half
    radius: around + Theme.half
    color: Theme.clear
    border.color: Theme.focus
    border.width: Theme.ring
    visible: shown
}
