"""The link of a pass: what a phone's camera opens and a gate reads."""

from __future__ import annotations

import pytest

from kiosk.domain.verdict import Verdict
from kiosk.passes.url import pass_url


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("pass.example.org", "https://pass.example.org/#TOKEN"),
        ("Pass.Example.ORG", "https://pass.example.org/#TOKEN"),
        ("pass.example.org/", "https://pass.example.org/#TOKEN"),
        ("seller.github.io/PopUp", "https://seller.github.io/PopUp/#TOKEN"),
        ("localhost:8080", "https://localhost:8080/#TOKEN"),
        ("", "EP1:TOKEN"),
        (None, "EP1:TOKEN"),
    ],
)
def test_the_token_is_the_fragment_of_a_lower_case_host(host, url):
    assert pass_url(host, "TOKEN") == url


@pytest.mark.parametrize("host", [None, "pass.example.org", "seller.github.io/PopUp"])
def test_a_gate_accepts_the_link_as_it_is(world, host):
    assert world.verify(pass_url(host, world.text())).verdict is Verdict.ACCEPTED
