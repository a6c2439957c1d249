"""There is a sentence for everything the program knows by name, in each language."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from kiosk.domain.offer import Cadence, CadenceUnit
from kiosk.domain.outbox import (
    EntryState,
    QueueCounts,
    QueueHealth,
    RailState,
    Topic,
)
from kiosk.domain.settlement import FindingKind, Settlement
from kiosk.domain.tender import TenderKind, WhyNot
from kiosk.domain.verdict import Verdict, Warning
from kiosk.errors import (
    ConfigInvalid,
    EventFileInvalid,
    KioskError,
    LockedOut,
    Mistake,
    SoldOut,
    leaves,
)
from kiosk.ui import text
from kiosk.ui.text_errors import ERRORS, ONE
from kiosk.ui.text_scans import VERDICTS, WARNINGS
from kiosk.ui.text_trade import FINDINGS, REASONS, SETTLEMENTS
from kiosk.ui.translate import LANGUAGES, TsTranslator
from tests.ui.stage import REPOSITORY

OURS = "kiosk."


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, qapp: QGuiApplication) -> Iterator[str]:
    translator = TsTranslator(REPOSITORY / "assets" / "i18n")
    translator.use(request.param)
    QCoreApplication.installTranslator(translator)
    yield request.param
    QCoreApplication.removeTranslator(translator)


def our_leaves() -> list[type[KioskError]]:
    return [leaf for leaf in leaves() if leaf.__module__.startswith(OURS)]


def test_every_error_leaf_has_exactly_one_sentence() -> None:
    assert set(ERRORS) == set(our_leaves())
    assert len(set(ERRORS.values())) == len(ERRORS)


def test_every_verdict_and_every_doubt_has_exactly_one_sentence() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert set(WARNINGS) == set(Warning)
    sentences = [*VERDICTS.values(), *WARNINGS.values()]
    assert len(set(sentences)) == len(sentences)


def test_every_finding_and_every_settlement_has_words_of_its_own() -> None:
    assert set(FINDINGS) == set(FindingKind)
    assert set(SETTLEMENTS) == set(Settlement)
    assert len({*FINDINGS.values(), *SETTLEMENTS.values()}) == len(FINDINGS) + len(SETTLEMENTS)


def test_findings_are_german_in_german(qapp: QGuiApplication) -> None:
    translator = TsTranslator(REPOSITORY / "assets" / "i18n")
    translator.use("de")
    for context, sentences in (("Findings", FINDINGS.values()), ("Pass", SETTLEMENTS.values())):
        for sentence in sentences:
            assert translator.translate(context, sentence) not in {None, sentence}


@pytest.mark.parametrize("leaf", our_leaves(), ids=lambda leaf: leaf.code)
def test_a_sentence_names_only_fields_that_its_error_documents(leaf: type[KioskError]) -> None:
    named = {field for _, field, _, _ in string.Formatter().parse(ERRORS[leaf]) if field}
    assert all(field in (leaf.__doc__ or "") for field in named)


def test_every_name_has_words_in_this_language(language: str) -> None:
    said = [
        *(text.verdict_text(verdict) for verdict in Verdict),
        *(text.warning_text(warning) for warning in Warning),
        *(text.tender_text(kind) for kind in TenderKind),
        *(
            text.tender_hint(kind, self_service=alone)
            for kind in TenderKind
            for alone in (False, True)
        ),
        *(text.why_not_text(reason) for reason in WhyNot),
        *(text.state_text(state) for state in EntryState),
        *(text.topic_text(topic) for topic in Topic),
        *(text.rail_text(state) for state in (None, *RailState)),
        *(text.reason_text(reason) for reason in REASONS),
        *(text.finding_text(kind) for kind in FindingKind),
        *(text.settlement_text(settlement) for settlement in Settlement),
        text.banner_text(clock_doubtful=True, event_over=False),
        text.banner_text(clock_doubtful=False, event_over=True),
        *(text.cadence_text(Cadence(every=n, unit=unit)) for unit in CadenceUnit for n in (1, 2)),
        *(text.span_text(Cadence(every=1, unit=unit), n) for unit in CadenceUnit for n in (1, 4)),
    ]
    assert all(said)
    assert not [words for words in said if "%n" in words or "{" in words]


def test_german_is_not_english(qapp: QGuiApplication) -> None:
    translator = TsTranslator(REPOSITORY / "assets" / "i18n")
    translator.use("de")
    for sentence in [*ERRORS.values(), *_alone(), *VERDICTS.values(), *WARNINGS.values()]:
        context = "Scans" if sentence in {*VERDICTS.values(), *WARNINGS.values()} else "Errors"
        assert translator.translate(context, sentence) not in {None, sentence}


def test_german_names_the_same_fields_as_english() -> None:
    translator = TsTranslator(REPOSITORY / "assets" / "i18n")
    translator.use("de")
    for sentence in ERRORS.values():
        german = translator.translate("Errors", sentence) or ""
        fields = [
            sorted(field for _, field, _, _ in string.Formatter().parse(words) if field)
            for words in (sentence, german)
        ]
        assert fields[0] == fields[1], sentence


MISTAKE = Mistake("event.name", "", "is missing")


@pytest.mark.parametrize(
    ("error", "one", "einer"),
    [
        (EventFileInvalid((MISTAKE,)), "has one mistake. ", "hat einen Fehler. "),
        (ConfigInvalid((MISTAKE,)), "has one mistake. ", "hat einen Fehler. "),
        (LockedOut(seconds=1), "wait one second ", "eine Sekunde "),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_one_alone_is_told_in_the_singular(
    error: KioskError, one: str, einer: str, language: str
) -> None:
    assert {"en": one, "de": einer}[language] in text.problem_text(error)


@pytest.mark.parametrize(
    ("error", "several", "mehrere"),
    [
        (EventFileInvalid((MISTAKE,) * 2), "has 2 mistakes. ", "hat 2 Fehler. "),
        (ConfigInvalid((MISTAKE,) * 10), "has 10 mistakes. ", "hat 10 Fehler. "),
        (LockedOut(seconds=30), "wait 30 seconds ", "30 Sekunden "),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_several_are_counted(error: KioskError, several: str, mehrere: str, language: str) -> None:
    assert {"en": several, "de": mehrere}[language] in text.problem_text(error)


def test_what_counts_in_a_sentence_is_a_field_of_its_error() -> None:
    assert all("{" + field + "}" in ERRORS[leaf] for leaf, (field, _) in ONE.items())


def test_a_sentence_names_the_offer_as_its_card_does(qapp: QGuiApplication) -> None:
    said = text.problem_text(SoldOut(offer="riso-40", left=2), {"riso-40": "Riso No. 7"})
    assert said == "Only 2 of “Riso No. 7” left here. Please take fewer, or something else."


def test_a_missing_field_never_takes_the_sentence_away(qapp: QGuiApplication) -> None:
    assert "…" in text.problem_text(SoldOut())


def test_a_bug_is_told_calmly_and_without_its_own_text(qapp: QGuiApplication) -> None:
    said = text.problem_text(ZeroDivisionError("maria@example.org"))
    assert "Nothing was charged twice" in said
    assert "maria" not in said


def test_an_unknown_reason_of_the_rail_is_shown_as_it_came(qapp: QGuiApplication) -> None:
    assert "card_declined" in text.reason_text("card_declined")


def test_no_sentence_raises_its_voice() -> None:
    sentences = [*ERRORS.values(), *_alone(), *VERDICTS.values(), *WARNINGS.values()]
    assert not [sentence for sentence in sentences if "!" in sentence]


def health(*, rail: RailState | None = RailState.REACHABLE, **counts: int) -> QueueHealth:
    names = ("waiting", "watching", "unknown", "delivered", "parked", "open_findings")
    every = dict.fromkeys(names, 0) | counts
    return QueueHealth(counts=QueueCounts(**every), rail=rail)


@pytest.mark.parametrize(
    ("news", "doubtful", "state"),
    [
        (None, False, "sent"),
        (health(delivered=4, watching=2), False, "sent"),
        (health(waiting=2, unknown=1), False, "waiting"),
        (health(waiting=2), True, "clock"),
        (health(waiting=2, parked=1), True, "attention"),
        (health(waiting=2, open_findings=1), True, "attention"),
        (health(delivered=4, open_findings=1), False, "attention"),
        (health(parked=2, found=1), False, "attention"),
        (health(parked=2, found=2), False, "sent"),
        (health(rail=RailState.KEY_REFUSED), False, "attention"),
        (health(rail=RailState.UNREACHABLE), False, "sent"),
    ],
)
def test_the_badge_tells_the_worst_news(
    news: QueueHealth | None, doubtful: bool, state: str
) -> None:
    assert text.badge_state(news, clock_doubtful=doubtful) == state


@pytest.mark.parametrize("count", [1, 3])
def test_the_badge_counts_what_waits(language: str, count: int) -> None:
    said = text.badge_text(health(waiting=count), clock_doubtful=False)
    expected = {("en", 1): "1 waiting", ("en", 3): "3 waiting",
                ("de", 1): "1 wartet", ("de", 3): "3 warten"}  # fmt: skip
    assert said == expected[language, count]


def _alone() -> list[str]:
    return [sentence for _field, sentence in ONE.values()]
