pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// What everybody meets first: the event's name, the next drop, and one thing to do.
FocusScope {
    id: page

    required property AttractVM vm
    // Longer names are set smaller, so that the way on stays in sight.
    readonly property int shortName: Theme.low ? 32 : 44
    readonly property int longName: 80

    Keys.onReturnPressed: vm.start()
    Keys.onSpacePressed: vm.start()

    OfferArt {
        anchors { fill: parent; margins: Theme.margin; topMargin: 0 }
        place: 0
        kind: "hero"
        corner: Theme.radius
        from: Theme.heroFrom
        to: Theme.heroTo
    }

    MouseArea {
        anchors.fill: parent
        onClicked: page.vm.start()
        Accessible.ignored: true
    }

    ColumnLayout {
        anchors {
            left: parent.left
            right: parent.right
            verticalCenter: parent.verticalCenter
            margins: Theme.margin + Theme.wideGap * 2
        }
        spacing: Theme.low ? Theme.unit : Theme.gap

        Label {
            objectName: "event_name"
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.formWidth * 1.3
            text: page.vm.event_name
            size: text.length > page.longName ? Theme.headline
                : text.length > page.shortName ? Theme.figure : Theme.display
            weight: Font.Bold
            tone: Theme.heroInk
            maximumLineCount: 3
            elide: Text.ElideRight
            lineHeight: 1.0
            Accessible.role: Accessible.Heading
        }

        Label {
            Layout.fillWidth: true
            text: page.vm.venue
            maximumLineCount: 2
            elide: Text.ElideRight
            size: Theme.title
            tone: Theme.heroInkSoft
        }

        RowLayout {
            Layout.topMargin: Theme.gap
            Layout.fillWidth: true
            visible: page.vm.countdown !== ""
            spacing: Theme.gap

            Rectangle {
                implicitWidth: drop.implicitWidth + Theme.wideGap * 2
                implicitHeight: drop.implicitHeight + Theme.gap * 2
                radius: Theme.radius
                color: Theme.heroGlow

                ColumnLayout {
                    id: drop

                    anchors.centerIn: parent
                    spacing: 0

                    Label {
                        Layout.maximumWidth: Theme.formWidth
                        text: page.vm.drop_name
                        wrapMode: Text.NoWrap
                        elide: Text.ElideRight
                        size: Theme.lead
                        weight: Font.DemiBold
                        tone: Theme.heroInk
                    }

                    RowLayout {
                        spacing: Theme.unit

                        Label {
                            Layout.alignment: Qt.AlignBaseline
                            text: page.vm.drop_label
                            size: Theme.body
                            tone: Theme.heroInkSoft
                        }

                        Label {
                            Layout.alignment: Qt.AlignBaseline
                            text: page.vm.countdown
                            size: Theme.headline
                            weight: Font.Bold
                            tone: Theme.heroInk
                            font.features: ({ "tnum": 1 })
                        }
                    }
                }
            }
        }

        StartButton {
            objectName: "start"
            Layout.topMargin: Theme.wideGap
            text: qsTr("Touch to start")
            focus: true
            onClicked: page.vm.start()
        }
    }
}
