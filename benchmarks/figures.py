"""Figures: percentiles of samples, and the table and JSON they are printed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. `target` is the most it should be; None where none was set."""

    name: str
    value: float
    unit: str
    target: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached."""
        return None if self.target is None else self.value <= self.target


def percentile(samples: Sequence[float], share: float) -> float:
    """The value below which this share of the samples lies (nearest rank)."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def pair(name: str, seconds: Sequence[float]) -> tuple[Figure, Figure]:
    """p50 and p99 of samples in seconds, as milliseconds."""
    return (
        Figure(name=f"{name} p50", value=1000 * percentile(seconds, 0.50), unit="ms"),
        Figure(name=f"{name} p99", value=1000 * percentile(seconds, 0.99), unit="ms"),
    )


def print_table(figures: Sequence[Figure]) -> None:
    """The figures as people read them, then as one JSON line."""
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        verdict = {None: "", True: "reached", False: "NOT REACHED"}[figure.reached]
        target = "" if figure.target is None else f"<= {figure.target:g}"
        print(
            f"{figure.name:<{width}}  {figure.value:>10.2f} {figure.unit:<6} {target:>8}  {verdict}"
        )
    print(json.dumps({"figures": [asdict(figure) for figure in figures]}))
