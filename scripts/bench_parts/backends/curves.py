"""A million points to 2,000, against MLflow's sampled route; extremes and ends compared with the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.tracking_server.child import Child

from .figures import Claim, Figure, best
from .stores import CURVE_RUN, Size, add_long_curve, child_on, make_sqlite

POINTS = 2_000


def measure(folder: Path, points: int) -> Iterator[Figure]:
    """How much faster, and how many of first, last, least and greatest were kept."""
    folder.mkdir()
    store = folder / "mlflow.db"
    make_sqlite(store, Size(100))
    add_long_curve(store, points)
    with child_on(f"sqlite:///{store}", folder) as child:
        ours_s = best(5, lambda: _ours(child))
        theirs_s = best(2, lambda: _theirs(child))
        kept = _ours(child)
    made_from = {"ours_s": round(ours_s, 3), "interval_s": round(theirs_s, 3), "points": len(kept)}
    name = f"{points:,} points to {POINTS:,} against get-history-bulk-interval"
    yield Figure(name, theirs_s / ours_s, "times faster", Claim("at least", 5), made_from)
    wanted = _ends_and_extremes(store)
    found = len(wanted & set(kept))
    yield Figure("first, last, least and greatest kept exactly", found, "of 4", Claim("at least", 4))


def _ours(child: Child) -> list[tuple[int, float]]:
    table = child.table("metric-history", run_ids=[CURVE_RUN], keys=["long"], max_points=POINTS)
    return list(zip(table["step"].to_pylist(), table["value"].to_pylist(), strict=True))


def _theirs(child: Child) -> int:
    # MLflow gives at most 2,500 points, and adds least and greatest.
    query = {"run_ids": CURVE_RUN, "metric_key": "long", "max_results": POINTS}
    path = "/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval"
    return len(child.client.get(path, params=query).raise_for_status().json()["metrics"])


def _ends_and_extremes(store: Path) -> set[tuple[int, float]]:
    where = "from metrics where run_uuid = ? and key = 'long' order by"
    orders = ("step", "step desc", "value", "value desc")
    with closing(sqlite3.connect(store)) as connection:
        return {
            tuple(connection.execute(f"select step, value {where} {order} limit 1", (CURVE_RUN,)).fetchone())
            for order in orders
        }
