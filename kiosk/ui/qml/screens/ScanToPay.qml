pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// A code to pay with on one's own phone; one after the other if there are several.
CodePage {
    id: page

    required property ScanToPayVM vm

    source: vm.source
    across: vm.across
    codeName: qsTr("Payment code")

    Chip {
        visible: page.vm.count > 1
        text: qsTr("%1 of %2").arg(page.vm.place).arg(page.vm.count)
        tone: Theme.accentSoftInk
        ground: Theme.accentSoft
    }

    Label {
        Layout.fillWidth: true
        text: qsTr("Scan to pay")
        size: Theme.lead
        tone: Theme.soft
        weight: Font.DemiBold
        Accessible.role: Accessible.Heading
    }

    Label {
        objectName: "pay_amount"
        Layout.fillWidth: true
        text: page.vm.amount
        size: Theme.figure
        weight: Font.Bold
    }

    Label {
        Layout.fillWidth: true
        text: qsTr("to %1").arg(page.vm.seller)
        size: Theme.lead
    }

    Label {
        Layout.fillWidth: true
        text: qsTr("Point your phone's camera at the code and pay there. "
            + "No network here is needed; your phone's own will do.")
        tone: Theme.soft
    }

    Label {
        objectName: "pay_reference"
        Layout.fillWidth: true
        text: qsTr("Receipt %1").arg(page.vm.receipt_number) + "\n" + page.vm.reference
        size: Theme.tiny
        tone: Theme.soft
        wrapMode: Text.WrapAnywhere
    }

    footer: [
        Button {
            objectName: "scan_back"
            Layout.fillWidth: true
            visible: page.vm.place > 1
            text: qsTr("The code before")
            onClicked: page.vm.back()
        },
        Button {
            objectName: "scan_continue"
            Layout.fillWidth: true
            kind: "primary"
            large: true
            text: page.vm.place < page.vm.count ? qsTr("Next code") : qsTr("To my pass")
            onClicked: page.vm.go_on()
        }
    ]
}
