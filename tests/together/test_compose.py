"""The team's server of `examples/compose.yml`, started by hand, driven through a user's Jupyter server.

The Jupyter server has the settings and the account that `examples/jupyterhub_config.py` gives to a user.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psutil
import pyarrow
import pytest
import yaml
from composed import EXAMPLES, filled, needed_settings, team_server
from hubexample import environment_of_server, hub_config, settings_of_server
from jupyterserver import ROOT, JupyterServer, ServedKernel

from tests.support.postgresserver import has_postgres

PASSWORD = "Xq7secretXq7"
USER = "ana"
PAYLOAD = bytes(range(256)) * 40_000

pytestmark = pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL on this machine")


@pytest.fixture(scope="module", params=["as in the example", "with our routes"])
def team(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("moto", reason="no moto in this environment, which stands for S3")
    settings = {name: value or PASSWORD for name, value in needed_settings().items()}
    settings["MLFLOW_ALLOWED_HOSTS"] += ",127.0.0.1:*"
    if request.param == "with our routes":
        # As docs/plugin.md says: the first start makes the administrator.
        settings |= {"MLFLOW_SERVER_OPTIONS": "--app-name jupyterlab-experiments", "MLFLOW_WORKERS": "1"}
    with team_server(tmp_path_factory.mktemp("team"), settings) as address:
        yield address


@pytest.fixture(scope="module")
def jupyter(
    team: str, tmp_path_factory: pytest.TempPathFactory, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("jupyter")
    (folder / "config").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEAM_MLFLOW_URL", team)
        patch.setenv("TEAM_MLFLOW_ADMIN_PASSWORD", PASSWORD)
        patch.setenv("TEAM_MLFLOW_ACCOUNTS_KEY", "a long random text")
        config = hub_config()
        # Twice, as when a user comes again: the account is there already.
        environments = [environment_of_server(config, USER) for _ in range(2)]
        assert environments[0] == environments[1]
        for name, value in environments[0].items():
            patch.setenv(name, value)
        lines = [f"c.ExperimentsApp.{name} = {value!r}" for name, value in settings_of_server(config).items()]
        (folder / "config" / "jupyter_server_config.py").write_text("\n".join(lines))
        server = JupyterServer(folder, unused_tcp_port_factory())
    yield server.wait()
    server.stop()


def call(server: JupyterServer, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A call of MLflow's REST API on the team's server, through ours."""
    answer = server.post(path, body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def run(jupyter: JupyterServer) -> dict[str, Any]:
    experiment_id = call(jupyter, "experiments/create", {"name": "composed"})["experiment_id"]
    made = {"experiment_id": experiment_id, "run_name": "one", "start_time": 1}
    info: dict[str, Any] = call(jupyter, "runs/create", made)["run"]["info"]
    metric = {"run_id": info["run_id"], "key": "loss", "value": 0.25, "timestamp": 1, "step": 0}
    call(jupyter, "runs/log-metric", metric)
    call(jupyter, "runs/log-parameter", {"run_id": info["run_id"], "key": "lr", "value": "1e-3"})
    return info


def test_a_run_is_in_the_table_of_the_team(jupyter: JupyterServer, run: dict[str, Any]) -> None:
    found = jupyter.runs()["one"]
    assert (found["metrics"], found["params"]) == ({"loss": 0.25}, {"lr": "1e-3"})
    assert found["artifact_uri"].startswith("mlflow-artifacts:/")


def test_our_routes_read_its_columns_where_the_server_has_them(
    team: str, run: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    asked = {"experiment_ids": [run["experiment_id"]], "columns": ["metrics.loss", "params.lr"]}
    address = f"{team}/jupyterlab-experiments/runs-table"
    answer = httpx.post(address, json=asked, auth=("admin", PASSWORD), timeout=60)
    if "as in the example" in request.node.name:
        assert answer.status_code == 404
        return
    assert answer.status_code == 200, answer.text
    table = pyarrow.ipc.open_stream(answer.content).read_all()
    assert (table["metrics.loss"].to_pylist(), table["params.lr"].to_pylist()) == ([0.25], ["1e-3"])
    assert httpx.post(address, json=asked).status_code == 401


def test_only_the_forced_connection_is_offered_and_kernels_are_told_it(jupyter: JupyterServer) -> None:
    status = jupyter.get("status").json()
    assert [(c["id"], c["source"], c["scheme"]) for c in status["connections"]] == [
        ("default", "administrator", "http")
    ]
    assert (status["default_connection"], status["may_add"]) == ("default", False)
    told = json.loads((jupyter.runtime_folder() / "server.json").read_text())
    assert list(told["connections"]) == ["default"]
    refused = jupyter.post_to("connections/add", {"tracking_uri": "sqlite:///other.db"})
    assert refused.status_code == 403


def test_a_kernel_logs_to_the_team_as_the_hubs_user(jupyter: JupyterServer) -> None:
    kernel = ServedKernel(jupyter, "python3")
    try:
        kernel.tell(notebook_path="work/train.ipynb")
        # Its file goes through the server to the object store: no kernel has a key of that.
        cell = kernel.run("%%run told\nimport mlflow\nmlflow.log_text('words', 'note.txt')", cell_id="cell-1")
        assert cell.status == "ok", cell.of_type("error")
        assert kernel.connection()["connection"]["id"] == "default"
    finally:
        kernel.stop()
    run = jupyter.runs()["told"]
    assert (run["experiment"], run["tags"]["mlflow.user"]) == ("work/train", USER)


def test_nothing_that_the_server_says_or_logs_holds_the_password(jupyter: JupyterServer) -> None:
    password = psutil.Process(jupyter.process.pid).environ()["TEAM_MLFLOW_PASSWORD"]
    texts = [jupyter.get("status").text, (jupyter.runtime_folder() / "server.json").read_text()]
    texts += [
        (jupyter.root.parent / "server.log").read_text(),
        *psutil.Process(jupyter.process.pid).cmdline(),
    ]
    assert not any(password in text for text in texts)


def test_an_artifact_goes_up_to_the_object_store_and_comes_down_again(
    jupyter: JupyterServer, run: dict[str, Any]
) -> None:
    path = f"{run['experiment_id']}/{run['run_id']}/artifacts/data/large.bin"
    address = f"{jupyter.address}/connections/default/api/2.0/mlflow-artifacts/artifacts/{path}"
    with httpx.Client(headers=jupyter.headers, timeout=60) as client:
        assert client.put(address, content=PAYLOAD).status_code == 200
        assert client.get(address).content == PAYLOAD
        shown = client.get(f"{jupyter.address}/connections/default/artifacts/{run['run_id']}/data/large.bin")
        assert shown.status_code == 200 and shown.content == PAYLOAD


def test_a_registered_model_gets_a_version(jupyter: JupyterServer, run: dict[str, Any]) -> None:
    call(jupyter, "registered-models/create", {"name": "ridge"})
    source = {"name": "ridge", "source": f"{run['artifact_uri']}/model", "run_id": run["run_id"]}
    version = call(jupyter, "model-versions/create", source)["model_version"]
    assert (version["version"], version["status"], version["run_id"]) == ("1", "READY", run["run_id"])


def test_the_server_lets_nobody_in_without_a_login_or_by_another_name(team: str) -> None:
    path = f"{team}/api/2.0/mlflow/experiments/search?max_results=1"
    assert httpx.get(path).status_code == 401
    refused = httpx.get(path, headers={"Host": "elsewhere.example.com"}, auth=("admin", PASSWORD))
    assert refused.status_code == 403 and "Invalid Host header" in refused.text


def test_the_hubs_text_names_every_setting_and_every_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_MLFLOW_URL", "https://mlflow.example.org")
    text = (ROOT / "docs" / "hub.md").read_text()
    contract = json.loads((ROOT / "jupyterlab_experiments" / "contract.json").read_text())
    tags = {*contract["tags"].values(), *contract["mlflowTags"].values()}
    named = {*re.findall(r"`([\w.]+)`", text)}
    assert tags | set(settings_of_server(hub_config())) <= named


def test_the_example_has_no_password_of_its_own() -> None:
    text = (EXAMPLES / "compose.yml").read_text()
    settings = needed_settings()
    assert all(value == "" for name, value in settings.items() if re.search("PASSWORD|KEY", name))
    for name in re.findall(r"\$\{(\w*(?:PASSWORD|KEY)\w*):-(?!\})", text):
        raise AssertionError(f"{name} has a default")
    with pytest.raises(KeyError):
        filled("${POSTGRES_PASSWORD:?set it in .env}", settings)


def test_every_service_has_a_health_check_or_ends_and_every_volume_a_name() -> None:
    content = yaml.safe_load((EXAMPLES / "compose.yml").read_text())
    assert [name for name, service in content["services"].items() if "healthcheck" not in service] == [
        "bucket"
    ]
    mounted = [mount for service in content["services"].values() for mount in service.get("volumes", ())]
    assert {mount.split(":")[0] for mount in mounted} == set(content["volumes"])
    published = [service for service in content["services"].values() if "ports" in service]
    assert [service["image"] for service in published] == ["team-mlflow"]
