"""Whoever hears the screen meets the same things as whoever sees it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface

from tests.ui.stage import Stage
from tests.ui.walk import Walk

ROLES = (
    QAccessible.Role.Button, QAccessible.Role.CheckBox, QAccessible.Role.EditableText,
    QAccessible.Role.StaticText, QAccessible.Role.Heading, QAccessible.Role.Graphic,
)  # fmt: skip
NODES_MAX = 3000


def heard(stage: Stage) -> list[tuple[QAccessible.Role, str]]:
    """Role and name of everything on the page that is not hidden."""
    waiting: list[QAccessibleInterface | None] = [
        QAccessible.queryAccessibleInterface(stage.window)
    ]
    found: list[tuple[QAccessible.Role, str]] = []
    while waiting and len(found) < NODES_MAX:
        here = waiting.pop()
        if here is None or here.state().invisible:
            continue
        found.append((here.role(), here.text(QAccessible.Text.Name)))
        waiting.extend(here.child(number) for number in range(here.childCount()))
    return found


@pytest.fixture(autouse=True)
def _listening(stage: Stage) -> None:
    QAccessible.setActive(True)


@pytest.mark.parametrize(
    ("scene", "names"),
    [
        ("home", {"Touch to start", "English", "Deutsch", "Staff: All sent"}),
        ("offers", {"Add Pocket zine", "Continue", "Start over", "What would you like?"}),
        ("details", {"Full name", "E-mail", "I agree to the terms", "Read: I agree to the terms"}),
        ("pay", {"Cash", "Scan to pay", "Pay later", "Back"}),
        ("member", {"Back to the list", "Erase this member", "Show pass 3-3 again"}),
        ("erase_sheet", {"Erase this member?", "Keep", "Erase for good", "Close"}),
        ("pay_cash", {"Exactly £23.00", "Take the last digit back", "The cash is in the drawer"}),
    ],
)
def test_every_control_of_a_page_has_a_name(
    stage: Stage, walk: Walk, scene: str, names: set[str]
) -> None:
    getattr(walk, scene)()
    stage.grab()
    met = heard(stage)
    buttons = [name for role, name in met if role in ROLES[:3]]
    assert buttons
    assert all(buttons)
    assert names <= {name for _, name in met}


def test_fields_ticks_and_headings_have_their_roles(stage: Stage, walk: Walk) -> None:
    walk.details()
    met = set(heard(stage))
    assert (QAccessible.Role.EditableText, "E-mail") in met
    assert (QAccessible.Role.CheckBox, "I agree to the terms") in met
    assert (QAccessible.Role.Heading, "Your details") in met


def test_the_code_of_a_pass_is_announced(stage: Stage, walk: Walk) -> None:
    walk.show_pass("cash")
    number = stage.probe.get("pass_number", "text")
    assert (QAccessible.Role.Graphic, number) in set(heard(stage))


def test_german_is_heard_in_german(stage: Stage, walk: Walk) -> None:
    walk.speak("de")
    assert "Zum Starten berühren" in {name for _, name in heard(stage)}
