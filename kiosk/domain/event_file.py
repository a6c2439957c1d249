"""The event file: a person's document becomes a checked snapshot, or a list of all its mistakes.

Money needs care here: an amount is a whole number of minor units, a currency one of the table, and
nothing is guessed. Unknown keys are mistakes, because a misspelt limit is no limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from kiosk.domain.event_offers import read_offers
from kiosk.domain.event_reader import LONG_TEXT_MAX_CHARS, Table
from kiosk.domain.ids import OfferCode
from kiosk.domain.moments import parse_moment
from kiosk.domain.money import AMOUNT_MAX_MINOR, CURRENCIES
from kiosk.domain.offer import TERMS_KIND, Event, Limits, Offer, Seller, Snapshot, TaxRate, Terms
from kiosk.domain.pricing import decide, kind_of
from kiosk.errors import EventFileInvalid, Mistake

# 2060-01-01 in UTC: passes count their end in 32 bits, which hold a membership from then on.
LATEST_MS: Final = 2_840_140_800_000
EVENT_NUMBER_MAX: Final = 2**32 - 1
TEXTS_MAX: Final = 60
RATES_MAX: Final = 20
DEFAULT_GRACE_MINUTES: Final = 1440
DEFAULT_PAY_LATER_DAYS: Final = 14
# By the number of an event: its offers' claim numbers (see kiosk.domain.claim_numbers).
Kept: TypeAlias = Callable[[int], Mapping[OfferCode, int]]
_HOST = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?"
_HOST_MAX_CHARS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedEvent:
    """A snapshot that can be sold from, and what its author should know though it is no mistake."""

    snapshot: Snapshot
    warnings: tuple[Mistake, ...]


def read_event(
    document: Mapping[str, object], loaded_ms: int, kept: Kept = lambda _event: {}
) -> LoadedEvent:
    """Check the whole document; relative moments are fixed to this load.

    `kept` tells the claim numbers that an event's offers had in earlier loads. Raises
    EventFileInvalid with every mistake: key, value, reason.
    """
    mistakes: list[Mistake] = []
    top = Table(document, "", mistakes)
    event = _event(top.table("event"), loaded_ms)
    seller = _seller(top.table("seller"))
    taxes = tuple(_tax(table) for table in top.tables("tax", RATES_MAX))
    snapshot = Snapshot(
        number=0,
        event=event,
        seller=seller,
        terms=tuple(_terms(table, event.languages) for table in top.tables("terms", TEXTS_MAX)),
        taxes=taxes,
        offers=read_offers(top, event, taxes, loaded_ms, kept(event.number)),
        limits=_limits(top.table("limits") if top.has("limits") else None),
    )
    _check_whole(top, snapshot)
    top.finish()
    if mistakes:
        raise EventFileInvalid(tuple(_as_written(mistakes)))
    return LoadedEvent(snapshot=snapshot, warnings=_warnings(snapshot))


def numbered(snapshot: Snapshot, number: int) -> Snapshot:
    """The snapshot under the number that the buffer stored it as."""
    return replace(snapshot, number=number)


def _as_written(mistakes: list[Mistake]) -> list[Mistake]:
    """Keys as people write them: no leading dot where the top of the file is meant."""
    return [mistake._replace(key=mistake.key.lstrip(".")) for mistake in mistakes]


def _event(table: Table, loaded_ms: int) -> Event:
    zone = table.text("time_zone")
    if zone and not _zone_exists(zone):
        table.wrong("time_zone", 'no such time zone; write one such as "Europe/Berlin"')
        zone = ""

    def moment(value: object) -> int:
        return parse_moment(value, loaded_ms, zone or "UTC")

    languages = table.languages("languages")
    currency = table.text("currency").lower()
    if currency and currency not in CURRENCIES:
        table.wrong("currency", f"unknown currency; known are: {' '.join(sorted(CURRENCIES))}")
    starts, ends = table.moment("starts", moment), table.moment("ends", moment)
    if starts and ends and ends <= starts:
        table.wrong("ends", "must be after starts")
    elif not 0 <= ends < LATEST_MS:
        table.wrong("ends", "must lie between 1970 and 2060")
    host = None
    if table.has("pass_host"):
        host = table.matching("pass_host", _HOST, 'must be a host name such as "pass.example.org"')
        if len(host) > _HOST_MAX_CHARS:
            table.wrong("pass_host", f"must have at most {_HOST_MAX_CHARS} characters")
    event = Event(
        number=table.whole("number", 1, EVENT_NUMBER_MAX),
        name=table.local_text("name", languages),
        venue=table.text("venue"),
        starts_ms=starts,
        ends_ms=ends,
        time_zone=zone or "UTC",
        currency=currency if currency in CURRENCIES else "eur",
        country=table.matching("country", r"[A-Z]{2}", 'must be two capital letters, such as "DE"'),
        languages=languages,
        pass_host=host or None,
    )
    table.finish()
    return event


def _seller(table: Table) -> Seller:
    seller = Seller(
        legal_name=table.text("legal_name"),
        address=table.text("address"),
        tax_id=table.optional_text("tax_id"),
        contact=table.text("contact"),
    )
    table.finish()
    return seller


def _tax(table: Table) -> TaxRate:
    rate = TaxRate(
        code=table.matching("code", r"[A-Za-z0-9-]{1,20}", "must be letters, digits and dashes"),
        rate_bp=table.whole("rate_bp", 0, 10_000),
        included=table.yes_no("included"),
    )
    table.finish()
    return rate


def _terms(table: Table, languages: tuple[str, ...]) -> Terms:
    terms = Terms(
        kind=table.matching("kind", r"[a-z][a-z-]{0,19}", "must be a word such as terms, privacy"),
        version=table.text("version"),
        language=table.one_of("language", languages, default=languages[0]),
        text=table.text("text", most=LONG_TEXT_MAX_CHARS),
    )
    table.finish()
    return terms


def _limits(table: Table | None) -> Limits:
    if table is None:
        table = Table({}, "limits", [])
    per_sale = table.optional_whole("per_sale_minor", 0, AMOUNT_MAX_MINOR)
    per_device = table.optional_whole("per_device_minor", 0, 100 * AMOUNT_MAX_MINOR)
    grace = table.optional_whole("grace_minutes", 15, 7 * 1440)
    days = table.optional_whole("pay_later_days", 1, 90)
    table.finish()
    return Limits(
        per_sale_minor=per_sale,
        per_device_minor=per_device,
        grace_minutes=DEFAULT_GRACE_MINUTES if grace is None else grace,
        pay_later_days=DEFAULT_PAY_LATER_DAYS if days is None else days,
    )


def _check_whole(top: Table, snapshot: Snapshot) -> None:
    """What only shows when all sections are read."""
    if not snapshot.offers:
        top.wrong("item", "an event needs at least one membership, drop or item")
    if not any(terms.kind == TERMS_KIND for terms in snapshot.terms):
        top.wrong("terms", 'one text of kind "terms" is needed')
    seen = [(terms.kind, terms.language) for terms in snapshot.terms]
    for kind, language in dict.fromkeys(pair for pair in seen if seen.count(pair) > 1 and pair[0]):
        top.wrong("terms", f"{kind} stands more than once in {language}")
    codes = [rate.code for rate in snapshot.taxes]
    for code in dict.fromkeys(code for code in codes if codes.count(code) > 1 and code):
        top.wrong("tax", f"the code {code} stands more than once")


def _warnings(snapshot: Snapshot) -> tuple[Mistake, ...]:
    found = []
    least = CURRENCIES[snapshot.event.currency].least_minor
    for offer in snapshot.offers:
        unit = decide(snapshot, offer).unit_minor
        if 0 < unit < least:
            reason = f"less than the rail takes online ({least}): alone it can only be paid in cash"
            found.append(Mistake(f"{_place(snapshot, offer)}.price_minor", str(unit), reason))
    if snapshot.limits.per_device_minor is None:
        reason = "no limit is set: any amount can be sold on trust (scan to pay, pay later)"
        found.append(Mistake("limits.per_device_minor", "", reason))
    return tuple(found)


def _place(snapshot: Snapshot, offer: Offer) -> str:
    """Where an offer stands in the file: `item[2]`."""
    kind = kind_of(offer)
    alike = [other for other in snapshot.offers if kind_of(other) is kind]
    return f"{kind}[{alike.index(offer) + 1}]"


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
