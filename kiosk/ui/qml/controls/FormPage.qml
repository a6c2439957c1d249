import QtQuick
import QtQuick.Layouts
import ".."

// A page of one column that scrolls when it must, with its buttons always in sight below.
FocusScope {
    id: page

    property string title: ""
    property string subtitle: ""
    property int columnWidth: Theme.formWidth
    default property alias content: column.data
    property alias footer: foot.data

    Flickable {
        id: flick

        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: bar.top }
        contentHeight: column.implicitHeight + Theme.margin + Theme.gap
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        onHeightChanged: page.reveal()

        ColumnLayout {
            id: column

            x: (flick.width - width) / 2
            y: Theme.low ? Theme.gap : Theme.margin
            width: Math.min(page.columnWidth, flick.width - Theme.margin * 2)
            spacing: Theme.low ? Theme.gap : Theme.wideGap

            ColumnLayout {
                Layout.fillWidth: true
                visible: page.title !== ""
                spacing: Theme.half

                Label {
                    Layout.fillWidth: true
                    text: page.title
                    size: Theme.headline
                    weight: Font.Bold
                    Accessible.role: Accessible.Heading
                }

                Label {
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: page.subtitle
                    size: Theme.lead
                    tone: Theme.soft
                }
            }
        }
    }

    Rectangle {
        anchors { left: parent.left; right: parent.right; top: bar.top }
        height: Theme.line
        color: Theme.hairline
        visible: flick.contentHeight > flick.height && foot.children.length > 0
    }

    Item {
        id: bar

        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        visible: height > 0
        height: foot.children.length > 0 && page.height > Theme.unit * 34 ? foot.implicitHeight + Theme.gap * 2 : 0

        RowLayout {
            id: foot

            anchors.centerIn: parent
            width: column.width
            spacing: Theme.gap
        }
    }

    Connections {
        target: Typing

        function onFieldChanged() {
            Qt.callLater(page.reveal);
        }
    }

    // Where what is missing stands at the end of the page.
    function showEnd() {
        flick.contentY = Math.max(0, flick.contentHeight - flick.height);
    }

    function fieldTop(): real {
        return Typing.field.mapToItem(flick.contentItem, 0, -Theme.gap).y;
    }

    function fieldBottom(): real {
        return Typing.field.mapToItem(flick.contentItem, 0, Typing.field.height + Theme.gap).y;
    }

    // Keeps what is being written in sight when the keyboard takes its room.
    function reveal() {
        flick.contentY = Typing.field === null ? Math.min(flick.contentY, Math.max(0, flick.contentHeight - flick.height)) : Math.max(0, page.fieldBottom() - flick.height, Math.min(flick.contentY, page.fieldTop()));
    }
}
