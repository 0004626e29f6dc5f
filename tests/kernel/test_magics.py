"""`%experiment` and `%runs`, in real kernels."""

from __future__ import annotations

import pytest
from kernels import Kernel


@pytest.fixture(scope="module")
def with_runs(kernel: Kernel) -> Kernel:
    kernel.run(
        "import mlflow\nfor i, loss in enumerate([0.5, 0.1, 0.3]):\n"
        "    with mlflow.start_run(run_name=f'r{i}'):\n        mlflow.log_param('i', i)\n"
        "        mlflow.log_metrics({'val_loss': loss, 'val_accuracy': 1 - loss})\n"
        "with mlflow.start_run(run_name='without'): pass"
    )
    return kernel


def names(kernel: Kernel, line: str) -> list[str]:
    kernel.run(f"found = %runs {line}")
    return list(eval(kernel.run("list(found['tags.mlflow.runName'])").value))


def test_lists_the_notebooks_runs_newest_first(with_runs: Kernel) -> None:
    assert names(with_runs, "") == ["without", "r2", "r1", "r0"]
    columns = with_runs.run(
        "set(found.columns) == set(mlflow.search_runs(search_all_experiments=True).columns)"
    )
    assert columns.value == "True"


def test_the_best_come_first_by_the_metrics_direction(with_runs: Kernel) -> None:
    assert names(with_runs, "--best val_loss") == ["r1", "r2", "r0"]
    assert names(with_runs, "--best val_accuracy") == ["r1", "r2", "r0"]
    assert "no run here has the metric" in with_runs.run("%runs --best nothing").text


def test_sorts_and_filters(with_runs: Kernel) -> None:
    assert names(with_runs, "--sort i --scope all --filter \"params.i != '1'\"") == ["r0", "r2"]
    assert names(with_runs, "--sort -val_loss --filter 'metrics.val_loss > 0'") == ["r0", "r2", "r1"]


def test_gives_histories(with_runs: Kernel) -> None:
    with_runs.run("h = %runs --history val_loss val_accuracy")
    assert (
        with_runs.run("list(h.columns)").value
        == "['run_id', 'run_name', 'key', 'step', 'timestamp', 'value']"
    )
    assert with_runs.run("len(h)").value == "6"


def test_another_notebook_does_not_see_them(with_runs: Kernel) -> None:
    with_runs.tell(notebook_path="other.ipynb", notebook_id="notebook-other")
    assert with_runs.run("len(get_ipython().run_line_magic('runs', ''))").value == "0"
    assert with_runs.run("len(get_ipython().run_line_magic('runs', '--scope experiment'))").value == "0"
    assert len(names(with_runs, "--scope all")) == 4
    assert len(names(with_runs, "-e work/quickstart")) == 4
    with_runs.tell()


def test_an_experiment_is_shown_made_selected_and_restored(kernel: Kernel) -> None:
    assert "“work/quickstart”" in kernel.run("%experiment").stdout
    assert "Created experiment “my own”" in kernel.run("%experiment 'my own'").stdout
    assert "“my own”" in kernel.run("%experiment").stdout
    kernel.run(
        "import mlflow\nclient = mlflow.MlflowClient()\n"
        "client.delete_experiment(client.get_experiment_by_name('my own').experiment_id)"
    )
    assert '%experiment --restore "my own"' in kernel.run("%experiment 'my own'").text
    assert "Restored experiment “my own”" in kernel.run("%experiment --restore 'my own'").stdout
    kernel.run("mlflow.start_run(run_name='in my own'); mlflow.end_run()")
    assert kernel.runs()["in my own"]["experiment"] == "my own"
