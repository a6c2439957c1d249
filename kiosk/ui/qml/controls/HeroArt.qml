pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import ".."

// The ground of the first page: a gradient with the rings of a membership rising from a corner.
Item {
    id: art

    readonly property real w: width
    readonly property real h: height
    readonly property real u: Math.max(width, height) / 10

    Accessible.ignored: true

    Shape {
        anchors.fill: parent
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeWidth: -1
            strokeColor: Theme.clear
            fillGradient: LinearGradient {
                x1: 0
                y1: 0
                x2: art.w
                y2: art.h

                GradientStop {
                    position: 0
                    color: Theme.heroFrom
                }

                GradientStop {
                    position: 1
                    color: Theme.heroTo
                }
            }

            PathRectangle {
                width: art.w
                height: art.h
                radius: Theme.radius * 1.4
            }
        }
    }

    Item {
        anchors.fill: parent
        clip: true

        Repeater {
            model: 5

            Rectangle {
                required property int index

                x: art.w * 0.92 - width / 2
                y: art.h * 0.98 - height / 2
                width: art.u * (2.2 + index * 2.3)
                height: width
                radius: width / 2
                color: Theme.clear
                border.width: art.u * 0.42
                border.color: Theme.heroGlow
            }
        }
    }
}
