"""Runs in runs, threads and workers: who logs into the run of a `%%run` cell."""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from . import fluentstate, hook, worker
from .contract import ENVIRONMENT
from .guard import guarded

_process = os.getpid()
_cell_run: Any = None


def install() -> None:
    """Lets threads of this kernel log into the run of the cell that runs now."""
    hook.when_imported("mlflow.tracking.fluent", _install_in_kernel)


def _install_in_kernel(fluent: ModuleType) -> None:
    if not _adopt(fluent, _run_for_this_thread):
        _adopt_list(fluent, _run_of_main_thread)


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


def experiment_id() -> str | None:
    """Experiment of the `%%run` cell that runs now, here or in the kernel this worker serves."""
    run = worker.active_run() if worker.is_worker() else _cell_run
    return None if run is None else str(run.info.experiment_id)


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


class _ThreadStacks(list[Any]):
    """MLflow 2's one list of active runs, made one for each thread; itself holds the main thread's.

    With the one list, two threads that end their runs at the same time end each other's.
    """

    def __init__(self, entries: list[Any], run_for_here: Callable[[], Any]) -> None:
        super().__init__(entries)
        self._run_for_here = run_for_here
        self._local = threading.local()

    def runs_of_main_thread(self) -> list[Any]:
        """The entries of the list itself."""
        return [list.__getitem__(self, place) for place in range(list.__len__(self))]

    def _here(self) -> Any:
        if not hasattr(self._local, "stack"):
            is_main = threading.current_thread() is threading.main_thread()
            self._local.stack = super() if is_main else []
        return self._local.stack

    def _settled(self) -> Any:
        here = self._here()
        entries = [here.__getitem__(place) for place in range(here.__len__())]
        before = list(entries)
        _settle(entries, self._run_for_here)
        if entries != before:
            here.__setitem__(slice(None), entries)
        return here

    def __len__(self) -> int:
        return int(self._settled().__len__())

    def __getitem__(self, place: Any) -> Any:
        return self._settled().__getitem__(place)

    def __delitem__(self, place: Any) -> None:
        self._here().__delitem__(place)

    def __iter__(self) -> Iterator[Any]:
        return iter([self[place] for place in range(len(self))])

    def append(self, run: Any) -> None:
        """Pushes a run of this thread."""
        self._here().append(run)

    def pop(self, place: Any = -1) -> Any:
        """Takes a run of this thread away."""
        return self._here().pop(place)


def _adopt_list(fluent: ModuleType, run_for_here: Callable[[], Any]) -> bool:
    stack = fluent._active_run_stack
    if isinstance(stack, _ThreadStacks) or not isinstance(stack, list):
        return isinstance(stack, _ThreadStacks)
    fluent._active_run_stack = _ThreadStacks(list(stack), run_for_here)  # type: ignore[attr-defined]
    return True


def _run_of_main_thread() -> Any:
    """For threads of MLflow 2: the run that is open in the main thread, as with its one list."""
    if threading.current_thread() is threading.main_thread():
        return None
    stack = getattr(fluentstate.fluent(), "_active_run_stack", None)
    runs = stack.runs_of_main_thread() if isinstance(stack, _ThreadStacks) else []
    return _cell_run if _cell_run is not None else runs[-1] if runs else None


def _drop_adopted(fluent: ModuleType) -> None:
    os.environ.pop(ENVIRONMENT["activeRunFile"], None)
    stack = fluent._active_run_stack
    entries = stack if isinstance(stack, list) else stack.get()
    while len(entries) > 0 and getattr(entries[0], "is_adopted", False):
        del entries[0]
