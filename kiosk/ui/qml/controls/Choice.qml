import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

// A large choice: a sign, a name, and what follows from it.
T.Button {
    id: choice

    required property string sign
    required property string hint
    property bool first: false
    readonly property color words: !enabled ? Theme.soft : first ? Theme.accentInk : Theme.ink

    implicitHeight: row.implicitHeight + (Theme.low ? Theme.gap : Theme.gap * 2)
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.description: hint
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: RowLayout {
        id: row

        spacing: Theme.wideGap

        Icon {
            Layout.leftMargin: Theme.wideGap
            name: choice.sign
            size: Theme.icon * 1.5
            tone: choice.words
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.topMargin: Theme.half
            Layout.bottomMargin: Theme.half
            spacing: 0

            Label {
                Layout.fillWidth: true
                text: choice.text
                size: Theme.title
                weight: Font.Bold
                tone: choice.words
            }

            Label {
                Layout.fillWidth: true
                text: choice.hint
                tone: choice.words
            }
        }

        Icon {
            Layout.rightMargin: Theme.wideGap
            visible: choice.enabled
            name: "next"
            tone: choice.words
        }
    }

    background: Rectangle {
        radius: Theme.radius
        color: choice.first ? (choice.down ? Theme.accentPressed : Theme.accent)
            : choice.down ? Theme.pressed : Theme.surface
        border.width: choice.first ? 0 : Theme.line
        border.color: choice.enabled ? Theme.edge : Theme.hairline

        FocusRing {
            shown: choice.visualFocus
            around: Theme.radius
        }
    }
}
