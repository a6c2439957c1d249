"""The SDK as this program uses it: one client, pinned version, no retries, no telemetry, one door.

Import this module only inside the sync thread: `import stripe` costs a fifth of a second.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import stripe

from kiosk.domain.clock import Measured
from kiosk.domain.outbox import RailMode, RailState
from sync.rails.stripe.answers import trouble_of
from sync.rails.stripe.transport import StripeTransport
from sync.rails.troubles import RailTrouble, Trouble, TroubleKind, state_after

API_VERSION: Final = "2026-10-28.endive"
PAGE_SIZE: Final = 100
PAGES_MAX: Final = 50

# A Stripe object: the SDK's types change with every release, and we read a handful of fields.
Thing: TypeAlias = Any
Ask: TypeAlias = Callable[[stripe.StripeClient], Awaitable[Thing]]
Pace: TypeAlias = Callable[[str], Awaitable[None]]

_PREFIXES: Final = {
    RailMode.PRACTICE: ("rk_test_", "sk_test_"),
    RailMode.TEST: ("rk_test_", "sk_test_"),
    RailMode.LIVE: ("rk_live_", "sk_live_"),
}
_NO_KEY: Final = "rk_none"
_WRONG_MODE: Final = Trouble(kind=TroubleKind.LOCKED, code="wrong_mode")


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeAccess:
    """Where the rail is and how to get in. `base_url` None: Stripe itself."""

    mode: RailMode
    key: str = field(repr=False)
    base_url: str | None = None

    @property
    def key_fits(self) -> bool:
        """Whether the key's prefix belongs to the mode."""
        return self.key.startswith(_PREFIXES[self.mode])


class StripeDoor:
    """Every request passes here: paced, mapped to troubles, and remembered as the rail's state."""

    def __init__(self, access: StripeAccess, transport: StripeTransport, pace: Pace) -> None:
        self._access = access
        self._transport = transport
        self._pace = pace
        self.state: RailState | None = None
        # Locked once, nothing more is sent until somebody asks again with `reopen`.
        self._locked: Trouble | None = None if access.key_fits else _WRONG_MODE
        stripe.enable_telemetry = False
        logging.getLogger("stripe").setLevel(logging.WARNING)  # DEBUG prints e-mail addresses
        self._client = stripe.StripeClient(
            access.key or _NO_KEY,
            stripe_version=API_VERSION,
            max_network_retries=0,
            base_addresses={"api": access.base_url} if access.base_url else None,
            http_client=transport,
        )

    @property
    def mode(self) -> RailMode:
        return self._access.mode

    @property
    def measured(self) -> Measured | None:
        return self._transport.measured

    async def ask(self, endpoint: str, ask: Ask) -> Thing:
        """One request. `endpoint` names the method and path that Stripe's limits count."""
        if self._locked is not None:
            raise self._failed(self._locked)
        await self._pace(endpoint)
        try:
            thing = await ask(self._client)
        except RailTrouble as told:
            raise self._failed(told.trouble) from None
        except stripe.StripeError as error:
            raise self._failed(trouble_of(error)) from None
        self._check_world(thing)
        if self._locked is None:  # another lane may have met the lock meanwhile
            self.state = RailState.REACHABLE
        return thing

    def reopen(self) -> None:
        """Let the next request through, to see whether the rail is still locked."""
        if self._access.key_fits:
            self._locked = None

    async def pages(
        self, endpoint: str, ask: Callable[[stripe.StripeClient, dict[str, Any]], Awaitable[Thing]]
    ) -> AsyncIterator[Thing]:
        """Every object of a list, newest first, at most PAGES_MAX pages; then MorePages."""
        after: dict[str, Any] = {"limit": PAGE_SIZE}
        for _ in range(PAGES_MAX):
            page = await self.ask(endpoint, lambda client: ask(client, dict(after)))
            if field_of(page, "object") != "list":
                raise self._failed(Trouble(kind=TroubleKind.SUSPECT, code="not_a_list"))
            for thing in page.data:
                yield thing
            if not page.has_more or not page.data:
                return
            after["starting_after"] = page.data[-1].id
        raise MorePages

    async def close(self) -> None:
        await self._transport.close_async()

    def _check_world(self, thing: Thing) -> None:
        """Refuse an answer from the other world: a relay may hold a key of its own."""
        seen = thing
        if getattr(thing, "object", None) == "list":
            seen = thing.data[0] if thing.data else None
        live = getattr(seen, "livemode", None)
        if live is not None and bool(live) is not (self._access.mode is RailMode.LIVE):
            raise self._failed(_WRONG_MODE)

    def _failed(self, trouble: Trouble) -> RailTrouble:
        if trouble.stops_the_rail:
            self._locked = trouble
        self.state = state_after(self._locked or trouble)
        return RailTrouble(trouble)


class MorePages(RailTrouble):
    """A list is longer than we are ready to read: without a better idea, a person has to look."""

    def __init__(self) -> None:
        super().__init__(Trouble(kind=TroubleKind.REFUSED, code="list_too_long"))


def spoken(params: Mapping[str, object]) -> Any:
    """Parameters as the SDK's own types would have them; the practice Stripe checks every one."""
    return dict(params)


def stamped(thing: Thing, **wanted: str) -> bool:
    """Whether the object carries these values in its metadata (a StripeObject has no `.get`)."""
    metadata = getattr(thing, "metadata", None)
    if metadata is None:
        return False
    return all(name in metadata and metadata[name] == value for name, value in wanted.items())


def field_of(thing: Thing, name: str) -> Thing:
    """A field that may be missing, as None."""
    return getattr(thing, name, None)


def id_of(thing: Thing) -> str | None:
    """The id of a reference, expanded or not."""
    if thing is None or isinstance(thing, str):
        return thing
    return str(thing.id)
