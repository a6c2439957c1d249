import QtQuick
import QtQuick.Layouts
import ".."

// One check of the doctor: a sign, a word and a colour, what was found, and what to do.
Rectangle {
    id: check

    required property string name
    required property string grade
    required property string grade_name
    required property string sentence
    required property string remedy
    readonly property bool bad: grade === "bad"
    readonly property bool told: grade === "notice"
    readonly property color tone: bad ? Theme.bad : told ? Theme.warn : Theme.good

    implicitHeight: Math.max(Theme.target, row.implicitHeight + Theme.gap)
    radius: Theme.smallRadius
    color: bad ? Theme.badSoft : Theme.surface
    border.width: Theme.line
    border.color: bad ? Theme.bad : Theme.hairline

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
            name: check.bad ? "alert" : check.told ? "clock" : "check"
            tone: check.tone
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                text: check.name
                weight: Font.DemiBold
            }

            Label {
                Layout.fillWidth: true
                text: check.sentence
                size: Theme.tiny
                tone: check.bad ? Theme.bad : Theme.soft
            }

            Label {
                Layout.fillWidth: true
                visible: check.remedy !== ""
                text: check.remedy
                size: Theme.tiny
            }
        }

        Label {
            text: check.grade_name
            size: Theme.tiny
            weight: Font.DemiBold
            tone: check.tone
            wrapMode: Text.NoWrap
        }
    }
}
