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

    spacing: Theme.half

    Repeater {
        model: [
            { page: "today", name: qsTr("Today") },
            { page: "outbox", name: qsTr("Outbox") },
            { page: "parked-carts", name: qsTr("Parked carts") }
        ]

        Button {
            required property var modelData

            objectName: "nav_" + modelData.page
            kind: nav.page === modelData.page ? "plain" : "quiet"
            leftPadding: Theme.gap
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
        leftPadding: Theme.gap
        iconName: "lock"
        size: Theme.bar
        text: qsTr("Close")
        onClicked: nav.app.close_staff()
    }
}
