"""`rehearse` holds, and its audit fails whenever the world is not as the kiosk says."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import io
import json
import logging
import random
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from kiosk.__main__ import main
from kiosk.commands import rehearse, rehearse_day
from kiosk.commands.rehearse_audit import Audit, Evidence, audit
from kiosk.commands.rehearse_child import Blow, Day, PartFailed, run_child
from kiosk.commands.rehearse_day import Course
from kiosk.commands.rehearse_outside import FAULTY_ROUNDS, faults_of
from kiosk.commands.rehearse_script import Conduct, write_script
from kiosk.domain.outbox import EntryState
from kiosk.domain.pay_codes import CODES_MAX
from kiosk.domain.settlement import Settlement
from kiosk.domain.tender import TenderKind
from tests.commands.conftest import Cli

FIELDS = ["acknowledged", "in_journal", "lost", "doubled", "missing_at_rail", "parked",
          "unexplained", "verdicts", "seconds"]  # fmt: skip
SALES, SEED = 30, 20_260_000 + random.SystemRandom().randrange(10_000)
Change = Callable[[Evidence], Evidence]


@dataclasses.dataclass(frozen=True)
class Held:
    """One rehearsal, held for this module: how it ended, and what it left."""

    code: int
    out: str
    folder: Path
    day: Day
    evidence: Evidence


@contextlib.contextmanager
def own_log() -> Iterator[None]:
    """The command takes over this process's log, as it does in the program; given back after."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    try:
        yield
    finally:
        for handler in root.handlers:
            if handler not in handlers:
                handler.close()
        root.handlers, root.level = handlers, level
        structlog.configure(**before)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """The real thing, children and kills and all. Its seed is new each time, and printed."""
    folder = tmp_path_factory.mktemp("rehearsal") / "kept"
    seen: list[Evidence] = []
    gather = rehearse.gather

    def watched(day: Day, course: Course) -> Evidence:
        seen.append(gather(day, course))
        return seen[-1]

    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), own_log():
        patch.setattr(rehearse, "gather", watched)
        code = main(
            ["rehearse", f"--sales={SALES}", f"--seed={SEED}", f"--keep={folder}", "--json"]
        )
    # pytest shows it with any failure of this module, so that the same world can be had again.
    sys.stdout.write(f"rehearsed with --sales {SALES} --seed {SEED}\n")
    day = Day(folder=folder, sales=SALES, seed=SEED)
    return Held(code=code, out=out.getvalue(), folder=folder, day=day, evidence=seen[0])


def test_nothing_is_lost_doubled_missing_or_unexplained(held: Held) -> None:
    told = json.loads(held.out)  # and nothing else on standard output
    assert list(told) == FIELDS
    wrong = audit(held.evidence).wrong
    assert held.code == 0, (f"seed {SEED}", wrong)
    assert wrong == ()
    assert told["acknowledged"] == told["in_journal"] == SALES
    assert [told[name] for name in ("lost", "doubled", "missing_at_rail", "unexplained")] == [0] * 4
    assert set(told["verdicts"]) == {"accepted"}
    assert told["verdicts"]["accepted"] >= SALES


def test_the_rehearsal_was_worth_it(held: Held) -> None:
    """Every tender, several members, kills that struck, a drop that sold, and a rail with money."""
    evidence = held.evidence
    assert {one.sale.tenders[0].kind for one in evidence.records} == set(TenderKind)
    assert len({one.sale.member_id for one in evidence.records}) > 5
    assert any(len(one.sale.lines) > 1 for one in evidence.records)
    assert {"invoice", "subscription", "checkout.session"} <= set(evidence.objects)
    assert not any(entry.state is EntryState.UNKNOWN for entry in evidence.entries)
    settled = {one.settlement for one in evidence.records}
    assert Settlement.CONFIRMED in settled


def test_a_kept_folder_can_be_looked_into(held: Held, capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli(held.folder, held.day.passphrase_file, capsys)
    assert cli.on("journal", "verify").code == 0
    assert len(cli.exported()) == SALES
    # And it is never rehearsed in again.
    again = cli.run("rehearse", "--sales=1", f"--keep={held.folder}")
    assert again.code == 1
    assert len(cli.exported()) == SALES


# --------------------------------------------------------------------------- the audit can fail


def with_objects(change: Callable[[dict[str, list[Any]]], None]) -> Change:
    def changed(evidence: Evidence) -> Evidence:
        objects = {kind: copy.deepcopy(list(held)) for kind, held in evidence.objects.items()}
        change(objects)
        return dataclasses.replace(evidence, objects=objects)

    return changed


def billed(objects: dict[str, list[Any]], status: str = "paid") -> Any:
    """An invoice of a sale of ours with money on it."""
    return next(
        one for one in objects["invoice"]
        if one["metadata"].get("kp_sale") and one["status"] == status and one["total"]
    )  # fmt: skip


def remove_invoice(objects: dict[str, list[Any]]) -> None:
    objects["invoice"].remove(billed(objects))


def double_invoice(objects: dict[str, list[Any]]) -> None:
    objects["invoice"].append({**billed(objects), "id": "in_second"})


def underbill(objects: dict[str, list[Any]]) -> None:
    billed(objects)["total"] -= 1


def unpay(objects: dict[str, list[Any]]) -> None:
    billed(objects).update(status="open", amount_paid=0)


def bill_in_dollars(objects: dict[str, list[Any]]) -> None:
    billed(objects)["currency"] = "usd"


def bill_for_nobody(objects: dict[str, list[Any]]) -> None:
    stray = copy.deepcopy(billed(objects))
    stray["metadata"]["kp_sale"] = "01a20624-78ad-78da-9958-fa2134c81953"
    objects["invoice"].append({**stray, "id": "in_stray"})


def double_subscription(objects: dict[str, list[Any]]) -> None:
    ours = next(one for one in objects["subscription"] if one["metadata"].get("kp_sale"))
    objects["subscription"].append({**ours, "id": "sub_second"})


def lose_payments(objects: dict[str, list[Any]]) -> None:
    objects["checkout.session"].clear()


def add_forged_payment(objects: dict[str, list[Any]]) -> None:
    paid = next(one for one in objects["checkout.session"] if one["payment_status"] == "paid")
    objects["checkout.session"].append({**paid, "id": "cs_x", "client_reference_id": "kp1_1_x_y"})


def double_customer(objects: dict[str, list[Any]]) -> None:
    ours = next(one for one in objects["customer"] if one["metadata"].get("kp_sale"))
    objects["customer"].append({**ours, "id": "cus_2", "email": ours["email"].upper()})


def lose_sale(evidence: Evidence) -> Evidence:
    return dataclasses.replace(evidence, records=evidence.records[1:])


def lose_journal_line(evidence: Evidence) -> Evidence:
    return dataclasses.replace(evidence, completed=evidence.completed[:-1])


def double_journal_line(evidence: Evidence) -> Evidence:
    return dataclasses.replace(evidence, completed=(*evidence.completed, evidence.completed[0]))


def another_total(evidence: Evidence) -> Evidence:
    first, *rest = evidence.acknowledged
    changed = dataclasses.replace(first, total_minor=first.total_minor + 1)
    return dataclasses.replace(evidence, acknowledged=(changed, *rest))


def another_pass(evidence: Evidence) -> Evidence:
    first, *rest = evidence.acknowledged
    changed = dataclasses.replace(first, passes=("1-9999",))
    return dataclasses.replace(evidence, acknowledged=(changed, *rest))


def reuse_receipt(evidence: Evidence) -> Evidence:
    first, second, *rest = evidence.records
    sale = dataclasses.replace(second.sale, receipt_number=first.sale.receipt_number)
    return dataclasses.replace(
        evidence, records=(first, dataclasses.replace(second, sale=sale), *rest)
    )


def reuse_pass(evidence: Evidence) -> Evidence:
    first, second, *rest = evidence.records
    twice = dataclasses.replace(second, passes=first.passes)
    return dataclasses.replace(evidence, records=(first, twice, *rest))


def break_chain(evidence: Evidence) -> Evidence:
    return dataclasses.replace(evidence, chain_holds=False)


def refuse_for_no_reason(evidence: Evidence) -> Evidence:
    return dataclasses.replace(evidence, refused=(*evidence.refused, "store_busy"))


def with_entry(state: EntryState, reason: str | None) -> Change:
    def changed(evidence: Evidence) -> Evidence:
        # One that arrived: which others are parked anyway is for the day's weather to say.
        entries = list(evidence.entries)
        at = next(n for n, one in enumerate(entries) if one.state is EntryState.DELIVERED)
        entries[at] = dataclasses.replace(entries[at], state=state, reason=reason)
        return dataclasses.replace(evidence, entries=tuple(entries))

    return changed


def oversell(evidence: Evidence) -> Evidence:
    return dataclasses.replace(
        evidence, left={code: left + 1 for code, left in evidence.left.items()}
    )


def confirm_unpaid(evidence: Evidence) -> Evidence:
    """Say of every scan-to-pay sale that it is confirmed, and take the money away."""
    records = tuple(
        dataclasses.replace(one, settlement=Settlement.CONFIRMED)
        if one.sale.tenders[0].kind is TenderKind.SCAN_TO_PAY
        else one
        for one in evidence.records
    )
    return with_objects(lose_payments)(dataclasses.replace(evidence, records=records))


@pytest.mark.parametrize(
    ("change", "figure"),
    [
        (lose_sale, "lost"),
        (lose_journal_line, "lost"),
        (another_total, "lost"),
        (another_pass, "lost"),
        (double_journal_line, "doubled"),
        (reuse_receipt, "doubled"),
        (reuse_pass, "doubled"),
        (with_objects(double_invoice), "doubled"),
        (with_objects(double_subscription), "doubled"),
        (with_objects(double_customer), "doubled"),
        (with_objects(bill_for_nobody), "doubled"),
        (with_objects(remove_invoice), "missing_at_rail"),
        (with_objects(underbill), "missing_at_rail"),
        (with_objects(unpay), "missing_at_rail"),
        (with_objects(bill_in_dollars), "missing_at_rail"),
        (confirm_unpaid, "missing_at_rail"),
        (with_objects(lose_payments), "unexplained"),
        (with_objects(add_forged_payment), "unexplained"),
        (break_chain, "unexplained"),
        (refuse_for_no_reason, "unexplained"),
        (oversell, "unexplained"),
        (with_entry(EntryState.PARKED, "refused:parameter_unknown"), "unexplained"),
        (with_entry(EntryState.PARKED, None), "unexplained"),
        (with_entry(EntryState.WAITING, "lost:connection_lost"), "unexplained"),
        (with_entry(EntryState.UNKNOWN, "suspect:api_error"), "unexplained"),
    ],
)
def test_the_audit_sees_a_world_that_is_not_right(held: Held, change: Change, figure: str) -> None:
    found = audit(change(held.evidence))
    assert getattr(found, figure) > 0
    assert not found.clean
    assert found.wrong


def test_what_a_person_has_to_decide_is_parked_and_explained(held: Held) -> None:
    before = audit(held.evidence)
    after = audit(with_entry(EntryState.PARKED, "underpaid")(held.evidence))
    assert after.parked == before.parked + 1
    assert after.unexplained == before.unexplained


def test_a_failed_audit_is_exit_code_one_and_says_what_is_wrong(
    held: Held, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    course = Course(acknowledged=(), refused=(), kills=0)
    monkeypatch.setattr(rehearse_day, "prepare", lambda _day: None)
    monkeypatch.setattr(rehearse_day, "sell_through", lambda _day: course)
    monkeypatch.setattr(rehearse_day, "carry_through", lambda _day, _sold: course)
    monkeypatch.setattr(rehearse, "gather", lambda _day, _course: lose_sale(held.evidence))
    ran = Cli(tmp_path, tmp_path, capsys).run("rehearse", "--json")
    assert ran.code == 1
    assert ran.json["lost"] == 1
    assert "lost: K1-000001" in ran.err


# ------------------------------------------------------------------------------- script, weather


def test_the_script_is_the_seed_s_and_nobody_else_s() -> None:
    assert write_script(40, 7) == write_script(40, 7)
    assert write_script(40, 7) != write_script(40, 8)
    # A longer day with the same seed has the same people in another crowd, and ids of its own.
    ids = [draft.sale_id for one in write_script(300, 7) for draft in (one.wish, one.instead)]
    assert len(set(ids)) == 600


def test_a_long_script_has_everything_in_it() -> None:
    script = write_script(300, 1)
    assert {one.conduct for one in script} == set(Conduct)
    assert {one.wish.tender for one in script} == set(TenderKind)
    offers = {line.offer for one in script for line in one.wish.lines}
    assert offers == {"jar", "plate", "tote", "print", "weekly", "four-weeks", "half-year", "card"}
    assert all(sum(line.quantity for line in one.wish.lines) <= CODES_MAX + 1 for one in script)


@pytest.mark.parametrize("seed", range(12))
def test_more_want_the_small_drop_than_there_is(seed: int) -> None:
    """Or nothing would sell out, and the rehearsal would leave out what hurts most."""
    wished = [line for one in write_script(rehearse.SALES, seed) for line in one.wish.lines]
    drop = tomllib.loads(rehearse_day.EVENT_FILE.read_text("utf-8"))["drop"][0]
    assert sum(line.quantity for line in wished if line.offer == drop["code"]) > drop["stock"]


def test_the_weather_clears_up() -> None:
    stormy = [faults_of(3, number) for number in range(1, FAULTY_ROUNDS + 1)]
    assert all(plan.rules for plan in stormy)
    assert len({plan.seed for plan in stormy}) == FAULTY_ROUNDS
    assert faults_of(3, FAULTY_ROUNDS + 1).rules == ()


def test_a_child_that_fails_by_itself_is_not_taken_for_a_killed_one(tmp_path: Path) -> None:
    secret = tmp_path / "rehearsal.passphrase"
    secret.write_text("anything at all")
    secret.chmod(0o600)
    day = Day(folder=tmp_path, sales=1, seed=1)
    with pytest.raises(PartFailed):
        run_child(day, None, "sell", "--first", "0")
    with pytest.raises(PartFailed):
        run_child(day, Blow(after_lines=5, delay_seconds=0.0), "sell", "--first", "0")


@pytest.mark.parametrize("words", [["--sales=0"], ["--sales=-3"], ["--seed=x"], ["--sales"]])
def test_a_mistake_of_usage_is_two(
    words: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert Cli(tmp_path, tmp_path, capsys).run("rehearse", *words).code == 2


def test_the_parts_of_the_child_are_not_offered_to_people(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = Cli(tmp_path, tmp_path, capsys).run("rehearse", "--help").out
    assert "--sales" in told
    assert "--part" not in told
    assert "--ahead-hours" not in told


def test_audits_are_values(held: Held) -> None:
    assert isinstance(audit(held.evidence), Audit)
    assert audit(held.evidence) == audit(held.evidence)
