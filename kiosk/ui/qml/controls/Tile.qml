import QtQuick
import QtQuick.Layouts
import ".."

// One figure of the day; `percent` fills a bar below it, -1 leaves it out.
Rectangle {
    id: tile

    required property string label
    required property string text
    property int percent: -1

    implicitHeight: column.implicitHeight + Theme.gap * 2
    radius: Theme.radius
    color: Theme.surface
    border.width: Theme.line
    border.color: Theme.hairline

    ColumnLayout {
        id: column

        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.gap }
        spacing: Theme.half

        Label {
            Layout.fillWidth: true
            text: tile.label
            tone: Theme.soft
            wrapMode: Text.NoWrap
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.least
            elide: Text.ElideRight
        }

        Label {
            Layout.fillWidth: true
            text: tile.text === "" ? "–" : tile.text
            size: Theme.headline
            weight: Font.Bold
            wrapMode: Text.NoWrap
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.least
            font.features: ({ "tnum": 1 })
        }

        Rectangle {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.half
            radius: height / 2
            color: tile.percent < 0 ? Theme.clear : Theme.sunken

            Rectangle {
                width: parent.width * Math.max(0, tile.percent) / 100
                height: parent.height
                radius: height / 2
                color: tile.percent > 80 ? Theme.bad : Theme.accent
            }
        }
    }
}
