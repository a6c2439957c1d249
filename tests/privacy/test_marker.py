"""One person buys while everything goes wrong, and stands in clear nowhere afterwards.

The window and the command line are real processes with a home, a temporary folder and a data folder
of their own. Whatever they wrote there or said is searched byte by byte.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from kiosk.commands.provision import provision_practice
from kiosk.opening import create, make_desk, open_kiosk
from kiosk.service.prepare import load_event
from tests.day.test_a_day import EVENT, PASSPHRASE
from tests.privacy.marker import EMAIL, NAME

BUYER = Path(__file__).with_name("buyer.py")
SECONDS_MOST = 120
SELL = ("sell", "--offer=spice-jar", f"--name={NAME}", f"--email={EMAIL}", "--tender=cash")


class Echo(BaseHTTPRequestHandler):
    """An empty rail that breaks when it is to take something, in the very words it was sent."""

    heard: list[bytes] = []  # noqa: RUF012  (one server, one list)

    def do_GET(self) -> None:
        self._reply(200, {"object": "list", "data": [], "has_more": False, "url": "/"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.heard.append(body)
        self._reply(500, {"error": {"type": "api_error", "message": body.decode()}})

    def _reply(self, status: int, answer: dict[str, object]) -> None:
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Request-Id", "req_broken")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing on standard error."""


@dataclass
class Place:
    """Everything that a program may write to, and what it has said so far."""

    home: Path
    repository: Path
    said: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.home / "kiosk"

    def run(self, *words: str, code: int = 0) -> str:
        """A command on the kiosk's folder; what it said to programs."""
        return self.spawn("-m", "kiosk", *words, *self._where(), code=code)

    def sync(self, *words: str, code: int = 0) -> str:
        return self.spawn("-m", "sync", *words, *self._where(), code=code)

    def spawn(self, *words: str, code: int = 0) -> str:
        (self.home / "tmp").mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, *words],
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            cwd=self.home,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(self.repository),
                "QT_QPA_PLATFORM": "offscreen",
                "QT_QUICK_BACKEND": "software",
                "HOME": str(self.home),
                "TMPDIR": str(self.home / "tmp"),
            },
            timeout=SECONDS_MOST,
            check=False,
        )
        self.said += [done.stdout, done.stderr]
        assert done.returncode == code, done.stderr[-2000:]
        return done.stdout

    def _where(self) -> Sequence[str]:
        return f"--data={self.data}", f"--passphrase-file={self.home / 'secret'}"


@pytest.fixture
def place(tmp_path: Path, repository: Path) -> Place:
    """The recipe club, loaded, in a home of its own."""
    made = Place(tmp_path / "home", repository)
    made.home.mkdir()
    create(made.data, PASSPHRASE, 1, lambda _recovery: None)
    kiosk = open_kiosk(made.data, PASSPHRASE)
    source = EVENT.read_text(encoding="utf-8")
    loaded = load_event(make_desk(kiosk, staffed=True), source, EVENT.name)
    provision_practice(kiosk, loaded.snapshot)
    kiosk.close()
    (made.home / "secret").write_text(PASSPHRASE)
    (made.home / "secret").chmod(0o600)
    return made


@pytest.fixture
def breaking_rail() -> Iterator[str]:
    Echo.heard.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def forms(text: str) -> set[bytes]:
    """How a text may stand in a file: as it is, in small letters, and as programs write it."""
    plain = text.encode()
    return {
        plain,
        text.lower().encode(),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        plain.hex().encode(),
        quote_plus(text).encode(),
        base64.b64encode(plain).rstrip(b"=")[:-1],
    }


def found_in(raw: bytes, texts: Sequence[str]) -> list[str]:
    return [text for text in texts if any(form in raw for form in forms(text))]


def files_with(folder: Path, texts: Sequence[str]) -> list[str]:
    return [
        f"{file.relative_to(folder)}: {text}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        for text in found_in(file.read_bytes(), texts)
    ]


# Whole, and in the parts that a hint, a log line or a cut text would leave of it.
PERSON = (NAME, EMAIL, *NAME.split(), EMAIL.split("@")[0], EMAIL.split("@")[1])


@pytest.mark.parametrize("form", sorted(forms(EMAIL)))
def test_the_search_itself_finds_a_person_in_each_form(tmp_path: Path, form: bytes) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "core.1").write_bytes(b"\0" * 5000 + form + b"\xff")
    assert f"deep/core.1: {EMAIL}" in files_with(tmp_path, PERSON)


def test_a_person_who_buys_at_the_window_stands_in_clear_nowhere(place: Place) -> None:
    said = place.spawn(str(BUYER), str(place.data))
    assert said.count("title The Sunday Table") >= 7
    log = "".join(file.read_text() for file in (place.data / "logs").iterdir())
    assert "job_crashed" in log
    exported = place.run("journal", "export")
    sale = json.loads(exported)
    assert sale["member"] == {"name": NAME, "email": EMAIL}  # it really is in there
    text = sale["passes"][0]["text"]
    place.said.remove(exported)
    searched = (*PERSON, text)
    assert files_with(place.home, searched) == []
    assert found_in("".join(place.said).encode(), searched) == []


def test_a_person_sold_to_by_command_stands_in_clear_nowhere(
    place: Place, breaking_rail: str
) -> None:
    sold = place.run(*SELL, "--consent=terms", "--json")
    text = json.loads(sold)["passes"][0]["text"]
    place.said.remove(sold)  # that is where a pass belongs
    assert found_in(sold.encode(), PERSON) == []
    place.run(*SELL, code=1)  # no consent
    place.run(*SELL, "--consent=terms", "--offer=nonsense", code=1)
    (place.data / "kiosk.toml").write_text(f'[stripe]\nbase_url = "{breaking_rail}"\n')
    assert json.loads(place.sync("drain", "--json"))["unknown"] == 1
    assert any(quote_plus(EMAIL).encode() in body for body in Echo.heard)
    place.sync("status")
    place.run("member", "erase", f"--email={EMAIL}", code=1)
    place.run("journal", "verify")
    place.run("backup")
    place.run("black-box", "export", str(place.home / "carried.box"))
    searched = (*PERSON, text)
    assert files_with(place.home, searched) == []
    assert found_in("".join(place.said).encode(), searched) == []


def test_an_erased_person_is_told_by_nothing_that_is_made_later(place: Place) -> None:
    place.run(*SELL, "--consent=terms", "--json")
    place.sync("drain")
    place.said.clear()
    place.run("member", "erase", f"--email={EMAIL}")
    place.run("journal", "export")
    place.run("backup")
    place.run("member", "find", "w")
    place.run("member", "show", f"--email={EMAIL}", code=1)
    assert files_with(place.home, PERSON) == []
    assert found_in("".join(place.said).encode(), PERSON) == []
