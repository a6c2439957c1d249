pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import ".."

// The picture of an offer that has none: a gradient and a figure for its kind, drawn as shapes.
Item {
    id: art

    required property int place
    required property string kind
    property int corner: Theme.smallRadius
    readonly property int pair: place % Theme.artFrom.length
    readonly property real w: width
    readonly property real h: height
    readonly property real u: Math.min(height, width) / 10

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
                    color: Theme.artFrom[art.pair]
                }

                GradientStop {
                    position: 1
                    color: Theme.artTo[art.pair]
                }
            }

            PathRectangle {
                width: art.w
                height: art.h
                radius: art.corner
            }
        }
    }

    Item {
        anchors.fill: parent
        clip: true
        visible: art.kind === "membership"

        Repeater {
            model: 4

            Rectangle {
                required property int index

                x: art.w * 0.78 - width / 2
                y: art.h * 0.62 - height / 2
                width: art.u * (5 + index * 5)
                height: width
                radius: width / 2
                color: Theme.clear
                border.width: art.u * 0.7
                border.color: index % 2 === 0 ? Theme.artLighter : Theme.artLight
            }
        }
    }

    Shape {
        anchors.fill: parent
        visible: art.kind === "drop"
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeWidth: -1
            strokeColor: Theme.clear
            fillColor: Theme.artLight

            PathSvg {
                path: `M ${art.w * 0.52} ${art.h} L ${art.w * 0.7} ${art.h * 0.3} L ${art.w * 0.88} ${art.h} Z`
            }
        }

        ShapePath {
            strokeWidth: -1
            strokeColor: Theme.clear
            fillColor: Theme.artLighter

            PathSvg {
                path: `M ${art.w * 0.68} ${art.h} L ${art.w * 0.83} ${art.h * 0.48} L ${art.w * 0.98} ${art.h} Z`
            }
        }

        ShapePath {
            strokeWidth: -1
            strokeColor: Theme.clear
            fillColor: Theme.artLighter

            PathAngleArc {
                centerX: art.w * 0.9
                centerY: art.h * 0.28
                radiusX: art.u * 1.2
                radiusY: art.u * 1.2
                startAngle: 0
                sweepAngle: 360
            }
        }
    }

    Item {
        anchors.fill: parent
        clip: true
        visible: art.kind === "item"

        Repeater {
            model: 15

            Rectangle {
                required property int index

                x: art.w - art.u * 2.6 * (1 + index % 5)
                y: art.u * (1.5 + 2.6 * Math.floor(index / 5))
                width: art.u * 1.5
                height: width
                radius: (index * 7) % 3 === 0 ? width / 2 : width / 4
                color: (index * 5) % 4 < 2 ? Theme.artLight : Theme.artLighter
            }
        }
    }
}
