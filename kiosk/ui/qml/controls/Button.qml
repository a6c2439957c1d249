import QtQuick
import QtQuick.Templates as T
import ".."

// A word to touch, with an icon if it helps. `kind`: primary, plain, quiet or danger.
T.Button {
    id: button

    property string kind: "plain"
    property string iconName: ""
    property bool iconAfter: false
    property bool large: false
    property int size: large ? Theme.lead : Theme.body
    // What cannot be touched now loses its colour, never its contrast.
    readonly property color words: !enabled ? Theme.soft
        : kind === "primary" ? Theme.accentInk
        : kind === "danger" ? Theme.bad : Theme.ink
    readonly property color ground: !enabled ? (kind === "quiet" ? Theme.clear : Theme.sunken)
        : kind === "primary" ? (down ? Theme.accentPressed : Theme.accent)
        : kind === "quiet" ? (down ? Theme.sunken : Theme.clear)
        : kind === "danger" ? (down ? Theme.pressed : Theme.badSoft)
        : (down ? Theme.pressed : Theme.sunken)

    implicitWidth: Math.max(implicitHeight, label.implicitWidth + leftPadding + rightPadding
        + (iconName === "" ? 0 : Theme.icon) + (iconName === "" || text === "" ? 0 : Theme.unit))
    implicitHeight: large ? Theme.largeTarget : Theme.target
    leftPadding: text === "" ? Theme.unit : Theme.wideGap
    rightPadding: leftPadding
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: Item {
        Row {
            id: row

            anchors.centerIn: parent
            spacing: Theme.unit
            layoutDirection: button.iconAfter ? Qt.RightToLeft : Qt.LeftToRight

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: button.iconName !== ""
                size: Theme.icon
                name: button.iconName
                tone: button.words
            }

            Text {
                id: label

                anchors.verticalCenter: parent.verticalCenter
                visible: text !== ""
                width: Math.min(implicitWidth, Math.max(0, button.width - button.leftPadding * 2
                    - (button.iconName === "" ? 0 : Theme.icon + Theme.unit)))
                text: button.text
                textFormat: Text.PlainText
                color: button.words
                elide: Text.ElideRight
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Math.min(button.size, Theme.least)
                font.family: Theme.family
                font.pixelSize: button.size
                font.weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
                Accessible.ignored: true
            }
        }
    }

    background: Rectangle {
        radius: Theme.smallRadius
        color: button.ground

        FocusRing {
            shown: button.visualFocus
        }
    }
}
