"""Our own Python keeps the rules about what it may say; each rule is shown to fail first."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.tidy import habits
from tests.tidy.sources import PRODUCT, Source, expect_none, python, sample

Rule = Callable[[Source], Iterator[str]]

# Files that may switch the type checker off, each with the reason.
ANY: Mapping[str, str] = {
    "benchmarks/commit.py": "copies rows as the driver made them",
    "kiosk/buffer/database.py": "hands rows on as the driver made them",
    "kiosk/ui/typed_qt.py": "takes a getter of whatever class",
    "sync/practice/checking.py": "reads the SDK's type hints, which are of any kind",
    "sync/practice/wire.py": "defines the JSON that goes over the wire",
    "sync/rails/stripe/client.py": "hands the SDK its untyped parameters",
    "sync/rails/stripe/transport.py": "overrides the SDK's untyped HTTP client",
}
# Dataclasses that are not closed, as "file:class", each with the reason: what they hold changes
# while the program runs, and they are handed around by reference.
OPEN_DATACLASSES: Mapping[str, str] = {
    "kiosk/service/desk.py:Desk": "renews its signer and remembers the snapshots it read",
    "kiosk/ui/till.py:Till": "is the memory that all view-models share",
    "sync/sweep.py:Sweep": "remembers what it listed in this round",
    "sync/sweep.py:_Swept": "grows when a sale further back asks",
    "sync/schedule.py:_Bucket": "fills and empties with time",
}
# The composition roots and the one clock they hand out.
CLOCK_ROOTS = (
    "benchmarks/",
    "kiosk/__main__.py",
    "kiosk/app.py",
    "kiosk/commands/",
    "kiosk/system_clock.py",
    "sync/__main__.py",
)
COMMAND_LINES = ("kiosk/__main__.py", "kiosk/commands/", "sync/__main__.py", "benchmarks/")

CLOSED = "@dataclass(frozen=True, slots=True, kw_only=True)\nclass A:\n    b: int\n"


def any_rule(source: Source) -> Iterator[str]:
    return habits.uses_any(source, ANY)


def dataclass_rule(source: Source) -> Iterator[str]:
    return habits.open_dataclass(source, OPEN_DATACLASSES)


def clock_rule(source: Source) -> Iterator[str]:
    return habits.reads_clock(source, CLOCK_ROOTS)


def print_rule(source: Source) -> Iterator[str]:
    return habits.prints(source, COMMAND_LINES)


BAD = [
    (habits.missing_docstring, "import os\n"),
    (any_rule, "def f(a: Any) -> None: ...\n"),
    (any_rule, "a: typing.Any = 1\n"),
    (dataclass_rule, CLOSED.replace(", kw_only=True", "")),
    (dataclass_rule, CLOSED.replace("frozen=True", "frozen=False")),
    (dataclass_rule, "@dataclasses.dataclass\nclass A:\n    b: int\n"),
    (habits.float_money, "share = total_minor / 3\n"),
    (habits.float_money, "a = sale.tax * 0.19\n"),
    (habits.float_money, "a = float(line.amount)\n"),
    (habits.float_money, "amount_minor: float = 1\n"),
    (habits.float_money, "def f(price: float | None) -> None: ...\n"),
    (clock_rule, "import time\na = time.time()\n"),
    (clock_rule, "from time import monotonic as now\nbegun = now()\n"),
    (clock_rule, "from datetime import datetime\na = datetime.now(UTC)\n"),
    (clock_rule, "import datetime as dt\na = dt.datetime.utcnow()\n"),
    (clock_rule, "import datetime\na = datetime.date.today()\n"),
    (clock_rule, "import time\nclass A:\n    def __init__(self, now=time.time): ...\n"),
    (print_rule, "print('sold')\n"),
    (habits.vague_name, "class SaleManager: ...\n"),
    (habits.vague_name, "class PassUtils: ...\n"),
    (habits.open_match, "match a:\n    case 1: b\n    case 2: c\n"),
    (habits.open_match, "match a:\n    case _ if b: c\n"),
]
GOOD = [
    (habits.missing_docstring, '"""What it is for."""\nimport os\n'),
    (habits.missing_docstring, ""),
    (any_rule, "from typing import Any\nAnyone = 1\n"),
    (dataclass_rule, CLOSED),
    (dataclass_rule, CLOSED.replace("@dataclass", "@dataclasses.dataclass")),
    (habits.float_money, "share = total_minor // 3\n"),
    (habits.float_money, "folder = root / name\n"),
    (habits.float_money, "wait = seconds * 0.5\n"),
    (habits.float_money, "def f(totality: float) -> None: ...\n"),
    (clock_rule, "now = clock.now_ms()\n"),
    (clock_rule, "from datetime import datetime\na = datetime.fromtimestamp(1, UTC)\n"),
    (clock_rule, "def f(time: Clock) -> None:\n    time.time()\n"),
    (print_rule, "log.info('sold')\n"),
    (habits.vague_name, "class Utility: ...\n"),
    (habits.open_match, "match a:\n    case 1: b\n    case other: assert_never(other)\n"),
]


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_a_rule_finds_a_bad_sample(rule: Rule, text: str) -> None:
    assert len(list(rule(sample(text)))) == 1


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_a_rule_lets_a_good_sample_pass(rule: Rule, text: str) -> None:
    assert list(rule(sample(text))) == []


def test_a_vague_module_name_is_found() -> None:
    assert list(habits.vague_name(sample("", "kiosk/service/sale_utils.py")))


def test_a_listed_exception_is_let_through() -> None:
    dirty = sample("import time\nprint(time.time())\na: Any\n", "kiosk/app.py")
    assert not list(habits.reads_clock(dirty, ("kiosk/app.py",)))
    assert not list(habits.prints(dirty, ("kiosk/app.py",)))
    assert not list(habits.uses_any(dirty, {"kiosk/app.py": "why"}))


@pytest.mark.parametrize("rule", list(dict.fromkeys(rule for rule, _text in BAD)))
def test_our_python_keeps_the_rule(rule: Rule) -> None:
    expect_none(finding for source in python(*PRODUCT) for finding in rule(source))


def test_our_tests_and_tools_say_what_they_are_for() -> None:
    sources = python("tests", ".ci")
    expect_none(found for each in sources for found in habits.missing_docstring(each))


def test_no_exception_is_kept_for_what_is_gone() -> None:
    """An exception nobody needs any more would cover the next offender."""
    sources = python(*PRODUCT)
    with_any = {source.path for source in sources if list(habits.uses_any(source, {}))}
    assert sorted(set(ANY) - with_any) == []
    opened = {
        f"{source.path}:{finding.split(': ')[1]}"
        for source in sources
        for finding in habits.open_dataclass(source, {})
    }
    assert sorted(set(OPEN_DATACLASSES) - opened) == []
