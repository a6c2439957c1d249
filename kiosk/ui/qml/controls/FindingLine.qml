import QtQuick
import QtQuick.Layouts
import ".."

// One finding of reconciliation: whose it is, what to do about it, what Stripe has, and the button
// that takes it off the list.
Rectangle {
    id: finding

    required property string finding_id
    required property string whose
    required property string sentence
    required property string amount
    required property string age
    readonly property bool reached: done.activeFocus
    signal answered(string finding_id)

    implicitHeight: row.implicitHeight + Theme.gap
    radius: Theme.smallRadius
    color: Theme.surface
    border.width: Theme.line
    border.color: Theme.bad

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
            name: "alert"
            tone: Theme.bad
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                text: finding.whose + " · " + finding.age
                weight: Font.DemiBold
            }

            Label {
                Layout.fillWidth: true
                text: finding.sentence
                size: Theme.tiny
                tone: Theme.bad
            }
        }

        Label {
            Layout.rightMargin: Theme.unit
            text: finding.amount
            size: Theme.lead
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
            font.features: ({ "tnum": 1 })
        }

        Button {
            id: done

            objectName: "done_" + finding.finding_id
            Layout.preferredHeight: Theme.target + Theme.unit / 2
            iconName: "check"
            text: qsTr("Done")
            Accessible.name: qsTr("Done: %1, %2").arg(finding.whose).arg(finding.amount)
            onClicked: finding.answered(finding.finding_id)
        }
    }
}
