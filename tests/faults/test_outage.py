"""A remote server goes away, and comes back: the connection says so by itself."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from jupyterserver import JupyterServer, wait_for

from tests.support.mlflowserver import mlflow_server

OUTAGE_S = 60 if os.environ.get("JUPYTERLAB_EXPERIMENTS_SOAK") else 10
SEARCH = "connections/far/api/2.0/mlflow/experiments/search"


def state(server: JupyterServer) -> str:
    connections = server.get("connections").json()["connections"]
    return str(next(each["state"] for each in connections if each["id"] == "far"))


def test_a_server_that_was_away_is_ready_again_without_anybodys_doing(
    start_server: Callable[..., JupyterServer],
    tmp_path: Path,
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    (tmp_path / "far").mkdir()
    with mlflow_server(tmp_path / "far", unused_tcp_port_factory()) as far:
        server = start_server(f"c.ExperimentsApp.connections = {{'far': {{'tracking_uri': {far.uri!r}}}}}")
        wait_for("the first look", lambda: state(server) == "ready")
        far.stop()
        began = time.monotonic()
        answer = server.get(SEARCH, max_results=1)
        assert (answer.status_code, answer.json()["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")
        assert state(server) == "unavailable"
        while time.monotonic() - began < OUTAGE_S:
            # The panel asks for the state; that alone must not make it look well.
            assert state(server) == "unavailable"
            assert server.get("status").status_code == 200
        far.start()
        back = time.monotonic()
        wait_for("the state", lambda: state(server) == "ready")
        print(
            f"A remote server away for {OUTAGE_S} s: ready {time.monotonic() - back:.1f} s after it was back"
        )
        assert server.get(SEARCH, max_results=1).status_code == 200
