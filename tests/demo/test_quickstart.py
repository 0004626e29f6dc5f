"""The demo notebook does what its texts say, executed whole in a kernel of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from mlflow.entities import Run
from nbclient import NotebookClient

import mlflow

REPOSITORY = Path(__file__).parents[2]
NOTEBOOK = REPOSITORY / "demo" / "quickstart.ipynb"
STARTUP = REPOSITORY / "jupyter-config" / "ipython-startup"
NOT_YET = "There is no version 1 of digits yet."


def read_notebook() -> Any:
    """The notebook as it is stored."""
    return nbformat.read(NOTEBOOK, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]


def models_of(run: Run) -> list[str]:
    """Ids of the models that a run logged."""
    return [output.model_id for output in run.outputs.model_outputs] if run.outputs else []


class Demo:
    """The notebook in a fresh folder, with what the Jupyter server would tell its kernel."""

    files_before: list[str]
    first_load: str

    def __init__(self, folder: Path) -> None:
        self.root = folder / "work"
        self.root.mkdir()
        self.uri = f"sqlite:///{self.root / 'mlflow.db'}"
        self.notebook: Any = read_notebook()
        self.environment = {
            "JUPYTERLAB_EXPERIMENTS_RUNTIME": str(self._runtime(folder / "runtime")),
            "JUPYTERLAB_EXPERIMENTS_NOTEBOOK": "quickstart.ipynb",
            "IPYTHONDIR": str(self._profile(folder / "ipython")),
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "MPLBACKEND": "agg",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }

    def _runtime(self, folder: Path) -> Path:
        folder.mkdir(mode=0o700)
        connection = {
            "tracking_uri": self.uri,
            "registry_uri": None,
            "artifact_root": str(self.root / "mlartifacts"),
            "is_shared": False,
            "kind": "child",
        }
        server = {
            "version": 1,
            "root": str(self.root),
            "address": "http://127.0.0.1:9/jupyterlab-experiments/connections/",
            "token": "none",
            "default_experiment": "notebook",
            "user_has_tracking_uri": False,
            "connections": {"default": connection},
        }
        (folder / "server.json").write_text(json.dumps(server))
        return folder

    @staticmethod
    def _profile(folder: Path) -> Path:
        # Where the wheel is installed IPython finds the same file in the environment.
        shutil.copytree(STARTUP, folder / "profile_default" / "startup")
        return folder

    def cell(self, cell_id: str) -> Any:
        """The cell with this id."""
        return next(cell for cell in self.notebook.cells if cell.id == cell_id)

    def output(self, cell_id: str) -> str:
        """What the cell printed."""
        return "".join(out.get("text", "") for out in self.cell(cell_id).outputs)

    def runs(self, name: str | None = None) -> list[Run]:
        """The runs of every experiment, oldest first; only those of a name, if one is given."""
        client = mlflow.MlflowClient(self.uri)
        experiments = [experiment.experiment_id for experiment in client.search_experiments()]
        runs = client.search_runs(experiments, order_by=["attributes.start_time ASC"])
        return [run for run in runs if name in (None, run.info.run_name)]

    def register(self, run: Run) -> None:
        """What R and Enter do in the panel, by the same calls."""
        client = mlflow.MlflowClient(self.uri)
        [model_id] = models_of(run)
        client.create_registered_model("digits")
        with pytest.MonkeyPatch.context() as patch:
            # Without a server between, MLflow looks the model up in the store of its environment.
            patch.setenv("MLFLOW_TRACKING_URI", self.uri)
            client.create_model_version(
                "digits", f"models:/{model_id}", run_id=run.info.run_id, model_id=model_id
            )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The notebook run whole, then once more as its texts ask."""
    demo = Demo(tmp_path_factory.mktemp("demo"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_RUN_ID"):
            patch.delenv(name, raising=False)
        for name, value in demo.environment.items():
            patch.setenv(name, value)
        manager = KernelManager(kernel_name="python3")
        client = NotebookClient(
            demo.notebook, km=manager, timeout=300, resources={"metadata": {"path": str(demo.root)}}
        )
        with client.setup_kernel():
            _run_whole(demo, client)
            _follow_the_texts(demo, client)
        yield demo


def _run_whole(demo: Demo, client: NotebookClient) -> None:
    for index, cell in enumerate(demo.notebook.cells):
        if cell.cell_type == "code":
            client.execute_cell(cell, index)
        if cell.id == "digits":
            demo.files_before = sorted(path.name for path in demo.root.iterdir())
    demo.first_load = demo.output("load")


def _follow_the_texts(demo: Demo, client: NotebookClient) -> None:
    network = demo.cell("network")
    network.source = network.source.replace("0.0003", "0.003")
    for cell in (network, demo.cell("best")):
        client.execute_cell(cell, demo.notebook.cells.index(cell))
    demo.register(demo.runs("network")[-1])
    client.execute_cell(demo.cell("load"), demo.notebook.cells.index(demo.cell("load")))


def accuracy(run: Run) -> float:
    """The last accuracy on the held-back digits."""
    return float(run.data.metrics["val_accuracy"])


def test_is_stored_without_outputs_or_traces_of_a_user() -> None:
    notebook: Any = read_notebook()
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "experiments" not in notebook.metadata
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_loading_the_digits_writes_nothing(demo: Demo) -> None:
    assert demo.files_before == []


def test_a_fitted_model_becomes_a_run_of_the_notebooks_experiment(demo: Demo) -> None:
    first = demo.runs()[0]
    experiment = mlflow.MlflowClient(demo.uri).get_experiment(first.info.experiment_id)
    assert experiment.name == "quickstart"
    assert first.info.status == "FINISHED"
    assert first.data.params["C"] == "0.01"
    assert first.data.tags["jupyter.notebook_path"] == "quickstart.ipynb"


def test_all_runs_are_in_one_experiment(demo: Demo) -> None:
    assert len({run.info.experiment_id for run in demo.runs()}) == 1


def test_a_larger_learning_rate_is_better(demo: Demo) -> None:
    before, after = demo.runs("network")
    assert before.data.params == {"learning_rate": "0.0003", "units": "32"}
    assert after.data.params == {"learning_rate": "0.003", "units": "32"}
    assert 0.9 <= accuracy(before) <= 0.95
    assert accuracy(after) >= 0.96
    assert after.data.metrics["val_loss"] < before.data.metrics["val_loss"]


def test_a_curve_has_one_point_an_epoch(demo: Demo) -> None:
    run = demo.runs("network")[0]
    history = mlflow.MlflowClient(demo.uri).get_metric_history(run.info.run_id, "val_accuracy")
    assert [point.step for point in history] == list(range(120))


def test_the_sweep_is_a_tree_of_five_each_with_its_model(demo: Demo) -> None:
    [parent] = demo.runs("sweep")
    children = [run for run in demo.runs() if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id]
    assert [run.data.params["units"] for run in children] == ["4", "8", "16", "32", "64"]
    assert all(len(models_of(run)) == 1 for run in children)


def test_the_cells_that_run_all_meets_too_early_say_what_to_do(demo: Demo) -> None:
    assert NOT_YET in demo.first_load


def test_the_registered_model_tells_five_digits(demo: Demo) -> None:
    predicted, true = demo.output("load").splitlines()
    assert predicted.split("[")[1] == true.split("[")[1]


def test_the_best_run_leads_the_table(demo: Demo) -> None:
    [table] = [out.data["text/plain"] for out in demo.cell("best").outputs if "data" in out]
    best = max((run for run in demo.runs() if "val_accuracy" in run.data.metrics), key=accuracy)
    assert best.info.run_id[:8] in table.splitlines()[1]


def test_the_cell_that_fails_shows_one_traceback_and_says_why(demo: Demo) -> None:
    errors = [out for out in demo.cell("fails").outputs if out.output_type == "error"]
    assert [error.ename for error in errors] == ["ZeroDivisionError"]
    [failed] = demo.runs("fails")
    assert failed.info.status == "FAILED"
    assert "division by zero" in failed.data.tags["jupyter.error"]


def test_nothing_but_results_stands_below_the_cells(demo: Demo) -> None:
    printed = {cell.id: demo.output(cell.id) for cell in demo.notebook.cells if cell.cell_type == "code"}
    assert {cell_id for cell_id, text in printed.items() if text} == {"load"}


def test_every_run_says_which_cell_made_it(demo: Demo) -> None:
    assert {run.data.tags.get("mlflow.source.type") for run in demo.runs()} == {"NOTEBOOK"}
    assert all(run.data.tags.get("jupyter.cell_hash") for run in demo.runs())
