"""Runs in runs, threads and workers: who logs into the run of a `%%run` cell."""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

from . import hook, worker
from .contract import ENVIRONMENT
from .guard import guarded

_process = os.getpid()
_cell_run: Any = None


def install() -> None:
    """Lets threads of this kernel log into the run of the cell that runs now."""
    hook.when_imported("mlflow.tracking.fluent", _install_in_kernel)


def _install_in_kernel(fluent: ModuleType) -> None:
    _adopt(fluent, _run_for_this_thread)


def install_in_worker(fluent: ModuleType) -> None:
    """Lets this worker process log into the run of the cell that runs in its kernel."""
    fits = _adopt(fluent, worker.active_run) or _adopt_list(fluent, worker.active_run)
    if fits:
        set_nested_default(fluent, True)
        worker.drop_adopted_at_exit(lambda: _drop_adopted(fluent))


def set_cell_run(run: Any) -> None:
    """Names the run of the cell that runs now; None between cells."""
    global _cell_run
    _cell_run = run


def _run_for_this_thread() -> Any:
    if threading.current_thread() is threading.main_thread() and os.getpid() == _process:
        return None
    return _cell_run


def set_nested_default(fluent: ModuleType, nested: bool) -> None:
    """Makes a plain `start_run()` start a child run, or raise again as MLflow has it."""
    function = inspect.unwrap(fluent.start_run)
    names = list(inspect.signature(function).parameters)
    defaults = list(function.__defaults__ or ())
    place = names.index("nested") - (len(names) - len(defaults))
    if 0 <= place < len(defaults) and isinstance(defaults[place], bool):
        defaults[place] = nested
        function.__defaults__ = tuple(defaults)


def _adopt(fluent: ModuleType, run_for_here: Callable[[], Any]) -> bool:
    """Puts the cell's run under the empty stack of another thread; answers whether this MLflow fits."""
    variable = fluent._active_run_stack
    original = getattr(variable, "get", None)
    if original is None or isinstance(variable, list):
        return False
    if getattr(original, "adopts", False):
        return True

    def get() -> list[Any]:
        stack: list[Any] = original()
        _settle(stack, run_for_here)
        return stack

    get.adopts = True  # type: ignore[attr-defined]
    variable.get = get
    return True


@guarded
def _settle(stack: list[Any], run_for_here: Callable[[], Any]) -> None:
    if stack and not getattr(stack[0], "is_adopted", False):
        return
    run = run_for_here()
    if stack and (run is None or run.info.run_id != stack[0].info.run_id):
        del stack[0]
    if not stack and run is not None:
        stack.append(_adopted(run))


def _adopted(run: Any) -> Any:
    from mlflow import ActiveRun

    copy: Any = ActiveRun(run)  # type: ignore[no-untyped-call]
    copy.is_adopted = True
    return copy


class _AdoptingList(list[Any]):
    """MLflow 2's one list of active runs, with the kernel's run at its bottom."""

    run_for_here: Callable[[], Any] = staticmethod(lambda: None)

    def __len__(self) -> int:
        entries = [self[place] for place in range(list.__len__(self))]
        _settle(entries, self.run_for_here)
        self[:] = entries
        return list.__len__(self)


def _adopt_list(fluent: ModuleType, run_for_here: Callable[[], Any]) -> bool:
    if not isinstance(fluent._active_run_stack, list):
        return False
    stack = _AdoptingList(fluent._active_run_stack)
    stack.run_for_here = run_for_here
    fluent._active_run_stack = stack  # type: ignore[attr-defined]
    return True


def _drop_adopted(fluent: ModuleType) -> None:
    os.environ.pop(ENVIRONMENT["activeRunFile"], None)
    stack = fluent._active_run_stack
    entries = stack if isinstance(stack, list) else stack.get()
    while entries and getattr(entries[0], "is_adopted", False):
        del entries[0]
