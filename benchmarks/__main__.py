"""`python -m benchmarks [commit] [tap] [start] [drain] [frozen] [buffer]`: all when none is named.

`buffer` makes files of 100,000 and 1,000,000 sales the first time, which takes most of an hour;
`--sizes 0 10000` measures smaller ones.
"""

from __future__ import annotations

import argparse
import importlib
from typing import Final

from benchmarks.figures import Figure, print_table

PARTS: Final = ("commit", "tap", "start", "drain", "frozen", "buffer")


def main() -> int:
    """Measure, print one table and one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="what to measure")
    parser.add_argument("--sizes", nargs="+", type=int, help="sales before, for `buffer`")
    parser.add_argument("--rounds", type=int, help="samples of each figure, for `buffer`")
    asked = parser.parse_args()
    figures: list[Figure] = []
    for part in asked.part or PARTS:
        chosen = {"sizes": asked.sizes, "rounds": asked.rounds} if part == "buffer" else {}
        given = {name: value for name, value in chosen.items() if value}
        figures += importlib.import_module(f"benchmarks.{part}").measure(**given)
    print_table(figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
