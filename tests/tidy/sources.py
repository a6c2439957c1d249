"""The files of this repository, as the rules of the house read them."""

import ast
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PRODUCT = ("kiosk", "sync", "benchmarks")
GIT_SECONDS = 60

# Read as text by the rules about words and addresses; anything else is a picture or a font.
TEXT_SUFFIXES = frozenset(
    {"", ".cfg", ".in", ".ini", ".js", ".json", ".lock", ".md", ".py", ".qml", ".sh", ".spec"}
    | {".toml", ".ts", ".txt", ".yml"}
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file: where it is in the repository, with forward slashes, and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python."""
        return ast.parse(self.text, filename=self.path)

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def at(self, line: int, what: str) -> str:
        """One finding, as a compiler would put it."""
        return f"{self.path}:{line}: {what}"


@lru_cache(maxsize=1)
def tracked() -> tuple[str, ...]:
    """Every file that is or is about to be part of the repository, by path."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=GIT_SECONDS,
    ).stdout
    paths = [path for path in listing.split("\0") if path]
    return tuple(sorted(path for path in paths if (REPOSITORY / path).is_file()))


@cache
def read(path: str) -> Source:
    """The file, read and parsed once for all rules."""
    return Source(path=path, text=(REPOSITORY / path).read_text(encoding="utf-8"))


def python(*folders: str) -> list[Source]:
    """The Python files below these top-level folders."""
    return [
        read(path)
        for path in tracked()
        if path.endswith(".py") and path.partition("/")[0] in folders
    ]


def qml() -> list[Source]:
    return [read(path) for path in tracked() if path.endswith(".qml")]


def texts() -> list[Source]:
    """Every file people write, less the data that tests were given from outside."""
    return [
        read(path)
        for path in tracked()
        if Path(path).suffix in TEXT_SUFFIXES and not path.startswith("tests/data/")
    ]


def expect_none(findings: Iterable[str]) -> None:
    """Fails with every finding on a line of its own, as a compiler would list them."""
    listed = list(findings)
    assert not listed, "\n".join(["", *listed])


def sample(text: str, path: str = "kiosk/sample.py") -> Source:
    """A made-up file, for the tests that show that a rule can fail."""
    return Source(path=path, text=text)
