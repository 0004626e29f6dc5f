"""Every kind of tracking URI, by the interpreter that can open it: real stores, real tracking servers."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from jupyterlab_experiments.server.app import ExperimentsApp
from jupyterlab_experiments.server.contract import PACKAGE_FOLDER

from .conftest import BASE

PLUGIN = Path(__file__).parent / "toyplugin"
SECOND = os.environ.get("JUPYTERLAB_EXPERIMENTS_SECOND_PYTHON") or os.environ.get("JLX_OLD_PYTHON")
needs_second = pytest.mark.skipif(not SECOND, reason="no interpreter with another MLflow is named")

Offer = Callable[[str], None]
Rest = Callable[..., Any]


@pytest.fixture(autouse=True)
def each_interpreter_has_its_own_packages(jp_environ: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixtures of Jupyter's tests name this one's packages to every Python."""
    monkeypatch.delenv("PYTHONPATH")


@pytest.fixture
def offer_plugin(jp_data_dir: Path, tmp_path: Path) -> Offer:
    """Makes a kernelspec of an interpreter in which the toy plugin is, as its variables say."""

    def offer(python: str) -> None:
        folder = jp_data_dir / "kernels" / "toy"
        folder.mkdir(parents=True)
        spec = {
            "argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "With the plugin",
            "language": "python",
            "env": {"PYTHONPATH": str(PLUGIN), "TOY_FOLDER": str(tmp_path)},
        }
        (folder / "kernel.json").write_text(json.dumps(spec))

    return offer


@pytest.fixture
def rest(fetch_json: Any) -> Rest:
    """Calls MLflow's REST API at the address of a connection."""

    async def call(connection: str, path: str, body: object = None, **query: str) -> Any:
        route = f"{BASE}/connections/{connection}/api/2.0/mlflow/{path}"
        return await fetch_json(route, body, params=query or None)

    return call


async def log_a_run(rest: Rest, connection: str) -> str:
    """Makes a run with a metric, finds it again and answers its id."""
    made = await rest(connection, "runs/create", {"experiment_id": "0", "run_name": "first"})
    run_id = made["run"]["info"]["run_id"]
    metric = {"run_id": run_id, "key": "loss", "value": 0.5, "timestamp": 1, "step": 0}
    await rest(connection, "runs/log-metric", metric)
    found = await rest(connection, "runs/search", {"experiment_ids": ["0"], "filter": "metrics.loss < 1"})
    assert [run["info"]["run_name"] for run in found["runs"]] == ["first"]
    return str(run_id)


async def register_a_model(rest: Rest, connection: str, run_id: str) -> None:
    await rest(connection, "registered-models/create", {"name": "digits"})
    version = {"name": "digits", "source": "/nowhere", "run_id": run_id}
    await rest(connection, "model-versions/create", {**version, "source": f"runs:/{run_id}/model"})
    found = await rest(connection, "registered-models/get", name="digits")
    assert found["registered_model"]["name"] == "digits"


async def connection_of(fetch_json: Any, connection_id: str) -> dict[str, Any]:
    found = (await fetch_json(f"{BASE}/status"))["connections"]
    return dict(next(entry for entry in found if entry["id"] == connection_id))


class TestPlugin:
    @pytest.fixture
    def experiments_config(self, tmp_path: Path) -> dict[str, Any]:
        database = f"sqlite:///{tmp_path}/beside.db"
        return {
            "connections": {
                "toy": {"tracking_uri": "toy://x"},
                "toy-runs": {"tracking_uri": "toy://y", "registry_uri": database},
                "toy-models": {"tracking_uri": database, "registry_uri": "toy://z"},
                "azure": {"tracking_uri": "azureml://west.example/workspaces/1"},
            }
        }

    @pytest.mark.parametrize("python", [sys.executable, pytest.param(SECOND, marks=needs_second)])
    async def test_a_kernels_interpreter_with_the_plugin_serves_it(
        self, offer_plugin: Offer, rest: Rest, fetch_json: Any, tmp_path: Path, python: str
    ) -> None:
        offer_plugin(python)
        run_id = await log_a_run(rest, "toy")
        await register_a_model(rest, "toy", run_id)
        assert {"x-runs.db", "x-models.db"} <= {path.name for path in tmp_path.iterdir()}
        assert (await connection_of(fetch_json, "toy"))["state"] == "ready"
        with pytest.raises(HTTPClientError) as refusal:
            await fetch_json(f"{BASE}/connections/toy/runs-table", {})
        # The browser then pages through `runs/search`.
        assert refusal.value.code in (404, 501)

    async def test_runs_and_models_may_be_in_stores_of_different_kinds(
        self, offer_plugin: Offer, rest: Rest, tmp_path: Path
    ) -> None:
        offer_plugin(sys.executable)
        for connection in ("toy-runs", "toy-models"):
            await register_a_model(rest, connection, await log_a_run(rest, connection))
        names = {path.name for path in tmp_path.iterdir()}
        assert {"y-runs.db", "z-models.db", "beside.db"} <= names
        assert not {"y-models.db", "z-runs.db"} & names

    async def test_a_kernel_without_the_plugin_logs_through_the_server(
        self, offer_plugin: Offer, rest: Rest, extension: ExperimentsApp
    ) -> None:
        offer_plugin(sys.executable)
        telling = {
            "protocol": 1,
            "notebook_path": "a.ipynb",
            "notebook_id": "n",
            "connection_id": "toy",
            "experiment_name": "Default",
            "default_experiment": "none",
        }
        code = (
            "from IPython.core.interactiveshell import InteractiveShell; InteractiveShell.instance()\n"
            f"import jupyterlab_experiments.kernel as kernel; kernel.tell({json.dumps(telling)!r})\n"
            "import mlflow\n"
            "with mlflow.start_run(run_name='from a kernel'): mlflow.log_metric('loss', 0.25)\n"
            "print(mlflow.get_tracking_uri())\n"
        )
        environ = {**os.environ, "PYTHONPATH": str(PACKAGE_FOLDER.parent)}
        kernel = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code), env=environ, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await asyncio.wait_for(kernel.communicate(), 90)
        assert printed.decode().strip().endswith(f"/{BASE}/connections/toy")
        found = await rest("toy", "runs/search", {"experiment_ids": ["0"]})
        (run,) = found["runs"]
        tags = {tag["key"]: tag["value"] for tag in run["data"]["tags"]}
        assert (run["info"]["run_name"], tags["jupyter.notebook_id"]) == ("from a kernel", "n")

    async def test_without_the_plugin_it_says_what_to_install(self, rest: Rest, fetch_json: Any) -> None:
        with pytest.raises(HTTPClientError) as refusal:
            await rest("azure", "experiments/search", max_results="1")
        assert refusal.value.code == 503
        found = await connection_of(fetch_json, "azure")
        assert found["state"] == "unavailable"
        assert found["message"].startswith("No interpreter here has a plugin for azureml://… Install")
        assert "pip install mlflow azureml-mlflow" in found["message"]
        assert "west.example" not in found["message"]


@needs_second
class TestGivenInterpreter:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"tracking_server_pythons": {"sqlite": SECOND}}

    async def test_the_administrators_interpreter_for_a_scheme_serves_it(
        self, rest: Rest, fetch_json: Any, jp_fetch: Any
    ) -> None:
        answers = await asyncio.gather(
            *(rest("default", "experiments/search", max_results="1") for _ in range(5))
        )
        assert all(answer["experiments"] for answer in answers)
        version = await jp_fetch(f"{BASE}/connections/default/version")
        assert version.body.decode().startswith("2.")
        run_id = await log_a_run(rest, "default")
        path = f"{BASE}/connections/default/artifacts/{run_id}/notes/größe.txt"
        await jp_fetch(path, method="PUT", body="12 m")
        assert (await jp_fetch(path)).body == b"12 m"


class TestFolder:
    @pytest.fixture
    def experiments_config(self, tmp_path: Path) -> dict[str, Any]:
        return {"tracking_uri": f"file://{tmp_path}/mlruns"}

    async def test_a_folder_of_files_is_still_read_and_written(
        self, rest: Rest, fetch_json: Any, tmp_path: Path
    ) -> None:
        run_id = await log_a_run(rest, "default")
        assert (tmp_path / "mlruns" / "0" / run_id / "meta.yaml").exists()
        with pytest.raises(HTTPClientError) as refusal:
            await fetch_json(f"{BASE}/connections/default/runs-table", {})
        assert refusal.value.code in (404, 501)


class TestDriver:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"tracking_uri": "mssql+pymssql://ana:hidden@127.0.0.1:1/mlflow"}

    async def test_a_missing_driver_is_named_with_what_to_install(self, rest: Rest, fetch_json: Any) -> None:
        with pytest.raises(HTTPClientError) as refusal:
            await rest("default", "experiments/search", max_results="1")
        assert refusal.value.code == 503
        message = (await connection_of(fetch_json, "default"))["message"]
        assert "pip install pymssql" in message
        assert "hidden" not in message
