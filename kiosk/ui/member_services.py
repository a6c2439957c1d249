"""What the screens are told of members, by its shape; see `kiosk.ui.services`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kiosk.domain.ids import MemberId
from kiosk.domain.outbox import RailMode
from kiosk.domain.people import Member
from kiosk.domain.sale import IssuedPass, Sale
from kiosk.domain.settlement import Settlement


class Running(Protocol):
    """A membership that goes on now; `ends_ms` None: open-ended."""

    @property
    def name(self) -> str: ...
    @property
    def ends_ms(self) -> int | None: ...


class FoundMember(Protocol):
    """One member of a list, and what is running of theirs."""

    @property
    def member(self) -> Member: ...
    @property
    def running(self) -> Sequence[Running]: ...


class ShownSale(Protocol):
    """A sale of a member, its passes, and what its money makes of them."""

    @property
    def sale(self) -> Sale: ...
    @property
    def passes(self) -> Sequence[IssuedPass]: ...
    @property
    def settlement(self) -> Settlement: ...


class Unsent(Protocol):
    """Something of a member that the rail does not have, or whose payment is watched for."""

    @property
    def receipt_number(self) -> str: ...


class MemberCard(Protocol):
    """One member; `member` None: erased, at `erased_ms`. `wanted_ms`: asked for, not done yet."""

    @property
    def member_id(self) -> MemberId: ...
    @property
    def member(self) -> Member | None: ...
    @property
    def erased_ms(self) -> int | None: ...
    @property
    def wanted_ms(self) -> int | None: ...
    @property
    def running(self) -> Sequence[Running]: ...
    @property
    def sales(self) -> Sequence[ShownSale]: ...
    @property
    def more(self) -> bool: ...
    @property
    def parked(self) -> Sequence[int]: ...
    @property
    def unsent(self) -> Sequence[Unsent]: ...
    @property
    def at_ms(self) -> int: ...


class RemoteObject(Protocol):
    """What the rail calls a member."""

    @property
    def remote_id(self) -> str: ...


class Erasure(Protocol):
    """What became of a request to erase. Not `erased`: put off until `unsent` is sent."""

    @property
    def erased(self) -> bool: ...
    @property
    def before(self) -> bool: ...
    @property
    def unsent(self) -> Sequence[Unsent]: ...
    @property
    def customers(self) -> Sequence[tuple[RailMode, RemoteObject]]: ...
