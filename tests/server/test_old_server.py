"""A real `mlflow server` 2.11 behind the gateway: what the browser asks is answered, or is a clean 404."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from tests.support.mlflowserver import mlflow_server
from tests.support.ports import free_port

from .conftest import BASE

PYTHON = os.environ.get("JUPYTERLAB_EXPERIMENTS_SERVER211_PYTHON")
OLD = f"{BASE}/connections/old"
API = f"{OLD}/api/2.0/mlflow"
ORDER = {"order_by": ["last_update_time DESC"], "max_results": 1000}

pytestmark = pytest.mark.skipif(not PYTHON, reason="no interpreter with MLflow 2.11 is named")


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with mlflow_server(tmp_path_factory.mktemp("old"), free_port(), python=str(PYTHON)) as served:
        yield served.uri


@pytest.fixture
def experiments_config(remote: str) -> dict[str, Any]:
    return {"connections": {"old": {"tracking_uri": remote}}}


@pytest.fixture
def ask(fetch_json: Any, jp_fetch: Any) -> Any:
    """Status and JSON of an answer, whatever the status is."""

    async def ask(path: str, body: object = None, **options: Any) -> tuple[int, Any]:
        try:
            return 200, await fetch_json(path, body, **options)
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)

    return ask


async def a_run(fetch_json: Any) -> tuple[str, str]:
    """An experiment of its own, and a run in it with a metric of three steps."""
    experiment = await fetch_json(f"{API}/experiments/create", {"name": os.urandom(4).hex()})
    made = await fetch_json(f"{API}/runs/create", {**experiment, "start_time": 1, "run_name": "r"})
    run = made["run"]["info"]["run_id"]
    metrics = [{"key": "loss", "value": 1 / (1 + n), "timestamp": n, "step": n} for n in range(3)]
    await fetch_json(f"{API}/runs/log-batch", {"run_id": run, "metrics": metrics})
    return experiment["experiment_id"], run


async def test_what_the_browser_reads_is_answered(ask: Any, fetch_json: Any, jp_fetch: Any) -> None:
    experiment, run = await a_run(fetch_json)
    order = {"order_by": ["attributes.start_time DESC"], "max_results": 1000}
    status, found = await ask(f"{API}/runs/search", {"experiment_ids": [experiment], **order})
    assert (status, [each["info"]["run_id"] for each in found["runs"]]) == (200, [run])
    status, found = await ask(f"{API}/experiments/search", ORDER)
    assert status == 200 and len(found["experiments"]) >= 2
    for path, query in (
        ("runs/get", {"run_id": run}),
        ("experiments/get", {"experiment_id": experiment}),
        ("metrics/get-history", {"run_id": run, "metric_key": "loss", "max_results": "25000"}),
        ("metrics/get-history-bulk-interval", {"run_ids": run, "metric_key": "loss", "max_results": "2500"}),
        ("artifacts/list", {"run_id": run}),
        ("registered-models/search", {"max_results": "100"}),
        ("model-versions/search", {"filter": f"run_id='{run}'"}),
    ):
        assert (await ask(f"{API}/{path}", params=query))[0] == 200, path
    version = await jp_fetch(f"{OLD}/version")
    assert version.body == b"2.11.4"
    tested = await fetch_json(f"{BASE}/connections/test", {"id": "old"})
    assert tested["ok"] is True, tested


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("logged-models/search", {"experiment_ids": ["0"]}),
        ("logged-models/m-1", None),
        ("logged-models/m-1/artifacts/directories", None),
        ("runs/outputs", {}),
    ],
)
async def test_what_it_does_not_have_is_a_404_of_mlflows_form(ask: Any, path: str, body: Any) -> None:
    status, found = await ask(f"{API}/{path}", body)
    assert (status, found["error_code"]) == (404, "ENDPOINT_NOT_FOUND")


async def test_its_columns_are_a_404_and_its_connection_is_ready(ask: Any, fetch_json: Any) -> None:
    assert (await ask(f"{API}/experiments/search", ORDER))[0] == 200
    for route in ("runs-table", "keys", "metric-history"):
        assert (await ask(f"{OLD}/{route}", {}))[0] == 404
    status = await fetch_json(f"{BASE}/status")
    assert [c["state"] for c in status["connections"] if c["id"] == "old"] == ["ready"]


async def test_artifacts_are_shown_uploaded_and_zipped(fetch_json: Any, jp_fetch: Any) -> None:
    _, run = await a_run(fetch_json)
    path = f"{OLD}/artifacts/{run}/plots/a b.svg"
    await jp_fetch(path, method="PUT", body=b"<svg/>")
    shown = await jp_fetch(path)
    assert (shown.body, shown.headers["Content-Type"]) == (b"<svg/>", "image/svg+xml")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    part = await jp_fetch(path, headers={"Range": "bytes=1-3"})
    assert (part.code, part.body) == (206, b"svg")
    assert (await jp_fetch(f"{OLD}/artifacts/{run}/plots")).body[:2] == b"PK"
