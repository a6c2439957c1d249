pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import ".."

// What was done, in a few sentences.
Rectangle {
    id: report

    required property list<string> lines
    property bool waiting: false

    visible: lines.length > 0
    implicitHeight: row.implicitHeight + Theme.gap * 2
    radius: Theme.smallRadius
    color: waiting ? Theme.warnSoft : Theme.goodSoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: lines.join(" ")

    RowLayout {
        id: row

        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            leftMargin: Theme.gap
            rightMargin: Theme.gap
        }
        spacing: Theme.gap

        Icon {
            Layout.alignment: Qt.AlignTop
            name: report.waiting ? "wait" : "check"
            tone: report.waiting ? Theme.warn : Theme.good
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.half

            Repeater {
                model: report.lines

                Label {
                    required property int index
                    required property string modelData

                    Layout.fillWidth: true
                    text: modelData
                    size: index === 0 ? Theme.body : Theme.tiny
                    weight: index === 0 ? Font.DemiBold : Font.Normal
                }
            }
        }
    }
}
