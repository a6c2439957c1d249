import QtQuick
import QtQuick.Templates as T
import ".."

// A sign to touch; its name is for those who hear the screen.
T.Button {
    id: button

    required property string iconName
    required property string label
    property color tone: Theme.ink
    property color ground: Theme.clear
    property int around: Theme.smallRadius

    implicitWidth: Theme.target
    implicitHeight: Theme.target
    focusPolicy: Qt.StrongFocus
    Accessible.name: label
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.iconName
            tone: button.enabled ? button.tone : Theme.edge
        }
    }

    background: Rectangle {
        radius: button.around
        color: button.down ? Theme.pressed : button.enabled ? button.ground : Theme.clear

        FocusRing {
            shown: button.visualFocus
            around: button.around
        }
    }
}
