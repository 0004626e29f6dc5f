"""`%runs`: the runs of this notebook, of an experiment or of all, as a DataFrame."""

from __future__ import annotations

import importlib.util
import re
from typing import Any

from . import active_cell, experiments, tracking
from .contract import TAGS
from .runoptions import LineError, LineParser, split

HELP = """The runs of this notebook as a DataFrame, with the column names of mlflow.search_runs.

%runs [--scope notebook|experiment|all] [-e EXPERIMENT]... [--filter F] [--sort KEY] [--best KEY]
      [--history KEY...]

--scope S          runs of this notebook (in all experiments; the default), of its experiment, or all
-e, --experiment E runs of this experiment; may be repeated
--filter F         a filter in MLflow's language: "metrics.val_loss < 0.5"
--sort KEY         sorts by a metric, param, tag or column; -KEY sorts downwards
--best KEY         only runs with this metric, the best first (lower for loss, error, rmse, mae, mape, mse)
--history KEY...   all values of these metrics: run_id, run_name, key, step, timestamp, value

Examples
--------
%runs --best val_accuracy
df = %runs -e churn --filter "params.units = '32'" --sort -start_time
"""

_LOWER_IS_BETTER = {"loss", "error", "err", "rmse", "mae", "mape", "mse", "rmsle", "msle", "logloss"}
_HISTORY_COLUMNS = ["run_id", "run_name", "key", "step", "timestamp", "value"]
_PREFIXES = ("", "metrics.", "params.", "tags.")


def runs(line: str) -> Any:
    """The DataFrame that a `%runs` line asks for; raises LineError."""
    asked = _parse(line)
    if importlib.util.find_spec("pandas") is None:
        raise LineError("%runs needs pandas. Install it with: %pip install pandas")
    found = _search(asked)
    if asked.best:
        found = best_first(found, asked.best)
    elif asked.sort:
        found = _sorted(found, asked.sort)
    return _history(found, asked.history) if asked.history else found.reset_index(drop=True)


def _parse(line: str) -> Any:
    parser = LineParser("%runs")
    parser.add_argument("--scope", choices=("notebook", "experiment", "all"))
    parser.add_argument("-e", "--experiment", action="append", default=[])
    parser.add_argument("--filter", default="")
    parser.add_argument("--sort")
    parser.add_argument("--best")
    parser.add_argument("--history", nargs="+", default=[])
    words = split(line, "%runs")
    # A key may begin with a dash, which argparse would take for an option.
    for place, word in enumerate(words[:-1]):
        if word == "--sort" and words[place + 1].startswith("-"):
            words[place : place + 2] = [f"--sort={words[place + 1]}"]
            break
    return parser.parse_args(words)


def is_lower_better(key: str) -> bool:
    """Whether a metric of this name is better when lower; pure."""
    return any(word in _LOWER_IS_BETTER for word in re.split(r"[^a-z0-9]+", key.lower()))


def _search(asked: Any) -> Any:
    import pandas

    import mlflow

    if tracking.is_missing():
        return pandas.DataFrame(columns=["run_id", "experiment_id", "status", "start_time", "end_time"])
    where = _where(asked)
    filters = [part for part in (where.pop("notebook_filter", ""), asked.filter) if part]
    if where.get("experiment_ids") == []:
        return pandas.DataFrame(columns=["run_id", "experiment_id", "status", "start_time", "end_time"])
    return mlflow.search_runs(filter_string=" and ".join(filters), **where)


def _where(asked: Any) -> dict[str, Any]:
    if asked.experiment:
        return {"experiment_names": asked.experiment}
    if asked.scope == "all":
        return {"search_all_experiments": True}
    if asked.scope == "experiment":
        experiment = experiments.find()
        return {"experiment_ids": [] if experiment is None else [experiment]}
    active_cell.read_notebook_id()
    notebook = active_cell.notebook
    key, value = TAGS["notebookId"], notebook.notebook_id
    if not value:
        key, value = TAGS["notebookPath"], notebook.path
    if not value:
        raise LineError("%runs: this kernel was not told its notebook. Use --scope all or -e EXPERIMENT.")
    quote = '"' if "'" in value else "'"
    return {"search_all_experiments": True, "notebook_filter": f"tags.`{key}` = {quote}{value}{quote}"}


def _column(frame: Any, key: str) -> str:
    for prefix in _PREFIXES:
        if f"{prefix}{key}" in frame.columns:
            return f"{prefix}{key}"
    raise LineError(f"%runs: no run here has “{key}”.")


def best_first(frame: Any, key: str) -> Any:
    """The rows that have a metric, the best first."""
    name = key.removeprefix("metrics.")
    column = f"metrics.{name}"
    if column not in frame.columns:
        raise LineError(f"%runs: no run here has the metric “{name}”.")
    having = frame[frame[column].notna()]
    return having.sort_values(column, ascending=is_lower_better(name), kind="stable")


def _sorted(frame: Any, key: str) -> Any:
    column = _column(frame, key.removeprefix("-"))
    return frame.sort_values(column, ascending=not key.startswith("-"), kind="stable")


def _history(frame: Any, keys: list[str]) -> Any:
    import pandas

    from mlflow import MlflowClient

    client = MlflowClient()
    rows = []
    for _, run in frame.iterrows():
        for key in (key.removeprefix("metrics.") for key in keys):
            if f"metrics.{key}" in frame.columns:
                for metric in client.get_metric_history(run["run_id"], key):
                    name = run.get("tags.mlflow.runName")
                    rows.append((run["run_id"], name, key, metric.step, metric.timestamp, metric.value))
    found = pandas.DataFrame(rows, columns=_HISTORY_COLUMNS)
    found["timestamp"] = pandas.to_datetime(found["timestamp"], unit="ms", utc=True)
    return found
