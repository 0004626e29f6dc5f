"""What the columnar routes are asked, decoded from JSON; anything else is a BadRequestError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import BadRequestError

VIEW_TYPES = ("ACTIVE_ONLY", "DELETED_ONLY", "ALL")
TABLES = {"metrics": "latest_metrics", "params": "params", "tags": "tags"}


@dataclass(frozen=True)
class Notebook:
    """A notebook by id; the path counts for runs that carry no id."""

    id: str
    path: str


@dataclass(frozen=True)
class Selection:
    """Which runs; with neither experiments nor notebook, those of every active experiment."""

    experiment_ids: tuple[str, ...] | None = None
    notebook: Notebook | None = None
    view_type: str = "ACTIVE_ONLY"


@dataclass(frozen=True)
class TableRequest:
    """A table of runs: the frame, the columns by name, and only what changed since the cursor."""

    selection: Selection
    columns: tuple[str, ...] = ()
    cursor: str | None = None


@dataclass(frozen=True)
class HistoryRequest:
    """Curves of metrics; bounds are inclusive, times in milliseconds."""

    run_ids: tuple[str, ...]
    keys: tuple[str, ...]
    max_points: int | None = None
    start_step: int | None = None
    end_step: int | None = None
    start_time_ms: int | None = None
    end_time_ms: int | None = None


def decode_selection(body: Any) -> Selection:
    """The runs that a request names."""
    request = _object(body, "The request")
    notebook = request.get("notebook")
    view_type = request.get("view_type") or "ACTIVE_ONLY"
    if view_type not in VIEW_TYPES:
        raise BadRequestError(f"view_type must be one of {', '.join(VIEW_TYPES)}.")
    return Selection(
        experiment_ids=_optional_strings(request, "experiment_ids"),
        notebook=None if notebook is None else _notebook(notebook),
        view_type=view_type,
    )


def decode_table_request(body: Any) -> TableRequest:
    """The request of `runs-table`."""
    request = _object(body, "The request")
    columns = _optional_strings(request, "columns") or ()
    for column in columns:
        split_column(column)
    cursor = request.get("cursor")
    if cursor is not None and not isinstance(cursor, str):
        raise BadRequestError("cursor must be a string from an earlier answer.")
    return TableRequest(decode_selection(body), tuple(dict.fromkeys(columns)), cursor or None)


def decode_history_request(body: Any) -> HistoryRequest:
    """The request of `metric-history`."""
    request = _object(body, "The request")
    bounds = {
        name: _optional_integer(request, name)
        for name in ("max_points", "start_step", "end_step", "start_time_ms", "end_time_ms")
    }
    if bounds["max_points"] is not None and bounds["max_points"] < 1:
        raise BadRequestError("max_points must be at least 1.")
    run_ids, keys = _optional_strings(request, "run_ids"), _optional_strings(request, "keys")
    if run_ids is None or keys is None:
        raise BadRequestError("run_ids and keys are required.")
    return HistoryRequest(tuple(dict.fromkeys(run_ids)), tuple(dict.fromkeys(keys)), **bounds)


def split_column(name: str) -> tuple[str, str]:
    """`metrics.loss` → (`metrics`, `loss`)."""
    kind, dot, key = name.partition(".")
    if kind not in TABLES or not dot or not key:
        raise BadRequestError(f"A column is metrics.<key>, params.<key> or tags.<key>, not {name!r}.")
    return kind, key


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRequestError(f"{what} must be a JSON object.")
    return value


def _notebook(value: Any) -> Notebook:
    notebook = _object(value, "notebook")
    id_, path = notebook.get("id", ""), notebook.get("path", "")
    if not isinstance(id_, str) or not isinstance(path, str) or not (id_ or path):
        raise BadRequestError("notebook must have the strings id and path.")
    return Notebook(id_, path)


def _optional_strings(request: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    value = request.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise BadRequestError(f"{name} must be a list of strings.")
    return tuple(value)


def _optional_integer(request: Mapping[str, Any], name: str) -> int | None:
    value = request.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadRequestError(f"{name} must be an integer.")
    if abs(value) >= 2**63:
        raise BadRequestError(f"{name} is out of range.")
    return value
