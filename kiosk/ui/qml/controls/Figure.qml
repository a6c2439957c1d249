import QtQuick
import QtQuick.Layouts
import ".."

// A word and a figure on one line.
RowLayout {
    id: figure

    required property string label
    required property string text
    property int size: Theme.title

    Label {
        text: figure.label
        size: Theme.lead
        tone: Theme.soft
    }

    Label {
        Layout.fillWidth: true
        text: figure.text
        size: figure.size
        weight: Font.Bold
        horizontalAlignment: Text.AlignRight
        wrapMode: Text.NoWrap
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: Theme.least
        font.features: ({ "tnum": 1 })
    }
}
