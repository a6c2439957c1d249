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
    readonly property string ends: String(from).slice(1) + "/" + String(to).slice(1)
    readonly property string sides: Math.round(width * ratio) + "x" + Math.round(height * ratio)

    source: width < 1 || height < 1 ? ""
        : `image://picture/art/${kind}/${ends}/${sides}/${Math.round(corner * ratio)}`
    fillMode: Image.Stretch
    Accessible.ignored: true
}
