pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import ".."

// Ten digits and a step back. A real keyboard's digits do the same.
GridLayout {
    id: pad

    signal pressed(string digit)
    signal erased()

    columns: 3
    rowSpacing: Theme.unit
    columnSpacing: Theme.unit
    uniformCellWidths: true

    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0"]

        Button {
            required property string modelData

            objectName: "digit_" + modelData
            Layout.fillWidth: true
            implicitHeight: Theme.target
            leftPadding: Theme.unit
            opacity: modelData === "" ? 0 : 1
            enabled: modelData !== ""
            Accessible.ignored: modelData === ""
            text: modelData
            size: Theme.title
            onClicked: pad.pressed(modelData)
        }
    }

    IconButton {
        objectName: "digit_back"
        Layout.fillWidth: true
        iconName: "backspace"
        label: qsTr("Take the last digit back")
        ground: Theme.sunken
        onClicked: pad.erased()
    }
}
