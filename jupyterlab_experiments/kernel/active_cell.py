"""Which notebook and cell is running, as the browser told us."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from dataclasses import dataclass
from typing import Any

from . import gitinfo, runtime
from .contract import ENVIRONMENT, METADATA_KEY, MLFLOW_TAGS, TAGS
from .guard import quietly

_LARGEST_NOTEBOOK_BYTES = 100_000_000


@dataclass
class Notebook:
    """What this kernel was told about its notebook; empty strings where nothing was told."""

    path: str = ""
    notebook_id: str = ""
    connection_id: str = "default"
    experiment_name: str | None = None
    default_experiment: str = "notebook"
    is_told: bool = False


@dataclass
class Cell:
    """The cell that runs now."""

    cell_id: str | None = None
    cell_hash: str | None = None
    execution_count: int | None = None


notebook = Notebook()
cell = Cell()


def be_told(telling: dict[str, Any]) -> None:
    """Takes over what the browser said; what it left out stays."""
    notebook.path = str(telling.get("notebook_path") or notebook.path)
    notebook.notebook_id = str(telling.get("notebook_id") or notebook.notebook_id)
    notebook.connection_id = str(telling.get("connection_id") or notebook.connection_id)
    name = telling.get("experiment_name")
    notebook.experiment_name = str(name) if name else None
    notebook.default_experiment = str(telling.get("default_experiment") or notebook.default_experiment)
    notebook.is_told = True


def take_hint() -> None:
    """Finds the notebook's path in the environment, as long as nobody has told it."""
    if notebook.is_told:
        return
    named = os.environ.get(ENVIRONMENT["notebookPath"])
    hint = named or os.environ.get("JPY_SESSION_NAME") or ""
    if not named and not hint.endswith(".ipynb"):
        return
    notebook.path = _below_root(hint)
    notebook.default_experiment = str(runtime.server().get("default_experiment") or "notebook")


def _below_root(path: str) -> str:
    root = str(runtime.server().get("root") or "")
    if not os.path.isabs(path):
        return path.replace(os.sep, "/")
    if root and os.path.commonpath([root, path]) == os.path.normpath(root):
        return os.path.relpath(path, root).replace(os.sep, "/")
    return os.path.basename(path)


def folder() -> str:
    """Folder of the notebook on this machine; the working folder where it cannot be told."""
    root = str(runtime.server().get("root") or "")
    candidate = os.path.dirname(os.path.join(root, notebook.path)) if root and notebook.path else ""
    return candidate if candidate and os.path.isdir(candidate) else os.getcwd()


def read_notebook_id() -> None:
    """Takes the notebook's id from its file, for kernels that nobody told."""
    if notebook.notebook_id or not notebook.path:
        return
    hint = os.environ.get(ENVIRONMENT["notebookPath"]) or notebook.path
    root = str(runtime.server().get("root") or os.getcwd())
    with quietly("reading the notebook's id"):
        file_path = hint if os.path.isabs(hint) else os.path.join(root, hint)
        if os.path.getsize(file_path) > _LARGEST_NOTEBOOK_BYTES:
            return
        with open(file_path, encoding="utf-8") as file:
            metadata = json.load(file).get("metadata", {})
        notebook.notebook_id = str(metadata.get(METADATA_KEY, {}).get("notebook_id") or "")


def enter_cell(raw_cell: str, cell_id: str | None, execution_count: int | None) -> None:
    """Notes the cell that starts."""
    cell.cell_id = cell_id
    cell.cell_hash = hashlib.sha256(raw_cell.encode("utf-8", "replace")).hexdigest()[:16]
    cell.execution_count = execution_count


def kernel_id() -> str:
    """Id of this kernel, from its connection file; a made one outside a kernel."""
    global _kernel_id
    if not _kernel_id:
        _kernel_id = _find_kernel_id() or str(uuid.uuid4())
    return _kernel_id


_kernel_id = ""


def _find_kernel_id() -> str:
    with quietly("finding the kernel's id"):
        from IPython import get_ipython  # type: ignore[attr-defined]

        app = getattr(getattr(get_ipython(), "kernel", None), "parent", None)
        name = os.path.basename(str(getattr(app, "connection_file", "") or ""))
        return name.removeprefix("kernel-").removesuffix(".json")
    return ""


def notebook_tags() -> dict[str, str]:
    """Tags that tie a run to its notebook, cell and kernel, without MLflow's own ones."""
    read_notebook_id()
    found = {
        TAGS["notebookId"]: notebook.notebook_id,
        TAGS["notebookPath"]: notebook.path,
        TAGS["cellId"]: cell.cell_id,
        TAGS["cellHash"]: cell.cell_hash,
        TAGS["kernelId"]: kernel_id() if notebook.path else None,
        TAGS["executionCount"]: cell.execution_count,
    }
    return {key: str(value) for key, value in found.items() if value not in (None, "")}


def run_tags() -> dict[str, str]:
    """All tags that a run gets from us; never slow, never a call elsewhere."""
    tags = notebook_tags()
    if notebook.path:
        tags[MLFLOW_TAGS["sourceName"]] = notebook.path
        tags[MLFLOW_TAGS["sourceType"]] = "NOTEBOOK"
        tags.update(gitinfo.known_tags())
    user = hub_user()
    # A login of the user's own names the person better.
    if user and not os.environ.get("MLFLOW_TRACKING_USERNAME"):
        tags[MLFLOW_TAGS["user"]] = user
    return tags


def hub_user() -> str | None:
    """The person's name on a hub, where all containers have the same system user; None elsewhere."""
    return os.environ.get("JUPYTERHUB_USER") or None
