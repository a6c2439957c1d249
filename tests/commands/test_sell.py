"""`sell`: exit code 0 and a word on standard output mean that the sale is on the disk for good."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from kiosk.domain.tender import TenderKind
from tests.commands.conftest import EVENTS, REPOSITORY, Cli

FIELDS = ["sale_id", "receipt_number", "total_minor", "currency", "tender", "passes", "pay_urls"]
SALE_ID = "01a20624-78ad-78da-9958-fa2134c81953"
BUILT_LATER = """
import os, signal, sys
import kiosk.commands.sell as sell
def die(recorded, *, as_json):
    os.kill(os.getpid(), signal.SIGKILL)
sell._show = die
from kiosk.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("tender", list(TenderKind))
def test_each_tender_prints_one_object_with_the_agreed_fields(club: Cli, tender: str) -> None:
    sold = club.sell(offer="tasting:2", tender=tender)
    assert sold.code == 0, sold
    told = sold.json
    assert list(told) == FIELDS
    assert told["receipt_number"] == "K3-000001"
    assert (told["total_minor"], told["currency"], told["tender"]) == (2500, "eur", tender)
    assert [sorted(one) for one in told["passes"]] == [["number", "text", "url"]]
    assert told["passes"][0]["number"] == "3-1"
    assert told["passes"][0]["url"].endswith("#" + told["passes"][0]["text"])
    assert len(told["pay_urls"]) == (2 if tender == "scan-to-pay" else 0)


def test_several_offers_make_one_sale(club: Cli) -> None:
    sold = club.sell("--offer=apron", "--offer=weekly", offer="spice-jar:3").json
    assert sold["total_minor"] == 3 * 750 + 3900 + 490
    lines = club.exported()[0]["lines"]
    assert [(line["offer"], line["quantity"]) for line in lines] == [
        ("spice-jar", 3), ("apron", 1), ("weekly", 1),
    ]  # fmt: skip


def test_without_json_the_sale_is_told_to_people(club: Cli) -> None:
    sold = club.on(
        "sell", "--offer=tasting", "--name=Ann", "--email=a@example.org", "--tender=scan-to-pay",
        "--consent=terms",
    )  # fmt: skip
    first, second, third = sold.out.splitlines()
    assert first.startswith("K3-000001  12.50 EUR") or "12.50" in first
    assert second.startswith("pass 3-1")
    assert third.startswith("pay ")


def test_the_same_sale_id_is_the_same_sale(club: Cli) -> None:
    first = club.sell(sale_id=SALE_ID)
    again = club.sell(sale_id=SALE_ID.upper())
    assert (first.code, again.code) == (0, 0)
    assert again.json == first.json
    assert again.json["sale_id"] == SALE_ID
    assert len(club.exported()) == 1


def test_the_same_sale_id_for_something_else_is_refused(club: Cli) -> None:
    club.sell(sale_id=SALE_ID)
    for other in ({"offer": "apron"}, {"email": "other@example.org"}, {"tender": "pay-later"}):
        refused = club.sell(sale_id=SALE_ID, **other)
        assert refused.code == 1, other
        assert refused.out == ""
        assert "sale_conflict" in refused.err
    assert len(club.exported()) == 1


def test_a_kill_before_the_print_leaves_a_sale_and_no_acknowledgement(
    club: Cli, tmp_path: Path
) -> None:
    program = tmp_path / "dies.py"
    program.write_text(BUILT_LATER)
    words = ["sell", *club.place(), "--offer=apron", "--name=Ann", "--email=ann@example.org",
             "--tender=cash", "--consent=terms", f"--sale-id={SALE_ID}", "--json"]  # fmt: skip
    command = [club.command()[0], str(program), *words]
    died = subprocess.run(command, capture_output=True, env=club.env(), check=False, timeout=60)
    assert died.returncode == -9
    assert died.stdout == b""
    # The sale is durable although nobody was told; asking again tells.
    assert [one["sale_id"] for one in club.exported()] == [SALE_ID]
    again = club.on(*words[:1], *words[3:])
    assert again.code == 0
    assert again.json["receipt_number"] == "K3-000001"
    assert len(club.exported()) == 1


def test_what_was_printed_survives_a_kill_that_follows_at_once(club: Cli) -> None:
    words = ["sell", *club.place(), "--offer=apron", "--name=Ann", "--email=ann@example.org",
             "--tender=cash", "--consent=terms", "--json"]  # fmt: skip
    with subprocess.Popen(club.command(*words), stdout=subprocess.PIPE, env=club.env()) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        child.kill()
    told = json.loads(line)
    assert [one["sale_id"] for one in club.exported()] == [told["sale_id"]]
    assert club.on("journal", "verify").code == 0


def test_a_kill_at_any_moment_leaves_a_whole_sale_or_none(club: Cli) -> None:
    for number, delay in enumerate((0.1, 0.35, 0.5, 0.6, 0.7)):
        words = ["sell", *club.place(), "--offer=apron", "--name=Ann", "--email=ann@example.org",
                 "--tender=cash", "--consent=terms", "--json"]  # fmt: skip
        with subprocess.Popen(
            club.command(*words), stdout=subprocess.PIPE, env=club.env()
        ) as child:
            time.sleep(delay)
            child.kill()
            told = child.communicate()[0].decode().splitlines()
        kept = club.exported()
        assert {json.loads(line)["sale_id"] for line in told} <= {one["sale_id"] for one in kept}
        assert all(one["passes"] and one["lines"] for one in kept)
        assert [one["receipt_number"] for one in kept] == [
            f"K3-{seq:06d}" for seq in range(1, len(kept) + 1)
        ], number
    assert club.on("journal", "verify").code == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"offer": "spice-jar:0"}, "quantity_invalid"),
        ({"offer": "spice-jar:-1"}, "quantity_invalid"),
        ({"offer": "spice-jar:100"}, "quantity_invalid"),
        ({"offer": "no-such-thing"}, "offer_unknown"),
        ({"offer": "-spice-jar"}, "offer_unknown"),
        ({"offer": ""}, "offer_unknown"),
        ({"offer": "tasting:3"}, "member_limit_reached"),
        ({"offer": "late-supper"}, "offer_not_on_sale"),
        ({"email": "maria"}, "email_invalid"),
        ({"email": "maria@"}, "email_invalid"),
        ({"email": "@example.org"}, "email_invalid"),
        ({"email": "maria@localhost"}, "email_invalid"),
        ({"email": "-@example"}, "email_invalid"),
        ({"email": "a" * 300 + "@example.org"}, "email_invalid"),
        ({"name": ""}, "name_invalid"),
        ({"name": "   "}, "name_invalid"),
        ({"name": "M" * 500}, "name_invalid"),
        ({"consent": "marketing"}, "consent_missing"),
        ({"consent": None}, "consent_missing"),
        ({"consent": "fame"}, "consent_"),
        ({"offer": "apron:99", "tender": "pay-later"}, "exposure_exceeded"),
        ({"offer": "tasting:9", "tender": "scan-to-pay"}, ""),
    ],
)  # fmt: skip
def test_a_rule_refuses_with_one_and_records_nothing(
    club: Cli, changes: dict[str, str], code: str
) -> None:
    refused = club.sell(**changes)
    assert refused.code == 1, refused
    assert refused.out == ""
    assert code in refused.err
    assert "Traceback" not in refused.err
    assert len(refused.err.splitlines()[0]) > 30  # a sentence, not only a code
    assert club.exported() == []


@pytest.mark.parametrize(
    "words",
    [
        ["--offer=spice-jar:many"],
        ["--offer=spice-jar", "--tender=bitcoin"],
        ["--offer=spice-jar:1_0"],
        ["--offer=spice-jar:９"],
        ["--offer=spice-jar: 2"],
        ["--offer=spice-jar", "--sale-id=42"],
        ["--offer=spice-jar", "--sale-id=0123"],
        ["--offer=spice-jar", "--colour=red"],
        ["--offer=spice-jar", "--off=apron"],
        ["--offer=spice-jar", "word"],
    ],
)  # fmt: skip
def test_a_mistake_of_usage_is_two_and_records_nothing(club: Cli, words: list[str]) -> None:
    usual = ["--name=Ann", "--email=ann@example.org", "--consent=terms"]
    if not any(word.startswith("--tender") for word in words):
        usual.append("--tender=cash")
    refused = club.on("sell", *words, *usual)
    assert refused.code == 2
    assert refused.out == ""
    assert club.exported() == []


@pytest.mark.parametrize("missing", ["--offer", "--name", "--email", "--tender"])
def test_what_a_sale_needs_must_be_given(club: Cli, missing: str) -> None:
    words = ["--offer=apron", "--name=Ann", "--email=ann@example.org", "--tender=cash"]
    assert club.on("sell", *[one for one in words if not one.startswith(missing)]).code == 2


@pytest.mark.parametrize(
    "name",
    [
        "شيماء عبد الرحمن",
        "נועה לוי",
        "\U0001f469\u200d\U0001f373 Chef 🌶️",
        "Nguyễn Thị Ánh",
        "李小龍",
        "O'Neill; DROP TABLE",
        "-rf",
        "--name",
        "M" * 200,
        "\u202eover\u202c",
    ],
)  # fmt: skip
def test_a_name_is_kept_as_it_is_in_every_script(club: Cli, name: str) -> None:
    sold = club.sell(name=name)
    assert sold.code == 0, sold
    kept = club.exported()[0]["member"]["name"]
    assert kept == name or (kept and "\u202e" in name)
    verified = club.run(
        "pass", "verify", "--root", club.folder / "root.pub", "--training", "--json",
        sold.json["passes"][0]["text"],
    )  # fmt: skip
    assert verified.json["verdict"] == "accepted"


def test_a_console_without_letters_does_not_end_a_sale(club: Cli) -> None:
    club.environment["PYTHONIOENCODING"] = "ascii"
    words = ["--offer=apron", "--name=Zoë 🌶", "--email=z@example.org", "--tender=cash"]
    sold = club.spawn("sell", *club.place(), *words, "--consent=terms", "--json")
    assert sold.code == 0, sold
    assert sold.json["receipt_number"] == "K3-000001"


def test_a_drop_sells_out_to_the_last_copy_and_not_one_more(club: Cli) -> None:
    for number in range(12):
        assert club.sell(offer="tasting:2", email=f"m{number}@example.org").code == 0
    refused = club.sell(offer="tasting", email="late@example.org")
    assert (refused.code, refused.out) == (1, "")
    assert "sold_out" in refused.err
    assert len(club.exported()) == 12


def test_the_limit_of_a_drop_per_member_holds_across_sales_and_spellings(club: Cli) -> None:
    assert club.sell(offer="tasting:2").code == 0
    refused = club.sell(offer="tasting", email="MARIA@Example.org")
    assert refused.code == 1
    assert "member_limit_reached" in refused.err
    assert club.sell(offer="tasting", email="other@example.org").code == 0


def test_an_amount_below_the_rail_s_least_is_cash_only(empty: Cli) -> None:
    assert empty.on("load", EVENTS / "zine-fair.toml").code == 0
    for tender in ("scan-to-pay", "pay-later"):
        refused = empty.sell(offer="sticker", tender=tender)
        assert refused.code == 1
        assert "tender_not_available" in refused.err
    assert empty.sell(offer="sticker").json["total_minor"] == 24


def test_scan_to_pay_without_its_link_says_so(empty: Cli) -> None:
    empty.configure('mode = "practice"\nbase_url = "http://127.0.0.1:9"')
    assert empty.on("load", EVENTS / "recipe-club.toml").code == 0
    refused = empty.sell(tender="scan-to-pay")
    assert refused.code == 1
    assert "not_provisioned" in refused.err
    assert empty.sell(tender="cash").code == 0


def test_without_an_event_nothing_is_sold(empty: Cli) -> None:
    refused = empty.sell()
    assert (refused.code, refused.out) == (1, "")
    assert "no_event" in refused.err


def test_a_wrong_passphrase_is_the_machine_s_three(club: Cli) -> None:
    club.passphrase_file.write_text("correct horse battery staple\n")
    refused = club.sell()
    assert (refused.code, refused.out) == (3, "")
    assert "passphrase_wrong" in refused.err
    assert "staple" not in refused.err


def test_no_secret_and_nobody_s_name_is_on_a_command_line_or_in_a_log(club: Cli) -> None:
    words = ["sell", *club.place(), "--offer=apron", "--name=Wilhelmina Quist",
             "--email=wilhelmina@quist.example", "--tender=pay-later", "--consent=terms",
             "--json"]  # fmt: skip
    with subprocess.Popen(club.command(*words), stdout=subprocess.PIPE, env=club.env()) as child:
        lines = Path(f"/proc/{child.pid}/cmdline")
        seen = lines.read_bytes() if lines.exists() else b""
        told = child.communicate(timeout=60)[0]
    assert child.returncode == 0
    assert b"correct horse" not in seen
    assert club.spawn("drain", *club.place(), "--json", wing="sync").code == 0
    logged = "".join(file.read_text() for file in (club.folder / "logs").iterdir())
    for private in ("Wilhelmina", "quist.example", "correct horse", json.loads(told)["pay_urls"]):
        assert str(private) not in logged or private == []
    for file in club.folder.iterdir():
        if file.is_file():
            assert b"Wilhelmina" not in file.read_bytes(), file.name


def test_help_costs_nothing_and_knows_every_command(club: Cli) -> None:
    heavy = """if True:
        import sys
        from kiosk.__main__ import main
        main(["--help"])
        print(sorted({"PySide6", "stripe", "sqlcipher3", "cryptography"} & set(sys.modules)))
    """
    done = subprocess.run(
        [club.command()[0], "-c", heavy], capture_output=True, text=True, env=club.env(),
        check=True, cwd=REPOSITORY,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
    for command in ("init", "load", "provision", "sell", "pass", "journal", "rehearse"):
        assert f"\n    {command} " in done.stdout
