"""Contrast, sizes and targets of the theme, computed from the theme itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ui.stage import Stage

TEXT_LEAST = 4.5  # WCAG 2.2, 1.4.3
GRAPHIC_LEAST = 3.0  # WCAG 2.2, 1.4.11
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("page", "surface", "sunken")),
    ("ink", "pressed"), ("accentInk", "accent"), ("accentInk", "accentPressed"),
    ("accentSoftInk", "accentSoft"), ("good", "goodSoft"), ("warn", "warnSoft"),
    ("warn", "surface"), ("warn", "page"), ("bad", "badSoft"), ("bad", "page"), ("bad", "surface"),
    ("accent", "page"), ("soft", "badSoft"),
    ("heroInk", "heroFrom"), ("heroInk", "heroTo"), ("heroInkSoft", "heroFrom"),
    ("heroInkSoft", "heroTo"), ("codeInk", "codePaper"),
]  # fmt: skip
GRAPHIC_PAIRS = [("edge", "page"), ("edge", "surface"), ("focus", "page"), ("focus", "surface"),
                 ("focus", "sunken"), ("accent", "surface"), ("bad", "surface"),
                 ("good", "surface")]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_signs_stand_out_from_their_ground(
    make_stage: Callable[..., Stage], theme: str
) -> None:
    stage = make_stage(pin=None)
    stage.open()
    stage.shell._show_theme(theme)

    def colour(name: str) -> str:
        return str(stage.probe.js(f"Theme.{name}.toString()"))

    for pairs, least in ((TEXT_PAIRS, TEXT_LEAST), (GRAPHIC_PAIRS, GRAPHIC_LEAST)):
        for ink, ground in pairs:
            assert contrast(colour(ink), colour(ground)) >= least, (theme, ink, ground)
    for pair in range(int(str(stage.probe.js("Theme.artFrom.length")))):
        for end in ("artFrom", "artTo"):
            shown = str(stage.probe.js(f"Theme.{end}[{pair}].toString()"))
            assert contrast("#ffffff", shown) >= GRAPHIC_LEAST, shown


@pytest.mark.parametrize("size", [(1024, 600), (1280, 800), (800, 1280), (1920, 1080)], ids=str)
def test_targets_and_text_are_large_enough_at_every_size(
    make_stage: Callable[..., Stage], size: tuple[int, int]
) -> None:
    stage = make_stage(pin=None)
    stage.open()
    stage.resize(*size)
    assert int(str(stage.probe.js("Theme.target"))) >= 56
    assert int(str(stage.probe.js("Theme.body"))) >= 18


def test_text_grows_with_the_setting(make_stage: Callable[..., Stage]) -> None:
    from kiosk.ui.options import Options
    from tests.ui.stage import REPOSITORY

    options = Options(assets=REPOSITORY / "assets", text_scale=2.0, reduced_motion=True)
    stage = make_stage(options=options, pin=None)
    stage.open()
    assert int(str(stage.probe.js("Theme.body"))) == 36
