import QtQuick
import QtQuick.Layouts
import ".."

// What went wrong, in one sentence, where it happened; a touch puts it away.
Rectangle {
    id: notice

    required property string text
    property bool put_away: false

    visible: text !== "" && !put_away
    onTextChanged: put_away = false
    implicitHeight: row.implicitHeight + Theme.gap
    radius: Theme.smallRadius
    color: Theme.badSoft
    border.width: Theme.line
    border.color: Theme.bad
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    RowLayout {
        id: row

        anchors.fill: parent
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.unit
        spacing: Theme.gap

        Icon {
            name: "alert"
            tone: Theme.bad
        }

        Label {
            Layout.fillWidth: true
            text: notice.text
            tone: Theme.bad
        }

        IconButton {
            iconName: "close"
            label: qsTr("Close this message")
            onClicked: notice.put_away = true
        }
    }
}
