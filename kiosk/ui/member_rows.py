"""What the page of the members says of each: a line of the list, a pass, what an erasure did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QCoreApplication

from kiosk.domain.outbox import RailMode
from kiosk.domain.sale import IssuedPass
from kiosk.domain.settlement import Settlement
from kiosk.ui.member_services import (
    Erasure,
    FoundMember,
    MemberCard,
    RemoteObject,
    Running,
    ShownSale,
    Unsent,
)
from kiosk.ui.text import settlement_text
from kiosk.ui.time_text import day_text

RECEIPTS_SHOWN: Final = 3
PASSES_SHOWN_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One member of the list; `running` is empty where nothing is."""

    member_id: str
    name: str = field(repr=False)
    email: str = field(repr=False)
    running: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRow:
    """One pass. `worth` is a settlement, or `expired`; `place` is where it is in its sale."""

    sale_id: str
    place: int
    number: str
    bought: str
    worth: str
    state_name: str
    until: str
    can_show: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardText:
    """One member in words. `earlier_ones`: there are passes that are not shown."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    running: tuple[str, ...] = ()
    passes: tuple[PassRow, ...] = ()
    earlier_ones: bool = False
    wanted: str = ""
    parked: str = ""
    unsent: str = ""
    can_erase: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The language to say it in, and the event's time zone."""

    language: str
    zone: str

    def day(self, at_ms: int) -> str:
        """A date as people there write it."""
        return day_text(at_ms, self.zone, self.language)


NOBODY: Final = CardText()


def member_row(found: FoundMember) -> MemberRow:
    """A line of the list."""
    names = dict.fromkeys(one.name for one in found.running)
    return MemberRow(
        member_id=found.member.member_id,
        name=found.member.name,
        email=found.member.email,
        running=", ".join(names),
    )


def card_text(card: MemberCard, wording: Wording) -> CardText:
    """One member with their passes, those of the newest sale first."""
    rows = tuple(
        _pass_row(shown, issued, place, (card.at_ms, wording))
        for shown in card.sales
        for place, issued in enumerate(shown.passes)
    )
    return CardText(
        name="" if card.member is None else card.member.name,
        email="" if card.member is None else card.member.email,
        running=tuple(_running_text(one, wording) for one in card.running),
        passes=rows[:PASSES_SHOWN_MAX],
        earlier_ones=card.more or len(rows) > PASSES_SHOWN_MAX,
        wanted="" if card.wanted_ms is None else wording.day(card.wanted_ms),
        parked=", ".join(map(str, card.parked)),
        unsent=receipts_text(card.unsent),
        can_erase=card.wanted_ms is None or not card.unsent,
    )


def receipts_text(unsent: Sequence[Unsent]) -> str:
    """The receipts of what is not sent yet, the first few of them."""
    numbers = list(dict.fromkeys(one.receipt_number for one in unsent))
    more = " …" if len(numbers) > RECEIPTS_SHOWN else ""
    return ", ".join(numbers[:RECEIPTS_SHOWN]) + more


def erasure_texts(erasure: Erasure) -> list[str]:
    """What was done, what is left elsewhere, and who can remove it there."""
    if not erasure.erased:
        return [
            QCoreApplication.translate(
                "Members", "Nothing was erased yet: %1 is not sent or not paid."
            ).replace("%1", receipts_text(erasure.unsent)),
            QCoreApplication.translate(
                "Members",
                "Once everything is, they are erased by themselves when the program is closed.",
            ),
        ]
    if erasure.before:
        return [QCoreApplication.translate("Members", "This member was erased before.")]
    return [
        QCoreApplication.translate(
            "Members", "The member was erased. Sales, sums and the journal are as they were."
        ),
        QCoreApplication.translate(
            "Members",
            "Close the program when the day is over: that destroys the key that older copies need, "
            "and renews the kiosk's own backups.",
        ),
        *(_elsewhere(mode, remote) for mode, remote in erasure.customers),
        QCoreApplication.translate(
            "Members",
            "Copies that were taken elsewhere before, on sticks or in black boxes, hold the person "
            "yet.",
        ),
    ]


def _pass_row(shown: ShownSale, issued: IssuedPass, place: int, at: tuple[int, Wording]) -> PassRow:
    at_ms, wording = at
    over = issued.expires_s * 1000 <= at_ms
    day = wording.day(issued.expires_s * 1000)
    return PassRow(
        sale_id=shown.sale.sale_id,
        place=place,
        number=issued.number,
        bought=", ".join(
            f"{line.quantity} \N{MULTIPLICATION SIGN} {line.description}"
            for line in shown.sale.lines
        ),
        worth="expired" if over else shown.settlement.value,
        state_name=_state(shown.settlement, over=over),
        until=_until(over=over).replace("%1", day),
        can_show=bool(issued.text) and not over,
    )


def _state(settlement: Settlement, *, over: bool) -> str:
    if over:
        return QCoreApplication.translate("Members", "Expired")
    return settlement_text(settlement)


def _until(*, over: bool) -> str:
    if over:
        return QCoreApplication.translate("Members", "Ended on %1")
    return QCoreApplication.translate("Members", "Valid until %1")


def _running_text(one: Running, wording: Wording) -> str:
    if one.ends_ms is None:
        return QCoreApplication.translate("Members", "%1, open-ended").replace("%1", one.name)
    return (
        QCoreApplication.translate("Members", "%1, until %2")
        .replace("%2", wording.day(one.ends_ms))
        .replace("%1", one.name)
    )


def _elsewhere(mode: RailMode, remote: RemoteObject) -> str:
    if mode is RailMode.PRACTICE:
        said = QCoreApplication.translate(
            "Members", "The practice Stripe forgets the customer %1 then, too."
        )
    else:
        said = QCoreApplication.translate(
            "Members", "At Stripe remains the customer %1: delete it there."
        )
    return said.replace("%1", remote.remote_id)
