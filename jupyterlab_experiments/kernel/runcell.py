"""Begin and end of a `%%run` cell."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

from . import active_cell, card, experiments, fluentstate, ledger, nesting, reach, runtime, state, worker
from .autologging import ForOneCell
from .cellresult import ERROR_TAG_LENGTH, Outcome, outcome_of, worst
from .contract import TAGS
from .guard import guarded, quietly
from .runoptions import LineError, RunOptions, literal

_SILENCE = "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"


@dataclass
class _CellRun:
    """A run that a cell has begun and not yet ended."""

    depth: int
    options: RunOptions
    active_before: frozenset[str] = frozenset()
    run: Any = None
    autolog: ForOneCell | None = None
    silence_before: str | None = None
    outcome: Outcome = field(default_factory=Outcome)


class RunCells:
    """Follows the cells of one shell; begins and ends their runs."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._depth = 0
        self._counts_first = False
        self._request: str | None = None
        self._open: list[_CellRun] = []
        self._left_open: dict[str, str | None] = {}
        self._process = os.getpid()

    @guarded
    def pre_run_cell(self, info: Any) -> None:
        """Notes the cell that starts."""
        request = self._request_id()
        if request != self._request:
            self._request, self._depth = request, 0
            while self._open:
                self._end(self._open.pop(), Outcome("FAILED"))
        if self._depth == 0:
            count = self._count() if getattr(info, "store_history", True) else None
            active_cell.enter_cell(str(info.raw_cell), getattr(info, "cell_id", None), count)
        self._depth += 1

    @guarded
    def post_run_cell(self, result: Any) -> None:
        """Ends the run that the ending cell began, by the worst result inside it."""
        # A forked child that comes back here would end the run of the kernel.
        if os.getpid() != self._process:
            return
        # The cell in which we are registered ends without having begun for us.
        self._depth = max(0, self._depth - 1)
        outcome = outcome_of(result)
        for cell_run in self._open:
            cell_run.outcome = worst(cell_run.outcome, outcome)
        while self._open and self._open[-1].depth >= self._depth:
            cell_run = self._open.pop()
            self._end(cell_run, cell_run.outcome)
        if self._depth == 0:
            self._note_left_open(outcome)

    def begin(self, options: RunOptions) -> None:
        """Starts the run of the cell that is running; raises LineError and MLflow's own errors."""
        __tracebackhide__ = True
        import mlflow

        self._close_stale()
        is_inner = options.is_nested or bool(self._open)
        if fluentstate.active_run_id() and not is_inner:
            raise LineError(
                "%%run: a run of an earlier cell is still active. "
                "End it with mlflow.end_run(), or write %%run --nested to start a run inside it."
            )
        active = frozenset(run.info.run_id for run in fluentstate.active_runs())
        cell_run = _CellRun(max(0, self._depth - 1), options, active, silence_before=os.environ.get(_SILENCE))
        os.environ[_SILENCE] = "true"
        ledger.open_for_cell()
        self._open.append(cell_run)
        try:
            if options.autolog is not None:
                cell_run.autolog = ForOneCell(options.autolog)
            cell_run.run = mlflow.start_run(
                run_name=options.name,
                nested=is_inner,
                experiment_id=experiment_id_of(options.experiment),
                tags=dict(options.tags) or None,
                description=options.description,
            )
            self._enter(cell_run)
            if options.params:
                mlflow.log_params(options.params)
        except BaseException:
            if cell_run.run is None:
                self._open.remove(cell_run)
                self._leave(cell_run)
            raise

    def _enter(self, cell_run: _CellRun) -> None:
        namespace = self._shell.user_ns
        namespace.update({k: literal(v) for k, v in cell_run.options.params.items() if k.isidentifier()})
        if cell_run.options.variable:
            namespace[cell_run.options.variable] = cell_run.run
        with quietly("entering the run"):
            nesting.set_nested_default(fluentstate.fluent(), True)
            self._show_active()
            state.publish_if_changed()

    def _show_active(self) -> None:
        run = next((entry.run for entry in reversed(self._open) if entry.run is not None), None)
        nesting.set_cell_run(run)
        path = runtime.active_run_path(active_cell.kernel_id())
        runtime.write_whole(path, run.info.run_id if run is not None else "")

    def _leave(self, cell_run: _CellRun) -> None:
        """Brings back all that the cell's run had changed in this process."""
        ledger.close_for_cell()
        with quietly("leaving the run"):
            if cell_run.silence_before is None:
                os.environ.pop(_SILENCE, None)
            else:
                os.environ[_SILENCE] = cell_run.silence_before
            if cell_run.autolog is not None:
                cell_run.autolog.restore()
            nesting.set_nested_default(fluentstate.fluent(), bool(self._open))
            self._show_active()

    def _end(self, cell_run: _CellRun, outcome: Outcome) -> None:
        run_id = cell_run.run.info.run_id
        payload: dict[str, Any] | None = None
        try:
            with quietly("ending the run"), reach.hurried():
                _terminate(run_id, outcome, cell_run.active_before)
            with quietly("making the card"):
                payload = None if cell_run.options.is_quiet else _payload(cell_run.run, outcome)
        finally:
            self._leave(cell_run)
        if payload is not None:
            with quietly("showing the card"):
                self._shell.display_pub.publish(data=card.bundle(payload), metadata={})

    def _close_stale(self) -> None:
        import mlflow

        stack = fluentstate.active_runs()
        while len(stack) > 0 and self._left_open.get(stack[-1].info.run_id):
            mlflow.end_run(self._left_open.pop(stack[-1].info.run_id) or "FAILED")

    def _note_left_open(self, outcome: Outcome) -> None:
        status = None if outcome.status == "FINISHED" else outcome.status
        active = [run.info.run_id for run in fluentstate.active_runs()]
        self._left_open = {run_id: self._left_open.get(run_id, status) for run_id in active}

    def _count(self) -> int:
        # IPython 9 counts before it calls us, IPython 8 afterwards; its list of inputs tells which.
        count = int(self._shell.execution_count)
        self._counts_first = self._counts_first or len(self._shell.user_ns.get("In", ())) == count - 1
        return count - 1 if self._counts_first else count

    def _request_id(self) -> str | None:
        parent = getattr(self._shell, "parent_header", None) or {}
        found = parent.get("header", parent).get("msg_id") if isinstance(parent, dict) else None
        return str(found) if found else None


def experiment_id_of(name: str | None) -> str | None:
    """Id of an experiment by name, made if there is none; raises LineError for a deleted one."""
    __tracebackhide__ = True
    if name is None:
        return None
    from mlflow import MlflowClient

    client = MlflowClient()
    found = client.get_experiment_by_name(name)
    if found is None:
        return str(client.create_experiment(name))
    if found.lifecycle_stage != "active":
        quoted = f'"{name}"' if " " in name else name
        raise LineError(
            f"Experiment “{name}” was deleted. Bring it back with: %experiment --restore {quoted}"
        )
    return str(found.experiment_id)


def _terminate(run_id: str, outcome: Outcome, active_before: frozenset[str]) -> None:
    """Ends the run, and all that the cell has left open, also after it ended its run itself."""
    import mlflow

    stack = fluentstate.active_runs()
    is_open = any(run.info.run_id == run_id for run in list(stack))
    while len(stack) > 0 and stack[-1].info.run_id not in {run_id, *active_before}:
        mlflow.end_run(outcome.status)
    if outcome.error and outcome.status == "FAILED":
        with quietly("noting the error"):
            mlflow.MlflowClient().set_tag(run_id, TAGS["error"], outcome.error[:ERROR_TAG_LENGTH])
    if is_open:
        mlflow.end_run(outcome.status)
    elif outcome.status != "FINISHED":
        mlflow.MlflowClient().set_terminated(run_id, outcome.status)


def _payload(run: Any, outcome: Outcome) -> dict[str, Any]:
    run_id = run.info.run_id
    record = ledger.record_of(run_id)
    mark = worker.mark_path(runtime.active_run_path(active_cell.kernel_id()))
    if os.path.exists(mark):
        with quietly("reading what workers have logged"):
            os.remove(mark)
            record = card.read_record(run_id, record)
    name = experiments.name_of(str(run.info.experiment_id))
    return card.payload(run, record, card.Circumstances(outcome.status, outcome.shown, name))
