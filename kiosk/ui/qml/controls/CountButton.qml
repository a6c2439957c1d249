import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

// A count that filters the list below it.
T.Button {
    id: button

    required property int count
    required property string label
    required property string iconName
    required property bool chosen
    property bool worrying: false
    readonly property color tone: worrying ? Theme.bad : Theme.ink

    Layout.fillWidth: true
    Layout.preferredWidth: 1
    topPadding: Theme.unit
    bottomPadding: Theme.unit
    implicitHeight: column.implicitHeight + topPadding + bottomPadding
    focusPolicy: Qt.StrongFocus
    Accessible.name: label + ": " + count
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: ColumnLayout {
        id: column

        spacing: 0

        RowLayout {
            Layout.leftMargin: Theme.gap
            spacing: Theme.unit

            Icon {
                name: button.iconName
                tone: button.tone
            }

            Label {
                text: button.count
                size: Theme.title
                weight: Font.Bold
                tone: button.tone
                font.features: ({ "tnum": 1 })
            }
        }

        Label {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.gap
            Layout.rightMargin: Theme.unit
            text: button.label
            size: Theme.tiny
            tone: button.worrying ? Theme.bad : Theme.soft
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
        }
    }

    background: Rectangle {
        radius: Theme.smallRadius
        color: button.down ? Theme.pressed : button.worrying ? Theme.badSoft : Theme.surface
        border.width: button.chosen ? Theme.ring : Theme.line
        border.color: button.chosen ? Theme.accent : Theme.hairline

        FocusRing {
            shown: button.visualFocus
        }
    }
}
