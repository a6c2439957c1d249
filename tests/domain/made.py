"""Snapshots and documents for the domain's tests: by hand for examples, by hypothesis for laws."""

import tomllib
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from kiosk.domain.checkout import tender_taken
from kiosk.domain.event_file import LATEST_MS, read_event
from kiosk.domain.ids import MemberId, OfferCode, SaleId
from kiosk.domain.money import AMOUNT_MAX_MINOR, CURRENCIES
from kiosk.domain.offer import (
    Cadence,
    CadenceUnit,
    Charge,
    Drop,
    Entitlement,
    Event,
    Item,
    Limits,
    LocalText,
    Membership,
    Offer,
    Seller,
    Snapshot,
    TaxRate,
    Terms,
)
from kiosk.domain.outbox import RailMode
from kiosk.domain.pricing import price_cart
from kiosk.domain.sale import CartLine, Draft, Sale
from kiosk.domain.tender import TenderKind
from kiosk.errors import EventFileInvalid, Mistake

Document = dict[str, object]

# Monday, 23 November 2026, 09:30 in UTC.
LOADED_MS = 1_795_426_200_000
SAMPLES = ("craft-show", "recipe-club", "zine-fair")
EVENTS = Path(__file__).resolve().parents[2] / "assets" / "events"


def sample(name: str, loaded_ms: int = LOADED_MS) -> Snapshot:
    return read_event(sample_document(name), loaded_ms).snapshot


@cache
def sample_document(name: str) -> Document:
    return tomllib.loads(sample_text(name))


def sample_text(name: str) -> str:
    return (EVENTS / f"{name}.toml").read_text(encoding="utf-8")


def document(**sections: object) -> Document:
    """The smallest event that can be loaded; sections replace or add, None takes one away."""
    whole: Document = {
        "event": event_section(),
        "seller": {"legal_name": "Zines", "address": "A road", "contact": "us@zine.example"},
        "terms": [{"kind": "terms", "version": "1", "text": "Sold is sold."}],
        "tax": [{"code": "std", "rate_bp": 1900, "included": True}],
        "item": [item_section()],
        **sections,
    }
    return {key: value for key, value in whole.items() if value is not None}


def event_section(**values: object) -> Document:
    return {
        "number": 1,
        "name": "Fair",
        "venue": "Hall",
        "starts": "+0d 10:00",
        "ends": "+1d 18:00",
        "time_zone": "Europe/Berlin",
        "currency": "eur",
        "country": "DE",
        "languages": ["en"],
        **values,
    }


def item_section(**values: object) -> Document:
    return {"code": "zine", "name": "Zine", "price_minor": 500, "tax": "std", **values}


def membership_section(**values: object) -> Document:
    cadence = {"every": 1, "unit": "week"}
    return item_section(**{"code": "club", "name": "Club", "cadence": cadence, **values})


def drop_section(**values: object) -> Document:
    times = {"opens": "-15m", "closes": "+8h"}
    return item_section(**{"code": "riso", "name": "Riso", "stock": 40, **times, **values})


def read(**sections: object) -> Snapshot:
    return read_event(document(**sections), LOADED_MS).snapshot


def mistakes_of(whole: Document) -> tuple[Mistake, ...]:
    """The mistakes of a document that has some."""
    try:
        read_event(whole, LOADED_MS)
    except EventFileInvalid as refused:
        return refused.mistakes
    raise AssertionError("the document was taken")


def keys_of(whole: Document) -> list[str]:
    return [mistake.key for mistake in mistakes_of(whole)]


# -------------------------------------------------------------------------------------- laws

instants = st.integers(0, LATEST_MS - 1)
zones = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Asia/Tokyo",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
    ]
)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda text: text == text.strip()
)
codes = st.from_regex(r"[A-Za-z0-9-]{1,30}", fullmatch=True)
LANGUAGES = ("en", "de", "ar")


@st.composite
def local_texts(draw: st.DrawFn) -> LocalText:
    default = draw(texts)
    if draw(st.booleans()):
        return LocalText(default=default)
    others = draw(st.dictionaries(st.sampled_from(LANGUAGES[1:]), texts))
    return LocalText(default=default, translations={LANGUAGES[0]: default, **others})


@st.composite
def cadences(draw: st.DrawFn) -> Cadence:
    return Cadence(every=draw(st.integers(1, 12)), unit=draw(st.sampled_from(CadenceUnit)))


def entitlements() -> st.SearchStrategy[tuple[Entitlement, ...]]:
    one = st.builds(
        Entitlement, number=st.integers(1, 2**32 - 1), uses=st.integers(0, 1000), name=local_texts()
    )
    return st.lists(one, min_size=1, max_size=4, unique_by=lambda given: given.number).map(tuple)


@st.composite
def offers(draw: st.DrawFn, code: str, kind: type[Offer], taxes: list[str]) -> Offer:
    least = 1 if kind is Membership else 0
    common = {
        "code": OfferCode(code),
        "name": draw(local_texts()),
        "description": draw(local_texts() | st.just(LocalText(default=""))),
        "price_minor": draw(st.integers(least, AMOUNT_MAX_MINOR)),
        "tax": draw(st.sampled_from(taxes)),
        "entitlements": draw(entitlements()),
        "plan": draw(st.none() | st.integers(0, 2**32 - 1)),
    }
    if kind is Item:
        return Item(**common)  # type: ignore[arg-type]  # the strategies above are the types
    if kind is Membership:
        periods = draw(st.none() | st.integers(1, 40))
        charge = Charge.PER_PERIOD if periods is None else draw(st.sampled_from(Charge))
        return Membership(**common, cadence=draw(cadences()), periods=periods, charge=charge)  # type: ignore[arg-type]
    opens = draw(st.integers(1, LATEST_MS))
    stock = draw(st.integers(0, 1_000_000))
    return Drop(
        **common,  # type: ignore[arg-type]
        opens_ms=opens,
        closes_ms=opens + draw(st.integers(1, 10**10)),
        stock=stock,
        allotment=draw(st.integers(0, stock)),
        per_member=draw(st.none() | st.integers(1, 1_000_000)),
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Any snapshot that the reader could have made: by kind, then in the order written."""
    rates = draw(
        st.lists(
            st.builds(
                TaxRate,
                code=st.from_regex(r"[A-Za-z0-9-]{1,20}", fullmatch=True),
                rate_bp=st.integers(0, 10_000),
                included=st.booleans(),
            ),
            min_size=1,
            max_size=3,
            unique_by=lambda rate: rate.code,
        )
    )
    taxes = [rate.code for rate in rates]
    kinds: list[type[Offer]] = [Membership] * draw(st.integers(0, 2)) + [Drop] * draw(
        st.integers(0, 2)
    )
    kinds += [Item] * draw(st.integers(0 if kinds else 1, 2))
    names = draw(st.lists(codes, min_size=len(kinds), max_size=len(kinds), unique=True))
    made = tuple(draw(offers(code, kind, taxes)) for code, kind in zip(names, kinds, strict=True))
    return Snapshot(
        number=0,
        event=draw(_events()),
        seller=draw(
            st.builds(
                Seller,
                legal_name=texts,
                address=texts,
                tax_id=st.none() | texts,
                contact=texts,
            )
        ),
        terms=draw(_terms()),
        taxes=tuple(rates),
        offers=made,
        limits=draw(
            st.builds(
                Limits,
                per_sale_minor=st.none() | st.integers(0, AMOUNT_MAX_MINOR),
                per_device_minor=st.none() | st.integers(0, 100 * AMOUNT_MAX_MINOR),
                grace_minutes=st.integers(15, 10_080),
                pay_later_days=st.integers(1, 90),
            )
        ),
    )


@st.composite
def _events(draw: st.DrawFn) -> Event:
    starts = draw(st.integers(1, LATEST_MS - 2))
    return Event(
        number=draw(st.integers(1, 2**32 - 1)),
        name=draw(local_texts()),
        venue=draw(texts),
        starts_ms=starts,
        ends_ms=draw(st.integers(starts + 1, LATEST_MS - 1)),
        time_zone=draw(zones),
        currency=draw(st.sampled_from(sorted(CURRENCIES))),
        country=draw(st.from_regex(r"[A-Z]{2}", fullmatch=True)),
        languages=LANGUAGES,
        pass_host=draw(st.none() | st.sampled_from(["a.de", "pass.fair.example:8443"])),
    )


@st.composite
def _terms(draw: st.DrawFn) -> tuple[Terms, ...]:
    kinds = ["terms", *draw(st.lists(st.sampled_from(["privacy", "marketing"]), unique=True))]
    pairs = [(kind, language) for kind in kinds for language in LANGUAGES]
    kept = [pair for pair in pairs if pair == ("terms", "en") or draw(st.booleans())]
    return tuple(
        Terms(kind=kind, version=draw(texts), language=language, text=draw(texts))
        for kind, language in kept
    )


# ------------------------------------------------------------------------------------- sales


def draft_of(**quantities: int) -> Draft:
    """Maria's draft for cash; offer codes with `_` for `-`."""
    return Draft(
        sale_id=SaleId("s1"),
        lines=tuple(
            CartLine(offer=OfferCode(code.replace("_", "-")), quantity=quantity)
            for code, quantity in quantities.items()
        ),
        name="Maria Gomez",
        email="maria@example.org",
        language="en",
        consents=frozenset({"terms"}),
        tender=TenderKind.CASH,
    )


def sale_of(snapshot: Snapshot, draft: Draft) -> Sale:
    """The sale this draft becomes, without enrollments."""
    cart = price_cart(snapshot, draft.lines, draft.language)
    return Sale(
        sale_id=draft.sale_id,
        receipt_number="K3-000042",
        device=3,
        snapshot_number=1,
        member_id=MemberId("m1"),
        staff_id=None,
        mode=RailMode.PRACTICE,
        language=draft.language,
        currency=cart.currency,
        lines=cart.lines,
        tenders=(tender_taken(draft, cart.total_minor),),
        consents=(),
        enrollments=(),
        sold_ms=LOADED_MS,
        skew_ms=None,
        clock_doubtful=False,
    )
