pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// The staff's first page: how the day goes, and the switches of a shift.
FormPage {
    id: page

    required property TodayVM vm

    title: qsTr("Today")
    columnWidth: Theme.formWidth * 1.5

    Notice {
        Layout.fillWidth: true
        text: page.vm.problem
    }

    GridLayout {
        Layout.fillWidth: true
        columns: Theme.portrait ? 2 : 3
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap
        uniformCellWidths: true

        Tile {
            Layout.fillWidth: true
            label: qsTr("Takings")
            text: page.vm.takings
        }

        Tile {
            Layout.fillWidth: true
            label: qsTr("Sales")
            text: page.vm.sales
        }

        Tile {
            Layout.fillWidth: true
            Layout.columnSpan: Theme.portrait ? 2 : 1
            label: page.vm.trust_limit === "" ? qsTr("On trust")
                : qsTr("On trust, of %1").arg(page.vm.trust_limit)
            text: page.vm.on_trust
            percent: page.vm.trust_limit === "" ? -1 : page.vm.trust_percent
        }
    }

    GridLayout {
        Layout.fillWidth: true
        columns: Theme.portrait ? 1 : 2
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap
        uniformCellWidths: true

        Segments {
            Layout.fillWidth: true
            label: qsTr("Who touches the screen")
            leftText: qsTr("Assisted")
            rightText: qsTr("Self-service")
            leftName: "mode_assisted"
            rightName: "mode_self_service"
            left_chosen: page.vm.assisted
            onChosen: left => page.vm.set_assisted(left)
        }

        Segments {
            Layout.fillWidth: true
            label: qsTr("Look")
            leftText: qsTr("Light")
            rightText: qsTr("Dark")
            leftName: "theme_light"
            rightName: "theme_dark"
            left_chosen: !page.vm.dark
            onChosen: left => page.vm.set_dark(!left)
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.unit

            Label {
                Layout.fillWidth: true
                text: qsTr("Each visit begins in")
                weight: Font.DemiBold
            }

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.unit
                uniformCellSizes: true

                Repeater {
                    model: page.vm.languages

                    Button {
                        id: kept

                        required property string code
                        required property string name
                        required property bool chosen

                        objectName: "keep_" + code
                        Layout.fillWidth: true
                        leftPadding: Theme.gap
                        kind: chosen ? "primary" : "plain"
                        iconName: chosen ? "check" : ""
                        text: name
                        checkable: true
                        checked: chosen
                        onClicked: {
                            checked = Qt.binding(() => kept.chosen);
                            page.vm.keep_language(code);
                        }
                    }
                }
            }
        }

        Segments {
            Layout.fillWidth: true
            visible: page.vm.practice
            label: qsTr("Practice: the network")
            leftText: qsTr("Plugged in")
            rightText: qsTr("Pulled out")
            leftName: "network_on"
            rightName: "network_off"
            left_chosen: page.vm.network_on
            onChosen: left => page.vm.set_network(left)
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.unit

            Label {
                Layout.fillWidth: true
                text: qsTr("Too slow with the camera?")
                weight: Font.DemiBold
            }

            Button {
                objectName: "newest_pass"
                Layout.fillWidth: true
                text: qsTr("Show the newest pass again")
                enabled: !page.vm.busy
                onClicked: page.vm.newest_pass()
            }
        }
    }

    ColumnLayout {
        Layout.fillWidth: true
        visible: page.vm.practice && payments.count > 0
        spacing: Theme.unit

        Label {
            Layout.fillWidth: true
            text: qsTr("Practice: waiting for the member's payment")
            weight: Font.DemiBold
        }

        Repeater {
            id: payments

            model: page.vm.payments

            RowLayout {
                id: payment

                required property string sale_id
                required property string receipt_number
                required property string amount

                Layout.fillWidth: true
                spacing: Theme.gap

                Label {
                    Layout.fillWidth: true
                    text: payment.receipt_number + " · " + payment.amount
                }

                Button {
                    objectName: "pays_" + payment.receipt_number
                    text: qsTr("Member pays now")
                    enabled: !page.vm.busy
                    onClicked: page.vm.member_pays(payment.sale_id)
                }
            }
        }
    }

    Button {
        objectName: "quit"
        kind: "danger"
        text: qsTr("Close the program")
        onClicked: page.vm.leave_program()
    }
}
