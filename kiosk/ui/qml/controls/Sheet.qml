import QtQuick
import QtQuick.Layouts
import ".."

// A page in front of the page: its title, its content, and a way out that is always in sight.
FocusScope {
    id: sheet

    required property bool open
    property string title: ""
    default property alias content: column.data
    property alias footer: foot.data
    signal closed()

    anchors.fill: parent
    visible: open
    enabled: open
    Keys.onEscapePressed: closed()
    onOpenChanged: if (open) close.forceActiveFocus()
    Accessible.role: Accessible.Dialog
    Accessible.name: title

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim

        MouseArea {
            anchors.fill: parent
            onClicked: sheet.closed()
        }
    }

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(Theme.formWidth, sheet.width - Theme.gap * 2)
        height: Math.min(sheet.height - Theme.gap * 2, head.height + column.implicitHeight
            + foot.implicitHeight + Theme.wideGap * 4)
        radius: Theme.radius
        color: Theme.surface

        MouseArea {
            anchors.fill: parent
        }

        RowLayout {
            id: head

            anchors {
                left: parent.left
                right: parent.right
                top: parent.top
                margins: Theme.wideGap
            }
            spacing: Theme.gap

            Label {
                Layout.fillWidth: true
                text: sheet.title
                size: Theme.title
                weight: Font.Bold
            }

            IconButton {
                id: close

                objectName: "sheet_close"
                iconName: "close"
                label: qsTr("Close")
                ground: Theme.sunken
                onClicked: sheet.closed()
            }
        }

        Flickable {
            id: flick

            anchors { left: parent.left; right: parent.right; top: head.bottom; bottom: foot.top }
            anchors.margins: Theme.wideGap
            anchors.topMargin: Theme.gap
            contentHeight: column.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            clip: true

            ColumnLayout {
                id: column

                width: flick.width
                spacing: Theme.gap
            }
        }

        Rectangle {
            anchors { left: flick.left; right: flick.right; top: flick.bottom }
            height: Theme.line
            color: Theme.hairline
            visible: flick.contentHeight > flick.height + 1
        }

        RowLayout {
            id: foot

            anchors {
                left: parent.left
                right: parent.right
                bottom: parent.bottom
                margins: Theme.wideGap
            }
            spacing: Theme.gap
        }
    }
}
