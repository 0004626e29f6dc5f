"""A worker process of a kernel: it logs into the run of the cell that runs in that kernel."""

from __future__ import annotations

import atexit
import os
from typing import Any

from . import hook
from .contract import ENVIRONMENT, is_disabled
from .guard import quietly

_is_kernel = False
_runs: dict[str, Any] = {}
_tags_of: dict[str, dict[str, str]] = {}


def be_kernel(path: str) -> None:
    """Names the active run's file for the workers to come; this process is none."""
    global _is_kernel
    _is_kernel = True
    os.environ[ENVIRONMENT["activeRunFile"]] = path


def enter_if_worker() -> None:
    """Prepares a process that was started by a kernel of ours; called when MLflow loads our plugin."""
    if is_worker() and not is_disabled():
        with quietly("entering a worker"):
            _install()


def _install() -> None:
    from . import nesting, storewrap

    storewrap.install()
    storewrap.editors["create_run"] = _add_parents_tags
    hook.when_imported("mlflow.tracking.fluent", nesting.install_in_worker)


def is_worker() -> bool:
    """Whether this process was started by a kernel of ours."""
    return not _is_kernel and bool(os.environ.get(ENVIRONMENT["activeRunFile"]))


def active_run_id() -> str | None:
    """Run of the cell that runs now in the kernel; None between `%%run` cells."""
    try:
        with open(os.environ[ENVIRONMENT["activeRunFile"]], encoding="utf-8") as file:
            return file.read().strip() or None
    except (OSError, KeyError):
        return None


def active_run() -> Any:
    """The same as MLflow's object, read from the store once a run."""
    run_id = active_run_id()
    if run_id is None:
        return None
    if run_id not in _runs:
        from mlflow import ActiveRun, MlflowClient

        _runs.clear()
        _runs[run_id] = ActiveRun(MlflowClient().get_run(run_id))  # type: ignore[no-untyped-call]
        mark(os.environ[ENVIRONMENT["activeRunFile"]])
    return _runs[run_id]


def mark(active_run_path: str) -> None:
    """Says that another process writes to the run: at its end the kernel reads it from the store."""
    with quietly("marking the run"), open(mark_path(active_run_path), "w", opener=_private):
        pass


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def mark_path(active_run_path: str) -> str:
    """File by which a worker says that it has written to the run."""
    return f"{active_run_path}.worker"


def _add_parents_tags(arguments: dict[str, Any]) -> None:
    from mlflow.entities import RunTag

    run = active_run()
    if run is None:
        return
    tags = list(arguments.get("tags") or ())
    present = {tag.key for tag in tags}
    for key, value in run.data.tags.items():
        if key.startswith("jupyter.") and key != "jupyter.error" and key not in present:
            tags.append(RunTag(key, value))
    arguments["tags"] = tags


def drop_adopted_at_exit(drop: Any) -> None:
    """Runs before MLflow's own exit function, which would end the kernel's run."""
    atexit.register(drop)
