"""The repository as a whole: what lies at the top, what no file may say, what mirrors what."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.tidy import habits
from tests.tidy.sources import REPOSITORY, Source, expect_none, python, read, sample, texts, tracked

TOP_FOLDERS = {".ci", "assets", "benchmarks", "docs", "kiosk", "sync", "tests"}
TOP_FILES = {
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "build.spec", "pyproject.toml",
    "requirements-dev.lock", "requirements.lock",
}  # fmt: skip
# Test folders that stand for a whole flow or for the repository, not for one room.
TEST_FOLDERS_WITHOUT_ROOM = {"data", "day", "privacy", "simulation", "tidy", "torture"}

# Split, so that this file does not break its own rules.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
REGISTRY = re.compile(
    r"\b(?:py" + r"pi|python" + r"hosted|npm" + r"js|cra" + r"tes)\.(?:org|io|com)\b"
)
MACHINE = re.compile(
    r"(?<![\w.\-~:/])/(?:ho" + r"me|ro" + r"ot|tm" + r"p|Us" + r"ers|wo" + r"rk)/\w"
)

# Not in the Essentials wheel, or GPL-3.0-only without a commercial licence.
QT_NOT_SHIPPED = re.compile(
    r"PySide6\.Qt(3D\w+|Bluetooth|Charts|DataVisualization|Graphs\w*|Location|Multimedia\w*"
    r"|NetworkAuth|Pdf\w*|Quick3D\w*|VirtualKeyboard|WebEngine\w*|WebView)\b"
)


def said(source: Source, pattern: re.Pattern[str], what: str) -> Iterator[str]:
    for number, line in enumerate(source.lines, start=1):
        if pattern.search(line):
            yield source.at(number, what)


def unreleased(changelog: str) -> bool:
    """Whether the newest section is the one that changes are written into (Keep a Changelog)."""
    headings = re.findall(r"^## (.+)$", changelog, flags=re.MULTILINE)
    return bool(headings) and headings[0] == "[Unreleased]"


def stray(paths: tuple[str, ...]) -> set[str]:
    """What lies at the top and is neither a room nor one of the known files nor a dot-file."""
    parts = [PurePosixPath(path).parts for path in paths]
    folders = {each[0] for each in parts if len(each) > 1}
    files = {each[0] for each in parts if len(each) == 1 and not each[0].startswith(".")}
    return (folders - TOP_FOLDERS) | (files - TOP_FILES)


def homeless(tests: list[str], code: list[str]) -> set[str]:
    """Folders of tests that stand for no room: neither a package of the kiosk nor a top folder."""
    folders = {PurePosixPath(path).parts[1] for path in tests if path.count("/") > 1}
    rooms = {PurePosixPath(path).parts[0] for path in code}
    rooms |= {PurePosixPath(path).parts[1] for path in code if path.startswith("kiosk/")}
    return folders - rooms - TEST_FOLDERS_WITHOUT_ROOM


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (UNFINISHED, "# TO" + "DO: later"),
        (UNFINISHED, "// FIX" + "ME"),
        (REGISTRY, "https://py" + "pi.org/simple"),
        (REGISTRY, "https://files.python" + "hosted.org/packages/"),
        (MACHINE, 'path = "/tm' + 'p/kiosk"'),
        (MACHINE, "cd /ho" + "me/anna/kiosk"),
        (QT_NOT_SHIPPED, "PySide6.QtCharts"),
        (QT_NOT_SHIPPED, "PySide6.QtMultimedia.QCamera"),
        (QT_NOT_SHIPPED, "PySide6.Qt3DCore"),
    ],
)
def test_a_pattern_finds_a_bad_sample(pattern: re.Pattern[str], text: str) -> None:
    assert list(said(sample(text), pattern, "found"))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (UNFINISHED, "autodo TODOS mastodon"),
        (REGISTRY, "a simple example of a python package"),
        (MACHINE, "https://example.org/tm" + "p/a and src/ho" + "me/b and ./wo" + "rk/c"),
        (QT_NOT_SHIPPED, "PySide6.QtQuick.QQuickWindow PySide6.QtGui"),
    ],
)
def test_a_pattern_lets_a_good_sample_pass(pattern: re.Pattern[str], text: str) -> None:
    assert not list(said(sample(text), pattern, "found"))


def test_nothing_is_marked_as_unfinished() -> None:
    expect_none(found for each in texts() for found in said(each, UNFINISHED, "unfinished"))


def test_no_file_names_a_package_registry() -> None:
    expect_none(found for each in texts() for found in said(each, REGISTRY, "a registry"))


def test_no_file_names_a_path_of_one_machine() -> None:
    expect_none(found for each in texts() for found in said(each, MACHINE, "a path"))


def test_nothing_imports_what_qt_does_not_let_us_ship() -> None:
    sources = python("kiosk", "sync", "benchmarks", "tests")
    imports = [(each, *found) for each in sources for found in habits.imported_modules(each)]
    assert imports
    expect_none(each.at(line, name) for each, line, name in imports if QT_NOT_SHIPPED.match(name))


def test_an_import_is_found_however_it_is_written() -> None:
    text = (
        "import PySide6.QtCharts as c\nfrom PySide6 import QtGraphs\nfrom PySide6.QtPdf import x\n"
    )
    names = [name for _line, name in habits.imported_modules(sample(text))]
    assert all(QT_NOT_SHIPPED.match(name) for name in names)
    assert len(names) == 3


def test_only_the_known_rooms_lie_at_the_top() -> None:
    assert stray(tracked()) == set()


def test_a_new_folder_at_the_top_would_be_seen() -> None:
    paths = ("kiosk/app.py", "scripts/a.py", "notes.txt", ".gitignore", "README.md")
    assert stray(paths) == {"scripts", "notes.txt"}


def test_each_folder_of_tests_mirrors_a_room() -> None:
    code = [source.path for source in python("kiosk", "sync", "benchmarks")]
    assert homeless([source.path for source in python("tests")], [*code, "assets/"]) == set()


def test_a_folder_of_tests_without_a_room_would_be_seen() -> None:
    tests = ["tests/conftest.py", "tests/tidy/test_a.py", "tests/sync/test_b.py", "tests/misc/c.py"]
    assert homeless(tests, ["kiosk/domain/money.py", "sync/engine.py"]) == {"misc"}


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    assert unreleased(read("CHANGELOG.md").text)


@pytest.mark.parametrize("text", ["", "# Changelog\n\n## [1.0.0]\n\n## [Unreleased]\n"])
def test_a_changelog_without_that_place_would_be_seen(text: str) -> None:
    assert not unreleased(text)


@pytest.mark.parametrize("name", [".ci/run", ".ci/setup.sh"])
def test_what_make_and_ci_call_can_be_executed(name: str) -> None:
    assert (REPOSITORY / name).stat().st_mode & 0o111
