import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

// One member of the list, to be touched: name, address, and what is running.
T.Button {
    id: member

    required property int index
    required property string member_id
    required property string name
    required property string email
    required property string running
    signal picked(string member_id)

    objectName: "member_" + index
    implicitHeight: Math.max(Theme.target, row.implicitHeight + Theme.gap)
    focusPolicy: Qt.StrongFocus
    Accessible.name: running === "" ? name + ", " + email : name + ", " + email + ", " + running
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()
    onClicked: picked(member_id)
    onActiveFocusChanged: if (activeFocus) ListView.view.positionViewAtIndex(
        index, ListView.Contain)

    contentItem: Item {
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

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Label {
                    Layout.fillWidth: true
                    text: member.name
                    weight: Font.DemiBold
                    wrapMode: Text.NoWrap
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }

                Label {
                    Layout.fillWidth: true
                    text: member.email
                    size: Theme.tiny
                    tone: Theme.soft
                    wrapMode: Text.NoWrap
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }

                Label {
                    Layout.fillWidth: true
                    visible: member.running !== "" && Theme.portrait
                    text: member.running
                    size: Theme.tiny
                    tone: Theme.good
                    maximumLineCount: 2
                    elide: Text.ElideRight
                    Accessible.ignored: true
                }
            }

            Label {
                Layout.fillWidth: true
                Layout.maximumWidth: member.width * 0.4
                visible: member.running !== "" && !Theme.portrait
                text: member.running
                size: Theme.tiny
                tone: Theme.good
                horizontalAlignment: Text.AlignRight
                maximumLineCount: 2
                elide: Text.ElideRight
                Accessible.ignored: true
            }

            Icon {
                name: "next"
                tone: Theme.soft
            }
        }
    }

    background: Rectangle {
        radius: Theme.smallRadius
        color: member.down ? Theme.pressed : Theme.surface
        border.width: Theme.line
        border.color: Theme.hairline

        FocusRing {
            anchors.margins: 0
            around: Theme.smallRadius - Theme.half
            shown: member.visualFocus
        }
    }
}
