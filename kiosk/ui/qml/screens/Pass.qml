pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kiosk
import ".."
import "../controls"

// The pass: photograph it, and it is yours.
CodePage {
    id: page

    required property PassVM vm
    readonly property bool bad: vm.worth === "held" || vm.worth === "revoked"

    source: vm.source
    across: vm.across
    codeName: qsTr("Pass %1").arg(vm.number)
    // The page is kept for the next member, and must keep nothing of this one.
    T.StackView.onRemoved: vm.out_of_sight()

    Rectangle {
        Layout.fillWidth: true
        visible: page.vm.change_due !== ""
        implicitHeight: change.implicitHeight + Theme.gap
        radius: Theme.smallRadius
        color: Theme.goodSoft

        Figure {
            id: change

            anchors {
                left: parent.left
                right: parent.right
                verticalCenter: parent.verticalCenter
                margins: Theme.gap
            }
            objectName: "pass_change"
            label: qsTr("Change due")
            text: page.vm.change_due
            size: Theme.headline
        }
    }

    Chip {
        objectName: "pass_state"
        Layout.maximumWidth: page.contentWidth
        text: page.vm.state
        size: Theme.body
        iconName: page.vm.worth === "confirmed" ? "check" : page.bad ? "alert" : "wait"
        tone: page.vm.worth === "confirmed" ? Theme.good : page.bad ? Theme.bad : Theme.warn
        ground: page.vm.worth === "confirmed" ? Theme.goodSoft
            : page.bad ? Theme.badSoft : Theme.warnSoft
    }

    Label {
        objectName: "pass_name"
        Layout.fillWidth: true
        text: page.vm.name
        size: Theme.headline
        weight: Font.Bold
        maximumLineCount: 2
        elide: Text.ElideRight
        Accessible.role: Accessible.Heading
    }

    Label {
        objectName: "pass_number"
        Layout.fillWidth: true
        text: qsTr("Pass %1").arg(page.vm.number)
        size: Theme.lead
        tone: Theme.soft
        font.features: ({ "tnum": 1 })
    }

    Label {
        Layout.fillWidth: true
        text: page.vm.lines.join("\n")
        maximumLineCount: 4
        elide: Text.ElideRight
    }

    Label {
        Layout.fillWidth: true
        visible: text !== ""
        text: page.vm.what_follows
        tone: Theme.soft
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gap

        Icon {
            Layout.alignment: Qt.AlignTop
            name: "camera"
            tone: Theme.accent
        }

        Label {
            objectName: "photograph"
            Layout.fillWidth: true
            text: qsTr("No internet? Photograph this code: the photo is your pass.")
            weight: Font.DemiBold
        }
    }

    footer: [
        RowLayout {
            Layout.fillWidth: true
            visible: page.vm.count > 1
            spacing: Theme.unit

            IconButton {
                objectName: "pass_before"
                iconName: "back"
                label: qsTr("The pass before")
                ground: Theme.sunken
                enabled: page.vm.place > 1
                onClicked: page.vm.earlier_pass()
            }

            Label {
                Layout.fillWidth: true
                text: qsTr("Pass %1 of %2").arg(page.vm.place).arg(page.vm.count)
                weight: Font.DemiBold
                horizontalAlignment: Text.AlignHCenter
            }

            IconButton {
                objectName: "pass_next"
                iconName: "next"
                label: qsTr("The next pass")
                ground: Theme.sunken
                enabled: page.vm.place < page.vm.count
                onClicked: page.vm.next_pass()
            }
        },
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.unit

            Button {
                objectName: "pass_stay"
                large: true
                leftPadding: Theme.gap
                iconName: "clock"
                text: page.vm.seconds_left
                Accessible.name: qsTr("This page closes in %1 s. More time")
                    .arg(page.vm.seconds_left)
                onClicked: page.vm.stay()
            }

            Button {
                objectName: "pass_done"
                Layout.fillWidth: true
                kind: "primary"
                large: true
                text: page.vm.leads_back ? qsTr("Back to the members") : qsTr("Done")
                onClicked: page.vm.done()
            }
        }
    ]
}
