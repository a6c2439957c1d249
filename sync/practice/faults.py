"""Faults on demand: which request goes wrong, and how. A plan is plain data and fits in JSON.

A rule strikes the nth matching requests, or each with a probability drawn from the plan's seed,
so that a run repeats exactly.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from sync.practice.wire import JsonObject

RULES_MAX: Final = 200
SECONDS_MAX: Final = 600.0
FOREVER_MS: Final = 2**53


class FaultKind(StrEnum):
    """What can go wrong between a client and Stripe."""

    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    ERROR_500_WITHOUT_EFFECT = "error_500_without_effect"
    ERROR_500_WITH_EFFECT = "error_500_with_effect"
    RATE_LIMITED_429 = "rate_limited_429"
    CONFLICT_409 = "conflict_409"
    SLOW = "slow"
    CAPTIVE_PORTAL = "captive_portal"
    CAPTIVE_PORTAL_REDIRECT = "captive_portal_redirect"
    BAD_KEY = "bad_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """One fault for the requests it matches.

    `method` None is any; `path` is a prefix, or all of it with `whole_path`, and its `*` stands
    for anything (`/v1/invoices/*/pay`); `nth` counts matching requests from 1; `probability` is
    for each of them; `seconds` is how long a slow answer takes.
    """

    kind: FaultKind
    method: str | None = None
    path: str = "/"
    whole_path: bool = False
    nth: tuple[int, ...] = ()
    probability: float = 0.0
    seconds: float = 0.0

    def matches(self, method: str, path: str) -> bool:
        pattern = self.path if self.whole_path else f"{self.path}*"
        return self.method in (None, method) and fnmatchcase(path, pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """No request gets through from one instant of the practice clock (ms) to before another."""

    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """All faults of a rehearsal. The empty plan is a Stripe in good health."""

    rules: tuple[FaultRule, ...] = ()
    outages: tuple[Outage, ...] = ()
    refused_keys: tuple[str, ...] = ()
    seed: int = 0

    @classmethod
    def offline(cls) -> FaultPlan:
        """Nothing gets through until the plan is changed: the network switch of practice mode."""
        return cls(outages=(Outage(from_ms=0, to_ms=FOREVER_MS),))

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> FaultPlan:
        """The plan as data. Raises ValueError, with a sentence, for anything that is no plan."""
        try:
            given = json.loads(text)
            rules = tuple(_rule(rule) for rule in given.pop("rules", ()))
            outages = tuple(Outage(**outage) for outage in given.pop("outages", ()))
            keys = tuple(given.pop("refused_keys", ()))
            plan = cls(rules=rules, outages=outages, refused_keys=keys, **given)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"not a fault plan: {error}") from None
        if len(rules) > RULES_MAX:
            raise ValueError(f"a fault plan has at most {RULES_MAX} rules")
        return plan


def _rule(given: JsonObject) -> FaultRule:
    rule = FaultRule(
        **{**given, "kind": FaultKind(given["kind"]), "nth": tuple(given.get("nth", ()))}
    )
    if not 0 <= rule.probability <= 1:
        raise ValueError("a probability is between 0 and 1")
    if not 0 <= rule.seconds <= SECONDS_MAX:
        raise ValueError(f"a slow answer takes up to {SECONDS_MAX:.0f} seconds")
    return rule


class FaultDice:
    """A plan in play: counts requests and throws its dice."""

    def __init__(self, plan: FaultPlan) -> None:
        self.plan = plan
        self._counts = [0] * len(plan.rules)
        self._random = random.Random(plan.seed)

    def pick(self, method: str, path: str, now_ms: int) -> FaultRule | None:
        """The fault of this request. Every matching rule counts it; the first that strikes wins."""
        struck: FaultRule | None = None
        for index, rule in enumerate(self.plan.rules):
            if not rule.matches(method, path):
                continue
            self._counts[index] += 1
            # The dice are thrown for every rule, so that one rule's luck does not move another's.
            lucky = self._random.random() < rule.probability
            if struck is None and (lucky or self._counts[index] in rule.nth):
                struck = rule
        if any(outage.from_ms <= now_ms < outage.to_ms for outage in self.plan.outages):
            return FaultRule(kind=FaultKind.LOST_BEFORE)
        return struck
