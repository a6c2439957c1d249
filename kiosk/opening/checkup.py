"""How a kiosk is: what its folder tells without a key, and with one what its file tells.

It only looks. Nothing that it says is secret or about a person.
"""

from __future__ import annotations

import os
import platform
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from kiosk import __version__, vault
from kiosk.buffer.audit import AuditReport, GoOn, audit_buffer
from kiosk.buffer.audit_file import LastAudit, keep_audit, last_audit
from kiosk.buffer.backup_state import read_backup_state
from kiosk.buffer.files import EMPTY, BufferPaths
from kiosk.buffer.room import RoomRules
from kiosk.buffer.salvage import Owner, SalvageReport, salvage_buffer
from kiosk.buffer.salvage_links import Renewed
from kiosk.buffer.salvage_switch import kept_damaged
from kiosk.buffer.session import Session
from kiosk.buffer.vitals import MEGABYTE, free_megabytes, versions
from kiosk.domain.checkup import Check, bad, notice, ok
from kiosk.errors import KeyFileLoose, KeyFileMissing, KioskError, VaultError
from kiosk.opening.renewing import close_again, renew_lost_secrets
from kiosk.opening.unlocking import unlock_to_look
from kiosk.system_clock import SystemClock
from kiosk.vault import Method

DAY_MS: Final = 86_400_000
FULL_CHECK_DAYS: Final = 7
BACKUP_HOURS: Final = 24
_HOUR_MS: Final = 3_600_000
_MOUNTS: Final = Path("/proc/self/mounts")
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs"})
# Folders whose content a program copies elsewhere behind our back, by how they are called.
_SYNCED: Final = ("dropbox", "onedrive", "google drive", "icloud", "nextcloud", "syncthing")
_PRIVATE: Final = ("buffer.db", "buffer.db-wal", "buffer.anchor", "kiosk.keys.json", "practice.db")


def folder_checks(folder: Path, now_ms: int) -> tuple[Check, ...]:
    """What can be said without opening anything, whatever state the folder is in."""
    paths = BufferPaths(folder=folder)
    return (
        _versions(),
        _place(folder),
        _permissions(folder),
        *_space(paths),
        *_keys(folder, paths),
        *_damaged(paths),
        _full_check(last_audit(paths), now_ms),
        _backup(folder, now_ms),
    )


def full_check_due(folder: Path, now_ms: int) -> bool:
    """Whether the last full check is older than a week, or there was none."""
    last = last_audit(BufferPaths(folder=folder))
    return last is None or abs(now_ms - last.ended_ms) >= FULL_CHECK_DAYS * DAY_MS


def left_open(folder: Path) -> bool:
    """Whether the last run ended without closing the file: a crash, or the power went."""
    try:
        return BufferPaths(folder=folder).log.stat().st_size > 0
    except OSError:
        return False


def trouble(error: KioskError) -> Check:
    """What kept us from opening the file, as a check."""
    if isinstance(error, VaultError):
        return notice("buffer.locked", code=error.code)
    if error.fields.get("check") == EMPTY:
        return bad("buffer.empty")
    if "check" in error.fields:
        return bad("buffer.damaged", check=error.fields["check"])
    return bad("buffer.closed", code=error.code)


def full_check(folder: Path, secret: str | None, go_on: GoOn) -> AuditReport:
    """Check everything, beside whoever holds the folder, and keep what was found.

    Raises leaves of VaultError and StoreError when it cannot look.
    """
    paths = BufferPaths(folder=folder)
    report = audit_buffer(paths, unlock_to_look(folder, secret).keys, go_on)
    keep_audit(paths, report, SystemClock().now_ms())
    return report


def salvage(folder: Path, secret: str | None) -> SalvageReport:
    """Save everything readable of a damaged buffer; see `salvage_buffer`."""
    held = unlock_to_look(folder, secret)
    paths = BufferPaths(folder=folder)
    now_ms = SystemClock().now_ms()

    def renew(session: Session) -> Renewed:
        close_again(session, now_ms)
        return renew_lost_secrets(held, session, now_ms)

    owner = Owner(device=held.device, renew=renew)
    return salvage_buffer(paths, held.keys, now_ms, owner)


def _versions() -> Check:
    try:
        qt = version("PySide6_Essentials")
    except PackageNotFoundError:
        qt = "-"
    return ok(
        "versions.ok",
        program=__version__,
        python=platform.python_version(),
        qt=qt,
        **versions(),
    )


def _place(folder: Path) -> Check:
    name = str(folder.absolute()).casefold()
    if any(synced in name for synced in _SYNCED):
        return bad("place.synced", folder=str(folder))
    kind = _kind_of_disk(folder)
    if kind in _NETWORK or str(folder.absolute()).startswith("\\\\"):
        return bad("place.network", folder=str(folder), kind=kind)
    return ok("place.ok", folder=str(folder))


def _kind_of_disk(folder: Path) -> str:
    """The kind of file system by Linux's table of mounts; nothing elsewhere."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    wanted, best, kind = folder.resolve(), "", ""
    for line in lines:
        parts = line.split()
        if len(parts) > 2 and wanted.is_relative_to(parts[1]) and len(parts[1]) > len(best):
            best, kind = parts[1], parts[2]
    return kind


def _permissions(folder: Path) -> Check:
    if sys.platform == "win32":
        return ok("permissions.ok")
    for path in (folder, *(folder / name for name in _PRIVATE)):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue
        if mode & 0o077:
            return bad("permissions.loose", file=path.name, mode=f"{mode:04o}")
    if not os.access(folder, os.W_OK):
        return bad("permissions.read_only", folder=str(folder))
    return ok("permissions.ok")


def _space(paths: BufferPaths) -> Iterator[Check]:
    free, rules = free_megabytes(paths.folder), RoomRules()
    needed = rules.least_to_sell // MEGABYTE
    yield (
        bad("space.low", free_mb=free, needed_mb=needed)
        if free < needed
        else ok("space.ok", free_mb=free)
    )
    if paths.buffer.exists() and not paths.ballast.exists():
        spared = rules.ballast_of(free * MEGABYTE)
        yield notice("ballast.later" if spared else "ballast.none")


def _keys(folder: Path, paths: BufferPaths) -> Iterator[Check]:
    try:
        methods = sorted({way.method for way in vault.ways(folder)})
    except KeyFileMissing:
        yield bad("keys.missing")
        methods = None
    except KeyFileLoose as error:
        yield bad("keys.loose", mode=error.fields.get("mode", ""))
        methods = None
    except KioskError as error:
        yield bad("keys.damaged", code=error.code)
        methods = None
    if methods is not None:
        yield ok("keys.ok", methods=", ".join(methods))
        if Method.RECOVERY not in methods:
            yield notice("recovery.none")
        elif paths.buffer.exists():
            # No sale can be made before the recovery key was confirmed, and no buffer.
            yield ok("recovery.ok")
    if not paths.buffer.exists():
        yield bad("buffer.missing", folder=str(folder))
    elif not paths.anchor.exists():
        yield bad("anchor.missing")


def _damaged(paths: BufferPaths) -> Iterator[Check]:
    """What a salvage kept is for a person to part with: we never delete it."""
    if folders := kept_damaged(paths):
        yield notice("damaged.kept", folders=", ".join(folders))


def _full_check(last: LastAudit | None, now_ms: int) -> Check:
    if last is None:
        return notice("full_check.never")
    days = max(0, now_ms - last.ended_ms) // DAY_MS
    if not last.ok:
        return bad("full_check.bad", flaws=last.flaws, days=days)
    if days >= FULL_CHECK_DAYS:
        return notice("full_check.old", days=days)
    return ok("full_check.ok", days=days, sales=last.sales)


def _backup(folder: Path, now_ms: int) -> Check:
    state = read_backup_state(folder)
    hours = max(0, now_ms - state.good_ms) // _HOUR_MS
    if state.problem and state.problem_ms >= state.good_ms:
        return notice("backup.failed", problem=state.problem)
    if not state.good_ms:
        return notice("backup.never")
    return (
        notice("backup.old", hours=hours) if hours >= BACKUP_HOURS else ok("backup.ok", hours=hours)
    )
