import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

// One thing to agree to. It starts unticked, and its text is one touch away.
RowLayout {
    id: tick

    required property string label
    required property bool ticked
    required property bool missing
    required property bool compulsory
    required property string kind
    signal toggled()
    signal opened()

    spacing: Theme.unit

    T.CheckBox {
        id: box

        objectName: "tick_" + tick.kind
        Layout.fillWidth: true
        implicitHeight: Math.max(Theme.target, words.implicitHeight + Theme.gap)
        focusPolicy: Qt.StrongFocus
        checked: tick.ticked
        text: tick.label
        Accessible.name: text
        Keys.onReturnPressed: click()
        onClicked: {
            tick.toggled();
            checked = Qt.binding(() => tick.ticked);
        }

        indicator: Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            x: Theme.half
            width: Theme.unit * 4
            height: width
            radius: Theme.smallRadius * 0.67
            color: box.checked ? Theme.accent : Theme.surface
            border.width: tick.missing ? Theme.ring : Theme.line * 2
            border.color: tick.missing ? Theme.bad : box.checked ? Theme.accent : Theme.edge

            Icon {
                anchors.centerIn: parent
                visible: box.checked
                name: "check"
                tone: Theme.accentInk
            }
        }

        contentItem: Label {
            id: words

            leftPadding: Theme.unit * 6
            text: tick.compulsory ? tick.label : qsTr("%1 (optional)").arg(tick.label)
            tone: tick.missing ? Theme.bad : Theme.ink
            verticalAlignment: Text.AlignVCenter
        }

        background: Item {
            FocusRing {
                shown: box.visualFocus
            }
        }
    }

    Button {
        objectName: "read_" + tick.kind
        kind: "quiet"
        leftPadding: Theme.gap
        text: qsTr("Read")
        Accessible.name: qsTr("Read: %1").arg(tick.label)
        onClicked: tick.opened()
    }
}
