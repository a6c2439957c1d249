"""API keys and versions: test keys only, in either header form, never shown in full."""

import base64

import pytest

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultPlan
from tests.sync.practice.api import KEY, Api


@pytest.mark.parametrize("key", ["rk_test_0123456789", "sk_test_0123456789", "rk_practice_0123456"])
def test_test_and_practice_keys_are_accepted(practice: PracticeStripe, key: str) -> None:
    assert Api(practice, key=key).send("GET", "/v1/account").status_code == 200


@pytest.mark.parametrize(
    "key", ["sk_live_0123456789", "rk_live_0123456789", "pk_test_0123456789", "nonsense", " "]
)
def test_live_publishable_and_unknown_keys_are_refused(practice: PracticeStripe, key: str) -> None:
    answer = Api(practice, key=key).send("GET", "/v1/account")
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Stripe"'
    assert answer.headers["Request-Id"]


def test_a_refused_key_is_never_shown_in_full(practice: PracticeStripe) -> None:
    key = "sk_live_51abcdefghijklmnopqrstuvwxyz"
    text = Api(practice, key=key).send("GET", "/v1/account").text
    assert key not in text
    assert "sk_live_" in text
    assert "wxyz" in text
    assert "51abcdef" not in text


def test_basic_authentication_has_the_key_as_user(practice: PracticeStripe) -> None:
    def with_header(value: str) -> int:
        headers = {"Authorization": value}
        return Api(practice).send("GET", "/v1/account", None, headers).status_code

    encoded = base64.b64encode(f"{KEY}:".encode()).decode()
    assert with_header(f"Basic {encoded}") == 200
    assert with_header("Basic !!!") == 401
    assert with_header(f"Digest {encoded}") == 401
    assert with_header("") == 401


def test_a_key_can_be_withdrawn(api: Api) -> None:
    api.practice.faults = FaultPlan(refused_keys=(KEY,))
    assert api.send("GET", "/v1/account").status_code == 401
    assert (
        Api(api.practice, key="rk_test_another_one").send("GET", "/v1/account").status_code == 200
    )
    api.practice.faults = FaultPlan()
    assert api.send("GET", "/v1/account").status_code == 200


def test_a_client_pinned_to_another_version_hears_of_it(api: Api) -> None:
    def version(asked: str) -> int:
        return api.send("GET", "/v1/account", None, {"Stripe-Version": asked}).status_code

    assert version("2026-10-28.endive") == 200
    assert version("2020-08-27") == 400
