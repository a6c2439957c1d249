"""Faults at one chosen call of the disk, by a library that is loaded before the C library's own.

Needs Linux and a C compiler; where one is missing, kills come by the clock alone.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from enum import IntEnum
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("faults.c")
LOADED: Final = "LD_PRELOAD"
COMPILE_SECONDS: Final = 60


class Fault(IntEnum):
    """What happens at the chosen call, as faults.c numbers it."""

    OFF = 0
    KILL = 1
    TEAR = 2
    FLUSH_FAILS = 3


def missing() -> str | None:
    """Why there can be no faults at chosen calls here; None when there can."""
    if not sys.platform.startswith("linux"):
        return "faults at chosen calls need Linux"
    if shutil.which("cc") is None:
        return "faults at chosen calls need a C compiler"
    return None


def restart_with_faults(folder: Path, module: str, arguments: list[str]) -> None:
    """Build the library into `folder` and begin this program anew with it; once only."""
    if loaded() or missing():
        return
    os.environ[LOADED] = str(build(folder))
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606


def build(folder: Path) -> Path:
    """The library, made in this folder by the compiler there is."""
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "faults.so"
    command = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, timeout=COMPILE_SECONDS)
    return library


def loaded() -> bool:
    """Whether this process was begun with the library."""
    return os.environ.get(LOADED, "").endswith("faults.so")


def arm(fault: Fault, call: int, times: int = 1) -> None:
    """Let it happen at the `call`-th change of a file from now on; flushes fail `times` times."""
    ctypes.CDLL(None).faults_arm(int(fault), ctypes.c_long(call), ctypes.c_long(times))


def record(tape: Path) -> None:
    """From now on write down every change of a file, and every flush, in this one."""
    handle = os.open(tape, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    ctypes.CDLL(None).faults_tape(handle)


def said(line: str) -> None:
    """Write down what the program said, between the changes before and after."""
    raw = line.encode()
    ctypes.CDLL(None).faults_said(raw, ctypes.c_long(len(raw)))


def unflushed() -> bool:
    """Whether the last flush there was has failed."""
    return bool(ctypes.CDLL(None).faults_unflushed())


def counted() -> int:
    """How many changes of files there were since `arm`."""
    count = ctypes.CDLL(None).faults_counted
    count.restype = ctypes.c_long
    return int(count())
