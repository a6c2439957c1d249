import QtQuick
import QtQuick.Layouts
import ".."

// Asks whether anybody is there; any touch answers.
FocusScope {
    id: warning

    required property bool shown
    required property string seconds

    visible: shown
    enabled: shown
    onShownChanged: if (shown) stay.forceActiveFocus()
    Accessible.role: Accessible.AlertMessage
    Accessible.name: title.text

    Rectangle {
        anchors.fill: parent
        color: Theme.scrim

        MouseArea {
            anchors.fill: parent
        }
    }

    Rectangle {
        anchors.centerIn: parent
        width: Math.min(Theme.formWidth, parent.width - Theme.margin * 2)
        height: column.implicitHeight + Theme.wideGap * 2
        radius: Theme.radius
        color: Theme.surface

        ColumnLayout {
            id: column

            anchors {
                left: parent.left
                right: parent.right
                verticalCenter: parent.verticalCenter
                margins: Theme.wideGap
            }
            spacing: Theme.gap

            Label {
                id: title

                Layout.fillWidth: true
                text: qsTr("Are you still there?")
                size: Theme.headline
                weight: Font.Bold
                horizontalAlignment: Text.AlignHCenter
            }

            Label {
                Layout.fillWidth: true
                text: qsTr("Otherwise everything typed here is cleared in %1 s.")
                    .arg(warning.seconds)
                size: Theme.lead
                tone: Theme.soft
                horizontalAlignment: Text.AlignHCenter
            }

            Button {
                id: stay

                objectName: "idle_stay"
                Layout.alignment: Qt.AlignHCenter
                text: qsTr("I am still here")
                kind: "primary"
                large: true
            }
        }
    }
}
