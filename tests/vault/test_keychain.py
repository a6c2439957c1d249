"""The keychain: back ends that we named, their errors in our words, and a real Secret Service."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backends import SecretService
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordSetError

from kiosk.errors import KeychainEntryMissing, KeychainLocked, KeychainMissing
from kiosk.vault import keychain as module
from kiosk.vault.keychain import BACK_ENDS, SECRET_BYTES, SERVICE, Keychain, system_keychain
from tests.vault.parts import BackEndInMemory

REPOSITORY = Path(__file__).resolve().parents[2]
RAW = bytes(range(SECRET_BYTES))
SECONDS = 30


@pytest.fixture
def back_end() -> BackEndInMemory:
    return BackEndInMemory()


@pytest.fixture
def chain(back_end: BackEndInMemory) -> Keychain:
    return Keychain(back_end)


def test_what_is_kept_is_read_again_until_it_is_removed(
    chain: Keychain, back_end: BackEndInMemory
) -> None:
    chain.keep("one", RAW)
    chain.keep("two", RAW[::-1])
    assert chain.read("one") == RAW
    assert list(back_end.kept) == [(SERVICE, "one"), (SERVICE, "two")]
    chain.remove("one")
    with pytest.raises(KeychainEntryMissing):
        chain.read("one")
    assert chain.read("two") == RAW[::-1]


def test_removing_what_is_not_there_is_no_matter(chain: Keychain) -> None:
    chain.remove("never there")


@pytest.mark.parametrize("text", [None, "", "not hexadecimal", "00" * 31, "00" * 33])
def test_an_entry_that_is_not_ours_is_no_entry(
    chain: Keychain, back_end: BackEndInMemory, text: str | None
) -> None:
    if text is not None:
        back_end.kept[SERVICE, "one"] = text
    with pytest.raises(KeychainEntryMissing):
        chain.read("one")


@pytest.mark.parametrize(
    ("error", "leaf"),
    [
        (KeyringLocked("Failed to unlock the collection!"), KeychainLocked),
        (InitError("Failed to create the collection: Prompt dismissed.."), KeychainLocked),
        (NoKeyringError("none"), KeychainMissing),
        (KeyringError("went away"), KeychainMissing),
        (PasswordSetError("no"), KeychainMissing),
        (ConnectionResetError("the bus went"), KeychainMissing),
    ],
)
def test_what_a_back_end_says_is_one_of_our_two_and_its_text_is_dropped(
    chain: Keychain, back_end: BackEndInMemory, error: Exception, leaf: type[Exception]
) -> None:
    uses: tuple[Callable[[], object], ...] = (
        lambda: chain.read("one"),
        lambda: chain.keep("one", RAW),
        lambda: chain.remove("one"),
    )
    back_end.fails = error
    for use in uses:
        with pytest.raises(leaf) as caught:
            use()
        assert caught.value.__cause__ is None
        assert str(error) not in str(caught.value)


def test_errors_of_the_libraries_below_are_told_too(
    chain: Keychain, back_end: BackEndInMemory
) -> None:
    exceptions = pytest.importorskip("secretstorage.exceptions")
    back_end.fails = exceptions.PromptDismissedException("dismissed")
    with pytest.raises(KeychainLocked):
        chain.read("one")
    back_end.fails = exceptions.ItemNotFoundException("gone")
    with pytest.raises(KeychainMissing):
        chain.read("one")


def test_a_bug_stays_a_bug(chain: Keychain, back_end: BackEndInMemory) -> None:
    back_end.fails = ZeroDivisionError("ours")
    with pytest.raises(ZeroDivisionError):
        chain.read("one")


def test_a_keychain_that_does_not_keep_what_it_took_is_found_out(
    chain: Keychain, back_end: BackEndInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(back_end, "set_password", lambda *_args: None)
    with pytest.raises(KeychainEntryMissing):
        chain.keep("one", RAW)


def test_only_a_whole_secret_is_kept(chain: Keychain) -> None:
    with pytest.raises(AssertionError):
        chain.keep("one", RAW[1:])


# ---------------------------------------------------------------- which back ends


def test_every_back_end_on_the_list_is_one_that_keyring_has() -> None:
    for modules in BACK_ENDS.values():
        for name in modules:
            assert name.startswith("keyring.backends.")
            source = Path(keyring.backend.__file__).parent / "backends"
            last = name.rpartition(".")[2]
            assert (source / f"{last}.py").exists() or (source / last).is_dir()
            text = "".join(
                path.read_text("utf-8")
                for path in (source / f"{last}.py", source / last / "__init__.py")
                if path.exists()
            )
            assert f"class {module._CLASS_OF.get(name, 'Keyring')}(" in text


def test_a_back_end_in_plain_text_is_never_used_though_keyring_would_choose_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PlaintextKeyring(keyring.backend.KeyringBackend):
        """What keyrings.alt brings along: it works everywhere and keeps nothing secret."""

        priority = 99

        def get_password(self, service: str, username: str) -> str:
            raise AssertionError("it was asked")

        def set_password(self, service: str, username: str, password: str) -> None:
            raise AssertionError("it was given a secret")

    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    keyring.set_keyring(PlaintextKeyring())
    monkeypatch.setattr(SecretService.Keyring, "viable", False)
    monkeypatch.setitem(module.BACK_ENDS, "linux", ("keyring.backends.SecretService",))
    with pytest.raises(KeychainMissing):
        system_keychain("linux")


@pytest.mark.parametrize("name", ["fail", "null", "chainer"])
def test_back_ends_that_keep_nothing_are_not_on_the_list(name: str) -> None:
    assert not any(f"keyring.backends.{name}" in modules for modules in BACK_ENDS.values())


def test_settings_of_keyring_choose_nothing_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setattr(SecretService.Keyring, "viable", True)
    found = system_keychain("linux")
    assert isinstance(found._back_end, SecretService.Keyring)


def test_a_system_that_is_not_on_the_list_has_no_keychain() -> None:
    with pytest.raises(KeychainMissing):
        system_keychain("plan9")


def test_where_reading_would_ask_somebody_it_can_be_refused_first(
    back_end: BackEndInMemory,
) -> None:
    shut = True
    chain = Keychain(back_end, lambda: shut)
    with pytest.raises(KeychainLocked):
        chain.refuse_locked()
    with pytest.raises(KeychainLocked):
        chain.read_note("one")
    with pytest.raises(KeychainLocked):
        chain.keep_note("one", b"note")
    assert back_end.kept == {}
    # With somebody there, asking is what is wanted.
    chain.keep("one", RAW)
    shut = False
    chain.refuse_locked()
    assert chain.read("one") == RAW


# ---------------------------------------------------------------- a real one

SPEAK = """
import sys
from kiosk.errors import KioskError
from kiosk.vault.keychain import system_keychain
try:
    chain = system_keychain()
    if sys.argv[1] == "unattended":
        chain.refuse_locked()
    chain.keep("test", bytes(32))
    assert chain.read("test") == bytes(32)
    chain.remove("test")
    print("kept", end=" ")
    chain.read("test")
except KioskError as error:
    print(error.code)
"""
OPEN = "printf secret | gnome-keyring-daemon --foreground --unlock --components=secrets"
SHUT = "gnome-keyring-daemon --foreground --start --components=secrets"


def with_a_session(daemon: str, home: Path, who: str = "unattended") -> str:
    """Which error a talk with this keychain ends in, on a session bus of its own."""
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    script = (
        f"{daemon} >/dev/null 2>&1 & daemon=$!\n"
        # The talk begins when the service has its name, or is started by being asked for.
        "for look in $(seq 100); do\n"
        "  dbus-send --session --dest=org.freedesktop.DBus --print-reply / "
        "org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets"
        " | grep -q true && break; sleep 0.1\n"
        "done\n"
        f'"{sys.executable}" -c "$SPEAK" {who}; kill $daemon; wait $daemon\n'
    )
    kept = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        env={
            **kept,
            "HOME": str(home),
            "PYTHONPATH": str(REPOSITORY),
            "SPEAK": SPEAK,
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": str(runtime),
        },
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")
def test_an_open_secret_service_keeps_gives_and_forgets(tmp_path: Path) -> None:
    assert with_a_session(OPEN, tmp_path) == "kept keychain_entry_missing"


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")
def test_a_secret_service_that_nobody_opens_is_locked(tmp_path: Path) -> None:
    assert with_a_session(SHUT, tmp_path, "attended") == "keychain_locked"


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")
def test_a_shut_secret_service_asks_nobody_when_nobody_is_there(tmp_path: Path) -> None:
    """First it is made and kept in, then the machine starts anew and nobody opens it."""
    assert with_a_session(OPEN, tmp_path) == "kept keychain_entry_missing"
    shutil.rmtree(tmp_path / "run")
    assert with_a_session(SHUT, tmp_path) == "keychain_locked"


@pytest.mark.skipif(sys.platform != "linux", reason="the session bus is Linux's")
def test_a_machine_without_a_session_has_no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    with pytest.raises(KeychainMissing):
        system_keychain("linux")
