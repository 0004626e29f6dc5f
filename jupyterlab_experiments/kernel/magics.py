"""The magics: their lines taken apart, the rest called."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import experimentmagic, runoptions, runsmagic, schema
from .runcell import RunCells
from .runoptions import LineError

_NO_MLFLOW = "{} needs MLflow. Install it with: %pip install mlflow"


def register_magics(shell: Any, cells: RunCells) -> None:
    """Registers `%%run`, `%experiment` and `%runs`; the `%run` of IPython stays."""

    def begin_run(line: str) -> None:
        """First statement of a `%%run` cell; see `%%run?`."""
        __tracebackhide__ = True
        cells.begin(runoptions.parse(line))

    def run(line: str, cell: str) -> None:
        shell.run_cell(f"%%run {line}\n{cell}")

    def experiment(line: str) -> None:
        text = experimentmagic.experiment(line)
        print(text)  # noqa: T201 - the magic's answer in the cell

    def runs(line: str) -> Any:
        return runsmagic.runs(line)

    run.__doc__ = RUN_HELP
    experiment.__doc__ = experimentmagic.HELP
    runs.__doc__ = runsmagic.HELP
    shell.register_magic_function(_with_usage(begin_run, "%%run"), "line", "begin_run")
    shell.register_magic_function(_with_usage(run, "%%run"), "cell", "run")
    shell.register_magic_function(_with_usage(experiment, "%experiment"), "line", "experiment")
    shell.register_magic_function(_with_usage(runs, "%runs"), "line", "runs")


def _with_usage(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The magic, saying in one line what is wrong with its line or missing in the kernel."""

    @functools.wraps(function)
    def call(*args: Any) -> Any:
        __tracebackhide__ = True
        from IPython.core.error import UsageError

        if schema.mlflow_folder() is None:
            schema.forget_mlflow()
        if schema.mlflow_folder() is None:
            raise UsageError(_NO_MLFLOW.format(name))
        try:
            return function(*args)
        except LineError as problem:
            message = str(problem)
        raise UsageError(message)

    return call


RUN_HELP = """Run this cell as an MLflow run.

%%run [NAME] [-e EXPERIMENT] [-p K=V]... [-t K=V]... [-d TEXT]
      [--nested] [--autolog | --no-autolog] [--as VAR] [--quiet]

The run starts before the first line of the cell and ends with the cell: FINISHED, FAILED where the cell
raises, KILLED where it is interrupted. A card with its metrics and params follows the output.

NAME                   name of the run; MLflow makes one up if it is left out
-e, --experiment E     experiment for this run only; made if there is none of that name
-p, --param K=V        logs a param and sets the variable K in the notebook, so that the value stands in one
                       place; V is a Python literal (0.3, [1, 2], None), else text
-t, --tag K=V          sets a tag
-d, --description TEXT describes the run
--nested               starts inside the run that is active already
--autolog, --no-autolog
                       turns MLflow's autologging on or off for this cell only
--as VAR               sets the variable VAR to the active run
--quiet                shows no card

{expressions} in the line are expanded. A plain mlflow.start_run() in the cell starts a child run; threads and
joblib workers log into the cell's run.

Examples
--------
%%run ridge -p alpha=0.3
%%run "try {n}" -e churn -t data=digits -d "smaller learning rate" --no-autolog
"""
