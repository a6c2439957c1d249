"""The practice folder of `run` without `--data`: made at the first start, kept from then on.

Its passphrase and recovery key lie in files beside it. That is no protection, and none is needed:
everything in it is practice.
"""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.vault import RecoveryKey

SAMPLE_EVENT: Final = "recipe-club.toml"
CHECKOUT: Final = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeFolder:
    """Where practice happens, with the files beside it."""

    folder: Path

    @property
    def passphrase_file(self) -> Path:
        """The generated passphrase."""
        return self.folder.with_name(self.folder.name + ".passphrase")

    @property
    def recovery_file(self) -> Path:
        """The recovery key."""
        return self.folder.with_name(self.folder.name + ".recovery")

    def read_passphrase(self) -> str:
        """The passphrase that was generated for it."""
        from kiosk.passphrase import read_passphrase

        return read_passphrase(self.passphrase_file)


def practice_folder() -> PracticeFolder:
    """The practice folder, made now if there is none, with a sample event loaded."""
    place = PracticeFolder(folder=_home() / "practice")
    if not (place.folder / "buffer.db").exists():
        _make(place)
    return place


def _home() -> Path:
    """The checkout for a fresh clone, the user's own data folder for an installed program."""
    if not getattr(sys, "frozen", False) and (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home())))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "kiosk"


def _make(place: PracticeFolder) -> None:
    from kiosk.commands.load import read_source
    from kiosk.commands.provision import provision_practice
    from kiosk.opening import create, make_desk, open_kiosk
    from kiosk.service.prepare import load_event

    place.folder.parent.mkdir(parents=True, exist_ok=True)
    if not place.passphrase_file.exists():
        _write(place.passphrase_file, secrets.token_urlsafe(24))

    def keep(recovery: RecoveryKey) -> None:
        _write(place.recovery_file, recovery.text)

    secret = place.read_passphrase()
    create(place.folder, secret, 1, keep)
    kiosk = open_kiosk(place.folder, secret)
    try:
        source = read_source(CHECKOUT / "assets" / "events" / SAMPLE_EVENT)
        report = load_event(make_desk(kiosk, staffed=True), source, SAMPLE_EVENT)
        provision_practice(kiosk, report.snapshot)
    finally:
        kiosk.close()


def _write(file: Path, text: str) -> None:
    """A file that only its owner reads, whole or not at all."""
    draft = file.with_name(file.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write(text + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
