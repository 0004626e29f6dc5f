"""What was measured, beside what is claimed."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Claim:
    """`at least`, `at most` or `less than` a limit."""

    words: str
    limit: float

    def is_met_by(self, value: float) -> bool:
        """Whether a value keeps to it."""
        if self.words == "at least":
            return value >= self.limit
        return value < self.limit if self.words == "less than" else value <= self.limit


@dataclass(frozen=True)
class Figure:
    """One number, its claim if it has one, and what it was made from."""

    name: str
    value: float
    unit: str
    claim: Claim | None = None
    made_from: dict[str, Any] | None = None

    def line(self) -> str:
        """For people: the value, the claim, whether it is met."""
        text = f"{self.name}: {shown(self.value)} {self.unit}"
        if self.claim is not None:
            verdict = "met" if self.claim.is_met_by(self.value) else "NOT MET"
            text += f" (claim: {self.claim.words} {shown(self.claim.limit)}: {verdict})"
        if self.made_from:
            text += f"\n    {json.dumps(self.made_from, ensure_ascii=False)}"
        return text


def shown(number: float) -> str:
    """Three digits that count."""
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"


def best(tries: int, work: Callable[[], object]) -> float:
    """Seconds of the quickest of several tries."""
    return min(seconds_of(work) for _ in range(tries))


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def milliseconds(values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and worst of some seconds, in milliseconds."""
    return {
        "median_ms": round(statistics.median(values) * 1000, 2),
        "p99_ms": round(percentile(values, 0.99) * 1000, 2),
        "worst_ms": round(max(values) * 1000, 2),
        "count": len(values),
    }
