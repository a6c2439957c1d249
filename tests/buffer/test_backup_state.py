"""The note about the last backups: kept in one step, and never in anybody's way."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.buffer.backup_state import (
    STATE_NAME,
    BackupState,
    keep_backup_state,
    read_backup_state,
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    state = BackupState(good_ms=5, file="/media/stick/a.backup", seq=7, problem="", problem_ms=0)
    keep_backup_state(tmp_path, state)
    assert read_backup_state(tmp_path) == state
    assert [path.name for path in tmp_path.iterdir()] == [STATE_NAME]
    assert (tmp_path / STATE_NAME).stat().st_mode & 0o777 == 0o600


def test_nothing_is_known_where_nothing_was_kept(tmp_path: Path) -> None:
    assert read_backup_state(tmp_path) == BackupState()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", '{"good_ms": "5"}', '{"good_ms": true}', '{"strange": 1}',
     '{"good_ms": 1.5}', '{"file": 3}'],
)  # fmt: skip
def test_a_note_of_another_shape_is_no_note(tmp_path: Path, text: str) -> None:
    (tmp_path / STATE_NAME).write_text(text)
    assert read_backup_state(tmp_path) == BackupState()


@given(st.binary(max_size=200))
def test_no_bytes_in_its_place_are_an_error(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    folder = tmp_path_factory.mktemp("note")
    (folder / STATE_NAME).write_bytes(raw)
    assert isinstance(read_backup_state(folder), BackupState)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    keep_backup_state(tmp_path / "none", BackupState(good_ms=1))
    (tmp_path / STATE_NAME).mkdir()
    keep_backup_state(tmp_path, BackupState(good_ms=1))
    assert read_backup_state(tmp_path) == BackupState()
