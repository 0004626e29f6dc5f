"""Databricks' client in a tracking server of ours, against a stand-in for a workspace."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from .conftest import BASE

SECOND = os.environ.get("JUPYTERLAB_EXPERIMENTS_SECOND_PYTHON") or os.environ.get("JLX_OLD_PYTHON")
ANSWER = {
    "experiments": [{"experiment_id": "7", "name": "/Users/ana"}],
    "registered_models": [{"name": "digits"}],
}


class Workspace(BaseHTTPRequestHandler):
    """Answers everything alike to whoever has the token."""

    def do_GET(self) -> None:
        body = json.dumps(ANSWER).encode()
        is_known = self.headers.get("Authorization") == "Bearer a-token"
        self.send_response(200 if is_known else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(autouse=True)
def workspace(jp_environ: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A workspace, named to the Jupyter server as to Databricks' own tools."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Workspace)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DATABRICKS_HOST", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("DATABRICKS_TOKEN", "a-token")
    # Each interpreter has its own packages.
    monkeypatch.delenv("PYTHONPATH")
    yield
    server.shutdown()
    server.server_close()


async def names(fetch_json: Any) -> tuple[str, str]:
    """The first experiment and the first registered model."""
    route = f"{BASE}/connections/default/api/2.0/mlflow"
    runs = await fetch_json(f"{route}/experiments/search", params={"max_results": "1"})
    models = await fetch_json(f"{route}/registered-models/search", params={"max_results": "1"})
    return runs["experiments"][0]["name"], models["registered_models"][0]["name"]


class TestThisMlflow:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"tracking_uri": "databricks", "registry_uri": "databricks"}

    async def test_a_workspace_is_read_with_the_servers_credentials(self, fetch_json: Any) -> None:
        assert await names(fetch_json) == ("/Users/ana", "digits")


@pytest.mark.skipif(not SECOND, reason="no interpreter with another MLflow is named")
class TestMlflow2:
    @pytest.fixture
    def experiments_config(self) -> dict[str, Any]:
        return {"tracking_uri": "databricks", "tracking_server_pythons": {"databricks": SECOND}}

    async def test_mlflow_2_serves_it_too(self, fetch_json: Any) -> None:
        assert await names(fetch_json) == ("/Users/ana", "digits")
