"""Wrapping keys: renewed in steps of any size, cut off anywhere, and what is gone stays gone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.buffer.buffer import Buffer, BufferFile
from kiosk.buffer.database import FactRefusedError
from kiosk.buffer.keys import BufferKeys
from kiosk.domain.ids import MemberId
from kiosk.errors import StoreCorrupt

NOW_MS = 1_800_000_000_000
NEW = {2: b"2" * 32}
# What no change of a pass may do, of an erased buyer either.
ALONE = (
    "text = 'x'",
    "text = NULL, seq = 9",
    "text = NULL, issued_s = 1",
    "text = NULL, entitlements = '[]'",
    "text = NULL, payload_sha256 = zeroblob(32)",
    "text = NULL, provisional_until_s = NULL",
)


@pytest.fixture
def five(buffer_file: BufferFile, shop) -> list[tuple[MemberId, bytes]]:
    """Five members, each with something sealed; the file is closed afterwards."""
    made = []
    with buffer_file.till().writing() as uow:
        for _ in range(5):
            member = shop.member()
            uow.people.enroll(member, NOW_MS)
            sealed = uow.people.seal(member.member_id, {"a": member.member_id}, "x")
            made.append((member.member_id, sealed))
        uow.people.erase(made[1][0], NOW_MS)
    buffer_file.close()
    return made


def under(folder: Path, keys: BufferKeys, keks: Mapping[int, bytes]) -> BufferFile:
    return BufferFile.open(folder, dataclasses.replace(keys, member_kek=keks), now_ms=NOW_MS)


def readable(buffer: Buffer, sealed: list[tuple[MemberId, bytes]]) -> list[bool]:
    with buffer.reading() as uow:
        found = [uow.people.unseal(member_id, raw, "x") for member_id, raw in sealed]
    assert all(one in (None, {"a": member}) for one, (member, _) in zip(found, sealed, strict=True))
    return [one is not None for one in found]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.integers(1, 6), steps=st.integers(0, 8))
def test_cut_off_after_any_step_both_keys_open_everything(
    five, tmp_path: Path, keys: BufferKeys, batch: int, steps: int
) -> None:
    """Each example goes on where the one before was cut off."""
    with under(tmp_path, keys, {**keys.member_kek, **NEW}) as held:
        after = None
        for _ in range(steps):
            with held.till().writing() as uow:
                after = uow.erasures.rewrap(after, batch)
            if after is None:
                break
        assert readable(held.till(), five) == [True, False, True, True, True]


def test_wrapped_anew_everything_opens_with_the_new_key_alone(five, tmp_path, keys) -> None:
    with under(tmp_path, keys, {**keys.member_kek, **NEW}) as held, held.till().writing() as uow:
        assert uow.erasures.unfinished
        assert not uow.erasures.needs_new_key  # the destroyed one was under the older key
        after = uow.erasures.rewrap(None, 500)
        assert after == five[-1][0]
        assert uow.erasures.rewrap(after, 500) is None
        uow.erasures.rewrapped(NOW_MS)
    with under(tmp_path, keys, NEW) as held:
        assert readable(held.till(), five) == [True, False, True, True, True]
        with held.till().reading() as uow:
            assert not uow.erasures.unfinished
            assert not uow.erasures.is_behind
            assert uow.erasures.unreadable(None, 500) == ()


def test_a_destroyed_key_asks_for_a_new_wrapping_key(five, tmp_path, keys) -> None:
    with under(tmp_path, keys, keys.member_kek) as held, held.till().reading() as uow:
        assert uow.erasures.unfinished
        assert uow.erasures.needs_new_key


def test_without_an_erasure_nothing_is_unfinished(till: Buffer, shop) -> None:
    shop.sell(till)
    with till.reading() as uow:
        assert not uow.erasures.unfinished
        assert not uow.erasures.needs_new_key
        assert not uow.erasures.is_behind


def test_a_file_whose_key_is_gone_tells_whom_it_cannot_read(five, tmp_path, keys) -> None:
    with under(tmp_path, keys, NEW) as held:
        assert readable(held.till(), five) == [False] * 5
        with held.till().reading() as uow:
            assert uow.erasures.is_behind
            left = [member_id for at, (member_id, _) in enumerate(five) if at != 1]
            assert list(uow.erasures.unreadable(None, 500)) == left
            assert list(uow.erasures.unreadable(left[0], 2)) == left[1:3]


def test_a_wrapping_key_of_another_kiosk_is_damage_and_no_erasure(five, tmp_path, keys) -> None:
    with (
        under(tmp_path, keys, {1: b"9" * 32}) as held,
        held.till().reading() as uow,
        pytest.raises(StoreCorrupt),
    ):
        uow.people.unseal(five[0][0], five[0][1], "x")


def test_a_text_goes_only_with_its_member_and_takes_nothing_else_along(till: Buffer, shop) -> None:
    maria, ben = shop.member(), shop.member()
    shop.sell(till, maria)
    shop.sell(till, ben)
    with till.writing() as uow:
        execute = uow.sales._session.connection.execute
        uow.people.erase(maria.member_id, NOW_MS)
        for change in ALONE:
            with pytest.raises(Exception, match="passes: append-only"):
                execute(f"UPDATE passes SET {change} WHERE seq = 1")
        with pytest.raises(Exception, match="passes: append-only"):
            execute("UPDATE passes SET text = NULL WHERE seq = 2")
        uow.passes.forget_texts(maria.member_id)
        uow.passes.forget_texts(maria.member_id)
        hers, his = uow.passes.by_number(3, 1), uow.passes.by_number(3, 2)
    assert hers is not None
    assert his is not None
    assert (hers.text, his.text) == ("", "EP1:2")


def test_no_pass_is_issued_without_a_text(till: Buffer, shop) -> None:
    member = shop.member()
    with pytest.raises(FactRefusedError, match="issued with its text"), till.writing() as uow:
        uow.people.enroll(member, NOW_MS)
        sale, seq = shop.sale(uow, member_id=member.member_id)
        uow.sales.insert(sale, seq)
        uow.passes.insert(sale.sale_id, dataclasses.replace(shop.issued(uow), text=None))
