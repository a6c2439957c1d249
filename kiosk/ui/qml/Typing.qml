pragma Singleton
import QtQuick

// Which field is being written in, so that the keyboard on screen and the scrolling page know.
QtObject {
    property Item field: null
    property bool email: false
    // Whether Return is the end of the form, and not the way to its next field.
    property bool submits: false
    property int touches: 0
}
