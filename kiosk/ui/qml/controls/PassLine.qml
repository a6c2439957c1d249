import QtQuick
import QtQuick.Layouts
import ".."

// One pass of a member: its number, what it was sold for, what it is worth, and until when.
Rectangle {
    id: line

    required property int index
    required property string sale_id
    required property int place
    required property string number
    required property string bought
    required property string worth
    required property string state_name
    required property string until
    required property bool can_show
    readonly property bool good: worth === "confirmed"
    readonly property bool waits: worth === "provisional"
    readonly property bool over: worth === "expired"
    readonly property color tone: good ? Theme.good : waits ? Theme.warn
        : over ? Theme.soft : Theme.bad
    signal wanted(string sale_id, int place)

    implicitHeight: Math.max(Theme.target, row.implicitHeight + Theme.gap)
    radius: Theme.smallRadius
    color: Theme.surface
    border.width: Theme.line
    border.color: Theme.hairline

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
            name: line.good ? "check" : line.waits ? "wait" : line.over ? "clock" : "alert"
            tone: line.tone
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            Label {
                Layout.fillWidth: true
                text: qsTr("Pass %1").arg(line.number) + " · " + line.state_name
                weight: Font.DemiBold
                tone: line.over ? Theme.soft : Theme.ink
                font.features: ({ "tnum": 1 })
            }

            Label {
                Layout.fillWidth: true
                text: line.bought
                size: Theme.tiny
                maximumLineCount: 4
                elide: Text.ElideRight
            }

            Label {
                Layout.fillWidth: true
                text: line.until
                size: Theme.tiny
                tone: Theme.soft
            }
        }

        Button {
            objectName: "show_" + line.number
            visible: line.can_show
            text: qsTr("Show again")
            Accessible.name: qsTr("Show pass %1 again").arg(line.number)
            onClicked: line.wanted(line.sale_id, line.place)
            onActiveFocusChanged: if (activeFocus) line.ListView.view.positionViewAtIndex(
                line.index, ListView.Contain)
        }
    }
}
