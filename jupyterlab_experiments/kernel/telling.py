"""What the browser says to a kernel, and the start of kernels that nobody told."""

from __future__ import annotations

import json
from typing import Any

from . import active_cell, autologging, experiments, gitinfo, schema, state, tracking, wiring
from .active_cell import notebook
from .contract import is_disabled
from .guard import logger, quietly


def tell(json_text: str) -> None:
    """Takes over path, id, connection and experiment; registers all in this shell if it is not yet."""
    telling = json.loads(json_text)
    if not isinstance(telling, dict):
        logger.debug("told something that is no object: %r", telling)
        return
    old_path, old_id = notebook.path, notebook.notebook_id
    if not wiring.register() and is_disabled():
        state.publish_now()
        return
    active_cell.be_told(telling)
    if schema.mlflow_folder() is None:
        schema.forget_mlflow()
    with quietly("choosing the store"):
        tracking.choose()
    gitinfo.read_soon(active_cell.folder())
    experiments.follow_rename(old_path, old_id)
    state.publish_now()


def start(shell: Any = None) -> None:
    """Registers all in a shell, with what the environment says of the notebook."""
    if not wiring.register(shell):
        return
    with quietly("taking the hint"):
        active_cell.take_hint()
    with quietly("choosing the store"):
        tracking.choose()
    if notebook.path:
        gitinfo.read_soon(active_cell.folder())


def set_autologging(on: bool) -> None:
    """Turns autologging on or off and says so."""
    if not is_disabled():
        with quietly("turning autologging"):
            autologging.turn(bool(on))
    state.publish_now()
