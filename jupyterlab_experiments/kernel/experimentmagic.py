"""`%experiment`: shows, creates, selects or restores the experiment of this kernel's runs."""

from __future__ import annotations

from typing import Any

from . import experiments, tracking
from .runoptions import LineError, LineParser, split

HELP = """Show, select or create the experiment that runs of this kernel go to.

%experiment                  shows it
%experiment NAME             selects the experiment NAME; creates it if there is none
%experiment --restore NAME   brings a deleted experiment back and selects it
"""


def experiment(line: str) -> str:
    """Does what the line asks; answers a sentence. Raises LineError."""
    parser = LineParser("%experiment")
    parser.add_argument("name", nargs="?")
    parser.add_argument("--restore", metavar="NAME")
    asked = parser.parse_intermixed_args(split(line, "%experiment"))
    if asked.restore is not None:
        return _restore(asked.restore)
    return _shown() if not asked.name else _selected(asked.name)


def _client() -> Any:
    from mlflow import MlflowClient

    return MlflowClient()


def _shown() -> str:
    state = experiments.state() or {}
    where = tracking.label(tracking.current_uri()) or "MLflow's default store"
    if state.get("id") is None:
        return f"Runs go to experiment “{state.get('name')}” on {where}; the first run makes it."
    return f"Runs go to experiment “{state['name']}” (id {state['id']}) on {where}."


def _selected(name: str) -> str:
    found = _client().get_experiment_by_name(name)
    if found is None:
        experiment_id = _client().create_experiment(name)
        _set(experiment_id)
        return f"Created experiment “{name}” (id {experiment_id}). Runs go there now."
    if found.lifecycle_stage != "active":
        quoted = f'"{name}"' if " " in name else name
        raise LineError(
            f"Experiment “{name}” was deleted. Bring it back with: %experiment --restore {quoted}"
        )
    _set(found.experiment_id)
    return f"Runs go to experiment “{name}” (id {found.experiment_id}) now."


def _restore(name: str) -> str:
    found = _client().get_experiment_by_name(name)
    if found is None:
        raise LineError(f"There is no experiment “{name}”, deleted or not.")
    if found.lifecycle_stage != "active":
        _client().restore_experiment(found.experiment_id)
    _set(found.experiment_id)
    return f"Restored experiment “{name}” (id {found.experiment_id}). Runs go there now."


def _set(experiment_id: Any) -> None:
    import mlflow

    mlflow.set_experiment(experiment_id=str(experiment_id))
