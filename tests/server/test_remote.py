"""A real `mlflow server` with basic authentication, behind the gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tornado.httpclient import HTTPClientError

from tests.support.mlflowserver import mlflow_server, users_environ
from tests.support.ports import free_port

from .conftest import BASE, until

TEAM = f"{BASE}/connections/team"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("remote")
    environ = users_environ(folder, PASSWORD, "READ")
    with mlflow_server(folder, free_port(), ["--app-name", "basic-auth"], **environ) as server:
        yield server.uri


@pytest.fixture
def experiments_config(remote: str) -> dict[str, Any]:
    return {"connections": {"team": {"tracking_uri": remote}}}


@pytest.fixture
def login(jp_server_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "admin")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)


async def team(fetch_json: Any) -> Any:
    status = await fetch_json(f"{BASE}/status")
    return next(connection for connection in status["connections"] if connection["id"] == "team")


async def test_with_mlflows_own_variables_runs_are_made_and_found(login: None, fetch_json: Any) -> None:
    experiment = await fetch_json(f"{TEAM}/api/2.0/mlflow/experiments/create", {"name": "e"})
    run = await fetch_json(f"{TEAM}/api/2.0/mlflow/runs/create", experiment)
    found = await fetch_json(
        f"{TEAM}/api/2.0/mlflow/runs/search", {"experiment_ids": [experiment["experiment_id"]]}
    )
    assert found["runs"][0]["info"]["run_id"] == run["run"]["info"]["run_id"]
    shown = await team(fetch_json)
    assert (shown["state"], shown["kind"], shown["message"]) == ("ready", "remote", None)
    tested = await fetch_json(f"{BASE}/connections/test", {"id": "team"})
    assert tested["ok"] is True


async def test_without_them_the_login_is_refused_in_words_and_no_dialog_opens(fetch_json: Any) -> None:
    with pytest.raises(HTTPClientError) as refusal:
        await fetch_json(f"{TEAM}/api/2.0/mlflow/experiments/search", params={"max_results": "1"})
    assert refusal.value.code == 401
    assert "WWW-Authenticate" not in refusal.value.response.headers
    assert json.loads(refusal.value.response.body)["error_code"] == "UNAUTHENTICATED"
    assert (await team(fetch_json))["state"] == "refused"


async def test_status_finds_out_by_itself_and_waits_for_nobody(
    login: None, fetch_json: Any, extension: Any
) -> None:
    assert (await team(fetch_json))["state"] == "idle"
    upstream = extension.services.gateway.upstream("team")
    await until(lambda: upstream.state.name == "ready")
    assert (await team(fetch_json))["state"] == "ready"


@pytest.fixture
def as_ben(remote: str, jp_server_config: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The login of somebody who may only read one experiment, whose id this is."""
    with httpx.Client(base_url=f"{remote}/api/2.0/mlflow", auth=("admin", PASSWORD)) as admin:
        made = admin.post("/experiments/create", json={"name": "not ben's"}).json()
        admin.post("/users/create", json={"username": "ben", "password": PASSWORD}).raise_for_status()
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ben")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
    return str(made["experiment_id"])


async def test_what_one_may_not_do_is_a_403_and_the_connection_stays_ready(
    as_ben: str, fetch_json: Any, extension: Any
) -> None:
    await fetch_json(f"{TEAM}/api/2.0/mlflow/experiments/get", params={"experiment_id": as_ben})
    upstream = extension.services.gateway.upstream("team")
    for _ in range(2):
        with pytest.raises(HTTPClientError) as refusal:
            await fetch_json(f"{TEAM}/api/2.0/mlflow/runs/create", {"experiment_id": as_ben})
        assert refusal.value.code == 403
        told = json.loads(refusal.value.response.body)
        assert told["error_code"] == "PERMISSION_DENIED" and "does not permit this" in told["message"]
        # It asks a question of its own, whose answer is that the login is good.
        await until(lambda: upstream._probe is not None and upstream._probe.done())
        assert (await team(fetch_json))["state"] == "ready"
