pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."

// Above every page: where one is, the languages, and the staff's badge.
Rectangle {
    id: bar

    required property AppVM app
    required property string page

    implicitHeight: Theme.target + Theme.unit * 2
    color: Theme.page

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        spacing: Theme.unit

        Label {
            Layout.fillWidth: true
            visible: !bar.app.staff_page
            text: bar.app.corner_name
            size: Theme.bar
            tone: Theme.soft
            weight: Font.DemiBold
            wrapMode: Text.NoWrap
            elide: Text.ElideRight
        }

        StaffNav {
            Layout.fillWidth: true
            visible: bar.app.staff_page
            app: bar.app
            page: bar.page
        }

        Repeater {
            model: bar.app.language_shown ? bar.app.languages : null

            Button {
                required property string code
                required property string name
                required property bool chosen

                objectName: "language_" + code
                visible: !bar.app.staff_page || Theme.wide
                kind: "quiet"
                leftPadding: Theme.gap
                size: Theme.bar
                text: Theme.wide ? name : code.toUpperCase()
                opacity: chosen ? 1 : 0.72
                checkable: true
                checked: chosen
                Accessible.name: name
                onClicked: bar.app.choose_language(code)

                Rectangle {
                    anchors {
                        left: parent.left
                        right: parent.right
                        bottom: parent.bottom
                        leftMargin: Theme.gap
                        rightMargin: Theme.gap
                        bottomMargin: Theme.unit
                    }
                    height: Theme.ring
                    radius: height / 2
                    color: Theme.accent
                    visible: parent.checked
                }
            }
        }

        StatusBadge {
            objectName: "staff_badge"
            Layout.minimumWidth: implicitWidth
            visible: bar.app.badge_shown
            text: bar.app.badge
            state_name: bar.app.badge_state
            onClicked: bar.app.open_staff()
        }
    }
}
