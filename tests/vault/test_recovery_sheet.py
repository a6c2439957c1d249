"""The sheet to print: one page that is whole in itself, and says the key three times over."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
import zxingcpp

from kiosk.vault import RecoveryKey
from kiosk.vault.recovery_key import read_recovery_key
from kiosk.vault.recovery_sheet import recovery_sheet
from kiosk.vault.recovery_words import read_recovery, words_of

KEY = RecoveryKey(raw=bytes(range(100, 132)))
MADE_MS = 1_795_000_000_000  # 2026-11-18
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
VOID = {"meta", "path"}


class Page(HTMLParser):
    """What a browser would make of it: tags, their attributes, texts by tag."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))


@pytest.fixture(scope="module")
def html() -> str:
    return recovery_sheet(KEY, device=7, made_ms=MADE_MS)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    parsed = Page()
    parsed.feed(html)
    parsed.close()
    return parsed


def test_the_page_is_well_formed_and_says_whose_key_it_is(page: Page) -> None:
    assert page.open == []
    headings = [text for tag, text in page.texts if tag == "h1"]
    assert headings == ["Recovery key of kiosk 7"]
    assert any("2026-11-18" in text for _tag, text in page.texts)


def test_the_groups_and_the_words_are_the_key(page: Page) -> None:
    items = [text for tag, text in page.texts if tag == "li"]
    groups, words = items[:14], items[14:]
    assert read_recovery_key("-".join(groups)) == KEY
    assert tuple(words) == words_of(KEY)
    numbers = [text for tag, text in page.texts if tag == "span"]
    assert numbers == [str(n) for n in range(1, 15)] + [str(n) for n in range(1, 25)]


def test_what_is_copied_from_the_page_opens_the_vault(page: Page) -> None:
    """Copied with its numbers, each in front of its word, as a browser does it."""
    copied = " ".join(text for tag, text in page.texts if tag in {"li", "span"})
    words = copied[copied.index(words_of(KEY)[0]) - 2 :]
    assert read_recovery(words) == KEY


def test_an_independent_decoder_reads_the_key_out_of_the_code(page: Page) -> None:
    box = next(attrs["viewbox"] for tag, attrs in page.seen if tag == "svg")
    assert box is not None
    size = int(box.split()[2])
    strokes = [attrs["d"] or "" for tag, attrs in page.seen if tag == "path"]
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", strokes[1])}
    scale = 4
    pixels = bytes(
        0 if (x // scale, y // scale) in dark else 255
        for y in range(size * scale)
        for x in range(size * scale)
    )
    view = memoryview(pixels).cast("B", (size * scale, size * scale))
    assert [found.text for found in zxingcpp.read_barcodes(view)] == [KEY.text]
    # A quiet zone of four modules all round.
    assert min(x for x, _ in dark) == min(y for _, y in dark) == 4
    assert max(x for x, _ in dark) == size - 5


def test_nothing_runs_and_nothing_is_fetched(html: str, page: Page) -> None:
    assert "script" not in html.lower()
    assert {tag for tag, _ in page.seen} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ol", "li", "span",
        "svg", "path", "code",
    }  # fmt: skip
    for _tag, attrs in page.seen:
        assert not {"href", "src", "action", "data", "srcset"} & set(attrs)
        assert not [name for name in attrs if name.startswith("on")]
    assert "url(" not in html
    assert "@import" not in html
    addresses = set(re.findall(r"\w+://[^\"' >]+", html))
    assert addresses == {"http://www.w3.org/2000/svg"}
    policies = [attrs["content"] for tag, attrs in page.seen if "http-equiv" in attrs]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_every_key_has_a_sheet_of_its_own() -> None:
    other = recovery_sheet(RecoveryKey(raw=bytes(32)), device=7, made_ms=MADE_MS)
    for group in KEY.text.split("-"):
        assert f">{group}<" not in other.replace("</span>", ">")


@pytest.mark.skipif(BROWSER is None, reason="no browser here to print with")
@pytest.mark.parametrize("paper", ["letter", "A4"])
def test_it_prints_on_one_page(html: str, tmp_path: Path, paper: str) -> None:
    assert BROWSER is not None
    sheet, printed = tmp_path / "sheet.html", tmp_path / "sheet.pdf"
    sheet.write_text(html.replace("@page { ", f"@page {{ size: {paper}; "), encoding="utf-8")
    subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", sheet.as_uri()],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1
