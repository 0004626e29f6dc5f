"""Which value of a metric is its latest: the one with the greatest step, then timestamp.

That is MLflow's own rule (`latest_metrics` of its SQL store). It matters because `log_model` writes
earlier values of a run once more, tied to the model.
"""

from __future__ import annotations

from typing import Any

Position = tuple[int, int]


class Newest:
    """Positions of the latest values of one run's metrics, by key."""

    def __init__(self) -> None:
        self._positions: dict[str, Position] = {}

    def take(self, change: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Metrics and points of a change that are not older than what was taken before."""
        metrics: dict[str, Any] = {}
        points: dict[str, Any] = {}
        for key, latest in change.get("metrics", {}).items():
            known = self._positions.get(key)
            position = (latest[1], latest[2])
            if known is not None and position < known:
                continue
            self._positions[key] = position
            metrics[key] = latest
            least_step = known[0] if known else None
            rest = [
                p for p in change.get("points", {}).get(key, ()) if least_step is None or p[0] >= least_step
            ]
            if rest:
                points[key] = rest
        return metrics, points
