"""Ties runs to their notebook that MLflow's context providers do not see."""

from __future__ import annotations

from typing import Any

from . import active_cell
from .contract import TAGS
from .runwrites import status_name
from .storewrap import Write, editors

_resumed: set[str] = set()


def install() -> None:
    """Adds our tags to runs that `MlflowClient().create_run` makes."""
    editors["create_run"] = _add_missing_tags


def _add_missing_tags(arguments: dict[str, Any]) -> None:
    from mlflow.entities import RunTag

    tags = list(arguments.get("tags") or ())
    present = {tag.key for tag in tags}
    missing = {key: value for key, value in active_cell.run_tags().items() if key not in present}
    arguments["tags"] = [*tags, *(RunTag(key, value) for key, value in missing.items())]


def sink(write: Write) -> None:
    """Ties a resumed run to this notebook if it has none yet."""
    if write.method != "update_run_info":
        return
    status = write.arguments.get("run_status")
    run_id = str(write.arguments.get("run_id"))
    if status is None or status_name(status) != "RUNNING" or run_id in _resumed:
        return
    _resumed.add(run_id)
    _tie(write.store, run_id)


def _tie(store: Any, run_id: str) -> None:
    from mlflow.entities import RunTag

    tags = active_cell.notebook_tags()
    present = store.get_run(run_id).data.tags
    if tags and TAGS["notebookId"] not in present and TAGS["notebookPath"] not in present:
        store.log_batch(run_id, [], [], [RunTag(key, value) for key, value in tags.items()])
