import QtQuick
import QtQuick.Templates as T
import Kiosk
import "."
import "controls"

// The one window: what surrounds every page, and the page.
Window {
    id: window

    required property AppVM app
    required property Router router
    required property KeySender keys
    readonly property bool typing: Typing.field !== null && app.keyboard

    width: 1280
    height: 800
    minimumWidth: 640
    minimumHeight: 480
    visible: true
    title: app.event_name === "" ? qsTr("Kiosk") : app.event_name
    color: Theme.page

    Binding {
        target: Theme
        property: "dark"
        value: window.app.dark
    }

    Binding {
        target: Theme
        property: "textScale"
        value: window.app.text_scale
    }

    Binding {
        target: Theme
        property: "motion"
        value: window.app.motion_ms
    }

    Binding {
        target: Theme
        property: "window"
        value: Qt.size(window.width, window.height)
    }

    Binding {
        target: Theme
        property: "pixelsPerMillimetre"
        value: Math.max(2.5, Math.min(12, window.screen ? Screen.pixelDensity : 4))
    }

    Connections {
        target: Typing

        function onTouched() {
            window.app.want_keyboard();
        }
    }

    TrainingRibbon {
        id: ribbon

        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: window.app.training ? implicitHeight : 0
        visible: window.app.training
    }

    TopBar {
        id: bar

        anchors { left: parent.left; right: parent.right; top: ribbon.bottom }
        app: window.app
        page: window.router.page
        z: 1
    }

    T.StackView {
        id: pages

        objectName: "pages"
        anchors { left: parent.left; right: parent.right; top: bar.bottom; bottom: board.top }
        clip: true
        focus: true

        pushEnter: Transition {
            NumberAnimation { property: "x"; from: pages.width; to: 0; duration: Theme.motion; easing.type: Easing.OutCubic }
        }
        pushExit: Transition {
            NumberAnimation { property: "x"; from: 0; to: -pages.width; duration: Theme.motion; easing.type: Easing.OutCubic }
        }
        popEnter: Transition {
            NumberAnimation { property: "x"; from: -pages.width; to: 0; duration: Theme.motion; easing.type: Easing.OutCubic }
        }
        popExit: Transition {
            NumberAnimation { property: "x"; from: 0; to: pages.width; duration: Theme.motion; easing.type: Easing.OutCubic }
        }

        Component.onCompleted: turn()

        function turn() {
            replaceCurrentItem(Qt.resolvedUrl("screens/" + window.router.file), { "vm": window.router.model }, depth === 0 || Theme.motion === 0 ? T.StackView.Immediate : window.router.forward ? T.StackView.PushTransition : T.StackView.PopTransition).forceActiveFocus();
        }
    }

    Connections {
        target: window.router

        function onTurned() {
            pages.turn();
        }
    }

    TouchBoard {
        id: board

        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: window.typing ? implicitHeight : 0
        visible: window.typing
        sender: window.keys
        email: Typing.email
        german: window.app.language === "de"
        onHidden: window.app.hide_keyboard()
    }

    IdleWarning {
        anchors.fill: parent
        shown: window.app.warning
        seconds: window.app.seconds_left
        z: 2
    }
}
