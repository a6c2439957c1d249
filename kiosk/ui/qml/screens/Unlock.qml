pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// A secret of the key file, typed by staff after a start.
FormPage {
    id: page

    required property UnlockVM vm

    title: qsTr("Unlock the kiosk")
    subtitle: qsTr("The sales are kept encrypted. Staff open them after a start.")
    Component.onCompleted: Qt.callLater(secret.input.forceActiveFocus)

    SecretField {
        id: secret

        Layout.fillWidth: true
        label: page.vm.secret_label
        help: page.vm.secret_help
        problem: page.vm.problem
        onAccepted: page.vm.unlock(text)
    }

    footer: Button {
        objectName: "unlock"
        Layout.fillWidth: true
        kind: "primary"
        large: true
        text: page.vm.busy ? qsTr("Unlocking") : qsTr("Unlock")
        enabled: secret.text !== "" && !page.vm.busy
        onClicked: page.vm.unlock(secret.text)
    }
}
