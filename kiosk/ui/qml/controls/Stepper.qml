import QtQuick
import QtQuick.Layouts
import ".."

// One fewer, how many, one more.
RowLayout {
    id: stepper

    required property int quantity
    required property bool more
    required property string name
    signal added()
    signal taken()

    spacing: Theme.half

    IconButton {
        objectName: "less"
        iconName: "minus"
        label: qsTr("One fewer: %1").arg(stepper.name)
        ground: Theme.sunken
        onClicked: stepper.taken()
    }

    Label {
        Layout.minimumWidth: Theme.unit * 4
        text: stepper.quantity
        size: Theme.lead
        weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
    }

    IconButton {
        objectName: "more"
        iconName: "plus"
        label: qsTr("One more: %1").arg(stepper.name)
        ground: Theme.sunken
        enabled: stepper.more
        onClicked: stepper.added()
    }
}
