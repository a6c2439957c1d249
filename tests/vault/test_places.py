"""A PIN's other half: in the keychain where there is one, else in a file of the user's own."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from keyring.errors import KeyringLocked

from kiosk.errors import DeviceSecretMissing, KeychainLocked, KeyFileLoose, StoreReadOnly
from kiosk.vault import make, unlock
from kiosk.vault.keychain import SERVICE
from kiosk.vault.places import state_folder, system_places
from tests.vault.parts import CHEAP, SECRET, BackEndInMemory, places_with

RAW = b"\x07" * 32


def test_with_a_keychain_nothing_is_written_to_the_disk(tmp_path: Path) -> None:
    back_end = BackEndInMemory()
    places = places_with(tmp_path, back_end)
    places.keep_device_secret("pin-00", RAW)
    assert back_end.kept == {(SERVICE, "pin-00"): RAW.hex()}
    assert list(tmp_path.rglob("*")) == []
    assert places.device_secret("pin-00") == RAW
    places.forget_device_secret("pin-00")
    assert back_end.kept == {}


def test_without_one_it_is_a_file_for_this_user_alone(tmp_path: Path) -> None:
    places = places_with(tmp_path, None)
    places.keep_device_secret("pin-00", RAW)
    file = tmp_path / "kiosk" / "pin-00.secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert places.device_secret("pin-00") == RAW
    places.forget_device_secret("pin-00")
    assert not file.exists()
    with pytest.raises(DeviceSecretMissing):
        places.device_secret("pin-00")


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    places = places_with(tmp_path, None)
    places.keep_device_secret("pin-00", RAW)
    (tmp_path / "kiosk" / "pin-00.secret").chmod(0o640)
    with pytest.raises(KeyFileLoose) as caught:
        places.device_secret("pin-00")
    assert caught.value.fields["mode"] == "0640"


@pytest.mark.parametrize("content", [b"", b"zz" * 32, b"00" * 31, b"\xff" * 64, b"00" * 70])
def test_a_file_that_is_damaged_is_no_secret(tmp_path: Path, content: bytes) -> None:
    places = places_with(tmp_path, None)
    places.keep_device_secret("pin-00", RAW)
    (tmp_path / "kiosk" / "pin-00.secret").write_bytes(content)
    with pytest.raises(DeviceSecretMissing):
        places.device_secret("pin-00")


def test_a_secret_is_never_written_over_another(tmp_path: Path) -> None:
    places = places_with(tmp_path, None)
    places.keep_device_secret("pin-00", RAW)
    with pytest.raises(StoreReadOnly):
        places.keep_device_secret("pin-00", RAW[::-1])
    assert places.device_secret("pin-00") == RAW


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "kiosk").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        places_with(tmp_path, None).keep_device_secret("pin-00", RAW)


def test_a_locked_keychain_is_not_gone_round(tmp_path: Path) -> None:
    """Where there is a keychain, a file beside it would be the weaker lock."""
    places = places_with(tmp_path, BackEndInMemory(fails=KeyringLocked("shut")))
    with pytest.raises(KeychainLocked):
        places.keep_device_secret("pin-00", RAW)
    with pytest.raises(KeychainLocked):
        places.device_secret("pin-00")
    assert list(tmp_path.rglob("*")) == []


def test_what_cannot_be_forgotten_stays_without_an_error(tmp_path: Path) -> None:
    places_with(tmp_path, BackEndInMemory(fails=KeyringLocked("shut"))).forget_device_secret("x")
    places_with(tmp_path, None).forget_device_secret("x")


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "/h/.local/state"),
        ("linux", {"XDG_STATE_HOME": "/var/state"}, "/var/state"),
        ("linux", {"XDG_STATE_HOME": ""}, "/h/.local/state"),
        ("linux", {"XDG_STATE_HOME": "not/absolute"}, "/h/.local/state"),
        ("darwin", {"XDG_STATE_HOME": "/var/state"}, "/h/Library/Application Support"),
        ("win32", {}, "/h/AppData/Local"),
        ("win32", {"LOCALAPPDATA": "/d/Local"}, "/d/Local"),
    ],
)
def test_each_system_has_its_folder_for_state(
    platform: str, environment: dict[str, str], expected: str
) -> None:
    home = Path("/h")
    assert PurePosixPath(state_folder(environment, home, platform)) == PurePosixPath(expected)


def test_the_folder_of_this_user_is_never_the_kiosks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/elsewhere")
    monkeypatch.setenv("LOCALAPPDATA", "/elsewhere")
    assert system_places().state.is_absolute()


def test_a_user_without_a_home_opens_what_needs_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    made, _ = make(tmp_path, SECRET, device=1, cost=CHEAP)
    assert unlock(tmp_path, SECRET) == made
    assert system_places().state.is_absolute()
