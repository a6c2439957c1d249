"""People to look for on the page of the members, and what it holds of them."""

from __future__ import annotations

from typing import Any, Final

from kiosk.ui.rows import RowModel
from tests.ui.stage import Stage

AMELIE: Final = ("Amélie Nguyễn", "amelie@example.org")
MARK: Final = "mélie"


def sell(stage: Stage, *offers: str, who: tuple[str, str] = AMELIE, **changes: Any) -> Any:
    return stage.sell(*(offers or ("sticker",)), name=who[0], email=who[1], **changes)


def look_for(stage: Stage, model: Any, text: str) -> list[str]:
    model.write(text)
    stage.settle()
    return [row.name for row in model.found.rows]


def meet(stage: Stage, model: Any, text: str = "ame") -> None:
    assert look_for(stage, model, text)
    model.pick(model.found.rows[0].member_id)
    stage.settle()
    assert model.picked


def erase(stage: Stage, model: Any) -> None:
    model.ask_to_erase()
    assert model.asking
    model.erase()
    stage.settle()


def held(model: Any) -> str:
    """Everything that the view-model holds or says of anybody."""
    meta, words = model.metaObject(), [repr(model._seen.card), repr(model._seen.found)]
    for number in range(meta.propertyCount()):
        value = model.property(str(meta.property(number).name()))
        rows = value.rows if isinstance(value, RowModel) else ()
        words += [repr(value), *(repr([getattr(row, f) for f in row.__slots__]) for row in rows)]
    return "\n".join(words)
