"""What a part of the campaign came to, and the table and JSON it is printed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

TOLD_MOST: Final = 20
_COLUMNS: Final = (
    "rounds", "kills", "acknowledged", "lost", "half", "wrong", "found", "harmless", "missed",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of one part. `lost`, `half`, `wrong` and `missed` have to stay 0.

    Found damage was refused at the start or by a check; harmless damage lay where nothing is read
    from, and every sale was there.
    """

    part: str
    rounds: int = 0
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: int = 0
    wrong: int = 0
    found: int = 0
    harmless: int = 0
    missed: int = 0
    seconds: float = 0.0
    skipped: str | None = None
    told: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing happened that must not happen."""
        return not (self.lost or self.half or self.wrong or self.missed)

    def tell(self, what: str) -> None:
        """Keep a sentence about something that must not happen, up to a number."""
        if len(self.told) < TOLD_MOST:
            self.told.append(what)


def table(tallies: Sequence[Tally], seed: int) -> str:
    """The counts as people read them, what must not be, and one JSON line."""
    width = max(len(tally.part) for tally in tallies)
    lines = [" ".join((" " * width, *(f"{name:>12}" for name in _COLUMNS), f"{'seconds':>9}"))]
    lines += [_row(tally, width) for tally in tallies]
    lines += [f"{tally.part}: {told}" for tally in tallies for told in tally.told]
    clean = all(tally.clean for tally in tallies)
    lines.append(f"seed {seed}: {'nothing lost, nothing half' if clean else 'NOT CLEAN'}")
    parts = [asdict(tally) for tally in tallies]
    lines.append(json.dumps({"seed": seed, "clean": clean, "parts": parts}))
    return "\n".join(lines)


def _row(tally: Tally, width: int) -> str:
    if tally.skipped:
        return f"{tally.part:<{width}}  left out: {tally.skipped}"
    counts = " ".join(f"{getattr(tally, name):>12,}" for name in _COLUMNS)
    return f"{tally.part:<{width}} {counts} {tally.seconds:>9.1f}"
