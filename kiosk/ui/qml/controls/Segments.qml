import QtQuick
import QtQuick.Layouts
import ".."

// Two states side by side; the one in force is filled and ticked.
ColumnLayout {
    id: segments

    required property string label
    required property string leftText
    required property string rightText
    required property string leftName
    required property string rightName
    required property bool left_chosen
    signal chosen(bool left)

    spacing: Theme.unit

    Label {
        Layout.fillWidth: true
        text: segments.label
        weight: Font.DemiBold
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.unit
        uniformCellSizes: true

        Button {
            objectName: segments.leftName
            Layout.fillWidth: true
            leftPadding: Theme.gap
            kind: segments.left_chosen ? "primary" : "plain"
            iconName: segments.left_chosen ? "check" : ""
            text: segments.leftText
            checkable: true
            checked: segments.left_chosen
            onClicked: {
                checked = Qt.binding(() => segments.left_chosen);
                segments.chosen(true);
            }
        }

        Button {
            objectName: segments.rightName
            Layout.fillWidth: true
            leftPadding: Theme.gap
            kind: segments.left_chosen ? "plain" : "primary"
            iconName: segments.left_chosen ? "" : "check"
            text: segments.rightText
            checkable: true
            checked: !segments.left_chosen
            onClicked: {
                checked = Qt.binding(() => !segments.left_chosen);
                segments.chosen(false);
            }
        }
    }
}
