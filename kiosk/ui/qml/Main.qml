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
    readonly property int touches: Typing.touches

    onTouchesChanged: app.want_keyboard()

    width: Theme.startWidth
    height: Theme.startHeight
    minimumWidth: Theme.leastWidth
    minimumHeight: Theme.leastHeight
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

    Banner {
        id: banner

        anchors { left: parent.left; right: parent.right; top: bar.bottom }
        text: window.app.banner
        z: 1
    }

    T.StackView {
        id: pages

        objectName: "pages"
        anchors { left: parent.left; right: parent.right; top: banner.bottom; bottom: board.top }
        anchors.topMargin: banner.visible ? Theme.unit : 0
        clip: true
        focus: true

        pushEnter: Transition {
            Slide { from: pages.width; to: 0 }
        }
        pushExit: Transition {
            Slide { from: 0; to: -pages.width }
        }
        popEnter: Transition {
            Slide { from: -pages.width; to: 0 }
        }
        popExit: Transition {
            Slide { from: 0; to: pages.width }
        }

        // All from the router itself: a binding beside this one may not have followed it yet.
        // The built page comes and goes without a slide, which would keep its code from being read.
        readonly property string page: window.router.page

        onPageChanged: (window.router.file === ready.file && ready.item !== null
            ? pages.replaceCurrentItem(ready.item, {}, T.StackView.Immediate)
            : pages.replaceCurrentItem(Qt.resolvedUrl("screens/" + window.router.file),
                { "vm": window.router.model },
                depth === 0 || Theme.motion === 0 || currentItem === ready.item
                    ? T.StackView.Immediate
                : window.router.forward ? T.StackView.PushTransition
                : T.StackView.PopTransition)
        ).forceActiveFocus()
    }

    // The page that must be there with the next frame: building it would cost half of a tap's time.
    Loader {
        id: ready

        readonly property string file: window.router.ready_file

        visible: false
        asynchronous: true
        onFileChanged: ready.setSource(Qt.resolvedUrl("screens/" + file),
            { "vm": window.router.ready_model })
    }

    component Slide: NumberAnimation {
        property: "x"
        duration: Theme.motion
        easing.type: Easing.OutCubic
    }

    TouchBoard {
        id: board

        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: window.typing ? implicitHeight : 0
        visible: window.typing
        sender: window.keys
        email: Typing.email
        submits: Typing.submits
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
