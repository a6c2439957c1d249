pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// The passphrase of the key file, typed by staff after a start.
FormPage {
    id: page

    required property UnlockVM vm

    title: qsTr("Unlock the kiosk")
    subtitle: qsTr("The sales are kept encrypted. Your passphrase opens them.")
    Component.onCompleted: Qt.callLater(passphrase.input.forceActiveFocus)

    Field {
        id: passphrase

        objectName: "passphrase"
        Layout.fillWidth: true
        label: qsTr("Passphrase")
        secret: true
        problem: page.vm.problem
        onAccepted: page.vm.unlock(input.text)
    }

    footer: Button {
        objectName: "unlock"
        Layout.fillWidth: true
        kind: "primary"
        large: true
        text: page.vm.busy ? qsTr("Unlocking") : qsTr("Unlock")
        enabled: passphrase.input.text !== "" && !page.vm.busy
        onClicked: page.vm.unlock(passphrase.input.text)
    }
}
