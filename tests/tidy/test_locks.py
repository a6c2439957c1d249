"""The lock files: each file by its hash, within the bounds, and nothing we may not ship."""

import re
import tomllib
from dataclasses import dataclass

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.tidy.sources import read

RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"
ADDRESS = re.compile(r"\w+://|^\s*--?(?:i|f|index-url|extra-index-url|find-links)\b", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
# GPL-3.0-only parts come with the Addons; the whole "PySide6" would bring them along.
FORBIDDEN = {"pyside6", "pyside6-addons", "pyqt5", "pyqt6"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One requirement of a lock: exactly which version, and how many files are known by hash."""

    version: Version
    hashes: int


def pins(lock: str) -> dict[str, Pin]:
    """What a lock pins, by canonical name.

    Raises:
        ValueError: a line is not one exact version, or a name is pinned twice.
    """
    found: dict[str, Pin] = {}
    without_comments = re.sub(r"^\s*#.*$\n?", "", lock, flags=re.MULTILINE)
    for block in re.split(r"\n(?=\S)", without_comments.strip()):
        line = re.sub(r"\s*\\\n\s*", " ", block)
        requirement = Requirement(line.partition(" --")[0])
        exact = re.fullmatch(r"==([^*,]+)", str(requirement.specifier))
        name = canonicalize_name(requirement.name)
        if exact is None or name in found:
            raise ValueError(line)
        found[name] = Pin(version=Version(exact[1]), hashes=len(HASH.findall(line)))
    return found


def bounds(*, development: bool) -> list[Requirement]:
    project = tomllib.loads(read("pyproject.toml").text)
    wanted: list[str] = list(project["project"]["dependencies"])
    if development:
        wanted += project["dependency-groups"]["dev"]
    return [Requirement(each) for each in wanted]


@pytest.fixture(params=[RUNTIME, DEVELOPMENT])
def lock(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_lock_names_no_address(lock: str) -> None:
    assert not ADDRESS.search(read(lock).text)


@pytest.mark.parametrize(
    "text",
    ["--index-url x", "-f wheels", "--find-links wheels", "a @ https://b/c", "a @ file:///b"],
)
def test_an_address_would_be_seen(text: str) -> None:
    assert ADDRESS.search(text)


def test_every_pin_has_hashes(lock: str) -> None:
    found = pins(read(lock).text)
    assert found
    assert [name for name, pin in found.items() if not pin.hashes] == []


def test_a_lock_keeps_the_bounds_of_the_project(lock: str) -> None:
    found = pins(read(lock).text)
    for wanted in bounds(development=lock == DEVELOPMENT):
        pin = found[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(pin.version), wanted


def test_development_adds_to_the_runtime_and_changes_nothing() -> None:
    runtime, development = (pins(read(each).text) for each in (RUNTIME, DEVELOPMENT))
    assert set(runtime) < set(development)
    assert {name: development[name] for name in runtime} == runtime


def test_nothing_is_locked_that_may_not_be_shipped(lock: str) -> None:
    assert FORBIDDEN.isdisjoint(pins(read(lock).text))


def test_qt_and_its_bindings_are_of_one_release() -> None:
    found = pins(read(RUNTIME).text)
    assert found["pyside6-essentials"].version == found["shiboken6"].version


def test_a_pin_is_read_with_its_marker_and_hashes() -> None:
    text = (
        f"# by a tool\na==1.2 ; sys_platform == 'win32' \\\n  --hash=sha256:{'0' * 64}\n  # via b\n"
    )
    assert pins(text) == {"a": Pin(version=Version("1.2"), hashes=1)}


def test_a_pin_without_a_hash_would_be_seen() -> None:
    assert pins("A.b==1\n")["a-b"].hashes == 0


@pytest.mark.parametrize("text", ["a>=1\n", "a==1.*\n", "a\n", "a==1\nA==2\n"])
def test_what_is_no_exact_pin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)a"):
        pins(text)
