pragma Singleton
import QtQuick

// Every colour, size and duration of the screens. Contrast of each pair is checked by a test.
QtObject {
    id: theme

    // ---- set once by the window
    property bool dark: false
    property real textScale: 1
    property int motion: 170
    property size window: Qt.size(1280, 800)
    property real pixelsPerMillimetre: 4

    // ---- what the window allows
    readonly property int startWidth: 1280
    readonly property int startHeight: 800
    readonly property int leastWidth: 640
    readonly property int leastHeight: 480
    readonly property real fit: Math.min(window.width / startWidth, window.height / startHeight)
    readonly property real zoom: Math.max(1, Math.min(1.4, fit))
    readonly property bool portrait: window.height > window.width
    // Large text needs the room of a smaller window: then the page is laid out as one.
    readonly property real spread: Math.max(1, Math.min(2, textScale))
    readonly property bool wide: window.width >= 980 * spread && !portrait
    readonly property bool low: window.height < 700 * spread && !portrait
    readonly property bool abreast: wide || low

    // ---- spacing on a grid of eight
    readonly property int unit: Math.round(8 * zoom)
    readonly property int half: unit / 2
    readonly property int gap: unit * 2
    readonly property int wideGap: unit * 3
    readonly property int margin: low ? unit * 3 : unit * 4
    readonly property int target: Math.round(56 * zoom)
    readonly property int largeTarget: low ? target : Math.round(72 * zoom)
    readonly property int formWidth: Math.round(720 * zoom)
    readonly property int footedFrom: unit * 34 * Math.min(spread, 1.5)
    readonly property int padWidth: Math.round(low ? 864 : 403 * zoom)
    // Five rows of keys take at most this share of a low window, and the rest is for the field.
    readonly property real boardShare: 0.52
    readonly property int keyHeight: !low ? target : Math.max(leastKey,
        Math.min(target, Math.floor((window.height * boardShare - unit * 4) / 5)))
    readonly property int leastKey: 40
    // How many ordinary keys the ending of an address takes the room of.
    readonly property real pieceShare: 1.4
    readonly property int panelWidth: Math.round(low ? 312 : 348 * zoom)
    readonly property int cardWidth: Math.round((low ? 256 : 272 * zoom) * Math.min(spread, 1.6))
    readonly property int artHeight: Math.round(low ? 64 : 88 * zoom)
    readonly property int icon: Math.round(24 * zoom * Math.min(spread, 1.5))
    readonly property int radius: Math.round(20 * zoom)
    readonly property int smallRadius: Math.round(12 * zoom)
    readonly property int line: 1
    readonly property int ring: 3
    // How many ordinary keys the space bar takes the room of.
    readonly property int spaceShare: 5
    readonly property int codeLeast: Math.ceil(90 * pixelsPerMillimetre)

    // ---- type
    readonly property real letters: zoom * textScale
    // What is large already grows by less, or nothing else would have a place.
    readonly property real largeLetters: zoom
        * (textScale <= 1 ? textScale : 1 + (spread - 1) * 0.4)
    readonly property real giantLetters: zoom * Math.min(1, textScale)
    readonly property string family: "Inter"
    readonly property int tiny: Math.round(letters * (16))
    // Words that must fit their place shrink to this, and no further.
    readonly property int least: Math.round(zoom * 16)
    readonly property int leastPiece: Math.round(zoom * 12)
    readonly property int body: Math.round(letters * (18))
    // The bar above every page has one line for everything.
    readonly property int bar: Math.round(zoom * Math.min(portrait ? 1 : 1.4, textScale) * 18)
    readonly property int lead: Math.round(letters * (21))
    readonly property int title: Math.round(Math.max(lead, largeLetters * (low ? 24 : 27)))
    readonly property int headline: Math.round(Math.max(lead, largeLetters * (low ? 31 : 38)))
    readonly property int figure: Math.round(largeLetters * (low ? 44 : 56))
    readonly property int display: Math.round(giantLetters * (low ? 60 : portrait ? 72 : 84))
    readonly property int giant: Math.round(giantLetters * (low ? 110 : 168))

    // What text takes in height: Inter stands 1.21 of its size apart.
    readonly property int twoLines: Math.ceil(tiny * 1.21 * 2) + 1
    readonly property int cardHeight: artHeight + twoLines + Math.ceil((lead + tiny) * 1.21)
        + target + unit * 7

    // ---- colours
    readonly property color page: dark ? "#121318" : "#FAF8F4"
    readonly property color surface: dark ? "#1C1E26" : "#FFFFFF"
    readonly property color sunken: dark ? "#282B36" : "#F0EDE6"
    readonly property color pressed: dark ? "#353947" : "#E3DFD6"
    readonly property color hairline: dark ? "#333744" : "#E4E0D8"
    readonly property color edge: dark ? "#7D8392" : "#7F8088"
    readonly property color ink: dark ? "#F4F2EE" : "#1A1C22"
    readonly property color soft: dark ? "#B4B8C4" : "#585C66"
    readonly property color accent: dark ? "#AFAAFF" : "#4A42C6"
    readonly property color accentPressed: dark ? "#C8C4FF" : "#3B34A8"
    readonly property color accentInk: dark ? "#16143A" : "#FFFFFF"
    readonly property color accentSoft: dark ? "#2B2A50" : "#EAE8FB"
    readonly property color accentSoftInk: dark ? "#D5D2FF" : "#3B34A8"
    readonly property color good: dark ? "#82DBAC" : "#17693F"
    readonly property color goodSoft: dark ? "#16352A" : "#DDF2E6"
    readonly property color warn: dark ? "#F6CB72" : "#7A4D00"
    readonly property color warnSoft: dark ? "#3A2F14" : "#FFEFCB"
    readonly property color bad: dark ? "#FFB4AB" : "#AD231B"
    readonly property color badSoft: dark ? "#48211E" : "#FBE5E3"
    readonly property color focus: dark ? "#8CC4FF" : "#0B62BD"
    readonly property color scrim: dark ? "#B8000000" : "#8C14151A"
    readonly property color shade: dark ? "#0C0D11" : "#EAE6DE"
    readonly property color clear: "transparent"
    // A code is black on pure white whatever the theme: scanners expect it.
    readonly property color codePaper: "#FFFFFF"
    readonly property color codeInk: "#000000"

    // ---- art: pairs of a gradient, and what is written on it
    readonly property list<color> artFrom: [
        "#4C3FC7", "#C2334D", "#0E7C66",
        "#9A4A12", "#2352B8", "#7A2E8E"
    ]
    readonly property list<color> artTo: [
        "#8A4FD0", "#E0672F", "#1B8FB0",
        "#C23B6B", "#1187A8", "#C03A75"
    ]
    readonly property color artInk: "#FFFFFF"
    readonly property color artLight: "#2EFFFFFF"
    readonly property color artLighter: "#52FFFFFF"
    readonly property color heroFrom: dark ? "#1B1840" : "#3A2FA8"
    readonly property color heroTo: dark ? "#3B1D4E" : "#8E3FB0"
    readonly property color heroInk: "#FFFFFF"
    readonly property color heroInkSoft: "#E4DFFF"
    readonly property color heroGlow: dark ? "#14FFFFFF" : "#1FFFFFFF"
}
