"""`python -m sync`: carries without Qt, tells the truth about the way out, and harms no sale."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands import exit_code
from kiosk.domain.outbox import RailState
from kiosk.errors import ConfigInvalid, EventFileInvalid, StoreUnsure, leaves
from sync.practice.app import PracticeStripe
from sync.practice.faults import FaultKind, FaultPlan, FaultRule
from sync.practice.serve import serve
from tests.commands.conftest import EVENTS, Cli

FIELDS = ["delivered", "waiting", "unknown", "parked", "rail", "stopped"]
CLOSED = "http://127.0.0.1:9"
NOW_MS = 1_800_000_000_000
WITHOUT_QT = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "shiboken6"}:
            raise ImportError("Qt is not installed here")
sys.meta_path.insert(0, NoQt())
from sync.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


class Portal(BaseHTTPRequestHandler):
    """Answers everything alike, as a captive portal or a broken relay does."""

    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"")

    def _reply(self) -> None:
        status, headers, body = self.answer
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = _reply  # noqa: N815 - http.server's own names

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def answering(status: int, headers: dict[str, str], body: bytes) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that says only this; its address, and the paths asked for."""
    asked: list[str] = []

    class Now(Portal):
        answer = (status, headers, body)

        def _reply(self) -> None:
            asked.append(self.path)
            super()._reply()

        do_GET = do_POST = do_DELETE = _reply  # noqa: N815 - http.server's own names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Now)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def report_of(ran: Any) -> dict[str, Any]:
    told: dict[str, Any] = ran.json
    assert list(told) == FIELDS
    assert all(type(told[name]) is int for name in FIELDS[:4])
    assert told["rail"] in set(RailState)
    assert told["stopped"] in {"nothing_due", "rail"}
    return told


def rail_at(cli: Cli, address: str, mode: str = "practice", key: str | None = None) -> None:
    lines = [f'mode = "{mode}"', f'base_url = "{address}"']
    if key is not None:
        file = cli.folder / "stripe.key"
        file.write_text(key + "\n")
        file.chmod(0o600)
        lines.append('key_file = "stripe.key"')
    cli.configure("\n".join(lines))


def test_a_drain_delivers_cash_and_waits_for_members(club: Cli) -> None:
    for tender in ("cash", "scan-to-pay", "pay-later"):
        assert club.sell(tender=tender).code == 0
    before = report_of(club.sync("status", "--json"))
    assert (before["delivered"], before["waiting"]) == (0, 4)
    drained = club.sync("drain", "--json")
    assert drained.code == 0
    assert report_of(drained) == {
        "delivered": 2, "waiting": 2, "unknown": 0, "parked": 0,
        "rail": "reachable", "stopped": "nothing_due",
    }  # fmt: skip
    assert report_of(club.sync("status", "--json")) == drained.json
    assert report_of(club.sync("drain", "--json")) == drained.json


def test_a_queue_without_anything_is_drained_at_once(empty: Cli) -> None:
    drained = empty.sync("drain", "--json")
    assert drained.code == 0
    assert report_of(drained)["delivered"] == 0
    told = empty.sync("drain")
    assert told.out.splitlines() == [f"{name}: {drained.json[name]}" for name in FIELDS]


def test_the_sync_wing_works_where_qt_is_not_installed(club: Cli, tmp_path: Path) -> None:
    assert club.sell().code == 0
    program = tmp_path / "without_qt.py"
    program.write_text(WITHOUT_QT)
    for command, code in ((["drain"], 0), (["status"], 0)):
        words = [club.command()[0], str(program), *command, *club.place(), "--json"]
        done = subprocess.run(words, capture_output=True, text=True, env=club.env(), check=False)
        assert done.returncode == code, done.stderr
        assert json.loads(done.stdout)["delivered"] == 1
    club.passphrase_file.write_text("wrong wrong wrong\n")
    words = [club.command()[0], str(program), "drain", *club.place()]
    done = subprocess.run(words, capture_output=True, text=True, env=club.env(), check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "passphrase_wrong" in done.stderr


def test_an_address_that_nobody_answers_at_stops_the_rail_and_keeps_every_sale(club: Cli) -> None:
    assert club.sell().code == 0
    rail_at(club, CLOSED)
    drained = club.sync("drain", "--json")
    assert drained.code == 3
    assert report_of(drained) == {
        "delivered": 0, "waiting": 1, "unknown": 0, "parked": 0,
        "rail": "unreachable", "stopped": "rail",
    }  # fmt: skip
    assert report_of(club.sync("status", "--json"))["rail"] == "unreachable"
    # Selling goes on as if nothing were the matter.
    assert club.sell(tender="scan-to-pay").code == 0


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {"Content-Type": "text/html"}, b"<html>Welcome to Hotel WiFi</html>"),
        (302, {"Location": "http://127.0.0.1:9/login"}, b""),
        (303, {"Location": "http://127.0.0.1:9/login"}, b""),
        (307, {"Location": "http://127.0.0.1:9/login"}, b""),
        (407, {"Proxy-Authenticate": "Basic"}, b"<html>Proxy</html>"),
        (502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>"),
        (511, {"Content-Type": "text/html"}, b"<html>Sign in</html>"),
        (200, {"Content-Type": "application/json"}, b'{"object": "list", "data": []}'),
        (401, {"Content-Type": "text/html"}, b"<html>Who are you</html>"),
    ],
    ids=[
        "html",
        "302",
        "303",
        "307",
        "407",
        "502",
        "511",
        "json-without-request-id",
        "401-without-request-id",
    ],
)
def test_a_captive_portal_is_not_stripe_whatever_it_answers(
    club: Cli, status: int, headers: dict[str, str], body: bytes
) -> None:
    assert club.sell().code == 0
    with answering(status, headers, body) as (address, asked):
        rail_at(club, address)
        drained = club.sync("drain", "--json")
        assert asked
        assert not any("login" in path for path in asked)
    assert drained.code == 3
    told = report_of(drained)
    assert (told["rail"], told["stopped"], told["waiting"]) == ("captive_portal", "rail", 1)
    assert (told["parked"], told["unknown"]) == (0, 0)


def test_a_key_that_stripe_refuses_stops_the_rail_and_touches_no_sale(club: Cli) -> None:
    assert club.sell().code == 0
    error = {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided"}}
    headers = {"Content-Type": "application/json", "Request-Id": "req_1"}
    with answering(401, headers, json.dumps(error).encode()) as (address, _asked):
        rail_at(club, address)
        drained = club.sync("drain", "--json")
    told = report_of(drained)
    assert drained.code == 3
    assert (told["rail"], told["stopped"], told["waiting"]) == ("key_refused", "rail", 1)


@pytest.mark.parametrize(
    ("mode", "key"), [("live", "rk_test_123456789"), ("test", "rk_live_123456789")]
)
def test_a_key_of_another_mode_never_leaves_this_machine(club: Cli, mode: str, key: str) -> None:
    with answering(200, {}, b"") as (address, asked):
        rail_at(club, address, mode, key)
        drained = club.sync("drain", "--json")
        assert drained.code in {2, 3}, drained
        assert asked == []
    assert key not in drained.out + drained.err


def test_a_mode_without_a_key_is_a_mistake_of_usage(club: Cli) -> None:
    club.configure('mode = "test"')
    refused = club.sync("drain", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "rail_key_missing" in refused.err
    club.configure('mode = "test"\nkey_file = "nothing-here"')
    assert club.sync("drain", "--json").code == 2


def test_sales_of_practice_are_never_carried_to_another_mode(club: Cli) -> None:
    assert club.sell().code == 0
    stripe = PracticeStripe(clock=lambda: NOW_MS, seed=1)
    with serve(stripe) as address:
        rail_at(club, address, "test", "rk_test_kiosk")
        drained = club.sync("drain", "--json")
    assert report_of(drained)["waiting"] == 0
    assert stripe.objects("invoice") == []


def test_any_stripe_at_an_address_of_ours_is_carried_to(empty: Cli) -> None:
    stripe = PracticeStripe(clock=lambda: time.time_ns() // 1_000_000, seed=1)
    with serve(stripe) as address:
        rail_at(empty, address, "test", "rk_test_kiosk")
        assert empty.on("load", EVENTS / "recipe-club.toml").code == 0
        assert empty.sell(tender="scan-to-pay").code == 1  # test mode does not provision itself
        made = empty.on("provision", "--json")
        assert (made.code, made.json["created"]) == (0, 6)
        sold = {tender: empty.sell(offer="apron", tender=tender, email=f"{tender}@example.org").json
                for tender in ("cash", "scan-to-pay", "pay-later")}  # fmt: skip
        first = report_of(empty.sync("drain", "--json"))
        assert (first["delivered"], first["waiting"]) == (2, 2)
        stripe.pay_link(sold["scan-to-pay"]["pay_urls"][0])
        for invoice in stripe.objects("invoice"):
            if invoice["status"] == "open":
                stripe.pay_invoice(invoice["id"])
        last = report_of(empty.sync("drain", "--json"))
        assert (last["delivered"], last["waiting"]) == (4, 0)
    invoices = {one["metadata"]["kp_sale"]: one for one in stripe.objects("invoice")}
    assert set(invoices) == {sold["cash"]["sale_id"], sold["pay-later"]["sale_id"]}
    assert {one["total"] for one in invoices.values()} == {3900}
    assert all(line["settlement"] == "confirmed" for line in empty.exported())
    assert all(line["training"] for line in empty.exported())


def test_a_rail_that_did_the_work_and_answered_500_is_asked_before_it_is_told_again(
    empty: Cli,
) -> None:
    stripe = PracticeStripe(clock=lambda: time.time_ns() // 1_000_000, seed=1)
    with serve(stripe) as address:
        rail_at(empty, address, "test", "rk_test_kiosk")
        assert empty.on("load", EVENTS / "recipe-club.toml").code == 0
        assert empty.sell(offer="apron").code == 0
        stripe.faults = FaultPlan(
            rules=(
                FaultRule(
                    kind=FaultKind.ERROR_500_WITH_EFFECT, method="POST", path="/v1/", nth=(1, 3, 5)
                ),
            )
        )
        delivered = [report_of(empty.sync("drain", "--json"))["delivered"] for _ in range(6)]
        assert delivered[0] == 0
        assert delivered[-1] == 1
    assert [one["status"] for one in stripe.objects("invoice")] == ["paid"]
    assert len(stripe.objects("customer")) == 1


def test_the_practice_network_can_be_pulled_and_plugged_in(club: Cli) -> None:
    from kiosk.opening import make_desk, open_kiosk
    from kiosk.service.practice import set_network

    assert club.sell().code == 0
    for on, rail, code in ((False, "unreachable", 3), (True, "reachable", 0)):
        kiosk = open_kiosk(club.folder, club.passphrase_file.read_text().strip())
        set_network(make_desk(kiosk, staffed=True), on=on)
        kiosk.close()
        drained = club.sync("drain", "--json")
        assert (drained.code, report_of(drained)["rail"]) == (code, rail)


@pytest.mark.parametrize("words", [[], ["drain"], ["pour"], ["drain", "--datum=x"]])
def test_a_mistake_of_usage_is_two(club: Cli, words: list[str]) -> None:
    club.environment["KIOSK_PASSPHRASE_FILE"] = str(club.passphrase_file)
    assert club.spawn(*words, wing="sync").code == 2


def test_the_practice_stripe_is_served_where_its_first_line_says(club: Cli) -> None:
    words = club.command("practice", wing="sync")
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=club.env()) as child:
        assert child.stdout is not None
        address = child.stdout.readline().decode().strip()
        try:
            assert address.startswith("http://127.0.0.1:")
            assert club.sell().code == 0
            rail_at(club, address)
            assert report_of(club.sync("drain", "--json"))["delivered"] == 1
        finally:
            child.terminate()


def test_every_expected_error_has_an_exit_code() -> None:
    with_mistakes = {EventFileInvalid, ConfigInvalid}
    made = [kind(()) if kind in with_mistakes else kind() for kind in leaves()]
    assert {exit_code(error) for error in made} == {1, 2, 3}
    assert exit_code(StoreUnsure()) == 3
