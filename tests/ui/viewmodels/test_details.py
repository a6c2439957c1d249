"""Details: who it is, what they agree to, and what is still missing, one thing at a time."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.errors import EmailInvalid, NameInvalid
from kiosk.ui.pages import Page
from kiosk.ui.text import problem_text
from kiosk.ui.viewmodels import details as module
from tests.ui.stage import Stage
from tests.ui.walk import Walk


@pytest.fixture
def details(walk: Walk) -> Any:
    walk.details(filled=False)
    return walk.model(Page.DETAILS)


def refused(details: Any) -> str:
    """The sentence beside the name after going on."""
    details.go_on()
    return str(details.name_problem)


def test_an_empty_form_blames_nobody_before_somebody_goes_on(details: Any) -> None:
    assert (details.name, details.email, details.hint) == ("", "", "")
    assert (details.name_problem, details.email_problem, details.missing) == ("", "", "")
    assert not any(row.ticked or row.missing for row in details.consents.rows)


def test_what_is_missing_is_asked_for_one_thing_after_the_other(details: Any, kiosk: Stage) -> None:
    details.go_on()
    assert details.missing == "name"
    details.write_name("Ann")
    details.go_on()
    assert details.missing == "email"
    details.write_email("ann@example.org")
    details.go_on()
    assert details.missing == "consent"
    details.tick("terms")
    details.go_on()
    assert details.missing == ""
    assert kiosk.on(Page.PAY)


def test_the_second_try_at_the_same_gap_leads_there_again(details: Any) -> None:
    seen: list[str] = []
    details.go_on()
    details.shown.connect(lambda: seen.append(details.missing))
    details.go_on()
    assert "" in seen
    assert seen[-1] == "name"


def test_only_compulsory_texts_are_missed(details: Any) -> None:
    details.go_on()
    assert [(row.kind, row.missing) for row in details.consents.rows if row.missing] == [
        ("terms", True)
    ]
    assert len(details.consents.rows) > 1


def test_a_tick_is_taken_back_by_a_second_touch(details: Any, kiosk: Stage) -> None:
    details.tick("terms")
    assert kiosk.shell.till.visit.consents == {"terms"}
    details.tick("terms")
    assert kiosk.shell.till.visit.consents == frozenset()


@pytest.mark.parametrize("name", ["", "   ", "\t", "x" * 201, "\N{ZERO WIDTH SPACE}"])
def test_a_name_that_is_none_is_said_in_the_domains_words(details: Any, name: str) -> None:
    details.write_name(name)
    details.go_on()
    assert details.name_problem.startswith(problem_text(NameInvalid()).split("{")[0][:8])
    assert details.missing == "name"


@pytest.mark.parametrize(
    "name", ["Ann", "محمد بن سلمان", "Łukasz 🎈", "Nguyễn Thị Minh Khai", "O’Neil-Ó", "x" * 120]
)
def test_any_script_is_a_name(details: Any, name: str) -> None:
    details.write_name(name)
    assert refused(details) == ""
    assert details.name == name


@pytest.mark.parametrize("email", ["", "ann", "ann@", "@example.org", "a b@example.org", "ann@x"])
def test_an_address_without_a_domain_is_refused_in_words(details: Any, email: str) -> None:
    details.write_name("Ann")
    details.write_email(email)
    details.go_on()
    assert details.email_problem
    assert details.missing == "email"
    assert problem_text(EmailInvalid())[:6] == details.email_problem[:6]


def test_a_likely_typo_is_hinted_at_and_taken_with_one_touch(details: Any) -> None:
    details.write_email("ann@gmial.com")
    assert details.hint == "ann@gmail.com"
    details.take_hint()
    assert (details.email, details.hint) == ("ann@gmail.com", "")
    details.take_hint()
    assert details.email == "ann@gmail.com"


def test_problems_go_while_they_are_being_put_right(details: Any) -> None:
    details.go_on()
    assert details.name_problem
    details.write_name("Ann")
    assert details.name_problem == ""
    details.write_name("")
    assert details.name_problem


def test_each_text_opens_and_closes_and_flows_in_paragraphs(details: Any) -> None:
    for row in details.consents.rows:
        details.read(row.kind)
        assert details.reading == row.kind
        assert details.reading_title
        assert details.reading_text
        assert "\n" not in details.reading_text.replace("\n\n", "")
        details.close_text()
        assert details.reading == ""


def test_a_text_that_does_not_exist_is_empty(details: Any) -> None:
    details.read("nothing")
    assert details.reading_text == ""
    assert details.reading_title == "nothing"


@pytest.mark.parametrize("kind", ["terms", "marketing", "privacy", "withdrawal"])
def test_every_kind_of_terms_has_a_title_and_a_label(details: Any, kind: str) -> None:
    assert module._title(kind) != kind
    assert kind not in {module._label(kind), ""}


def test_a_kind_the_program_does_not_know_is_quoted(details: Any) -> None:
    assert module._label("photo") == "I agree to “photo”"


def test_going_back_loses_nothing(details: Any, walk: Walk, kiosk: Stage) -> None:
    details.write_name("Ann")
    details.write_email("ann@example.org")
    details.tick("terms")
    details.back()
    assert kiosk.on(Page.OFFERS)
    walk.model(Page.OFFERS).go_on()
    kiosk.settle()
    assert (details.name, details.email) == ("Ann", "ann@example.org")
    assert details.consents.rows[0].ticked


def test_a_text_left_open_is_closed_when_the_page_comes_again(
    details: Any, walk: Walk, kiosk: Stage
) -> None:
    details.read("terms")
    details.back()
    walk.model(Page.OFFERS).go_on()
    kiosk.settle()
    assert details.reading == ""


def test_another_language_says_labels_texts_and_problems_again(details: Any, kiosk: Stage) -> None:
    details.go_on()
    details.read("terms")
    english = details.consents.rows[0].label, details.name_problem, details.total
    kiosk.shell._app.choose_language("de")
    kiosk.settle()
    german = details.consents.rows[0].label, details.name_problem, details.total
    assert all(one != other for one, other in zip(english, german, strict=True))
    assert details.consents.rows[0].missing


def test_what_changes_makes_another_sale(details: Any, kiosk: Stage) -> None:
    visit = kiosk.shell.till.visit
    for change in (
        lambda: details.write_name("Ann"),
        lambda: details.write_email("ann@example.org"),
        lambda: details.tick("terms"),
    ):
        visit.sale_id = "kept"  # type: ignore[assignment]
        change()
        assert visit.sale_id is None


def test_writing_the_same_again_keeps_the_sale(details: Any, kiosk: Stage) -> None:
    details.write_name("Ann")
    visit = kiosk.shell.till.visit
    visit.sale_id = "kept"  # type: ignore[assignment]
    details.write_name("Ann")
    assert visit.sale_id == "kept"


def test_three_touches_on_continue_turn_one_page(details: Any, kiosk: Stage) -> None:
    details.write_name("Ann")
    details.write_email("ann@example.org")
    details.tick("terms")
    for _ in range(3):
        details.go_on()
    kiosk.settle()
    assert kiosk.on(Page.PAY)
