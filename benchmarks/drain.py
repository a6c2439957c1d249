"""(d) How long 500 offline sales take to drain, beside what the rail's limits alone allow."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Final

from benchmarks.figures import Figure
from benchmarks.world import draft, open_world
from kiosk.buffer.buffer import Buffer
from kiosk.service.sell import record_sale
from kiosk.system_clock import SystemClock
from sync.build import RailSettings, build_engine
from sync.practice.app import PracticeStripe
from sync.practice.limits import RateLimits
from sync.practice.wire import Receive, Scope, Send

SALES: Final = 500
DRAINS_MOST: Final = 20
ANSWER_SECONDS: Final = 0.25
LIMITS: Final = RateLimits()


class Counting(PracticeStripe):
    """The practice Stripe, with a count of what it was asked."""

    asked: Counter[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request under its endpoint, as the limits do, then answer it."""
        words = str(scope["path"]).strip("/").split("/")
        endpoint = " ".join([str(scope["method"]), *[w for w in words if "_" not in w[3:]]])
        self.asked[endpoint] += 1
        await super().__call__(scope, receive, send)


def measure(sales: int = SALES) -> list[Figure]:
    """Sell offline, drain, and compare."""
    with open_world() as (kiosk, desk):
        for n in range(sales):
            record_sale(desk, draft(desk, n, "spice-jar"))
        stripe = Counting(
            clock=SystemClock().now_ms, seed=1, limits=LIMITS, latency_seconds=ANSWER_SECONDS
        )
        stripe.asked = Counter()
        settings = RailSettings(mode=desk.mode, practice=stripe, paced=True)
        started = time.monotonic()
        report = asyncio.run(_drain(kiosk.buffer_file.sync(), settings))
        seconds = time.monotonic() - started
    requests = sum(stripe.asked.values())
    busiest = max(stripe.asked.values())
    least = max(requests / LIMITS.per_second, busiest / LIMITS.per_endpoint_per_second)
    return [
        Figure(name=f"drain of {sales} cash sales", value=seconds, unit="s"),
        Figure(name="delivered", value=report, unit=""),
        Figure(name="requests", value=requests, unit=""),
        Figure(name="least by Stripe's limits", value=least, unit="s"),
        Figure(name="drain / least", value=seconds / least, unit="x", target=1.5),
    ]


async def _drain(buffer: Buffer, settings: RailSettings) -> int:
    """Drain until nothing waits: an entry that met a 429 is tried again by the next call."""
    for _ in range(DRAINS_MOST):
        report = await build_engine(buffer, settings, SystemClock()).drain()
        if not report.waiting:
            return report.delivered
    raise AssertionError("the queue does not empty")
