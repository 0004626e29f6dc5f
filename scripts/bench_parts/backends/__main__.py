"""Measures what docs/performance.md says: each figure, the claim beside it, and whether it is met.

    python -m scripts.bench_parts.backends [part …] [--runs 10000,100000] [--points N] [--megabytes N]

Parts: locks tables keys training curves forwarding artifacts waiting. Ratios come from one run, on one
store, by one transport. Exits with 1 when a claim is not met.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import artifacts, curves, forwarding, locks, tables, training, waiting
from .figures import Figure

Part = Callable[[Path, argparse.Namespace], Iterator[Figure]]

PARTS: dict[str, Part] = {
    "locks": lambda folder, chosen: locks.measure(folder, max(chosen.runs), chosen.seconds),
    "tables": lambda folder, chosen: tables.measure(folder, chosen.runs),
    "keys": lambda folder, chosen: tables.measure_keys(folder, chosen.key_runs, chosen.keys),
    "training": lambda folder, chosen: training.measure(folder, max(chosen.runs), chosen.seconds),
    "curves": lambda folder, chosen: curves.measure(folder, chosen.points),
    "forwarding": lambda folder, _: forwarding.measure(folder),
    "artifacts": lambda folder, chosen: artifacts.measure(folder, chosen.megabytes),
    "waiting": lambda folder, chosen: waiting.measure(folder, max(chosen.runs), chosen.seconds),
}


def main() -> int:
    """Measure and print; the exit status."""
    chosen = arguments()
    figures: list[Figure] = []
    for name in chosen.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
            for figure in PARTS[name](Path(folder) / name, chosen):
                print(figure.line(), flush=True)
                figures.append(figure)
    missed = [figure.name for figure in figures if figure.claim and not figure.claim.is_met_by(figure.value)]
    claims = sum(1 for figure in figures if figure.claim)
    print(json.dumps({"bench": "backends", "claims": claims, "met": claims - len(missed), "missed": missed}))
    return 1 if missed else 0


def arguments() -> argparse.Namespace:
    """Sizes; the defaults are those of the claims."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", type=part)
    parser.add_argument("--runs", type=numbers, default=[10_000, 100_000])
    parser.add_argument("--key-runs", type=int, default=5_000)
    parser.add_argument("--keys", type=int, default=1_000)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--megabytes", type=int, default=1_024)
    parser.add_argument("--seconds", type=float, default=10, help="length of one phase of load")
    return parser.parse_args()


def part(name: str) -> str:
    """One of PARTS."""
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"no part {name!r}; there are {', '.join(PARTS)}")
    return name


def numbers(text: str) -> list[int]:
    """`10000,100000`."""
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
