"""MLflow plugins: the active cell as tags of a run, the notebook as its default experiment."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from . import active_cell, experiments, hook, nesting, worker
from .contract import is_disabled
from .guard import logger

_CONTEXTS = "mlflow.tracking.context.registry"
_EXPERIMENTS = "mlflow.tracking.default_experiment.registry"


class NotebookRunContext:
    """Tags of each new run: its notebook, cell, kernel and commit."""

    def in_context(self) -> bool:
        """Whether this process belongs to a notebook."""
        return not is_disabled() and bool(active_cell.notebook.path)

    def tags(self) -> dict[str, str]:
        """The tags that are known now."""
        return active_cell.run_tags()


class NotebookExperiment:
    """The notebook's own experiment, or the one chosen for it in the panel."""

    def in_context(self) -> bool:
        """Whether a run without an experiment shall go to one of ours."""
        if is_disabled():
            return False
        if nesting.experiment_id() is not None:
            return True
        if not experiments.can_choose():
            return False
        try:
            experiments.experiment_id()
        except Exception:  # noqa: BLE001 - MLflow's Default serves where our experiment cannot be had
            logger.debug("no experiment for the notebook", exc_info=True)
            experiments.forget()
            return False
        return True

    def get_experiment_id(self) -> str:
        """Id of that experiment; made with the first run."""
        # Runs inside a `%%run` cell stay with their parent.
        return nesting.experiment_id() or experiments.experiment_id()


def install() -> None:
    """Registers both plugins, also where MLflow sees no entry points; never twice."""
    hook.when_imported(_CONTEXTS, _register_context)
    hook.when_imported(_EXPERIMENTS, _register_experiment)


def _register_context(module: ModuleType) -> None:
    registry = module._run_context_provider_registry
    _register(registry, NotebookRunContext)
    for provider in registry:
        # Asks each Jupyter server on the machine for the notebook's name, half a second each: we know it.
        if type(provider).__name__ == "JupyterNotebookRunContext":
            _ask_only_if_unknown(provider)


def _ask_only_if_unknown(provider: Any) -> None:
    in_context = provider.in_context
    provider.in_context = lambda: not active_cell.notebook.path and in_context()


def _register_experiment(module: ModuleType) -> None:
    _register(module._default_experiment_provider_registry, NotebookExperiment)


def _register(registry: Any, provider: type) -> None:
    if not any(type(known).__name__ == provider.__name__ for known in registry):
        registry.register(provider)


worker.enter_if_worker()
