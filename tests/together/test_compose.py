"""The team's server of `examples/compose.yml`, started by hand, driven through our Jupyter server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import yaml
from composed import EXAMPLES, filled, needed_settings, team_server
from jupyterserver import JupyterServer
from postgresserver import has_postgres

PASSWORD = "Xq7secretXq7"
PAYLOAD = bytes(range(256)) * 40_000

pytestmark = pytest.mark.skipif(not has_postgres(), reason="no PostgreSQL on this machine")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("moto", reason="no moto in this environment, which stands for S3")
    settings = {name: value or PASSWORD for name, value in needed_settings().items()}
    settings["MLFLOW_ALLOWED_HOSTS"] += ",127.0.0.1:*"
    with team_server(tmp_path_factory.mktemp("team"), settings) as address:
        yield address


@pytest.fixture(scope="module")
def jupyter(
    team: str, tmp_path_factory: pytest.TempPathFactory, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("jupyter")
    (folder / "config").mkdir()
    connections = {"team": {"tracking_uri": team.replace("//", f"//admin:{PASSWORD}@"), "label": "team"}}
    (folder / "config" / "jupyter_server_config.py").write_text(
        f"c.ExperimentsApp.connections = {connections}\n"
    )
    server = JupyterServer(folder, unused_tcp_port_factory())
    yield server.wait()
    server.stop()


def call(server: JupyterServer, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A call of MLflow's REST API on the team's server, through ours."""
    answer = server.post_to(f"connections/team/api/2.0/mlflow/{path}", body)
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
    found = jupyter.runs("team")["one"]
    assert (found["metrics"], found["params"]) == ({"loss": 0.25}, {"lr": "1e-3"})
    assert found["artifact_uri"].startswith("mlflow-artifacts:/")


def test_an_artifact_goes_up_to_the_object_store_and_comes_down_again(
    jupyter: JupyterServer, run: dict[str, Any]
) -> None:
    path = f"{run['experiment_id']}/{run['run_id']}/artifacts/data/large.bin"
    address = f"{jupyter.address}/connections/team/api/2.0/mlflow-artifacts/artifacts/{path}"
    with httpx.Client(headers=jupyter.headers, timeout=60) as client:
        assert client.put(address, content=PAYLOAD).status_code == 200
        assert client.get(address).content == PAYLOAD
        shown = client.get(f"{jupyter.address}/connections/team/artifacts/{run['run_id']}/data/large.bin")
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
