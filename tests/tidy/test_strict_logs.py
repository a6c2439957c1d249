"""The root conftest itself: a stray warning fails a test, an announced one must come."""

from pathlib import Path

import pytest

STRUCTLOG = "import structlog; structlog.get_logger().warning('entry_parked', lane='a')"
STDLIB = "import logging; logging.getLogger('x').error('entry_parked')"
QUIET = "import structlog; structlog.get_logger().info('entry_delivered')"


@pytest.fixture
def inner(pytester: pytest.Pytester, repository: Path) -> pytest.Pytester:
    """A pytest in a folder of its own, with our root conftest."""
    pytester.makeconftest((repository / "tests" / "conftest.py").read_text())
    pytester.makeini("[pytest]\nmarkers =\n    expects_log_warning: as in pyproject\n")
    return pytester


def outcomes(inner: pytest.Pytester, body: str, mark: str = "") -> dict[str, int]:
    inner.makepyfile(f"import pytest\n{mark}\ndef test_inner() -> None:\n    {body}\n")
    without = [f"-pno:{plugin}" for plugin in ("pytest-qt", "randomly", "hypothesispytest")]
    return inner.runpytest_subprocess(*without).parseoutcomes()


@pytest.mark.parametrize("body", [STRUCTLOG, STDLIB])
def test_a_stray_warning_fails_the_test(inner: pytest.Pytester, body: str) -> None:
    assert outcomes(inner, body) == {"passed": 1, "errors": 1}


@pytest.mark.parametrize("body", [STRUCTLOG, STDLIB])
def test_an_announced_warning_passes(inner: pytest.Pytester, body: str) -> None:
    mark = "@pytest.mark.expects_log_warning('entry_parked')"
    assert outcomes(inner, body, mark) == {"passed": 1}


def test_an_announced_warning_that_never_comes_fails(inner: pytest.Pytester) -> None:
    mark = "@pytest.mark.expects_log_warning('entry_parked')"
    assert outcomes(inner, QUIET, mark) == {"passed": 1, "errors": 1}


def test_an_event_below_warning_is_nobodys_business(inner: pytest.Pytester) -> None:
    assert outcomes(inner, QUIET) == {"passed": 1}
