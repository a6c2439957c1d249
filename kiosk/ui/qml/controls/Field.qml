import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

// A labelled line to write in, with room for what is wrong with it.
ColumnLayout {
    id: field

    required property string label
    property string value: ""
    property string problem: ""
    property string hint: ""
    property bool secret: false
    property bool email: false
    property bool submits: false
    property alias input: input
    signal edited(string text)
    signal accepted()
    signal hintTaken()

    spacing: Theme.unit

    Label {
        Layout.fillWidth: true
        text: field.label
        weight: Font.DemiBold
    }

    T.TextField {
        id: input

        objectName: field.objectName + "_input"
        Layout.fillWidth: true
        implicitHeight: Theme.low ? Theme.target : Theme.target + Theme.unit
        leftPadding: Theme.gap
        rightPadding: Theme.gap
        verticalAlignment: TextInput.AlignVCenter
        horizontalAlignment: TextInput.AlignLeft
        text: field.value
        color: Theme.ink
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentInk
        selectByMouse: true
        font.family: Theme.family
        font.pixelSize: Theme.lead
        echoMode: field.secret ? TextInput.Password : TextInput.Normal
        maximumLength: 600
        inputMethodHints: field.email ? Qt.ImhEmailCharactersOnly | Qt.ImhNoPredictiveText
            : Qt.ImhNoPredictiveText
        Accessible.name: field.label
        Accessible.description: field.problem
        onTextEdited: field.edited(text)
        onAccepted: field.accepted()
        onPressed: Typing.touches += 1
        onActiveFocusChanged: {
            Typing.field = activeFocus ? field : (Typing.field === field ? null : Typing.field);
            Typing.email = field.email;
            Typing.submits = field.submits;
        }
        Component.onDestruction: Typing.field = Typing.field === field ? null : Typing.field

        background: Rectangle {
            radius: Theme.smallRadius
            color: Theme.surface
            border.width: input.activeFocus || field.problem !== "" ? Theme.ring : Theme.line
            border.color: field.problem !== "" ? Theme.bad
                : input.activeFocus ? Theme.focus : Theme.edge
        }
    }

    RowLayout {
        visible: field.problem !== ""
        spacing: Theme.unit

        Icon {
            name: "alert"
            tone: Theme.bad
        }

        Label {
            Layout.fillWidth: true
            text: field.problem
            tone: Theme.bad
        }
    }
    Button {
        objectName: "take_hint"
        Layout.maximumWidth: field.width
        visible: field.hint !== ""
        text: field.hint
        onClicked: field.hintTaken()
    }
}
