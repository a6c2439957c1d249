"""`python -m benchmarks [commit] [tap] [start] [drain] [frozen]`: all when none is named."""

from __future__ import annotations

import argparse
import importlib
from typing import Final

from benchmarks.figures import Figure, print_table

PARTS: Final = ("commit", "tap", "start", "drain", "frozen")


def main() -> int:
    """Measure, print one table and one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="what to measure")
    wanted = parser.parse_args().part or PARTS
    figures: list[Figure] = []
    for part in wanted:
        figures += importlib.import_module(f"benchmarks.{part}").measure()
    print_table(figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
