import QtQuick
import QtQuick.Templates as T
import ".."

// Text that screen readers meet, unlike a bare Text. What visitors type is never read as markup.
T.Label {
    property int size: Theme.body
    property color tone: Theme.ink
    property int weight: Font.Normal

    color: tone
    font.family: Theme.family
    font.pixelSize: size
    font.weight: weight
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    horizontalAlignment: Text.AlignLeft
    Accessible.ignored: text === ""
}
