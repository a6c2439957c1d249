pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// Members: found as one types, one of them with their passes, and erased when they ask.
FocusScope {
    id: page

    required property MembersVM vm

    Keys.onEscapePressed: vm.back()
    // Not where one member comes straight back: the keyboard on screen would come and go. The page
    // itself may be gone by then.
    Component.onCompleted: Qt.callLater(() => vm?.busy !== false || vm.picked
        || search.input.forceActiveFocus())

    ColumnLayout {
        id: list

        anchors.fill: parent
        spacing: Theme.low ? Theme.unit : Theme.gap
        visible: !page.vm.picked

        Field {
            id: search

            objectName: "member_search"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            Layout.topMargin: Theme.low ? 0 : Theme.unit
            label: qsTr("Name or e-mail")
            value: page.vm.text
            submits: true
            onEdited: text => page.vm.write(text)
            onAccepted: (members.itemAtIndex(0) ?? members)
                .forceActiveFocus(Qt.TabFocusReason)
        }

        Notice {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            text: page.vm.problem
        }

        Report {
            objectName: "member_report"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            lines: page.vm.result
            waiting: page.vm.put_off
        }

        Label {
            objectName: "member_hint"
            Layout.fillWidth: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            visible: text !== ""
            text: page.vm.most > 0
                ? qsTr("These are the first %1. Write more of the name or e-mail.")
                    .arg(page.vm.most)
                : page.vm.none ? qsTr("Nobody's name or e-mail begins like this.")
                : page.vm.text === "" && page.vm.result.length === 0
                    ? qsTr("Write the beginning of any of their names, or of their e-mail.") : ""
            tone: Theme.soft
        }

        ListView {
            id: members

            objectName: "member_list"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            spacing: Theme.unit
            bottomMargin: Theme.gap
            model: page.vm.found

            delegate: MemberLine {
                width: ListView.view.width
                onPicked: member_id => page.vm.pick(member_id)
            }
        }
    }

    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.gap
        visible: page.vm.picked
        enabled: !page.vm.asking
        onVisibleChanged: if (visible) back.forceActiveFocus(Qt.OtherFocusReason)

        RowLayout {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            Layout.topMargin: Theme.low ? 0 : Theme.unit
            spacing: Theme.gap

            IconButton {
                id: back

                objectName: "member_back"
                iconName: "back"
                label: qsTr("Back to the list")
                ground: Theme.sunken
                onClicked: page.vm.back()
            }

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Label {
                    objectName: "member_name"
                    Layout.fillWidth: true
                    text: page.vm.name
                    size: Theme.title
                    weight: Font.Bold
                    maximumLineCount: 2
                    elide: Text.ElideRight
                    Accessible.role: Accessible.Heading
                }

                Label {
                    objectName: "member_email"
                    Layout.fillWidth: true
                    text: page.vm.email
                    tone: Theme.soft
                    wrapMode: Text.WrapAnywhere
                    maximumLineCount: 2
                    elide: Text.ElideRight
                }
            }

            Button {
                objectName: "member_erase"
                Layout.alignment: Qt.AlignTop
                kind: "danger"
                text: qsTr("Erase …")
                Accessible.name: qsTr("Erase this member")
                visible: page.vm.can_erase
                enabled: !page.vm.busy
                onClicked: page.vm.ask_to_erase()
            }
        }

        Notice {
            Layout.fillWidth: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            text: page.vm.asking ? "" : page.vm.problem
        }

        ListView {
            objectName: "member_passes"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.leftMargin: Theme.margin
            Layout.rightMargin: Theme.margin
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            spacing: Theme.unit
            bottomMargin: Theme.gap
            model: page.vm.passes

            header: MemberNews {
                width: ListView.view.width
                vm: page.vm
            }

            footer: Label {
                width: ListView.view.width
                topPadding: Theme.unit
                visible: page.vm.earlier_ones
                text: qsTr("Earlier passes are not shown.")
                tone: Theme.soft
            }

            delegate: PassLine {
                width: ListView.view.width
                onWanted: (sale_id, place) => page.vm.show_pass(sale_id, place)
            }
        }
    }

    EraseSheet {
        vm: page.vm
    }
}
