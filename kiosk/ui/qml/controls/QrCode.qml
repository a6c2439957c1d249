import QtQuick
import ".."

// A code on white paper, enlarged by whole device pixels per module so that no edge is blurred.
Rectangle {
    id: paper

    required property string source
    required property int across
    required property string name
    property real room: 0
    readonly property real ratio: Screen.devicePixelRatio
    readonly property int step: Math.max(1, Math.floor(room * ratio / across))
    readonly property real side: step * across / ratio

    implicitWidth: side
    implicitHeight: side
    color: Theme.codePaper

    Image {
        anchors.centerIn: parent
        width: paper.side
        height: paper.side
        source: paper.source
        cache: false
        smooth: false
        mipmap: false
        fillMode: Image.Stretch
        Accessible.role: Accessible.Graphic
        Accessible.name: paper.name
    }
}
