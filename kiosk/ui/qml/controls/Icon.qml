import QtQuick
import ".."

// A line icon; always beside a word, so it needs no name of its own.
Image {
    required property string name
    property color tone: Theme.ink
    property int size: Theme.icon
    readonly property real ratio: Screen.devicePixelRatio

    width: size
    height: size
    source: name === "" ? ""
        : `image://picture/icon/${name}/${String(tone).slice(1)}/${Math.ceil(size * ratio)}`
    Accessible.ignored: true
}
