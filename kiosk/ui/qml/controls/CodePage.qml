import QtQuick
import QtQuick.Layouts
import ".."

// A page with a code: the code as large as it gets, and beside or below it what belongs to it.
FocusScope {
    id: page

    required property string source
    required property int across
    required property string codeName
    default property alias content: column.data
    property alias footer: foot.data
    readonly property bool beside: width > height * 1.1
    readonly property int edge: Theme.low ? Theme.gap : Theme.margin
    readonly property int frame: Theme.unit
    readonly property real contentWidth: flick.width

    Rectangle {
        id: paper

        x: page.beside ? Theme.margin : (page.width - width) / 2
        y: page.beside ? (page.height - height) / 2 : page.edge / 2
        width: code.width + page.frame * 2
        height: width
        radius: Theme.radius
        color: Theme.codePaper
        border.width: Theme.line
        border.color: Theme.hairline

        QrCode {
            id: code

            objectName: "code"
            anchors.centerIn: parent
            source: page.source
            across: page.across
            name: page.codeName
            room: (page.beside ? Math.min(page.height - page.edge * 1.5, page.width * 0.58)
                : Math.min(page.width - page.edge * 2, page.height * 0.56)) - page.frame * 2
        }
    }

    Flickable {
        id: flick

        x: page.beside ? paper.x + paper.width + Theme.margin : Theme.margin
        y: page.beside ? page.edge / 2 : paper.y + paper.height + Theme.gap
        width: page.width - x - Theme.margin
        height: foot.y - y - Theme.unit
        contentHeight: column.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true

        ColumnLayout {
            id: column

            y: page.beside ? Math.max(0, (flick.height - implicitHeight) / 2) : 0
            width: flick.width
            spacing: Theme.low ? Theme.unit : Theme.gap
        }
    }

    ColumnLayout {
        id: foot

        x: flick.x
        y: page.height - height - page.edge
        width: flick.width
        spacing: Theme.unit
    }
}
