import QtQuick
import ".."

// The picture of an offer that has none: a gradient and a figure for its kind.
Image {
    id: art

    required property int place
    required property string kind
    property int corner: Theme.smallRadius
    property color from: Theme.artFrom[place % Theme.artFrom.length]
    property color to: Theme.artTo[place % Theme.artTo.length]
    readonly property real ratio: Screen.devicePixelRatio

    source: width < 1 || height < 1 ? "" : `image://picture/art/${kind}/${String(from).slice(1)}/${String(to).slice(1)}/${Math.round(width * ratio)}x${Math.round(height * ratio)}/${Math.round(corner * ratio)}`
    fillMode: Image.Stretch
    Accessible.ignored: true
}
