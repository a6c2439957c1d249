import QtQuick
import QtQuick.Layouts
import ".."

// A secret of the key file, and what else may be typed there.
ColumnLayout {
    id: secret

    required property string label
    required property string help
    required property string problem
    readonly property string text: field.input.text
    property alias input: field.input
    signal accepted()

    spacing: Theme.unit

    Field {
        id: field

        objectName: "passphrase"
        Layout.fillWidth: true
        label: secret.label
        secret: true
        submits: true
        problem: secret.problem
        onAccepted: secret.accepted()
    }

    Label {
        objectName: "secret_help"
        Layout.fillWidth: true
        // Where the keys are up, what went wrong needs the room.
        visible: text !== "" && secret.problem === ""
        text: secret.help
        tone: Theme.soft
    }
}
