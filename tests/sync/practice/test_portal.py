"""A captive portal: nothing in its answers may look like Stripe's."""

from __future__ import annotations

import pytest

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.portal import PORTAL_URL, portal_answer
from tests.sync.practice.api import Api


@pytest.mark.parametrize("redirect", [True, False])
def test_no_header_of_stripes_is_on_it(*, redirect: bool) -> None:
    answer = portal_answer(redirect=redirect)
    names = {name.lower() for name in answer.headers}
    assert names.isdisjoint({"request-id", "stripe-version", "idempotent-replayed", "date"})


def test_the_page_is_html_with_a_friendly_status() -> None:
    answer = portal_answer(redirect=False)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"Accept the terms" in answer.body


def test_the_way_to_it_leads_nowhere_real() -> None:
    answer = portal_answer(redirect=True)
    assert (answer.status, answer.headers["Location"], answer.body) == (302, PORTAL_URL, b"")
    assert ".invalid/" in PORTAL_URL  # RFC 2606: no such name exists


@pytest.mark.parametrize("kind", [FaultKind.CAPTIVE_PORTAL, FaultKind.CAPTIVE_PORTAL_REDIRECT])
def test_behind_it_nothing_happens_and_no_key_is_kept(
    practice: PracticeStripe, api: Api, kind: FaultKind
) -> None:
    practice.faults = FaultPlan(rules=(FaultRule(kind=kind, nth=(1,)),))
    headers = {"Idempotency-Key": "k1"}
    first = api.send("POST", "/v1/customers", {"email": "ada@example.com"}, headers)
    assert "Request-Id" not in first.headers
    assert practice.objects("customer") == []
    second = api.send("POST", "/v1/customers", {"email": "ada@example.com"}, headers)
    assert second.status_code == 200
    assert "Idempotent-Replayed" not in second.headers


def test_every_method_meets_the_portal(practice: PracticeStripe, api: Api) -> None:
    rule = FaultRule(kind=FaultKind.CAPTIVE_PORTAL, probability=1.0)
    practice.faults = FaultPlan(rules=(rule,))
    for method in ("GET", "POST", "DELETE"):
        assert api.send(method, "/v1/anything/at/all").text.startswith("<!doctype html>")
