"""Settings a person may write into kiosk.toml. Never a secret: keys live in files of their own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kiosk.domain.outbox import RailMode
from kiosk.errors import ConfigInvalid, Mistake

FILE_NAME: Final = "kiosk.toml"
URL_MAX_CHARS: Final = 200
BACKUP_FOLDER: Final = "backups"
BACKUP_MINUTES_MOST: Final = 7 * 24 * 60
BACKUPS_KEPT_MOST: Final = 100
PORTABLE_KEY_FILE: Final = "stripe.key"  # what the rail's key is called in a box
TEMPLATE: Final = """\
# Settings of this kiosk. Lines that begin with # are explanations and defaults.
# Secrets never belong here: the passphrase and the Stripe key live in files of their own.

[stripe]
# Where the money lives:
#   "practice"  an own Stripe inside the program, for rehearsals; nothing leaves this machine
#   "test"      Stripe's test mode: real network, no real money
#   "live"      real money
# Passes sold in practice and test are training passes and open no gate.
mode = "practice"

# The file with the restricted key of this kiosk (rk_test_... or rk_live_...), readable by you only.
# Needed for test and live. A relative path begins at this folder.
# key_file = "stripe.key"

# Another address than Stripe's own, for a relay or a test server.
# base_url = "https://stripe-relay.example"

[backup]
# Every so many minutes the window writes an encrypted copy of everything; 0 switches that off.
# minutes = 15
# Where they go, such as a stick; then also soon after a sale. A relative path begins at this
# folder. A stick that is pulled stops nothing.
# folder = "backups"
# How many are kept.
# keep = 4

[window]
# Cover the whole screen, refuse to close without the PIN.
# kiosk = false
# Draw with the graphics card. Leave it off unless the machine has a real one.
# gpu = false
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeConfig:
    """Which Stripe, where, and which file holds its key."""

    mode: RailMode = RailMode.PRACTICE
    base_url: str | None = None
    key_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupConfig:
    """How often copies are made by themselves (0 minutes: never), where, and how many are kept.

    `folder` begins at the kiosk's own folder unless it is absolute.
    """

    minutes: int = 15
    folder: Path = Path(BACKUP_FOLDER)
    keep: int = 4

    @property
    def second_place(self) -> bool:
        """Whether somebody chose the folder, so that a copy there may outlive this machine."""
        return self.folder != Path(BACKUP_FOLDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowConfig:
    """How the window behaves."""

    kiosk: bool = False
    gpu: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything kiosk.toml says."""

    stripe: StripeConfig
    window: WindowConfig
    backup: BackupConfig = BackupConfig()


def load(folder: Path) -> Config:
    """Read kiosk.toml; a missing file means the defaults.

    Raises ConfigInvalid with every mistake: unknown keys are refused, because a misspelt mode
    must not sell for real money.
    """
    path = folder / FILE_NAME
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        document = {}
    except (OSError, ValueError, RecursionError) as error:
        # Not UTF-8, not TOML, or what Python says of numbers of 5,000 digits.
        raise ConfigInvalid((Mistake(FILE_NAME, "", f"cannot be read: {error}"),)) from None
    return read(document, folder)


def read(document: Mapping[str, object], folder: Path) -> Config:
    """The settings of a parsed document; relative paths begin at `folder`."""
    mistakes = [
        Mistake(key, "", "this section is not known here")
        for key in document
        if key not in {"stripe", "window", "backup"}
    ]
    stripe = _Section(document.get("stripe", {}), "stripe", mistakes)
    window = _Section(document.get("window", {}), "window", mistakes)
    backup = _Section(document.get("backup", {}), "backup", mistakes)
    config = Config(stripe=_stripe(stripe, folder), window=_window(window), backup=_backup(backup))
    stripe.refuse_others(("mode", "base_url", "key_file"))
    window.refuse_others(("kiosk", "gpu"))
    backup.refuse_others(("minutes", "folder", "keep"))
    if mistakes:
        raise ConfigInvalid(tuple(mistakes))
    return config


def portable(config: Config) -> str:
    """These settings as a file for another machine: without the places of this one."""
    stripe = {"mode": str(config.stripe.mode)}
    if config.stripe.base_url is not None:
        stripe["base_url"] = config.stripe.base_url
    if config.stripe.key_file is not None:
        stripe["key_file"] = PORTABLE_KEY_FILE
    sections: dict[str, Mapping[str, object]] = {
        "stripe": stripe,
        "window": {"kiosk": config.window.kiosk, "gpu": config.window.gpu},
        "backup": {"minutes": config.backup.minutes, "keep": config.backup.keep},
    }
    lines = []
    for name, values in sections.items():
        lines.append(f"[{name}]")
        # The texts here are plain ASCII, which JSON and TOML write alike.
        lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


class _Section:
    """One section, whose faults are collected."""

    def __init__(self, values: object, name: str, mistakes: list[Mistake]) -> None:
        self.name, self.mistakes = name, mistakes
        self.values: Mapping[str, object] = {}
        if isinstance(values, Mapping):
            self.values = values
        else:
            mistakes.append(Mistake(name, str(values), "must be a section"))

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self.wrong(key, "must be a text that is not empty")
        return None

    def yes_no(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "must be true or false")
        return value is True

    def number(self, key: str, usual: int, bounds: tuple[int, int]) -> int:
        value = self.values.get(key, usual)
        least, most = bounds
        # To Python, true is a number too.
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(key, f"must be a whole number from {least} to {most}")
        return usual

    def wrong(self, key: str, reason: str) -> None:
        self.mistakes.append(Mistake(f"{self.name}.{key}", str(self.values.get(key)), reason))

    def refuse_others(self, known: tuple[str, ...]) -> None:
        for key in self.values:
            if key not in known:
                # Its value is not repeated: it may be a secret that does not belong here.
                reason = "this key is not known here; check its spelling"
                self.mistakes.append(Mistake(f"{self.name}.{key}", "", reason))


def _stripe(section: _Section, folder: Path) -> StripeConfig:
    mode = section.text("mode") or RailMode.PRACTICE
    if mode not in set(RailMode):
        section.wrong("mode", f"must be one of: {', '.join(RailMode)}")
        mode = RailMode.PRACTICE
    key_file = section.text("key_file")
    return StripeConfig(
        mode=RailMode(mode),
        base_url=_base_url(section),
        key_file=folder / key_file if key_file else None,
    )


def _base_url(section: _Section) -> str | None:
    url = section.text("base_url")
    if url is None:
        return None
    if not _is_plain_address(url):
        section.wrong("base_url", 'must be an address such as "https://relay.example"')
        return None
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        section.wrong("base_url", "only this machine itself may be reached without https")
        return None
    return url.rstrip("/")


def _is_plain_address(url: str) -> bool:
    """Scheme, host, port and path, and nothing that reads as another host elsewhere."""
    if len(url) > URL_MAX_CHARS or not url.isascii() or any(c in url for c in " \\?#@"):
        return False
    try:
        parts = urlsplit(url)
        return (
            url.isprintable()
            and parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.port != 0
        )
    except ValueError:
        return False  # a port that is none, or half an IPv6 address


def _window(section: _Section) -> WindowConfig:
    return WindowConfig(kiosk=section.yes_no("kiosk"), gpu=section.yes_no("gpu"))


def _backup(section: _Section) -> BackupConfig:
    usual = BackupConfig()
    return BackupConfig(
        minutes=section.number("minutes", usual.minutes, (0, BACKUP_MINUTES_MOST)),
        folder=Path(section.text("folder") or usual.folder),
        keep=section.number("keep", usual.keep, (1, BACKUPS_KEPT_MOST)),
    )
