import QtQuick
import QtQuick.Layouts
import ".."

// What staff should know while they sell; it takes room from nobody when there is nothing to say.
Rectangle {
    id: banner

    required property string text

    objectName: "banner"
    visible: text !== ""
    height: visible ? row.implicitHeight + Theme.unit : 0
    color: Theme.warnSoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    RowLayout {
        id: row

        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            leftMargin: Theme.margin
            rightMargin: Theme.margin
        }
        spacing: Theme.gap

        Icon {
            name: "alert"
            tone: Theme.warn
        }

        Label {
            objectName: "banner_text"
            Layout.fillWidth: true
            text: banner.text
            size: Theme.tiny
            tone: Theme.warn
            weight: Font.DemiBold
        }
    }
}
