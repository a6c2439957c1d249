import QtQuick
import QtQuick.Layouts
import ".."

// One entry of the outbox: what, how much, how old, why, and the button that solves it.
Rectangle {
    id: entry

    required property string entry_id
    required property string receipt_number
    required property string topic
    required property string state_name
    required property string amount
    required property string age
    required property string reason
    required property string sign
    required property bool parked
    signal retried(string entry_id)

    implicitHeight: row.implicitHeight + Theme.gap
    radius: Theme.smallRadius
    color: Theme.surface
    border.width: Theme.line
    border.color: parked ? Theme.bad : Theme.hairline

    RowLayout {
        id: row

        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            leftMargin: Theme.gap
            rightMargin: Theme.unit
        }
        spacing: Theme.gap

        Icon {
            name: entry.sign
            tone: entry.parked ? Theme.bad : Theme.soft
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                text: entry.receipt_number + " · " + entry.topic
                weight: Font.DemiBold
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
            }

            Label {
                Layout.fillWidth: true
                text: entry.reason === "" ? entry.state_name + " · " + entry.age : entry.reason
                size: Theme.tiny
                tone: entry.parked ? Theme.bad : Theme.soft
            }
        }

        Label {
            Layout.rightMargin: Theme.unit
            text: entry.amount
            size: Theme.lead
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
            font.features: ({ "tnum": 1 })
        }

        Button {
            objectName: "retry_" + entry.receipt_number
            Layout.preferredHeight: Theme.target + Theme.unit / 2
            visible: entry.parked
            text: qsTr("Try again")
            Accessible.name: qsTr("Try again: %1").arg(entry.receipt_number)
            onClicked: entry.retried(entry.entry_id)
        }
    }
}
