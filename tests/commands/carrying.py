"""Kiosks that sell against one rail on this machine and are carried from folder to folder."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.serve import serve
from tests.commands.conftest import EVENTS, Cli

DAY_MS = 24 * 3600 * 1000


class Rail:
    """One practice Stripe that every laptop of a test reaches, with a clock that can be moved."""

    def __init__(self) -> None:
        self.later_ms = 0
        self.stripe = PracticeStripe(clock=self.now_ms, seed=1)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.later_ms

    def sales(self) -> Counter[str]:
        """How many invoices of each sale there are."""
        found = self.stripe.objects("invoice")
        return Counter(one["metadata"]["kp_sale"] for one in found)

    def lose_answers(self, seed: int) -> None:
        rules = (
            FaultRule(kind=FaultKind.LOST_AFTER, method="POST", path="/v1/", probability=0.2),
            FaultRule(
                kind=FaultKind.ERROR_500_WITH_EFFECT, method="POST", path="/v1/", probability=0.1
            ),
        )
        self.stripe.faults = FaultPlan(rules=rules, seed=seed)

    def heal(self) -> None:
        self.stripe.faults = FaultPlan()


@contextmanager
def selling_at(cli: Cli) -> Iterator[Rail]:
    """A kiosk that sells against a rail on loopback."""
    rail = Rail()
    with serve(rail.stripe) as address:
        cli.configure(f'mode = "practice"\nbase_url = "{address}"')
        assert cli.on("load", EVENTS / "recipe-club.toml").code == 0
        yield rail


def exported(cli: Cli, file: Path, *words: object) -> dict[str, Any]:
    ran = cli.on("black-box", "export", file, "--json", *words)
    assert ran.code == 0, ran
    told: dict[str, Any] = ran.json
    return told


def imported(cli: Cli, file: Path, name: str = "other", *words: object) -> Cli:
    other = Cli(cli.folder.with_name(name), cli.passphrase_file, cli.capsys)
    ran = other.on("black-box", "import", file, *words)
    assert ran.code == 0, ran
    return other


def drained(cli: Cli, times: int = 8) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for _ in range(times):
        report = cli.sync("drain", "--json").json
        if report["waiting"] + report["unknown"] == 0:
            break
    return report


def sold(cli: Cli, count: int, tender: str = "cash") -> list[str]:
    ids = []
    for number in range(count):
        ran = cli.sell(tender=tender, email=f"m{number}-{tender}@example.org")
        assert ran.code == 0, ran
        ids.append(ran.json["sale_id"])
    return ids
