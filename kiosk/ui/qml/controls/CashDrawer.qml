pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import QtQml.Models
import ".."

// Cash being taken: what is due, what was given, what goes back, in figures to be read at a glance.
GridLayout {
    id: drawer

    required property string due
    required property string given
    required property string changeDue
    required property string shortBy
    required property bool enough
    required property var notes
    signal gave(int minor)
    signal digit(int digit)
    signal erased()

    columns: Theme.abreast ? 2 : 1
    columnSpacing: Theme.wideGap * 2
    rowSpacing: Theme.wideGap

    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        Layout.preferredWidth: 1
        spacing: Theme.unit

        Figure {
            Layout.fillWidth: true
            label: qsTr("To pay")
            text: drawer.due
        }

        Figure {
            Layout.fillWidth: true
            label: qsTr("Given")
            text: drawer.given
        }

        Rectangle {
            Layout.fillWidth: true
            Layout.topMargin: Theme.unit
            implicitHeight: back.implicitHeight + Theme.gap * 2
            radius: Theme.radius
            color: drawer.enough ? Theme.goodSoft : Theme.sunken

            ColumnLayout {
                id: back

                anchors {
                    left: parent.left
                    right: parent.right
                    verticalCenter: parent.verticalCenter
                    margins: Theme.wideGap
                }
                spacing: 0

                Label {
                    text: drawer.enough ? qsTr("Change due") : qsTr("Still missing")
                    size: Theme.lead
                    tone: drawer.enough ? Theme.good : Theme.soft
                    weight: Font.DemiBold
                }

                Label {
                    objectName: "change_due"
                    Layout.fillWidth: true
                    text: drawer.enough ? drawer.changeDue : drawer.shortBy
                    size: Theme.figure
                    tone: drawer.enough ? Theme.good : Theme.soft
                    weight: Font.Bold
                    fontSizeMode: Text.HorizontalFit
                    wrapMode: Text.NoWrap
                    font.features: ({ "tnum": 1 })
                }
            }
        }
    }

    ColumnLayout {
        Layout.fillWidth: true
        Layout.alignment: Qt.AlignTop
        Layout.preferredWidth: 1
        spacing: Theme.gap

        GridLayout {
            Layout.fillWidth: true
            columns: 3
            columnSpacing: Theme.unit
            rowSpacing: Theme.unit
            uniformCellWidths: true

            Repeater {
                model: drawer.notes

                Button {
                    required property string label
                    required property int minor
                    required property bool exact

                    objectName: exact ? "note_exact" : "note_" + minor
                    Layout.fillWidth: true
                    leftPadding: Theme.unit
                    text: exact ? qsTr("Exact") : label
                    Accessible.name: exact ? qsTr("Exactly %1").arg(label) : label
                    onClicked: drawer.gave(minor)
                }
            }
        }

        NumberPad {
            Layout.fillWidth: true
            onPressed: digit => drawer.digit(Number(digit))
            onErased: drawer.erased()
        }
    }
}
