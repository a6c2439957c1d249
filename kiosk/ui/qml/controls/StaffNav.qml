pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."

// The pages of the back, and the way out of it.
RowLayout {
    id: nav

    required property AppVM app
    required property string page
    // Where it is narrow the names come first: they grow together, and the lock says "close".
    readonly property bool tight: Theme.window.width < Theme.startWidth

    spacing: tight ? 0 : Theme.half

    Repeater {
        model: [
            { page: "today", name: qsTr("Today") },
            { page: "outbox", name: qsTr("Outbox") },
            { page: "parked-carts", name: qsTr("Parked carts") },
            { page: "members", name: qsTr("Members") },
            { page: "doctor", name: qsTr("Doctor") }
        ]

        Button {
            required property var modelData

            objectName: "nav_" + modelData.page
            kind: nav.page === modelData.page ? "plain" : "quiet"
            Layout.fillWidth: true
            Layout.minimumWidth: Theme.target
            Layout.maximumWidth: implicitWidth
            leftPadding: nav.tight ? Theme.unit : Theme.gap
            size: Theme.bar
            text: modelData.name
            checkable: true
            checked: nav.page === modelData.page
            onClicked: nav.app.open_page(modelData.page)
        }
    }

    Item {
        Layout.fillWidth: true
    }

    Button {
        objectName: "nav_close"
        kind: "quiet"
        leftPadding: nav.tight ? Theme.unit : Theme.gap
        iconName: "lock"
        size: Theme.bar
        text: nav.tight ? "" : qsTr("Close")
        Accessible.name: qsTr("Close")
        onClicked: nav.app.close_staff()
    }
}
