pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// What is sold: cards, and the cart beside them where there is room.
FocusScope {
    id: page

    required property OffersVM vm
    property bool cartOpen: false

    Keys.onEscapePressed: vm.leave_shop()

    ColumnLayout {
        id: main

        anchors {
            left: parent.left
            top: parent.top
            bottom: parent.bottom
            right: Theme.wide ? side.left : parent.right
        }
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.wide ? Theme.wideGap : Theme.margin
        spacing: Theme.low ? Theme.unit : Theme.gap

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gap

            IconButton {
                objectName: "offers_back"
                iconName: "back"
                label: qsTr("Start over")
                ground: Theme.sunken
                onClicked: page.vm.leave_shop()
            }

            Label {
                Layout.fillWidth: true
                text: qsTr("What would you like?")
                size: Theme.headline
                weight: Font.Bold
                maximumLineCount: 1
                elide: Text.ElideRight
                Accessible.role: Accessible.Heading
            }
        }

        Notice {
            Layout.fillWidth: true
            text: page.vm.problem
        }

        GridView {
            id: grid

            readonly property int across: Math.max(1, Math.floor(width / Theme.cardWidth))

            objectName: "cards"
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.rightMargin: -Theme.gap
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            cellWidth: width / across
            cellHeight: Theme.cardHeight + Theme.gap
            topMargin: Theme.unit
            bottomMargin: Theme.gap
            model: page.vm.cards
            keyNavigationEnabled: false

            delegate: OfferCard {
                width: grid.cellWidth - Theme.gap
                height: Theme.cardHeight
                onAdded: page.vm.add(code)
                onOpened: page.vm.open_sheet(code)
            }
        }

        Button {
            objectName: "cart_bar"
            Layout.fillWidth: true
            Layout.bottomMargin: Theme.gap
            visible: !Theme.wide
            kind: "primary"
            large: true
            iconName: "cart"
            text: page.vm.pieces === 0 ? qsTr("Your cart is empty")
                : qsTr("Cart: %n piece(s)", "", page.vm.pieces) + " · " + page.vm.total
            enabled: page.vm.pieces > 0
            onClicked: page.cartOpen = true
        }
    }

    Item {
        id: side

        anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
        width: Theme.wide ? Theme.panelWidth + Theme.margin : 0
        visible: Theme.wide

        Loader {
            anchors { fill: parent; rightMargin: Theme.margin; bottomMargin: Theme.gap }
            active: Theme.wide

            sourceComponent: CartPanel {
                vm: page.vm
                radius: Theme.radius
                border.width: Theme.line
                border.color: Theme.hairline
            }
        }
    }

    Rectangle {
        anchors.fill: parent
        visible: page.cartOpen && !Theme.wide
        color: Theme.scrim

        MouseArea {
            anchors.fill: parent
            onClicked: page.cartOpen = false
        }

        Loader {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: Math.min(parent.height, Theme.panelWidth * 2)
            active: !Theme.wide

            sourceComponent: CartPanel {
                vm: page.vm
                closable: true
                topLeftRadius: Theme.radius
                topRightRadius: Theme.radius
                onClosed: page.cartOpen = false
            }
        }
    }

    Sheet {
        open: page.vm.sheet !== ""
        title: page.vm.sheet_name
        onClosed: page.vm.close_sheet()

        OfferArt {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.artHeight
            place: page.vm.sheet_art
            kind: page.vm.sheet_kind
        }

        Label {
            Layout.fillWidth: true
            text: page.vm.sheet_description
            size: Theme.lead
        }

        Label {
            Layout.topMargin: Theme.unit
            visible: page.vm.sheet_benefits.length > 0
            text: qsTr("What you get")
            weight: Font.Bold
        }

        Repeater {
            model: page.vm.sheet_benefits

            RowLayout {
                id: benefit

                required property string modelData

                spacing: Theme.unit

                Icon {
                    name: "check"
                    tone: Theme.good
                }

                Label {
                    Layout.fillWidth: true
                    text: benefit.modelData
                }
            }
        }

        RowLayout {
            visible: page.vm.sheet_times !== ""
            spacing: Theme.unit

            Icon {
                name: "clock"
                tone: Theme.soft
            }

            Label {
                Layout.fillWidth: true
                text: page.vm.sheet_times
                tone: Theme.soft
            }
        }

        footer: [
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Label {
                    Layout.fillWidth: true
                    text: page.vm.sheet_price
                    size: Theme.headline
                    weight: Font.Bold
                }

                Label {
                    visible: text !== ""
                    text: page.vm.sheet_cadence
                    tone: Theme.soft
                }
            },
            Button {
                objectName: "sheet_add"
                Layout.preferredWidth: Theme.panelWidth / 2
                kind: "primary"
                large: true
                text: qsTr("Add")
                enabled: page.vm.sheet_more
                onClicked: {
                    page.vm.add(page.vm.sheet);
                    page.vm.close_sheet();
                }
            }
        ]
    }
}
