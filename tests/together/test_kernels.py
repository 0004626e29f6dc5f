"""Kernels of two environments and the server's store, all real; only the browser is missing."""

from __future__ import annotations

import json

import httpx
import pyarrow
import pytest
from jupyterserver import JupyterServer, ServedKernel
from kernels import RUN_MIME_TYPE

TRAIN = """%%run NAME-ridge -p alpha=0.3 -t team=blue -d "the first try"
import mlflow, matplotlib
matplotlib.use('Agg')
from matplotlib import pyplot
from sklearn.linear_model import Ridge
model = Ridge(alpha=alpha).fit([[0.0], [1.0]], [0.0, 1.0])
for step in range(3):
    mlflow.log_metric('loss', 1 / (step + 1), step=step)
figure, axes = pyplot.subplots()
axes.plot([1, 2])
mlflow.log_figure(figure, 'plots/curve.png')
mlflow.sklearn.log_model(model, 'model', pip_requirements=['scikit-learn'])
with mlflow.start_run(run_name='fold of NAME'):
    mlflow.log_metric('fold_loss', 0.5)
"""
WORK = """
def work(number):
    import mlflow
    mlflow.log_metric(f'metric{number}', number)
    with mlflow.start_run(run_name=f'NAME-METHOD {number}'):
        mlflow.log_param('number', number)
"""
POOL = """%%run NAME-METHOD
import multiprocessing
from NAME_METHOD import work
with multiprocessing.get_context('METHOD').Pool(2) as pool:
    pool.map(work, range(3))
"""
AUTOLOGGING = '__import__("jupyterlab_experiments.kernel", fromlist=["set_autologging"]).set_autologging({})'
FIT = "from sklearn.linear_model import LinearRegression\nLinearRegression().fit([[0], [1]], [0, 1]);"


def filled(code: str, kernel: ServedKernel, method: str = "") -> str:
    """The code with the names of this kernel in it."""
    return code.replace("NAME", kernel.name).replace("METHOD", method)


def test_a_cells_run_arrives_whole(server: JupyterServer, kernel: ServedKernel) -> None:
    cell = kernel.run(filled(TRAIN, kernel), cell_id="cell-1")
    assert cell.status == "ok", cell.of_type("error")
    runs = server.runs()
    run, fold = runs[f"{kernel.name}-ridge"], runs[f"fold of {kernel.name}"]
    assert (run["status"], run["params"], run["metrics"]) == ("FINISHED", {"alpha": "0.3"}, {"loss": 1 / 3})
    assert (fold["status"], fold["tags"]["mlflow.parentRunId"]) == ("FINISHED", run["id"])
    assert (run["experiment"], fold["experiment"]) == (kernel.name, kernel.name)
    expected = {
        "team": "blue",
        "mlflow.note.content": "the first try",
        "mlflow.source.name": f"{kernel.name}.ipynb",
        "mlflow.source.type": "NOTEBOOK",
        "jupyter.notebook_id": f"notebook-{kernel.id}",
        "jupyter.notebook_path": f"{kernel.name}.ipynb",
        "jupyter.cell_id": "cell-1",
        "jupyter.kernel_id": kernel.id,
    }
    assert expected.items() <= run["tags"].items()
    card = cell.cards[0]
    assert card[RUN_MIME_TYPE]["model_names"] == ["model"]
    assert [child["run_name"] for child in card[RUN_MIME_TYPE]["children"]] == [f"fold of {kernel.name}"]
    assert {"text/html", "text/plain"} <= set(card)
    told = [message for message in cell.told("run") if message["run_id"] == run["id"]]
    assert (told[0]["event"], told[-1]["event"]) == ("created", "ended")
    assert {message["connection_id"] for message in told} == {"default"}


def test_each_kernel_reaches_the_store_in_its_own_way(server: JupyterServer, kernel: ServedKernel) -> None:
    uri = kernel.run("import mlflow\nmlflow.get_tracking_uri()").value.strip("'")
    ways = {
        "second": f"{server.address}/connections/default",
        "python3": f"sqlite:///{server.root}/mlflow.db",
    }
    assert uri == ways[kernel.name]
    answer = kernel.connection()
    assert (answer["connection"]["id"], answer["reason"]) == ("default", None)


def test_artifacts_land_in_the_told_folder_and_are_served(
    server: JupyterServer, kernel: ServedKernel
) -> None:
    run = server.runs()[f"{kernel.name}-ridge"]
    assert run["artifact_uri"].removeprefix("file://").startswith(f"{server.root}/mlartifacts/")
    picture = server.get(f"connections/default/artifacts/{run['id']}/plots/curve.png")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
    assert picture.content.startswith(b"\x89PNG")
    kernel.run(f"path = mlflow.artifacts.download_artifacts('runs:/{run['id']}/plots/curve.png')")
    assert kernel.run("open(path, 'rb').read()[1:4]").value == "b'PNG'"
    kernel.run(f"loaded = mlflow.sklearn.load_model('runs:/{run['id']}/model')")
    assert kernel.run("len(loaded.predict([[1.0]]))").value == "1"


def test_the_notebooks_runs_are_a_table(kernel: ServedKernel) -> None:
    cell = kernel.run("found = %runs --best loss\nlist(found['tags.mlflow.runName'])")
    assert cell.value == f"['{kernel.name}-ridge']"


def test_registering_in_the_kernel_is_told(kernel: ServedKernel) -> None:
    cell = kernel.run(
        "with mlflow.start_run() as registering:\n    mlflow.sklearn.log_model(\n        model, 'model', "
        f"registered_model_name='{kernel.name} model', pip_requirements=['scikit-learn'])"
    )
    assert cell.status == "ok", cell.of_type("error")
    run_id = kernel.run("registering.info.run_id").value.strip("'")
    told = [(entry["name"], entry["version"], entry["run_id"]) for entry in cell.told("registry")]
    assert told[-1] == (f"{kernel.name} model", "1", run_id)


def test_autologging_is_turned_and_told(server: JupyterServer, kernel: ServedKernel) -> None:
    before = set(server.runs())
    for is_on in (True, False):
        told = kernel.finish(kernel.send(AUTOLOGGING.format(is_on), silent=True))
        assert told.told("state")[-1]["is_autologging"] is is_on
        assert kernel.run(FIT).status == "ok"
    assert len(set(server.runs()) - before) == 1


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_of_a_pool_log_into_the_run_of_their_cell(
    server: JupyterServer, kernel: ServedKernel, method: str
) -> None:
    (server.root / f"{kernel.name}_{method}.py").write_text(filled(WORK, kernel, method))
    cell = kernel.run(filled(POOL, kernel, method))
    assert (cell.status, len(cell.cards)) == ("ok", 1), cell.of_type("error")
    runs = server.runs()
    run = runs[f"{kernel.name}-{method}"]
    assert set(run["metrics"]) == {"metric0", "metric1", "metric2"}
    children = [runs[f"{kernel.name}-{method} {number}"] for number in range(3)]
    assert {child["tags"]["mlflow.parentRunId"] for child in children} == {run["id"]}
    assert {entry["status"] for entry in runs.values()} == {"FINISHED"}
    assert {message["run_id"] for message in cell.told("run")} == {run["id"]}
    assert len(cell.cards[0][RUN_MIME_TYPE]["children"]) == 3


def test_a_kernel_that_turns_to_a_file_of_its_own_takes_the_panel_with_it(
    server: JupyterServer, kernel: ServedKernel
) -> None:
    folder = server.root / f"sub-{kernel.name}"
    folder.mkdir()
    kernel.run(f"import os; os.chdir({str(folder)!r})")
    state = kernel.run("mlflow.set_tracking_uri('sqlite:///mlflow.db')").told("state")[-1]
    assert (state["tracking_kind"], state["connection_id"]) == ("own", None)
    kernel.run("with mlflow.start_run(run_name='own') as run: mlflow.log_metric('m', 1)")
    answer = kernel.connection()
    assert answer["reason"] is None
    connection_id = answer["connection"]["id"]
    assert connection_id != "default"
    table = server.post_to(f"connections/{connection_id}/runs-table", {"columns": ["metrics.m"]})
    if kernel.name == "second":
        # An older MLflow made it: never migrated behind the user's back.
        assert (table.status_code, table.json()["error_code"]) == (409, "INVALID_STATE")
        return
    (row,) = pyarrow.ipc.open_stream(table.content).read_all().to_pylist()
    assert (row["run_name"], row["metrics.m"]) == ("own", 1.0)


def test_the_kernels_token_opens_the_address_and_nothing_else(server: JupyterServer) -> None:
    told = json.loads((server.runtime_folder() / "server.json").read_text())
    bearer = {"Authorization": f"Bearer {told['token']}"}
    rest = f"{server.address}/connections/default/api/2.0/mlflow/experiments/search?max_results=1"
    assert httpx.get(rest, headers=bearer, timeout=60).status_code == 200
    for path in (f"{server.address}/status", f"{server.origin}/api/contents"):
        assert httpx.get(path, headers=bearer, timeout=60).status_code == 403
