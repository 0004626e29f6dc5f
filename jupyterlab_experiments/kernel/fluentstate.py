"""What MLflow's fluent API holds now, read without importing it."""

from __future__ import annotations

import sys
from typing import Any


def fluent() -> Any:
    """MLflow's fluent module; None while it is not imported."""
    module = sys.modules.get("mlflow.tracking.fluent")
    return module if hasattr(module, "_active_run_stack") else None


def active_runs() -> list[Any]:
    """The stack of active runs of this thread; MLflow's own list, empty without MLflow."""
    module = fluent()
    if module is None:
        return []
    stack = module._active_run_stack
    found: list[Any] = stack if isinstance(stack, list) else stack.get()
    return found


def active_run_id() -> str | None:
    """Id of the innermost active run of this thread."""
    runs = active_runs()
    return str(runs[-1].info.run_id) if len(runs) > 0 else None


def mlflow_version() -> str | None:
    """Version of the imported MLflow."""
    version = getattr(sys.modules.get("mlflow"), "__version__", None)
    return str(version) if version else None
