import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

// One offer: its picture, what it is, what it costs. The card opens its sheet, the button adds it.
T.Button {
    id: card

    required property string code
    required property string kind
    required property string name
    required property string description
    required property string price
    required property string cadence
    required property string note
    required property string countdown
    required property bool available
    required property bool more
    required property int quantity
    required property int art
    signal added()
    signal opened()

    objectName: "card_" + code
    implicitHeight: column.implicitHeight + Theme.gap + Theme.half
    focusPolicy: Qt.StrongFocus
    Accessible.name: name + ", " + price + " " + cadence + (note === "" ? "" : ", " + note)
    Accessible.description: description
    onClicked: opened()
    Keys.onReturnPressed: opened()
    Keys.onEnterPressed: opened()

    background: Item {
        Rectangle {
            anchors.fill: parent
            anchors.topMargin: Theme.half
            anchors.bottomMargin: -Theme.half
            radius: Theme.radius
            color: Theme.shade
        }

        Rectangle {
            anchors.fill: parent
            radius: Theme.radius
            color: card.down ? Theme.sunken : Theme.surface
            border.width: Theme.line
            border.color: Theme.hairline
        }

        FocusRing {
            shown: card.visualFocus
            around: Theme.radius
        }
    }

    contentItem: ColumnLayout {
        id: column

        spacing: 0

        Item {
            Layout.fillWidth: true
            Layout.margins: Theme.unit
            Layout.preferredHeight: Theme.artHeight

            OfferArt {
                anchors.fill: parent
                place: card.art
                kind: card.kind
                opacity: card.available ? 1 : 0.55
            }

            Chip {
                anchors { left: parent.left; top: parent.top; margins: Theme.unit }
                visible: card.note !== ""
                width: Math.min(implicitWidth, parent.width - Theme.unit * 2)
                text: card.note
                ground: Theme.surface
            }
        }

        ColumnLayout {
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.leftMargin: Theme.gap
            Layout.rightMargin: Theme.gap
            spacing: Theme.half

            Label {
                Layout.fillWidth: true
                text: card.name
                size: Theme.lead
                weight: Font.Bold
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
            }

            Label {
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.twoLines
                text: card.description
                size: Theme.tiny
                tone: Theme.soft
                maximumLineCount: 2
                elide: Text.ElideRight
            }

            Label {
                Layout.fillWidth: true
                text: card.countdown
                visible: text !== ""
                size: Theme.tiny
                tone: Theme.warn
                weight: Font.DemiBold
                wrapMode: Text.NoWrap
                elide: Text.ElideRight
                font.features: ({ "tnum": 1 })
            }

            Item {
                Layout.fillHeight: true
            }

            RowLayout {
                Layout.fillWidth: true
                Layout.bottomMargin: Theme.unit
                spacing: Theme.unit

                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 0

                    Label {
                        objectName: "price_" + card.code
                        Layout.fillWidth: true
                        text: card.price
                        size: Theme.title
                        weight: Font.Bold
                        wrapMode: Text.NoWrap
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Theme.least
                        lineHeight: 1
                    }

                    Label {
                        Layout.fillWidth: true
                        visible: text !== ""
                        text: card.cadence
                        size: Theme.tiny
                        tone: Theme.soft
                        wrapMode: Text.NoWrap
                        elide: Text.ElideRight
                    }
                }

                Button {
                    objectName: "add_" + card.code
                    text: card.quantity > 0 ? qsTr("Add · %1").arg(card.quantity) : qsTr("Add")
                    kind: "primary"
                    leftPadding: Theme.gap
                    enabled: card.more
                    Accessible.name: qsTr("Add %1").arg(card.name)
                    onClicked: card.added()
                }
            }
        }
    }
}
