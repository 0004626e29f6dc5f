"""A run as the bundle of a cell's output: our MIME type, HTML and plain text."""

from __future__ import annotations

import html
import math
import re
from typing import Any, NamedTuple

from .active_cell import cell, notebook
from .contract import RUN_MIME_TYPE
from .ledger import RunRecord
from .publish import number
from .tracking import connection_of, current_uri

_MARKS = {"RUNNING": "◐", "FINISHED": "✓", "FAILED": "✕", "KILLED": "■"}
_LAST = ("training_", "system/")
_FIRST = ("val", "valid", "test", "eval")
_MOST_CHILDREN = 200
_INFINITY = 1.7976931348623157e308


class Circumstances(NamedTuple):
    """What the card says beside the run's own record."""

    status: str
    error: str | None
    experiment_name: str | None


def payload(run: Any, record: RunRecord, circumstances: Circumstances) -> dict[str, Any]:
    """Content of our MIME type for a run that has just ended."""
    info = record.info
    return {
        "version": 1,
        "connection_id": connection_of(current_uri()),
        "run_id": run.info.run_id,
        "run_name": info.get("run_name") or getattr(run.info, "run_name", None) or "",
        "experiment_id": str(run.info.experiment_id),
        "experiment_name": circumstances.experiment_name,
        "status": circumstances.status,
        "start_time": run.info.start_time,
        "end_time": info.get("end_time"),
        "error": circumstances.error,
        "notebook_id": notebook.notebook_id,
        "cell_id": cell.cell_id,
        "metrics": dict(record.metrics),
        "params": dict(record.params),
        "model_names": list(record.model_names),
        "children": [_child(child) for child in record.children],
    }


def _child(record: RunRecord) -> dict[str, Any]:
    return {
        "run_id": record.run_id,
        "run_name": record.info.get("run_name") or "",
        "status": record.info.get("status") or "RUNNING",
        "metrics": dict(record.metrics),
        "params": dict(record.params),
    }


def read_record(run_id: str, seen: RunRecord) -> RunRecord:
    """The record as the store has it, with what worker processes logged."""
    from mlflow import MlflowClient

    client = MlflowClient()
    run = client.get_run(run_id)
    record = _record(run)
    record.model_names = seen.model_names
    children = client.search_runs(
        [run.info.experiment_id], f"tags.mlflow.parentRunId = '{run_id}'", max_results=_MOST_CHILDREN
    )
    record.children = [_record(child) for child in reversed(children)]
    return record


def _record(run: Any) -> RunRecord:
    info = {"run_name": run.info.run_name, "status": run.info.status, "end_time": run.info.end_time}
    metrics = {key: number(value) for key, value in run.data.metrics.items()}
    return RunRecord(run.info.run_id, info, metrics, dict(run.data.params), dict(run.data.tags))


def bundle(content: dict[str, Any]) -> dict[str, Any]:
    """The card with its fallbacks, which show the same line."""
    line = summary(content)
    return {RUN_MIME_TYPE: content, "text/html": _html(content, line), "text/plain": line}


def summary(content: dict[str, Any]) -> str:
    """The card's one line; pure."""
    parts = [f"{_MARKS.get(content['status'], '?')} {content['run_name'] or content['run_id'][:8]}"]
    if content["end_time"] is not None:
        parts.append(duration(content["end_time"] - content["start_time"]))
    if content["error"]:
        parts.append(content["error"])
    key = main_metric(content["metrics"])
    if key is not None:
        parts.append(f"{key} {number_text(content['metrics'][key])}")
    parts.extend(f"{key} {_cut(value)}" for key, value in list(content["params"].items())[:1])
    return " · ".join(" ".join(part.split()) for part in parts)


def main_metric(metrics: dict[str, Any]) -> str | None:
    """The metric that says most, by its name; pure."""

    def rank(key: str) -> int:
        if key.startswith(_LAST):
            return 2
        return 0 if any(word in _FIRST for word in re.split(r"[^a-z]+", key.lower())) else 1

    return min(metrics, key=rank, default=None)


def number_text(value: Any) -> str:
    """A metric's value with four significant digits; pure."""
    if isinstance(value, str):
        return value.replace("Infinity", "∞")
    if abs(value) >= _INFINITY:
        return "∞" if value > 0 else "-∞"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    digits = 3 - math.floor(math.log10(abs(value)))
    return f"{value:.{max(0, digits)}f}" if -4 <= digits - 3 <= 4 or 0 <= digits <= 7 else f"{value:.3e}"


def duration(milliseconds: float) -> str:
    """A length of time in the words of the panel; pure."""
    seconds = max(0.0, milliseconds / 1000)
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def _cut(text: str, length: int = 40) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _html(content: dict[str, Any], line: str) -> str:
    tables = [
        _table("Metrics", {key: number_text(value) for key, value in content["metrics"].items()}),
        _table("Params", content["params"]),
        _table("Child runs", {child["run_id"][:8]: _child_line(child) for child in content["children"]}),
    ]
    return f"<details><summary>{html.escape(line)}</summary>{''.join(tables)}</details>"


def _child_line(child: dict[str, Any]) -> str:
    key = main_metric(child["metrics"])
    value = f" · {key} {number_text(child['metrics'][key])}" if key is not None else ""
    return f"{_MARKS.get(child['status'], '?')} {child['run_name']}{value}"


def _table(title: str, rows: dict[str, str]) -> str:
    if not rows:
        return ""
    cells = "".join(
        f"<tr><td>{html.escape(str(key))}</td><td>{html.escape(_cut(str(value), 500))}</td></tr>"
        for key, value in rows.items()
    )
    return f"<table><caption>{html.escape(title)}</caption><tbody>{cells}</tbody></table>"
