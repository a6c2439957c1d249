"""Our own files keep the size rules; each rule is shown to fail first."""

from collections.abc import Callable, Iterator

import pytest

from tests.tidy import shape
from tests.tidy.sources import PRODUCT, Source, expect_none, python, qml, sample

Rule = Callable[[Source], Iterator[str]]

SIX = "def f(a, b, c, *d, e=1, **g):\n    pass\n"
FIVE = "class C:\n    def f(self, a, b, /, c, *, d, e):\n        pass\n"
FOUR_DEEP = "def f():\n  if a:\n    for b in c:\n      with d:\n        while e:\n          pass\n"
THREE_DEEP = "def f():\n  if a:\n    pass\n  elif b:\n    for c in d:\n      if e:\n        pass\n"
INNER = "def f():\n  if a:\n    if b:\n      def g():\n        if c:\n          if d: e\n"
LONG = "def f():\n" + "    pass\n" * shape.FUNCTION_LINES


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (shape.long_file, "pass\n" * (shape.FILE_LINES + 1)),
        (shape.wide_line, "#" * (shape.COLUMNS + 1)),
        (shape.long_function, LONG),
        (shape.many_parameters, SIX),
        (shape.deep_nesting, FOUR_DEEP),
        (shape.deep_nesting, FOUR_DEEP.replace("def", "async def")),
    ],
)
def test_a_rule_of_size_finds_a_bad_sample(rule: Rule, text: str) -> None:
    assert len(list(rule(sample(text)))) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (shape.long_file, "pass\n" * shape.FILE_LINES),
        (shape.wide_line, "# https://" + "a" * shape.COLUMNS),
        (shape.long_function, LONG.replace("    pass\n", "", 1)),
        (shape.many_parameters, FIVE),
        (shape.deep_nesting, THREE_DEEP),
        (shape.deep_nesting, INNER),
    ],
)
def test_a_rule_of_size_lets_a_good_sample_pass(rule: Rule, text: str) -> None:
    assert list(rule(sample(text))) == []


def test_a_qml_file_may_be_shorter_only() -> None:
    text = "Item {}\n" * (shape.QML_LINES + 1)
    assert list(shape.long_file(sample(text, "kiosk/ui/qml/A.qml")))
    assert not list(shape.long_file(sample(text)))


@pytest.mark.parametrize(
    "rule",
    [
        shape.long_file,
        shape.wide_line,
        shape.long_function,
        shape.many_parameters,
        shape.deep_nesting,
    ],
)
def test_our_python_keeps_its_size(rule: Rule) -> None:
    expect_none(finding for source in python(*PRODUCT) for finding in rule(source))


@pytest.mark.parametrize("rule", [shape.long_file, shape.wide_line])
def test_our_qml_keeps_its_size(rule: Rule) -> None:
    expect_none(finding for source in qml() for finding in rule(source))


def test_tests_are_at_least_as_long_as_the_code() -> None:
    code = sum(len(source.lines) for source in (*python("kiosk", "sync"), *qml()))
    tests = sum(len(source.lines) for source in python("tests"))
    assert tests >= code, f"{tests} lines of tests for {code} lines of code"
