pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Kiosk
import ".."

// The keyboard on screen. Its keys never take the focus: they send key presses to whoever has it.
Rectangle {
    id: board

    required property KeySender sender
    required property bool email
    required property bool submits
    required property bool german
    property bool shifted: false
    readonly property list<string> latin: ["1234567890", "qwertyuiop", "asdfghjkl'", "zxcvbnm.-_"]
    readonly property list<string> deutsch: [
        "1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm.-_'"
    ]
    readonly property list<string> pieces: [
        "@", ".com", german ? ".de" : ".org",
        "@gmail.com", "@icloud.com", german ? "@gmx.de" : "@outlook.com"
    ]
    signal hidden()

    implicitHeight: column.implicitHeight + Theme.unit * 2
    color: Theme.sunken
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Keyboard on the screen")

    component Key: T.Button {
        id: key

        property string sign: ""
        property bool strong: false
        // How many ordinary keys it takes the room of.
        property real share: 1

        Layout.fillWidth: true
        Layout.preferredWidth: share
        implicitHeight: Theme.keyHeight
        implicitWidth: Theme.unit
        focusPolicy: Qt.NoFocus
        autoRepeat: sign === "backspace"
        Accessible.name: text

        contentItem: Item {
            Icon {
                anchors.centerIn: parent
                visible: key.sign !== ""
                name: key.sign
                tone: key.strong ? Theme.accentInk : Theme.ink
            }

            Text {
                anchors.fill: parent
                visible: key.sign === ""
                text: key.text
                color: Theme.ink
                font.family: Theme.family
                font.pixelSize: key.text.length > 1 ? Theme.tiny : Theme.lead
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Theme.leastPiece
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
                elide: Text.ElideRight
                Accessible.ignored: true
            }
        }

        background: Rectangle {
            radius: Theme.smallRadius
            color: key.strong ? Theme.accent : key.down ? Theme.pressed : Theme.surface
        }
    }

    ColumnLayout {
        id: column

        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.unit }
        spacing: Theme.half

        Repeater {
            model: board.german ? board.deutsch : board.latin

            RowLayout {
                id: row

                required property string modelData

                Layout.fillWidth: true
                spacing: Theme.half

                Repeater {
                    model: row.modelData.split("")

                    Key {
                        required property string modelData

                        objectName: "key_" + modelData
                        readonly property bool raised: board.shifted && modelData !== "ß"

                        text: raised ? modelData.toUpperCase() : modelData
                        onClicked: {
                            board.sender.text(text);
                            board.shifted = false;
                        }
                    }
                }
            }
        }

        RowLayout {
            Layout.fillWidth: true
            visible: board.email && Theme.portrait
            spacing: Theme.half

            Repeater {
                model: board.pieces

                Key {
                    required property string modelData

                    objectName: "key_" + modelData
                    text: modelData
                    onClicked: board.sender.text(text)
                }
            }
        }

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.half

            Key {
                objectName: "key_shift"
                sign: "shift"
                strong: board.shifted
                Accessible.name: qsTr("Capital letter")
                onClicked: board.shifted = !board.shifted
            }

            // An address holds no space: its pieces stand here where one row more hid the field.
            Repeater {
                model: board.email && !Theme.portrait ? board.pieces : []

                Key {
                    required property string modelData
                    readonly property bool whole: modelData.length > ".com".length

                    objectName: "key_" + modelData
                    share: whole ? Theme.pieceShare : 1
                    text: modelData
                    onClicked: board.sender.text(text)
                }
            }

            Key {
                objectName: "key_space"
                visible: !board.email || Theme.portrait
                share: Theme.spaceShare
                Accessible.name: qsTr("Space")
                onClicked: board.sender.text(" ")
            }

            Key {
                objectName: "key_backspace"
                sign: "backspace"
                Accessible.name: qsTr("Take back")
                onClicked: board.sender.backspace()
            }

            Key {
                objectName: "key_next"
                sign: "enter"
                strong: board.submits
                Accessible.name: board.submits ? qsTr("Enter") : qsTr("Next field")
                onClicked: board.submits ? board.sender.enter() : board.sender.tab()
            }

            Key {
                objectName: "key_hide"
                sign: "hide"
                Accessible.name: qsTr("Hide the keyboard")
                onClicked: board.hidden()
            }
        }
    }
}
