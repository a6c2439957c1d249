"""The event file: all mistakes at once, each with key, value and reason, and nothing guessed."""

import tomllib
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.event_file import LATEST_MS, numbered, read_event
from kiosk.domain.offer import Snapshot
from kiosk.errors import EventFileInvalid, Mistake
from tests.domain.made import (
    LOADED_MS,
    SAMPLES,
    Document,
    document,
    drop_section,
    event_section,
    item_section,
    keys_of,
    membership_section,
    mistakes_of,
    read,
    sample_document,
)

TEN_MISTAKES = """
[event]
number = 0
name = "Fair"
venue = "   "
starts = "2026-11-23T10:00:00"
ends = "+1d 18:00"
time_zone = "Europe/Berln"
currency = "eru"
country = "de"
languages = ["en"]
doors = "10:00"

[seller]
legal_name = "Zines"
address = "A road"

[[terms]]
kind = "terms"
version = "1"
text = "Sold is sold."

[[tax]]
code = "std"
rate_bp = 19.0
included = true

[[item]]
code = "zine"
name = "Zine"
price_minor = 4.90
tax = "standard"
"""


def only(whole: Document) -> Mistake:
    (mistake,) = mistakes_of(whole)
    return mistake


def test_a_file_with_ten_mistakes_reports_all_ten() -> None:
    found = {mistake.key: mistake for mistake in mistakes_of(tomllib.loads(TEN_MISTAKES))}
    assert {key: mistake.value for key, mistake in found.items()} == {
        "event.number": "0",
        "event.venue": "   ",
        "event.starts": "2026-11-23T10:00:00",
        "event.time_zone": "Europe/Berln",
        "event.currency": "eru",
        "event.country": "de",
        "event.doors": "10:00",
        "seller.contact": "",
        "tax[1].rate_bp": "19.0",
        "item[1].price_minor": "4.9",
        "item[1].tax": "standard",
    }
    assert all(mistake.reason for mistake in found.values())
    assert "eur" in found["event.currency"].reason
    assert "spelling" in found["event.doors"].reason
    assert found["seller.contact"].reason == "is missing"


def test_the_same_file_always_lists_its_mistakes_in_the_same_order() -> None:
    keys = [mistake.key for mistake in mistakes_of(tomllib.loads(TEN_MISTAKES))]
    assert keys == [mistake.key for mistake in mistakes_of(tomllib.loads(TEN_MISTAKES))]
    assert keys.index("event.number") < keys.index("seller.contact") < keys.index("item[1].tax")


def test_an_empty_file_says_what_every_event_needs() -> None:
    keys = keys_of({})
    assert {"event", "seller", "item", "terms"} <= set(keys)
    assert {"event.number", "event.currency", "seller.legal_name"} <= set(keys)


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ("event", 5), ("event", []), ("event", [{}]), ("seller", "me"), ("limits", [1]),
        ("terms", {}), ("tax", {"code": "std"}), ("item", {"code": "zine"}), ("item", [1]),
        ("item", ["zine"]), ("membership", "club"), ("drop", [[]]), ("tax", 3),
    ],
)  # fmt: skip
def test_a_section_of_the_wrong_shape_is_named(section: str, wrong: object) -> None:
    assert section in keys_of(document(**{section: wrong}))


def test_unknown_keys_are_mistakes_at_every_depth() -> None:
    keys = keys_of(
        document(
            events={},
            seller={"legal_name": "Z", "address": "A", "contact": "c", "vat": "1"},
            limits={"per_sale": 100},
            membership=[membership_section(cadence={"every": 1, "unit": "week", "on": "mon"})],
            item=[
                item_section(
                    prize_minor=1,
                    entitlements=[{"number": 1, "uses": 1, "name": "x", "use": 1}],
                )
            ],
        )
    )
    assert sorted(keys) == [
        "events",
        "item[1].entitlements[1].use",
        "item[1].prize_minor",
        "limits.per_sale",
        "membership[1].cadence.on",
        "seller.vat",
    ]


# The value, and where it stands: none of them may pass, and none may raise anything else.
WITHOUT_OFFSET = datetime.fromisoformat("2026-01-01T00:00:00")
WRONG: tuple[object, ...] = (
    None, True, False, 0.5, 5.0, -1, 2**70, 16**5000, "", "  ", "x" * 30_000, [], [[]], {},
    {"a": {}}, [{"b": 1}], date(2026, 1, 1), WITHOUT_OFFSET, ["en", 5], ["EN"], "\x00", {"en": 5},
)  # fmt: skip


@pytest.mark.parametrize("value", WRONG, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(
    "key",
    [
        "event.number", "event.name", "event.venue", "event.starts", "event.ends",
        "event.time_zone", "event.currency", "event.country", "event.languages",
        "event.pass_host", "seller.legal_name", "terms.kind", "terms.text", "tax.rate_bp",
        "tax.included", "item.code", "item.name", "item.price_minor", "item.prices",
        "item.tax", "item.entitlements", "item.plan", "drop.opens", "drop.stock", "drop.per_member",
        "membership.cadence", "membership.periods", "membership.charge", "limits.grace_minutes",
    ],
)  # fmt: skip
def test_a_nonsense_value_is_a_mistake_and_never_a_crash(key: str, value: object) -> None:
    section, name = key.split(".")
    if key == "tax.included" and isinstance(value, bool):
        return
    found = mistakes_of(with_value(section, name, value))
    assert any(mistake.key.startswith((section, f"{section}[1]")) for mistake in found)
    assert all(len(mistake.value) <= 61 for mistake in found)


def with_value(section: str, name: str, value: object) -> Document:
    whole = document(membership=[membership_section(periods=4)], drop=[drop_section()], limits={})
    table = whole[section]
    target = table[0] if isinstance(table, list) else table
    assert isinstance(target, dict)
    target[name] = value
    return whole


def test_a_number_too_long_to_print_is_still_only_a_mistake() -> None:
    mistake = only(document(item=[item_section(price_minor=16**5000)]))
    assert (mistake.key, mistake.value) == ("item[1].price_minor", "…")


def test_a_long_value_is_shown_in_part() -> None:
    mistake = only(document(event=event_section(country="x" * 500)))
    assert mistake.value == "x" * 60 + "…"


@pytest.mark.parametrize(
    ("values", "key", "reason"),
    [
        ({"ends": "+0d 09:00"}, "event.ends", "after starts"),
        ({"ends": "+0d 10:00"}, "event.ends", "after starts"),
        ({"ends": "2060-01-01T00:00:00Z"}, "event.ends", "2060"),
        ({"ends": "9999-12-31T23:59:59-12:00"}, "event.ends", "not a moment"),
        ({"starts": WITHOUT_OFFSET}, "event.starts", "offset"),
        ({"currency": "xyz"}, "event.currency", "unknown currency"),
        ({"time_zone": "../../etc/passwd"}, "event.time_zone", "no such time zone"),
        ({"time_zone": "Europe"}, "event.time_zone", "no such time zone"),
        ({"country": "DEU"}, "event.country", "two capital letters"),
        ({"languages": ["en", "deu"]}, "event.languages", "language codes"),
        ({"languages": "en"}, "event.languages", "language codes"),
        ({"pass_host": "https://a.example"}, "event.pass_host", "host name"),
        ({"pass_host": "A.example"}, "event.pass_host", "host name"),
        ({"pass_host": "localhost"}, "event.pass_host", "host name"),
        ({"pass_host": "a.example/"}, "event.pass_host", "host name"),
        ({"pass_host": "a" * 30 + ".example"}, "event.pass_host", "30 characters"),
        ({"number": 2**32}, "event.number", "4294967295"),
        ({"name": {"de": "Messe"}}, "event.name", "language"),
    ],
)
def test_a_mistake_about_the_event_says_what_is_wrong(
    values: Document, key: str, reason: str
) -> None:
    found = mistakes_of(document(event=event_section(**values)))
    assert found[0].key == key
    assert any(reason in mistake.reason for mistake in found)


def test_an_event_that_ended_before_1970_is_refused() -> None:
    event = event_section(starts="1960-01-01T00:00:00Z", ends="1961-01-01T00:00:00Z")
    assert keys_of(document(event=event)) == ["event.ends"]


def test_the_last_event_that_fits_on_a_pass_is_taken() -> None:
    event = event_section(ends="2059-12-31T23:59:59.999Z")
    assert read(event=event).event.ends_ms == LATEST_MS - 1


def test_what_is_written_becomes_the_snapshot() -> None:
    snapshot = read(event=event_section(currency="EUR", pass_host="pass.zine.example:8443"))
    assert snapshot.event.currency == "eur"
    assert snapshot.event.pass_host == "pass.zine.example:8443"
    assert snapshot.seller.tax_id is None
    assert snapshot.number == 0
    assert numbered(snapshot, 7).number == 7
    assert numbered(snapshot, 7).event is snapshot.event


def test_limits_that_are_not_written_have_their_defaults() -> None:
    limits = read().limits
    assert (limits.per_sale_minor, limits.per_device_minor) == (None, None)
    assert (limits.grace_minutes, limits.pay_later_days) == (1440, 14)
    assert read(limits={"grace_minutes": 15, "pay_later_days": 90}).limits.pay_later_days == 90


@pytest.mark.parametrize(
    "limits",
    [
        {"grace_minutes": 14}, {"grace_minutes": 10_081}, {"pay_later_days": 0},
        {"pay_later_days": 91}, {"per_sale_minor": -1}, {"per_device_minor": "100"},
    ],
)  # fmt: skip
def test_limits_have_limits(limits: Document) -> None:
    assert keys_of(document(limits=limits)) == [f"limits.{next(iter(limits))}"]


def test_an_event_without_offers_or_terms_is_none() -> None:
    assert keys_of(document(item=None)) == ["item"]
    assert keys_of(document(terms=None)) == ["terms"]
    privacy = [{"kind": "privacy", "version": "1", "text": "x"}]
    assert keys_of(document(terms=privacy)) == ["terms"]


def test_the_same_text_twice_in_one_language_is_a_mistake() -> None:
    twice = [
        {"kind": kind, "version": "1", "text": "x"} for kind in ("terms", "b", "b", "b", "terms")
    ]
    found = mistakes_of(document(terms=twice))
    assert [mistake.reason for mistake in found] == [
        "terms stands more than once in en", "b stands more than once in en",
    ]  # fmt: skip


def test_a_tax_code_may_stand_only_once() -> None:
    rate = {"code": "std", "rate_bp": 1900, "included": True}
    found = mistakes_of(document(tax=[rate, rate]))
    assert [(mistake.key, mistake.reason) for mistake in found] == [
        ("tax", "the code std stands more than once")
    ]


def test_a_tax_of_nothing_and_of_a_hundred_percent_are_rates() -> None:
    for rate_bp in (0, 10_000):
        tax = [{"code": "std", "rate_bp": rate_bp, "included": False}]
        assert read(tax=tax).tax_rate("std").rate_bp == rate_bp
    tax = [{"code": "std", "rate_bp": 10_001, "included": False}]
    assert keys_of(document(tax=tax)) == ["tax[1].rate_bp"]


def test_more_rows_than_the_most_are_not_read() -> None:
    found = keys_of(document(tax=[{"code": "std", "rate_bp": 0, "included": True}] * 21))
    assert found[0] == "tax"
    assert len(found) == 2  # and the code that stands twenty times, once
    many = keys_of(document(item=[{}] * 5000))
    assert len(many) < 2000


# ---------------------------------------------------------------------------------- warnings


def warnings_of(whole: Document) -> list[Mistake]:
    return list(read_event(whole, LOADED_MS).warnings)


def test_a_price_below_what_the_rail_takes_is_a_warning() -> None:
    whole = document(item=[item_section(price_minor=49)], limits={"per_device_minor": 100})
    (warning,) = warnings_of(whole)
    assert (warning.key, warning.value) == ("item[1].price_minor", "49")


@pytest.mark.parametrize("fine", [0, 50])
def test_a_gift_and_the_least_price_need_no_warning(fine: int) -> None:
    whole = document(item=[item_section(price_minor=fine)], limits={"per_device_minor": 0})
    assert warnings_of(whole) == []


def test_added_tax_counts_towards_the_least_price() -> None:
    tax = [{"code": "std", "rate_bp": 2000, "included": False}]
    item = [item_section(price_minor=42)]
    limits = {"per_device_minor": 1}
    assert warnings_of(document(tax=tax, item=item, limits=limits)) == []


def test_no_limit_on_trust_is_a_warning() -> None:
    (warning,) = warnings_of(document())
    assert warning.key == "limits.per_device_minor"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_event_has_no_mistakes(name: str) -> None:
    loaded = read_event(sample_document(name), LOADED_MS)
    assert isinstance(loaded.snapshot, Snapshot)
    assert {warning.key for warning in loaded.warnings} <= {"item[2].price_minor"}


# Whatever a person may write, the answer is a snapshot or a list of mistakes.
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
SECTIONS = ["event", "seller", "terms", "tax", "item", "drop", "membership", "limits", "x"]


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(SECTIONS), values))
def test_any_document_is_taken_or_refused_and_nothing_else(sections: Document) -> None:
    whole = {**document(), **sections}
    found: tuple[Mistake, ...] = (Mistake("taken", "", ""),)
    try:
        read_event(whole, LOADED_MS)
    except EventFileInvalid as refused:
        found = refused.mistakes
    assert found
    assert all(mistake.key and mistake.key[0] != "." for mistake in found)
