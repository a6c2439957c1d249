"""What a look at the whole kiosk says: check after check, each with a grade and its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Grade(StrEnum):
    """How a check went: all is well; somebody should know; somebody has to do something."""

    OK = "ok"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at. `words` (`space.low`) is a key of kiosk.ui.text_checks.CHECKS, whose
    sentences the `fields` complete; before its dot stands the name of the check. Nothing in it is
    secret or about a person.
    """

    words: str
    grade: Grade = Grade.OK
    fields: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def name(self) -> str:
        """Which thing was looked at: `space`."""
        return self.words.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullCheck:
    """A full check that is under way: `done` of about `total` of one of its parts."""

    part: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckUp:
    """Every check, and the full check that is under way, if there is one."""

    checks: tuple[Check, ...]
    full: FullCheck | None = None


def ok(words: str, **fields: str | int) -> Check:
    """A check that found nothing."""
    return Check(words=words, fields=fields)


def notice(words: str, **fields: str | int) -> Check:
    """A check that found something to know."""
    return Check(words=words, grade=Grade.NOTICE, fields=fields)


def bad(words: str, **fields: str | int) -> Check:
    """A check that found something to do."""
    return Check(words=words, grade=Grade.BAD, fields=fields)


def worst(checks: Iterable[Check]) -> Grade:
    """The worst grade among these checks."""
    order = list(Grade)
    return max((check.grade for check in checks), key=order.index, default=Grade.OK)
