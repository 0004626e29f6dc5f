"""A team's own server with our plugin, behind the gateway: its columns, and its permissions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow
import pytest
from tornado.httpclient import HTTPClientError
from tracking_server.team import PASSWORDS, Team, team_server

from .conftest import BASE

ROUTES = f"{BASE}/connections/team"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team_server(tmp_path_factory.mktemp("team")) as team:
        yield team


@pytest.fixture
def experiments_config(served: Team) -> dict[str, Any]:
    return {"connections": {"team": {"tracking_uri": served.address}}}


@pytest.fixture(autouse=True)
def as_ana(jp_server_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ana")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORDS["ana"])


async def table(jp_fetch: Any, experiment: str) -> Any:
    body = f'{{"experiment_ids": ["{experiment}"]}}'
    answer = await jp_fetch(f"{ROUTES}/runs-table", method="POST", body=body, request_timeout=60)
    return pyarrow.ipc.open_stream(answer.body).read_all()


async def test_runs_come_as_columns(jp_fetch: Any, served: Team) -> None:
    experiment, run_id, _ = served.anas
    assert (await table(jp_fetch, experiment))["run_id"].to_pylist() == [run_id]


async def test_what_one_may_not_read_is_a_403(jp_fetch: Any, served: Team) -> None:
    with pytest.raises(HTTPClientError) as refusal:
        await table(jp_fetch, served.secret[0])
    assert refusal.value.code == 403
