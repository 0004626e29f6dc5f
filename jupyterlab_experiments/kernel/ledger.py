"""What the runs of a `%%run` cell have logged so far, so that their card costs no question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .newest import Newest

_PARENT = "mlflow.parentRunId"
_MOST_CHILDREN = 200


@dataclass
class RunRecord:
    """One run as this process has written it."""

    run_id: str
    info: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    model_names: list[str] = field(default_factory=list)
    children: list[RunRecord] = field(default_factory=list)
    _newest: Newest = field(default_factory=Newest)

    def take(self, change: dict[str, Any]) -> None:
        """Adds one change in the words of the live messages."""
        self.info.update(change.get("info", {}))
        metrics, _ = self._newest.take(change)
        self.metrics.update({key: latest[0] for key, latest in metrics.items()})
        self.params.update(change.get("params", {}))
        self.tags.update(change.get("tags", {}))
        for model in change.get("models", ()):
            if model["name"] and model["name"] not in self.model_names:
                self.model_names.append(model["name"])


_records: dict[str, RunRecord] = {}
_is_open = 0


def open_for_cell() -> None:
    """Starts keeping records: the next run is the cell's."""
    global _is_open
    _is_open += 1


def close_for_cell() -> None:
    """Ends it, and forgets all once no `%%run` cell runs."""
    global _is_open
    _is_open = max(0, _is_open - 1)
    if not _is_open:
        _records.clear()


def is_open() -> bool:
    """Whether a `%%run` cell runs."""
    return _is_open > 0


def add(change: dict[str, Any]) -> None:
    """Takes one change of a run, if a cell's card will need it."""
    if not _is_open:
        return
    run_id = change["run_id"]
    if change["event"] == "created" and run_id not in _records:
        record = _records[run_id] = RunRecord(run_id)
        parent = _records.get(change.get("tags", {}).get(_PARENT, ""))
        if parent is not None and len(parent.children) < _MOST_CHILDREN:
            parent.children.append(record)
    if run_id in _records:
        _records[run_id].take(change)


def record_of(run_id: str) -> RunRecord:
    """The record of a run; empty for one that was not seen."""
    return _records.get(run_id) or RunRecord(run_id)
