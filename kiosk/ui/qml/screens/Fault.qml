pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// Something is in the way of selling: what it is, what is safe, what to do. An older copy that was
// put back is confirmed here, by whoever knows a secret of the key file.
FormPage {
    id: page

    required property FaultVM vm
    readonly property bool done: vm.confirmed.length > 0
    readonly property bool told: !vm.asking && !done

    Keys.onEscapePressed: vm.keep_closed()

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gap

        Rectangle {
            Layout.preferredWidth: Theme.largeTarget
            Layout.preferredHeight: Theme.largeTarget
            radius: Theme.radius
            color: page.done ? Theme.goodSoft : page.vm.asking ? Theme.warnSoft : Theme.badSoft

            Icon {
                anchors.centerIn: parent
                name: page.done ? "check" : page.vm.asking ? "alert" : page.vm.sign
                tone: page.done ? Theme.good : page.vm.asking ? Theme.warn : Theme.bad
                size: Theme.icon * 1.5
            }
        }

        Label {
            objectName: "fault_title"
            Layout.fillWidth: true
            text: page.done ? page.vm.confirmed[0]
                : page.vm.asking ? qsTr("Sell on with this copy?") : page.vm.title
            size: Theme.headline
            weight: Font.Bold
            Accessible.role: Accessible.Heading
        }
    }

    Label {
        objectName: "fault_sentence"
        Layout.fillWidth: true
        visible: page.told
        text: page.vm.sentence
        size: Theme.lead
    }

    Rectangle {
        Layout.fillWidth: true
        visible: page.told && page.vm.mistakes.length > 0
        implicitHeight: list.implicitHeight + Theme.gap * 2
        radius: Theme.smallRadius
        color: Theme.sunken

        ColumnLayout {
            id: list

            anchors {
                left: parent.left
                right: parent.right
                verticalCenter: parent.verticalCenter
                margins: Theme.gap
            }
            spacing: Theme.unit

            Repeater {
                model: page.vm.mistakes

                Label {
                    required property string modelData

                    Layout.fillWidth: true
                    text: modelData
                }
            }
        }
    }

    Button {
        objectName: "fault_restore"
        visible: page.told && page.vm.can_restore
        large: true
        iconName: "store"
        text: qsTr("Sell on with this copy …")
        onClicked: page.vm.ask_to_restore()
    }

    Label {
        Layout.fillWidth: true
        visible: page.told
        text: qsTr("For whoever helps you: %1").arg(page.vm.code)
        size: Theme.tiny
        tone: Theme.soft
    }

    ColumnLayout {
        Layout.fillWidth: true
        visible: !page.told
        spacing: Theme.gap

        Repeater {
            model: page.done ? page.vm.confirmed.slice(1) : page.vm.asking ? page.vm.meaning : []

            Label {
                required property int index
                required property string modelData

                Layout.fillWidth: true
                text: modelData
                size: index === 0 ? Theme.lead : Theme.body
                weight: index === 0 && !page.done ? Font.DemiBold : Font.Normal
            }
        }
    }

    Loader {
        id: asked

        Layout.fillWidth: true
        // What was typed goes with the question.
        active: page.vm.asking
        visible: active

        sourceComponent: SecretField {
            label: page.vm.secret_label
            help: page.vm.secret_help
            problem: page.vm.problem
            onAccepted: page.vm.restore(text)
        }
    }

    footer: [
        Button {
            objectName: "fault_quit"
            Layout.fillWidth: !page.vm.can_retry
            visible: page.told
            large: true
            text: qsTr("Close the program")
            onClicked: page.vm.leave_program()
        },
        Button {
            objectName: "fault_retry"
            Layout.fillWidth: true
            visible: page.told && page.vm.can_retry
            kind: "primary"
            large: true
            text: qsTr("Try again")
            onClicked: page.vm.retry()
        },
        Button {
            objectName: "restore_not_now"
            visible: page.vm.asking
            large: true
            text: qsTr("Not now")
            enabled: !page.vm.busy
            onClicked: page.vm.keep_closed()
        },
        Button {
            objectName: "restore_confirm"
            Layout.fillWidth: true
            visible: page.vm.asking
            kind: "primary"
            large: true
            text: page.vm.busy ? qsTr("Confirming") : qsTr("Confirm this copy")
            enabled: !page.vm.busy && (asked.item as SecretField)?.text !== ""
            onClicked: page.vm.restore((asked.item as SecretField).text)
        },
        Button {
            objectName: "restore_sell_on"
            Layout.fillWidth: true
            visible: page.done
            kind: "primary"
            large: true
            text: qsTr("Open the shop")
            onClicked: page.vm.sell_on()
        }
    ]
}
