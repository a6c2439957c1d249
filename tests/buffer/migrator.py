"""Opens the sample of an earlier version, which migrates it; says when it begins and when done.

Not a test: test_old_buffers.py starts it with a folder and kills it, and takes the keys from here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from kiosk.buffer.buffer import BufferFile
from kiosk.buffer.keys import BufferKeys

# The sample's keys guard nothing: they stand here for everybody to read.
SECRET: Final = bytes(number % 251 for number in range(7 * 32))
LAST_MS: Final = 1_795_000_660_000  # the clock when the sample was put away


def key_of() -> bytes:
    """The key of the sample's tables, for a test that reads them without the program."""
    return SECRET[3 * 32 : 4 * 32]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    raw = [SECRET[at : at + 32] for at in range(0, 7 * 32, 32)]
    keys = BufferKeys(database=raw[3], journal=raw[4], anchor=raw[5], member_kek={1: raw[6]})
    say("opening")
    with BufferFile.open(folder, keys, now_ms=LAST_MS):
        say("open")
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
