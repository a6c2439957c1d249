import QtQuick
import QtQuick.Shapes
import ".."

// A line icon on a grid of 24; always beside a word, so it needs no name of its own.
Item {
    id: icon

    required property string name
    property color tone: Theme.ink
    property int size: Theme.icon
    readonly property var paths: ({
        "back": "M15 5 L8 12 L15 19",
        "next": "M9 5 L16 12 L9 19",
        "check": "M5 12.5 L10 17.5 L19 7",
        "close": "M6 6 L18 18 M18 6 L6 18",
        "minus": "M6 12 L18 12",
        "plus": "M12 6 L12 18 M6 12 L18 12",
        "alert": "M12 4 L21 20 L3 20 Z M12 10 L12 14.5 M12 17.2 L12 17.6",
        "clock": "M12 3.5 A8.5 8.5 0 1 1 11.99 3.5 Z M12 7.5 L12 12 L15.5 14",
        "wait": "M6 4 L18 4 M6 20 L18 20 M7.5 4 C7.5 9 16.5 15 16.5 20 M16.5 4 C16.5 9 7.5 15 7.5 20",
        "cash": "M3 7 L21 7 L21 17 L3 17 Z M12 9.6 A2.4 2.4 0 1 1 11.99 9.6 Z M6 12 L6.1 12 M18 12 L18.1 12",
        "scan-to-pay": "M8 3 L16 3 Q17.5 3 17.5 4.5 L17.5 19.5 Q17.5 21 16 21 L8 21 Q6.5 21 6.5 19.5 L6.5 4.5 Q6.5 3 8 3 Z M11 18 L13 18",
        "pay-later": "M4 6 L20 6 L20 18 L4 18 Z M4 7 L12 13 L20 7",
        "person": "M12 4 A4 4 0 1 1 11.99 4 Z M4.5 20.5 C5.5 15.5 18.5 15.5 19.5 20.5",
        "shift": "M12 4 L4.5 12 L8.5 12 L8.5 19 L15.5 19 L15.5 12 L19.5 12 Z",
        "backspace": "M9 6 L21 6 L21 18 L9 18 L3 12 Z M12 9.5 L17 14.5 M17 9.5 L12 14.5",
        "enter": "M20 6 L20 13 L5 13 M9 9 L5 13 L9 17",
        "hide": "M6 9 L12 15 L18 9",
        "camera": "M4 8 L8 8 L9.5 5.5 L14.5 5.5 L16 8 L20 8 L20 19 L4 19 Z M12 10.2 A3.3 3.3 0 1 1 11.99 10.2 Z",
        "lock": "M6 11 L18 11 L18 20 L6 20 Z M8.5 11 L8.5 8 A3.5 3.5 0 0 1 15.5 8 L15.5 11",
        "cart": "M3 4 L6 4 L8.5 15.5 L18 15.5 L20.5 7 L6.7 7 M9.5 19.5 L9.6 19.5 M17 19.5 L17.1 19.5",
        "store": "M12 3.5 C7 3.5 4.5 5 4.5 6.5 L4.5 17.5 C4.5 19 7 20.5 12 20.5 C17 20.5 19.5 19 19.5 17.5 L19.5 6.5 C19.5 5 17 3.5 12 3.5 Z M4.5 6.5 C4.5 8 7 9.5 12 9.5 C17 9.5 19.5 8 19.5 6.5"
    })

    implicitWidth: size
    implicitHeight: size
    Accessible.ignored: true

    Shape {
        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeColor: icon.tone
            strokeWidth: icon.size / 12
            scale: Qt.size(icon.size / 24, icon.size / 24)
            fillColor: Theme.clear
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin

            PathSvg {
                path: icon.paths[icon.name] ?? ""
            }
        }
    }
}
