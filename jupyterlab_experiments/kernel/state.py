"""What the kernel says about itself, published whenever it changes."""

from __future__ import annotations

import threading
from typing import Any

from . import active_cell, autologging, experiments, fluentstate, publish, schema, tracking
from .contract import is_disabled, package_version
from .guard import guarded

_last: dict[str, Any] | None = None


def current() -> dict[str, Any]:
    """The state as it is now; asks no store and imports no MLflow."""
    notebook = active_cell.notebook
    return {
        "kernel_id": active_cell.kernel_id(),
        "notebook_id": notebook.notebook_id,
        "notebook_path": notebook.path,
        "package_version": _version(),
        "mlflow_version": fluentstate.mlflow_version() or schema.mlflow_version(),
        **tracking.state(),
        "experiment": experiments.state(),
        "is_autologging": autologging.is_on(),
        "active_run_id": _active_run_id(),
    }


def _active_run_id() -> str | None:
    # Threads have active runs of their own; the state speaks of the notebook's.
    if threading.current_thread() is threading.main_thread():
        return fluentstate.active_run_id()
    return _last.get("active_run_id") if _last else None


def disabled() -> dict[str, Any]:
    """The state of a kernel in which the environment turns us off."""
    return {
        **current(),
        "tracking_kind": "none",
        "connection_id": None,
        "experiment": None,
        "reason": "disabled",
    }


_known_version = ""


def _version() -> str:
    global _known_version
    _known_version = _known_version or package_version()
    return _known_version


@guarded
def publish_now() -> None:
    """Publishes the state, changed or not: someone has just asked by telling us."""
    global _last
    _last = disabled() if is_disabled() else current()
    publish.send({"kind": "state", **_last})


@guarded
def publish_if_changed() -> None:
    """Publishes the state if it differs from what was published last."""
    if not publish.is_attached() or is_disabled():
        return
    if current() != _last:
        publish_now()
