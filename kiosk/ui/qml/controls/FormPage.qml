import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

// A page of one column that scrolls when it must, with its buttons always in sight below.
FocusScope {
    id: page

    property string title: ""
    property string subtitle: ""
    property int columnWidth: Theme.formWidth
    default property alias content: column.data
    property alias footer: foot.data
    property alias contentY: flick.contentY
    // Where the keyboard leaves little room, the buttons make way for the fields.
    readonly property bool footed: foot.children.length > 0 && height > Theme.footedFrom
    readonly property real most: Math.max(0, flick.contentHeight - flick.height)
    // What decides where the field in use stands: each change brings it into sight again.
    readonly property var sight: [Typing.field, Typing.field?.height, flick.height]
    readonly property T.AbstractButton reached: Window.activeFocusItem as T.AbstractButton
    // Whoever tabs through a long page sees where they are; a touch moves nothing.
    readonly property bool tabbed: reached?.visualFocus ?? false
    readonly property var met: [reached, tabbed]

    onMetChanged: flick.contentY = !tabbed ? flick.contentY
        : Math.max(0, Math.min(most,
            reached.mapToItem(flick.contentItem, 0, -Theme.gap).y,
            Math.max(flick.contentY,
                reached.mapToItem(flick.contentItem, 0, reached.height + Theme.gap).y
                    - flick.height)))
    onSightChanged: flick.contentY = Typing.field === null
        ? Math.min(flick.contentY, most)
        : Math.max(0,
            Typing.field.mapToItem(flick.contentItem, 0, Typing.field.height + Theme.gap).y
                - flick.height,
            Math.min(flick.contentY,
                Typing.field.mapToItem(flick.contentItem, 0, -Theme.gap).y))

    Flickable {
        id: flick

        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: bar.top }
        contentHeight: column.implicitHeight + Theme.margin + Theme.gap
        boundsBehavior: Flickable.StopAtBounds
        clip: true

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
        height: page.footed ? foot.implicitHeight + Theme.gap * 2 : 0

        RowLayout {
            id: foot

            anchors.centerIn: parent
            width: column.width
            spacing: Theme.gap
        }
    }
}
