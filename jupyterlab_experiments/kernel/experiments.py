"""The experiment that a notebook's runs go to when its user has set none."""

from __future__ import annotations

import getpass
import os
import re
import sys
import threading
from typing import Any

from . import active_cell, tracking
from .active_cell import hub_user, notebook
from .contract import TAGS
from .guard import guarded
from .storewrap import Write

_FLUENT = "mlflow.tracking.fluent"
_MOST_NAMES = 100

_lock = threading.RLock()
_found: dict[tuple[str | None, ...], Any] = {}


def generated_name(path: str, template: str, user: str | None) -> str:
    """Name for the notebook at a path: its path without suffix, or the template filled in; pure."""
    stem = re.sub(r"\.ipynb$", "", path).strip("/")
    if template not in ("", "notebook"):
        name = template.replace("{path}", stem).replace("{name}", stem.rpartition("/")[2])
        return name.replace("{user}", user or user_name())
    return f"{user}/{stem}" if user else stem


def is_generated(name: str, generated: str) -> bool:
    """Whether a name is the generated one, perhaps with a number after it; pure."""
    return name == generated or re.fullmatch(re.escape(generated) + r" \(\d+\)", name) is not None


def user_name() -> str:
    """The person's name on the hub, else on this machine."""
    try:
        return hub_user() or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def wanted_name(path: str | None = None) -> str | None:
    """Name of the notebook's own experiment; None where MLflow's Default is to be used."""
    if not notebook.path or notebook.default_experiment == "none":
        return None
    user = user_name() if tracking.is_shared() else None
    return generated_name(path or notebook.path, notebook.default_experiment, user)


def can_choose() -> bool:
    """Whether a plain run shall go to an experiment of our choice."""
    # Databricks names experiments by workspace paths and has a notebook provider of its own.
    if (tracking.current_uri() or "").startswith("databricks"):
        return False
    return bool(notebook.experiment_name or wanted_name())


def experiment_id() -> str:
    """Id of the experiment for the next run; made now if it does not exist."""
    with _lock:
        found = _found.get(_key())
        if found is None:
            found = _chosen() if notebook.experiment_name else _of_notebook()
            _found[_key()] = found
        return str(found.experiment_id)


def find() -> str | None:
    """Id of the experiment that a run would go to now; None where it is not made yet."""
    known = (state() or {}).get("id")
    if known is not None:
        return str(known)
    if notebook.experiment_name:
        found = _client().get_experiment_by_name(notebook.experiment_name)
    else:
        found = _by_notebook_id(_client()) or _by_path(_client(), str(wanted_name()))
    return None if found is None else str(found.experiment_id)


def forget() -> None:
    """Asks the store anew at the next run."""
    _found.clear()


def _key() -> tuple[str | None, ...]:
    uri = tracking.current_uri()
    return (uri, notebook.experiment_name, notebook.notebook_id, notebook.path, notebook.default_experiment)


def _client() -> Any:
    from mlflow import MlflowClient

    return MlflowClient()


def _chosen() -> Any:
    client = _client()
    name = str(notebook.experiment_name)
    found = client.get_experiment_by_name(name)
    if found is not None and found.lifecycle_stage == "active":
        return found
    return _create(client, name, {})


def _of_notebook() -> Any:
    client = _client()
    active_cell.read_notebook_id()
    name = str(wanted_name())
    found = _by_notebook_id(client) or _by_path(client, name)
    return _renamed(client, found, name) if found is not None else _create(client, name, _tags())


def _tags() -> dict[str, str]:
    tags = {TAGS["notebookId"]: notebook.notebook_id, TAGS["notebookPath"]: notebook.path}
    return {key: value for key, value in tags.items() if value}


def _by_notebook_id(client: Any) -> Any:
    if not notebook.notebook_id:
        return None
    quoted = notebook.notebook_id.replace("'", "")
    found = client.search_experiments(
        filter_string=f"tags.`{TAGS['notebookId']}` = '{quoted}'", max_results=50
    )
    return min(found, key=lambda experiment: int(experiment.creation_time or 0), default=None)


def _by_path(client: Any, name: str) -> Any:
    """An experiment of that name which no other notebook has."""
    found = client.get_experiment_by_name(name)
    if found is None or found.lifecycle_stage != "active":
        return None
    owner = found.tags.get(TAGS["notebookId"])
    same_path = found.tags.get(TAGS["notebookPath"]) == notebook.path
    return found if same_path and (not owner or not notebook.notebook_id) else None


def _create(client: Any, name: str, tags: dict[str, str]) -> Any:
    from mlflow.exceptions import MlflowException

    for number in range(1, _MOST_NAMES):
        numbered = name if number == 1 else f"{name} ({number})"
        if client.get_experiment_by_name(numbered) is not None:
            continue
        try:
            return client.get_experiment(client.create_experiment(numbered, tags=tags))
        except MlflowException as error:
            # Another kernel took the name between our question and our call.
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
    raise RuntimeError(f"no free name for experiment {name}")


def _renamed(client: Any, experiment: Any, name: str) -> Any:
    """The experiment, renamed with its notebook while it bears the generated name."""
    old_path = experiment.tags.get(TAGS["notebookPath"], "")
    if old_path == notebook.path:
        return experiment
    before = wanted_name(old_path) if old_path else None
    if before and is_generated(experiment.name, before):
        _rename(client, experiment, name)
    client.set_experiment_tag(experiment.experiment_id, TAGS["notebookPath"], notebook.path)
    return client.get_experiment(experiment.experiment_id)


def _rename(client: Any, experiment: Any, name: str) -> None:
    for number in range(1, _MOST_NAMES):
        numbered = name if number == 1 else f"{name} ({number})"
        if numbered == experiment.name:
            return
        if client.get_experiment_by_name(numbered) is None:
            client.rename_experiment(experiment.experiment_id, numbered)
            return


def follow_rename(old_path: str, old_id: str) -> None:
    """Renames in the background the experiment that this kernel has used, after its notebook."""
    is_same = bool(old_id) and old_id == notebook.notebook_id
    if notebook.experiment_name or old_path == notebook.path or not is_same or not wanted_name():
        return
    if not any(old_id in key for key in _found):
        return
    threading.Thread(target=_follow, name="experiments-rename", daemon=True).start()


@guarded
def _follow() -> None:
    from . import state

    client = _client()
    with _lock:
        found = _by_notebook_id(client)
        if found is not None:
            _found[_key()] = _renamed(client, found, str(wanted_name()))
    state.publish_if_changed()


def state() -> dict[str, Any] | None:
    """What the state message says of the experiment; asks the store nothing."""
    set_by_user = _set_by_user()
    if set_by_user is not None:
        return set_by_user
    if not can_choose():
        return {"id": "0", "name": "Default", "chosen_by": "default"}
    chosen_by = "user" if notebook.experiment_name else "notebook"
    found = _found.get(_key())
    if found is not None:
        return {"id": str(found.experiment_id), "name": found.name, "chosen_by": chosen_by}
    return {"id": None, "name": notebook.experiment_name or wanted_name(), "chosen_by": chosen_by}


_names: dict[tuple[str | None, str], str] = {}


def _set_by_user() -> dict[str, Any] | None:
    active = getattr(sys.modules.get(_FLUENT), "_active_experiment_id", None)
    name = None if active else os.environ.get("MLFLOW_EXPERIMENT_NAME")
    found = str(active or os.environ.get("MLFLOW_EXPERIMENT_ID") or "")
    if not found and not name:
        return None
    return {"id": found or None, "name": name or name_of(found), "chosen_by": "user"}


def name_of(experiment_id: str) -> str:
    """Name of an experiment as far as it was seen, else its id; asks no store."""
    known = "Default" if experiment_id == "0" else experiment_id
    return _names.get((tracking.current_uri(), experiment_id), known)


def sink(write: Write) -> None:
    """Learns names from what the store is asked and told."""
    arguments, result = write.arguments, write.result
    uri = tracking.current_uri()
    if write.method == "create_experiment":
        _names[uri, str(result)] = str(arguments["name"])
    elif write.method in ("get_experiment", "get_experiment_by_name") and result is not None:
        _names[uri, str(result.experiment_id)] = str(result.name)
    elif write.method == "rename_experiment":
        _names[uri, str(arguments["experiment_id"])] = str(arguments["new_name"])
        _forget_found(str(arguments["experiment_id"]))
    elif write.method in ("delete_experiment", "restore_experiment"):
        _forget_found(str(arguments["experiment_id"]))


def _forget_found(experiment_id: str) -> None:
    for key in [key for key, found in _found.items() if str(found.experiment_id) == experiment_id]:
        _found.pop(key, None)
