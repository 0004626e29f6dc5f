"""Registers everything in one shell, once: hooks, events, transformer and magics."""

from __future__ import annotations

import atexit
from typing import Any

from . import (
    active_cell,
    experiments,
    gitinfo,
    ledger,
    live,
    publish,
    runtime,
    state,
    storewrap,
    tracking,
    worker,
)
from .contract import is_disabled
from .guard import guarded
from .storewrap import Write

_registered: Any = None


def register(shell: Any = None) -> bool:
    """Registers in the running shell; answers whether this process has one and is not turned off."""
    global _registered
    shell = shell or _running_shell()
    if shell is None or is_disabled():
        _attach(shell)
        return False
    if _registered is shell:
        return True
    _registered = shell
    _attach(shell)
    _install_hooks()
    _install_events(shell)
    return True


def _running_shell() -> Any:
    from IPython import get_ipython  # type: ignore[attr-defined]

    return get_ipython()  # type: ignore[no-untyped-call]


def _attach(shell: Any) -> None:
    kernel = getattr(shell, "kernel", None)
    if kernel is not None and hasattr(kernel, "iopub_socket"):
        publish.attach(kernel)


def _install_hooks() -> None:
    from . import association, nesting

    worker.be_kernel(runtime.active_run_path(active_cell.kernel_id()))
    from . import run_context

    association.install()
    storewrap.sinks.extend([experiments.sink, _follow_uri, live.sink, association.sink, _keep_record])
    live.on_sent(state.publish_if_changed)
    storewrap.install()
    run_context.install()
    nesting.install()
    atexit.register(_at_exit)


def _install_events(shell: Any) -> None:
    from .magics import register_magics
    from .runcell import RunCells
    from .runoptions import transformed

    cells = RunCells(shell)
    shell.events.register("pre_run_cell", cells.pre_run_cell)
    shell.events.register("pre_run_cell", _before_cell)
    shell.events.register("post_run_cell", cells.post_run_cell)
    shell.events.register("post_run_cell", _after_cell)
    shell.input_transformers_cleanup.append(transformed)
    register_magics(shell, cells)


def _follow_uri(write: Write) -> None:
    if write.method in ("create_run", "create_experiment", "update_run_info") and tracking.follow():
        state.publish_if_changed()


def _keep_record(write: Write) -> None:
    from .runwrites import changes_of

    if not ledger.is_open():
        return
    if publish.is_forked():
        # A forked child shares the run but not our records.
        worker.mark(runtime.active_run_path(active_cell.kernel_id()))
    for kind, change in changes_of(write):
        if kind == "run":
            ledger.add(change)


@guarded
def _before_cell(_info: Any) -> None:
    tracking.recheck()


@guarded
def _after_cell(_result: Any) -> None:
    tracking.follow()
    state.publish_if_changed()
    gitinfo.read_again_if_old(active_cell.folder())


@guarded
def _at_exit() -> None:
    live.live.flush()
    runtime.write_whole(runtime.active_run_path(active_cell.kernel_id()), "")
    runtime.remove_own_folder()
