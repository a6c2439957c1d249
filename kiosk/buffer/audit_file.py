"""What the last full check found, kept beside the buffer for whoever looks next.

It holds no personal data: counts, and names of pages, tables, links and sales.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.buffer.audit import AuditReport
from kiosk.buffer.files import BufferPaths, flush_folder
from kiosk.buffer.pages import SALT_BYTES

AUDIT_NAME: Final = "buffer.audit.json"
FORMAT: Final = "kiosk-audit-1"
FILE_MOST_BYTES: Final = 256 * 1024
FLAWS_KEPT: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAudit:
    """When the last full check ended, and what it said."""

    ended_ms: int
    ok: bool
    flaws: int
    sales: int


def keep_audit(paths: BufferPaths, report: AuditReport, ended_ms: int) -> None:
    """Write down a complete check, in one step; a folder that cannot be written keeps the old."""
    if not report.complete:
        return
    content = {
        "format": FORMAT,
        "ended_ms": ended_ms,
        "ok": report.ok,
        "flaws": report.flaws_found,
        "sales": report.sales,
        "found": [[flaw.part, flaw.what, flaw.where] for flaw in report.flaws[:FLAWS_KEPT]],
        "file_start": report.file_start.hex(),
    }
    if not report.ok and (before := known_salt(paths)) is not None:
        # Of a damaged file they may be damaged too: the older note is the better one.
        content["file_start"] = before.hex()
    target = paths.folder / AUDIT_NAME
    new = target.with_name(f"{AUDIT_NAME}.new")
    try:
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as written:
            written.write(json.dumps(content, indent=1).encode())
            written.flush()
            os.fsync(written.fileno())
        new.replace(target)
        flush_folder(paths.folder)
    except OSError:
        # A note about a check is not worth failing for.
        return


def last_audit(paths: BufferPaths) -> LastAudit | None:
    """The last complete check; None when there was none, or its note cannot be read."""
    found = _read(paths.folder / AUDIT_NAME)
    try:
        return LastAudit(
            ended_ms=int(str(found["ended_ms"])),
            ok=found["ok"] is True,
            flaws=int(str(found["flaws"])),
            sales=int(str(found["sales"])),
        )
    except (KeyError, ValueError):
        return None


def known_salt(paths: BufferPaths) -> bytes | None:
    """The first bytes of the buffer as they were at the last check that found it whole."""
    try:
        salt = bytes.fromhex(str(_read(paths.folder / AUDIT_NAME)["file_start"]))
    except (KeyError, ValueError):
        return None
    return salt if len(salt) == SALT_BYTES else None


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(FILE_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("format") == FORMAT else {}
