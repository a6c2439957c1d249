import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."

// What is to be known of a member before their passes.
ColumnLayout {
    id: news

    required property MembersVM vm

    spacing: Theme.unit

    Label {
        Layout.fillWidth: true
        visible: news.vm.wanted !== ""
        text: news.vm.unsent === ""
            ? qsTr("Asked on %1 to be erased. It is done when the program is closed.")
                .arg(news.vm.wanted)
            : qsTr("Asked on %1 to be erased. It is done when the program is closed "
                + "and everything of theirs is sent and paid: %2.")
                .arg(news.vm.wanted).arg(news.vm.unsent)
        tone: Theme.warn
    }

    Label {
        Layout.fillWidth: true
        visible: news.vm.parked !== ""
        text: qsTr("A cart of theirs waits at the counter: number %1.")
            .arg(news.vm.parked)
    }

    Label {
        objectName: "member_running"
        Layout.fillWidth: true
        text: news.vm.running.length === 0 ? qsTr("No membership is running.")
            : qsTr("Running: %1").arg(news.vm.running.join(" · "))
        tone: news.vm.running.length === 0 ? Theme.soft : Theme.good
    }

    Item {
        implicitHeight: 1
    }
}
