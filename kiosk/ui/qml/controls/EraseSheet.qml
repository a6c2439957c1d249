import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."

// What goes and what stays, before a member is erased, and who answers for it.
Sheet {
    id: sheet

    required property MembersVM vm

    open: sheet.vm.asking
    title: sheet.vm.unsent === "" ? qsTr("Erase this member?") : qsTr("Erase them later?")
    onClosed: sheet.vm.back()

    Label {
        Layout.fillWidth: true
        // Set apart, so that a name from right to left does not turn the line round.
        text: "\u2068" + sheet.vm.name + "\u2069 · " + sheet.vm.email
        weight: Font.DemiBold
        maximumLineCount: 4
        elide: Text.ElideRight
        wrapMode: Text.Wrap
    }

    Label {
        objectName: "erase_unsent"
        Layout.fillWidth: true
        visible: sheet.vm.unsent !== ""
        text: qsTr("Not sent or not paid yet: %1. Nothing is erased now. Once everything is, "
            + "it is done by itself when the program is closed.").arg(sheet.vm.unsent)
        tone: Theme.warn
    }

    Label {
        objectName: "erase_goes"
        Layout.fillWidth: true
        text: sheet.vm.parked === ""
            ? qsTr("What goes for good: their name and e-mail, and the codes of their passes, "
                + "which cannot be shown again.")
            : qsTr("What goes for good: their name and e-mail, the codes of their passes, "
                + "which cannot be shown again, and their cart at the counter, number %1.")
                .arg(sheet.vm.parked)
    }

    Label {
        objectName: "erase_stays"
        Layout.fillWidth: true
        text: qsTr("What stays: every sale with its amount and numbers, the sums of the day "
            + "and the journal. Passes on their phone stay valid.")
    }

    Label {
        objectName: "erase_who"
        Layout.fillWidth: true
        text: qsTr("It is written down as done by %1, who signed in with their PIN.")
            .arg(sheet.vm.staff_name)
        size: Theme.tiny
        tone: Theme.soft
    }

    Notice {
        Layout.fillWidth: true
        text: sheet.vm.asking ? sheet.vm.problem : ""
    }

    footer: [
        Button {
            objectName: "erase_keep"
            Layout.fillWidth: true
            large: true
            text: qsTr("Keep")
            onClicked: sheet.vm.back()
        },
        Button {
            objectName: "erase_now"
            Layout.fillWidth: true
            kind: "danger"
            large: true
            text: sheet.vm.unsent === "" ? qsTr("Erase for good") : qsTr("Erase once sent")
            enabled: !sheet.vm.busy
            onClicked: sheet.vm.erase()
        }
    ]
}
