pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Kiosk
import ".."
import "../controls"

// Who becomes a member, and what they agree to.
FocusScope {
    id: page

    required property DetailsVM vm

    readonly property string missing: vm.missing

    onMissingChanged: missing === "name" ? name.input.forceActiveFocus()
        : missing === "email" ? email.input.forceActiveFocus()
        : missing === "consent" ? (form.contentY = form.most) : undefined
    Keys.onEscapePressed: vm.back()

    FormPage {
        id: form

        anchors.fill: parent
        title: qsTr("Your details")
        subtitle: Theme.low ? ""
            : qsTr("So that your pass carries your name and the receipt finds you.")
        focus: true

        Field {
            id: name

            objectName: "name"
            Layout.fillWidth: true
            label: qsTr("Full name")
            value: page.vm.name
            problem: page.vm.name_problem
            onEdited: text => page.vm.write_name(text)
            onAccepted: email.input.forceActiveFocus()
        }

        Field {
            id: email

            objectName: "email"
            Layout.fillWidth: true
            label: qsTr("E-mail")
            value: page.vm.email
            problem: page.vm.email_problem
            hint: page.vm.hint === "" ? "" : qsTr("Did you mean %1?").arg(page.vm.hint)
            email: true
            onEdited: text => page.vm.write_email(text)
            onAccepted: page.vm.go_on()
            onHintTaken: page.vm.take_hint()
        }

        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.unit

            Repeater {
                model: page.vm.consents

                Tick {
                    Layout.fillWidth: true
                    onToggled: page.vm.tick(kind)
                    onOpened: page.vm.read(kind)
                }
            }
        }

        footer: [
            Button {
                objectName: "details_back"
                large: true
                iconName: "back"
                text: qsTr("Back")
                onClicked: page.vm.back()
            },
            Button {
                objectName: "details_continue"
                Layout.fillWidth: true
                kind: "primary"
                large: true
                text: qsTr("Continue · %1").arg(page.vm.total)
                onClicked: page.vm.go_on()
            }
        ]
    }

    Sheet {
        open: page.vm.reading !== ""
        title: page.vm.reading_title
        onClosed: page.vm.close_text()

        Label {
            objectName: "terms_text"
            Layout.fillWidth: true
            text: page.vm.reading_text
        }
    }
}
