"""The answer of a captive portal: a friendly page that is not Stripe's, or the way to one."""

from __future__ import annotations

from typing import Final

from sync.practice.exchange import Answer

PORTAL_URL: Final = "http://portal.invalid/welcome"


def portal_answer(*, redirect: bool) -> Answer:
    """200 with HTML, or 302; without `Request-Id`, as no portal has one."""
    if redirect:
        return Answer(status=302, headers={"Location": PORTAL_URL})
    page = b"<!doctype html><title>Welcome</title><p>Accept the terms to use this network.</p>"
    return Answer(status=200, headers={"Content-Type": "text/html; charset=utf-8"}, body=page)
