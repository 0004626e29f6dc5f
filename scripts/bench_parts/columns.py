"""How much quicker a table of 10,000 runs comes as columns than by paging `runs/search`.

    python scripts/bench_parts/columns.py [--runs N]

Prints one line of JSON: both times in seconds (best of several tries) and their ratio. Both go through the
same child on the same store.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP))

from tests.tracking_server.child import Child  # noqa: E402 found only once the path is set
from tests.tracking_server.seeding import EXPERIMENT, METRICS, PARAMS, seed  # noqa: E402 as above

COLUMNS = [f"metrics.metric_{key}" for key in range(METRICS)] + [
    f"params.param_{key}" for key in range(PARAMS)
]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "mlflow.db"
        seed(store, runs)
        with Child(f"sqlite:///{store}", Path(folder) / "mlartifacts") as child:
            columns_s = best(3, lambda: by_columns(child))
            paging_s = best(1, lambda: by_pages(child))
    figures = {"runs": runs, "columns_s": round(columns_s, 3), "paging_s": round(paging_s, 3)}
    print(json.dumps({"bench": "runs-table", **figures, "ratio": round(paging_s / columns_s, 1)}))


def best(tries: int, work: Callable[[], int]) -> float:
    """Seconds of the quickest of several tries."""
    times = []
    for _ in range(tries):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def by_columns(child: Child) -> int:
    """One table with every metric and param."""
    return int(child.table(experiment_ids=[str(EXPERIMENT)], columns=COLUMNS).num_rows)


def by_pages(child: Child) -> int:
    """All pages of the REST search."""
    count, token = 0, None
    while token is not None or count == 0:
        body = {"experiment_ids": [str(EXPERIMENT)], "max_results": 1_000, "page_token": token}
        page = child.client.post("/api/2.0/mlflow/runs/search", json=body).json()
        count, token = count + len(page["runs"]), page.get("next_page_token")
        if token is None:
            break
    return count


if __name__ == "__main__":
    main()
