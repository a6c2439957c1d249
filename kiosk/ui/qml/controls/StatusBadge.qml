import QtQuick
import QtQuick.Templates as T
import ".."

// How sending stands, for staff: a sign and two words. It is also the way to the staff pages.
T.Button {
    id: badge

    required property string state_name
    readonly property bool bad: state_name === "attention" || state_name === "clock"
    readonly property bool waiting: state_name === "waiting"
    readonly property color tone: bad ? Theme.bad : waiting ? Theme.warn : Theme.good
    readonly property color ground: bad ? Theme.badSoft : waiting ? Theme.warnSoft : Theme.goodSoft

    implicitWidth: chip.implicitWidth
    implicitHeight: Theme.target
    focusPolicy: Qt.StrongFocus
    Accessible.name: qsTr("Staff: %1").arg(text)
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: Item {
        Chip {
            id: chip

            anchors.centerIn: parent
            text: badge.text
            size: Math.min(Theme.tiny, Theme.bar)
            tone: badge.tone
            ground: badge.ground
            iconName: badge.state_name === "sent" ? "check"
                : badge.state_name === "waiting" ? "wait"
                : badge.state_name === "clock" ? "clock" : "alert"
        }
    }

    background: Item {
        FocusRing {
            shown: badge.visualFocus
        }
    }
}
