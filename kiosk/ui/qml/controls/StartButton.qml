import QtQuick
import QtQuick.Templates as T
import ".."

// The one thing to touch on the first page.
T.Button {
    id: button

    implicitWidth: words.implicitWidth + Theme.wideGap * 4
    implicitHeight: Theme.largeTarget + Theme.unit
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: Item {
        Row {
            id: words

            anchors.centerIn: parent
            spacing: Theme.gap

            Label {
                anchors.verticalCenter: parent.verticalCenter
                text: button.text
                size: Theme.title
                weight: Font.Bold
                tone: Theme.artFrom[0]
                wrapMode: Text.NoWrap
            }

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: "next"
                tone: Theme.artFrom[0]
            }
        }
    }

    background: Rectangle {
        radius: height / 2
        color: button.down ? Theme.heroInkSoft : Theme.heroInk

        FocusRing {
            shown: button.visualFocus
            around: button.height / 2
        }
    }
}
