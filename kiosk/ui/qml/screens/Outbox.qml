pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// What waits to be sent, what was sent, and what needs a person.
ColumnLayout {
    id: page

    required property OutboxVM vm

    spacing: Theme.gap

    RowLayout {
        Layout.fillWidth: true
        Layout.leftMargin: Theme.margin
        Layout.rightMargin: Theme.margin
        Layout.topMargin: Theme.low ? 0 : Theme.unit
        spacing: Theme.unit

        CountButton {
            objectName: "outbox_parked"
            count: page.vm.attention
            label: qsTr("Needs attention")
            iconName: "alert"
            chosen: page.vm.state === "parked"
            worrying: page.vm.attention > 0
            onClicked: page.vm.choose("parked")
        }

        CountButton {
            objectName: "outbox_unknown"
            count: page.vm.unknown
            label: qsTr("Unknown")
            iconName: "wait"
            chosen: page.vm.state === "unknown"
            onClicked: page.vm.choose("unknown")
        }

        CountButton {
            objectName: "outbox_waiting"
            count: page.vm.waiting + page.vm.watching
            label: qsTr("Waiting")
            iconName: "clock"
            chosen: page.vm.state === "waiting"
            onClicked: page.vm.choose("waiting")
        }

        CountButton {
            objectName: "outbox_delivered"
            count: page.vm.delivered
            label: qsTr("Delivered")
            iconName: "check"
            chosen: page.vm.state === "delivered"
            onClicked: page.vm.choose("delivered")
        }
    }

    Label {
        objectName: "outbox_rail"
        Layout.fillWidth: true
        Layout.leftMargin: Theme.margin
        Layout.rightMargin: Theme.margin
        text: page.vm.rail
        tone: Theme.soft
    }

    Notice {
        Layout.fillWidth: true
        Layout.leftMargin: Theme.margin
        Layout.rightMargin: Theme.margin
        text: page.vm.problem
    }

    Item {
        Layout.fillWidth: true
        Layout.fillHeight: true

        Label {
            anchors.centerIn: parent
            width: parent.width - Theme.margin * 2
            visible: list.count === 0 && page.vm.finding_count === 0
                && page.vm.loaded
            text: page.vm.state === "" ? qsTr("Nothing here yet. Each sale leaves an entry.")
                : qsTr("Nothing is in this state.")
            size: Theme.lead
            tone: Theme.soft
            horizontalAlignment: Text.AlignHCenter
        }

        ListView {
            id: list

            // How far below the first finding the view begins; the findings are a header, which
            // grows and shrinks upwards, out of sight.
            property real passed: 0
            readonly property real most: Math.max(0, contentHeight - height)

            objectName: "outbox_list"
            onPassedChanged: contentY = originY + passed
            onMovementEnded: passed = contentY - originY
            anchors { fill: parent; leftMargin: Theme.margin; rightMargin: Theme.margin }
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            spacing: Theme.unit
            bottomMargin: Theme.gap
            model: page.vm.entries

            header: ColumnLayout {
                width: list.width
                spacing: Theme.unit
                onHeightChanged: Qt.callLater(() => list.contentY
                    = list.originY + Math.min(list.passed, list.most))

                Repeater {
                    model: page.vm.findings

                    FindingLine {
                        Layout.fillWidth: true
                        onAnswered: finding_id => page.vm.answer(finding_id)
                        onReachedChanged: list.passed = !reached ? list.passed
                            : Math.max(Math.min(list.passed, y), y + height - list.height)
                    }
                }

                Item {
                    visible: page.vm.finding_count > 0
                }
            }

            delegate: EntryLine {
                width: list.width
                onRetried: entry_id => page.vm.retry(entry_id)
            }
        }
    }

    RowLayout {
        Layout.fillWidth: true
        Layout.leftMargin: Theme.margin
        Layout.rightMargin: Theme.margin
        Layout.bottomMargin: Theme.gap
        visible: page.vm.has_earlier || page.vm.has_more
        spacing: Theme.gap

        Button {
            iconName: "back"
            text: qsTr("Newer")
            enabled: page.vm.has_earlier
            onClicked: page.vm.earlier_page()
        }

        Item {
            Layout.fillWidth: true
        }

        Button {
            iconName: "next"
            iconAfter: true
            text: qsTr("Older")
            enabled: page.vm.has_more
            onClicked: page.vm.later_page()
        }
    }
}
